"""What is new: told in words by comparing notebooks, on a page and in a feed of the site."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from transferkit.publish import feed, manifest
from transferkit.publish.changes import changes
from transferkit.publish.news import GROUPS, PAGES, News, kept, news
from transferkit.publish.page import Page


def written(path: Path, *html: str, heading: str = "Stolperfallen", tag: str = "") -> Path:
    outputs = [new_output("display_data", {"text/html": one}) for one in html]
    tags = {"tags": [tag]} if tag else {}
    cells = [
        new_markdown_cell("# Titel\n\nLeitfaden."),
        new_markdown_cell(f"## {heading}"),
        new_code_cell("x", outputs=outputs, metadata=tags),
    ]
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("<p>Alt.</p>", "<p>Alt.</p>", []),
        ("<p>Alt.</p>", "<p>Alt.</p><p>Neu.</p>", ["Unter „Stolperfallen“ ist neu: „Neu.“"]),
        (
            "<ul><li>A</li><li>B</li></ul>",
            "<ul><li>A</li></ul>",
            ["Unter „Stolperfallen“ ist entfallen: „B“."],
        ),
        ("<ul><li>A</li><li>B</li></ul>", "<ul><li>B</li><li>A</li></ul>", []),
        (
            "<p>Das Projekt kostete 100 Euro im Jahr 2024.</p>",
            "<p>Das Projekt kostete 200 Euro im Jahr 2024.</p>",
            [
                "Unter „Stolperfallen“ heißt es jetzt „Das Projekt kostete 200 Euro im Jahr 2024.“ "
                "statt „Das Projekt kostete 100 Euro im Jahr 2024.“"
            ],
        ),
        ('<p>Satz.<a href="#q-a">Quelle</a></p>', '<p>Satz.<a href="#q-b">Quelle</a></p>', []),
        ("<p>Er heißt „Bus“.</p>", "", ["Unter „Stolperfallen“ ist entfallen: „Er heißt ‚Bus‘.“"]),
        (
            "<table><tr><th>Ort</th><td>5</td></tr></table>",
            "<table><tr><th>Ort</th><td>6</td></tr></table>",
            ["Unter „Stolperfallen“ heißt es jetzt „Ort 6“ statt „Ort 5“."],
        ),
    ],
)
def test_changes_are_told_as_a_reader_would_notice_them(
    before: str, now: str, said: list[str], tmp_path: Path
) -> None:
    assert changes(written(tmp_path / "a.ipynb", before), written(tmp_path / "b.ipynb", now)) == said


def test_what_no_reader_sees_is_no_news(tmp_path: Path) -> None:
    old = written(tmp_path / "a.ipynb", "<p>A</p>", tag="facilitator")
    assert changes(old, written(tmp_path / "b.ipynb", "<p>B</p>", tag="facilitator")) == []


def test_a_long_sentence_is_told_around_its_change(tmp_path: Path) -> None:
    long = "Viele Wörter stehen vor der einen Zahl {}, und danach stehen noch einmal sehr viele weitere."
    [sentence] = changes(
        written(tmp_path / "a.ipynb", f"<p>{long.format(1)}</p>"),
        written(tmp_path / "b.ipynb", f"<p>{long.format(2)}</p>"),
    )
    assert sentence == (
        "Unter „Stolperfallen“ heißt es jetzt „… vor der einen Zahl 2, und danach stehen noch …“ "
        "statt „… vor der einen Zahl 1, und danach stehen noch …“"
    )


def test_pages_with_the_same_news_are_told_together_and_only_the_first_are_named() -> None:
    pages = [
        Page(f"orte/{n}.html", f"Ort {n}", "town", "", "", "", "2026-11-22", "t", "0") for n in range(30)
    ]
    changed = {page.address: ["Anders."] for page in pages[:29]}
    told = news(pages, changed.keys(), changed, "2026-11-22")
    assert [(one.sentences, one.count) for one in told] == [
        (("Anders.",), 29),
        (("Diese Seite ist neu.",), 1),
    ]
    assert len(told[0].pages) == PAGES


def test_a_page_with_many_changes_tells_the_first_and_how_many_more() -> None:
    page = Page("a.html", "A", "town", "", "", "", "2026-11-22", "t", "0")
    [one] = news([page], {"a.html"}, {"a.html": [f"Satz {n}." for n in range(40)]}, "2026-11-22")
    assert (len(one.sentences), one.sentences[-1]) == (7, "Dazu kommen 34 weitere Änderungen.")


def test_old_news_stay_until_there_are_too_many_or_the_page_is_gone() -> None:
    def one(address: str) -> News:
        return News("2026-11-22", ("Anders.",), ((address, "T"),), 1)

    many = [one("a.html")] * (GROUPS + 5)
    assert kept([one("b.html")], many, {"a.html", "b.html"})[0].pages[0][0] == "b.html"
    assert len(kept([], many, {"a.html"})) == GROUPS
    assert kept([], [one("gone.html")], {"a.html"}) == []


def test_a_first_publication_has_no_news(world) -> None:
    world.build()
    text = BeautifulSoup((world.out / "neu.html").read_text(encoding="utf-8"), "html.parser").get_text()
    assert "Dies ist die erste Ausgabe" in text


def test_the_site_tells_what_has_changed_since_it_was_published(world) -> None:
    world.build()
    world.edit("kennt <a", "weiß von <a")
    world.with_towns(adorf="Adorf", bdorf="Bdorf", cdorf="Cdorf").build()
    page = BeautifulSoup((world.out / "neu.html").read_text(encoding="utf-8"), "html.parser")
    assert (
        "Unter „Nachbarn“ heißt es jetzt „adorf weiß von Bdorf, Cdorf.“ statt „adorf kennt" in page.get_text()
    )
    assert "Diese Seite ist neu." in page.get_text()
    assert page.select_one('main a[href="orte/adorf.html"]') is not None
    root = ElementTree.fromstring((world.out / "neu.xml").read_text(encoding="utf-8"))
    titles = [title.text for title in root.findall(f"{{{feed.ATOM}}}entry/{{{feed.ATOM}}}title")]
    assert titles == ["Leitfaden für Adorf", "Leitfaden für Bdorf", "Leitfaden für Cdorf"]
    before = (world.out / "neu.html").read_bytes()
    world.with_towns(adorf="Adorf", bdorf="Bdorf", cdorf="Cdorf").build()
    assert (world.out / "neu.html").read_bytes() == before


def test_what_was_published_is_compared_and_not_what_a_killed_or_failed_build_left(world) -> None:
    world.build()
    world.edit("kennt <a", "weiß von <a")
    world.fail("place == 'bdorf'")
    world.build(keep_going=False)  # publishes nothing
    world.build()  # publishes adorf
    world.edit("1 / (not", "0 and (not")
    world.build()
    [bdorf] = [one for one in manifest.read(world.out).news if one.pages[0][0] == "orte/bdorf.html"]
    assert "weiß von Bdorf, Cdorf.“ statt „bdorf kennt" in bdorf.sentences[0]
    assert not (world.out.with_name("executed") / ".before").exists()


def test_the_news_of_a_site_do_not_know_the_clock(world) -> None:
    world.build()
    world.edit("kennt <a", "weiß von <a")
    world.build()
    rows = json.loads((world.out / "manifest.json").read_text(encoding="utf-8"))["news"]
    assert {row["edition"] for row in rows} == {"2026-11-22"}
