"""Suggestions while somebody types the name of a place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from transferkit.knowledge import register
from transferkit.knowledge.place_suggest import suggest_places


def names(typed: str) -> list[str]:
    return list(suggest_places(typed)["name"])


@pytest.mark.usefixtures("whole_register")
class TestWithTheWholeRegister:
    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("Fuchstahl", "Fuchstal"),  # one letter too many
            ("fuchst", "Fuchstal"),  # not finished
            ("Zwoenitz", "Zwönitz"),  # without umlaut
            ("Gelsenkrichen", "Gelsenkirchen"),  # two swapped
            ("köln", "Köln"),
            ("Stadt Köln", "Köln"),
            ("halle", "Halle (Saale)"),  # the largest of its name
            ("Landkreis Hamel", "Landkreis Hameln-Pyrmont"),
            ("Teutoburger W", "Hagen am Teutoburger Wald"),
            ("09181121", "Fuchstal"),
        ],
    )
    def test_what_is_meant_comes_first(self, typed: str, first: str) -> None:
        assert names(typed)[0] == first

    @pytest.mark.usefixtures("official_register_folder")
    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("Landkreis Bamb", "Landkreis Bamberg"),  # not Bamberg, the city
            ("Samtgemeinde Brom", "Samtgemeinde Brome"),
            ("Partenkirchen", "Garmisch-Partenkirchen"),
        ],
    )
    def test_what_is_meant_comes_first_among_all(self, typed: str, first: str) -> None:
        assert names(typed)[0] == first

    def test_places_of_one_name_are_told_apart(self) -> None:
        often = register.municipalities()["short_name"].value_counts().index[0]
        found = suggest_places(often)
        same = found[found["name"] == often]
        assert len(same) > 2
        assert same["where"].is_unique

    @pytest.mark.parametrize("typed", ["", "K", "qqqqqqqqq", "'; --", "🙂🙂", "x" * 5000])
    def test_what_is_no_name_finds_nothing_and_breaks_nothing(self, typed: str) -> None:
        assert names(typed) == []

    @pytest.mark.usefixtures("official_register_folder")
    def test_an_answer_is_there_before_the_next_letter(self) -> None:
        suggest_places("warm")
        started = time.perf_counter()
        for typed in ("Fu", "Fuc", "Fuch", "Fuchs", "Fuchst", "Fuchsta", "Fuchstah", "Fuchstahl"):
            suggest_places(typed)
        assert (time.perf_counter() - started) / 8 < 0.1


def test_the_shipped_places_are_suggested_without_the_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path))
    assert names("Fuchstahl") == ["Fuchstal"]
