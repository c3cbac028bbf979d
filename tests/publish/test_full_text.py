"""The search over a site as large as ours: small ones hide what happens to a long answer."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from transferkit.errors import BuildError
from transferkit.publish import full_text
from transferkit.publish.page import Page

PAGES = 600  # more than the shipped data make
WORDS_PER_PAGE = 400
SECONDS = 120


def page(number: int) -> Page:
    return Page(
        address=f"loesungen/{number}.html",
        title=f"Lösung {number}",
        guide="experience-sheet",
        group="Lösungen",
        group_page="loesungen.html",
        label=str(number),
        edition="2026-11-22",
        site_title="Klein",
        version="1",
    )


def write(folder: Path, pages: list[Page]) -> None:
    """Pages full of words that differ, so that the answer is as long as that of a real site."""
    made_up = random.Random(0)
    (folder / "loesungen").mkdir()
    for one in pages:
        words = " ".join(f"wort{made_up.randrange(20_000)}" for _ in range(WORDS_PER_PAGE))
        (folder / one.address).write_text(
            f"<html lang=de><body><main data-pagefind-body><h1>{one.title}</h1>{words}</main></body></html>",
            encoding="utf-8",
        )


def test_a_site_of_many_pages_is_searched_page_by_page(tmp_path: Path) -> None:
    pages = [page(number) for number in range(PAGES)]
    write(tmp_path, pages)
    signal.alarm(SECONDS)  # an exchange that waits for ever ends the test and not the day
    full_text.index(tmp_path, pages)
    signal.alarm(0)
    assert len(list((tmp_path / "pagefind" / "fragment").iterdir())) == PAGES


def test_a_search_that_cannot_be_made_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, pages := [page(1)])
    monkeypatch.setattr(full_text.sys, "executable", "/bin/true")  # it ends without an answer
    with pytest.raises(BuildError, match="Pagefind ist abgebrochen"):
        full_text.index(tmp_path, pages)
