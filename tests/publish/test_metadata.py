"""The data on offer: each table with licence and attribution, described for catalogues (DCAT-AP.de 3.0)."""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from pyshacl import validate
from rdflib import Graph

from transferkit import catalogue
from transferkit.errors import BuildError
from transferkit.knowledge import datasets
from transferkit.publish import metadata, site, source_list
from transferkit.publish.page import Page

EDITION = "2026-11-22"
SITE = "https://leitfaden.example.org/mps/"
# rdflib warns of its own inner workings, nine thousand times.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
SHAPES = Path(__file__).with_name("dcat_shapes.ttl")
Node = dict[str, Any]


@pytest.fixture(scope="module")
def offer() -> list[metadata.Dataset]:
    return metadata.offered()


@pytest.fixture(scope="module")
def written(offer: list[metadata.Dataset], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    metadata.write(folder, offer, SITE, EDITION)
    return folder / "daten"


@pytest.fixture(scope="module")
def own_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's own pages, with one page about a solution."""
    folder = tmp_path_factory.mktemp("own-pages")
    about = Page(
        "loesungen/x.html",
        "X",
        "experience-sheet",
        "Lösungen",
        "loesungen.html",
        "Xyz",
        EDITION,
        "transferkit",
        "0.1.0",
        {"solution": datasets.load("solutions")["solution_id"][0]},
    )
    site.write(folder, site.Site(EDITION, "0.1.0", "transferkit", [about], catalogue.tables()))
    return folder


def faults(description: Node) -> str:
    """What the shapes find, in words; empty if all is well."""
    graph = Graph().parse(data=json.dumps(description), format="json-ld", publicID=f"{SITE}daten/")
    conforms, _, words = validate(graph, shacl_graph=str(SHAPES))
    return "" if conforms else str(words)


def test_the_catalogue_has_what_the_profile_demands(written: Path) -> None:
    assert faults(json.loads((written / "katalog.jsonld").read_text("utf-8"))) == ""


def test_without_an_address_the_catalogue_is_sound_where_it_lies(offer: list[metadata.Dataset]) -> None:
    description = metadata.catalogue(offer, "", EDITION)
    assert faults(description) == ""
    assert "example.org" not in json.dumps(description)


@pytest.mark.parametrize(
    ("where", "field", "value"),
    [
        ("distribution", "dcterms:license", None),
        ("distribution", "dcterms:license", {"@id": "https://creativecommons.org/licenses/by/4.0/"}),
        ("distribution", "dcatde:licenseAttributionByText", None),
        ("distribution", "dcat:accessURL", None),
        ("distribution", "dcat:downloadURL", {"@id": "anders.csv"}),
        ("dataset", "dcterms:title", None),
        ("dataset", "dcterms:description", None),
        ("dataset", "dcterms:publisher", None),
        ("dataset", "dcat:theme", {"@id": "http://example.org/Verwaltung"}),
        ("dataset", "dcterms:modified", "22.11.2026"),
        ("dataset", "dcat:contactPoint", None),
    ],
)
def test_the_shapes_refuse_what_the_profile_refuses(
    where: str, field: str, value: object, offer: list[metadata.Dataset]
) -> None:
    description = copy.deepcopy(metadata.catalogue(offer[-1:], SITE, EDITION))
    dataset = description["dcat:dataset"][0]
    node = dataset if where == "dataset" else dataset["dcat:distribution"][0]
    if value is None:
        del node[field]
    else:
        node[field] = value
    assert faults(description) != ""


def test_every_distribution_is_a_file_that_is_there_unchanged(written: Path) -> None:
    description = json.loads((written / "katalog.jsonld").read_text("utf-8"))
    offered = [one for dataset in description["dcat:dataset"] for one in dataset["dcat:distribution"]]
    assert len(offered) == len(datasets.names())
    for one in offered:
        address = one["dcat:downloadURL"]["@id"]
        content = (written / address.removeprefix(f"{SITE}daten/")).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["spdx:checksum"]["spdx:checksumValue"]["@value"]
        assert str(len(content)) == one["dcat:byteSize"]["@value"]


def test_official_figures_are_offered_apart_and_say_that_they_were_changed(
    offer: list[metadata.Dataset],
) -> None:
    own, official = offer
    assert own.key == "CC-BY-4.0"
    assert {table.name for table in official.tables} == {"places", "reference_statistics", "peer_distances"}
    assert "Destatis" in official.attribution
    assert "eigene Aufbereitung" in official.attribution
    assert "Daten geändert" in official.description


def test_a_licence_no_catalogue_knows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = json.loads((datasets.folder() / "datapackage.json").read_text("utf-8"))
    package["resources"] = package["resources"][:1]
    package["resources"][0]["licenses"] = [{"name": "nach-absprache", "title": "Nach Absprache"}]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    monkeypatch.setenv("TRANSFERKIT_DATASETS", str(tmp_path))
    with pytest.raises(BuildError, match="„sources“: Datenkataloge kennen die Lizenz „nach-absprache“ nicht"):
        metadata.offered()


def test_the_archive_holds_the_whole_package_and_is_always_the_same(
    written: Path, offer: list[metadata.Dataset], tmp_path: Path
) -> None:
    archive = written / metadata.ARCHIVE
    with zipfile.ZipFile(archive) as opened:
        names = {Path(name).name for name in opened.namelist()}
        table = opened.read("transferkit-daten/themes.csv")
    assert names == {"datapackage.json", *(f"{name}.csv" for name in datasets.names())}
    assert len(list(csv.DictReader(io.StringIO(table.decode())))) == 8
    metadata.write(tmp_path, offer, SITE, EDITION)
    assert (tmp_path / "daten" / metadata.ARCHIVE).read_bytes() == archive.read_bytes()


def test_the_page_offers_every_file_with_licence_and_attribution(own_pages: Path) -> None:
    page = BeautifulSoup((own_pages / "daten.html").read_text("utf-8"), "html.parser")
    offered = {link["href"] for link in page.select("main a[download]")}
    assert offered == {f"daten/{path.name}" for path in (own_pages / "daten").iterdir()}
    text = page.get_text(" ")
    assert "Creative Commons Namensnennung 4.0 International" in text
    assert "Statistisches Bundesamt (Destatis); eigene Aufbereitung" in text


def test_the_list_of_sources_names_each_with_publisher_use_and_last_check(own_pages: Path) -> None:
    page = BeautifulSoup((own_pages / "quellen.html").read_text("utf-8"), "html.parser")
    cards = {card["id"]: card.get_text(" ") for card in page.select("#liste .card")}
    rows = datasets.load("sources")
    assert set(cards) == set(rows["source_id"])
    for key, publisher, title in zip(rows["source_id"], rows["publisher"], rows["title"], strict=True):
        assert " ".join(f"{publisher}: {title}".split()) in " ".join(cards[key].split()), key
    assert "Adresse noch nicht geprüft" in cards["destatis-gemeindeverzeichnis"]
    assert "Amtliche Angaben zu den Orten" in cards["destatis-gemeindeverzeichnis"]
    solution = datasets.load("solutions").iloc[0]
    assert "Xyz" in cards[solution["source_ids"].split(";")[0]]


def test_a_checked_source_says_when_it_answered() -> None:
    tables = catalogue.tables()
    key = tables["sources"]["source_id"][0]
    tables["source_checks"].loc[0] = [key, "2026-11-20"]
    tables["source_checks"]["checked_on"] = tables["source_checks"]["checked_on"].astype("datetime64[ns]")
    [checked] = [
        one
        for one in source_list.sources(tables, {"solutions": {}, "projects": {}, "themes": {}}, {})
        if one.checked_on
    ]
    assert (checked.key, checked.checked_on) == (key, "2026-11-20")
