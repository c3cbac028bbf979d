"""What the data offers a build."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from transferkit import catalogue
from transferkit.errors import PlaceError
from transferkit.knowledge import datasets
from transferkit.project import toc


def test_every_domain_of_the_table_of_contents_has_values_with_german_labels() -> None:
    found = catalogue.domains()
    assert found["themes.theme_id"]["digital-twins"] == "Urbane digitale Zwillinge"
    assert found["model_projects.project_id"]["jena"] == "Jena"
    assert found["municipalities.ags"]["16053000"] == "Jena"
    assert all(label for labels in found.values() for label in labels.values())


def test_pages_are_listed_for_municipalities_and_made_on_request_for_other_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path))  # the shipped places
    assert "01057" not in catalogue.domains()["places.key"]
    resolve = catalogue.resolvers()["places.key"]
    assert resolve("Kreis Plön") == ("01057", "Kreis Plön", "den Kreis Plön")
    assert resolve("09181121+09181111")[:2] == ("09181111+09181121", "Fuchstal und Apfeldorf")
    with pytest.raises(PlaceError, match="8 Ziffern"):
        resolve("0918")


def test_places_of_one_name_are_told_apart_and_unincorporated_areas_left_out() -> None:
    table = pd.DataFrame(
        {
            "short_name": ["Jena", "Neuenkirchen", "Neuenkirchen", "Neuenkirchen", "Sachsenwald"],
            "kreis": ["Jena", "Heidekreis", "Vorpommern-Greifswald", "Vorpommern-Greifswald", "Stormarn"],
            "is_municipality": [True, True, True, True, False],
        },
        index=pd.Index(["16053000", "03358016", "13075101", "13075102", "01053105"], name="ags"),
    )
    assert catalogue.municipality_labels(table) == {
        "16053000": "Jena",
        "03358016": "Neuenkirchen (Heidekreis)",
        "13075101": "Neuenkirchen (Vorpommern-Greifswald, 13075101)",
        "13075102": "Neuenkirchen (Vorpommern-Greifswald, 13075102)",
    }


def test_the_site_carries_the_date_of_its_data() -> None:
    assert toc().edition == datasets.edition()
