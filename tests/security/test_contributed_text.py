"""Text of contributors that would like to be markup: in every cell it can stand in, through the real build.

Whatever it says, it comes out as the text it is. An HTML sanitiser that is not ours (nh3) looks over
the pages as a second opinion.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import nh3
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from tests.present.test_documents import SMALL, SOURCES
from tests.workshop.example import EXERCISES
from transferkit import project
from transferkit.knowledge import datasets
from transferkit.knowledge.workbook import experience, proposal, writing
from transferkit.present.documents import docx_bytes
from transferkit.present.paper import Claim, Listing, Paper, Section
from transferkit.present.slides import pptx_bytes
from transferkit.workshop.rows import SessionRow
from transferkit.workshop.web_pages import Pages

EVIL = (
    " <img src=x onerror=alert(1)></style></script><script>alert(2)</script>"
    "\"'{{7*7}}\\1\\g<0>&#60;b&#62;</td>]]>"
)
MARK = "onerror=alert(1)"
# Tables whose words stand on pages; keys, lists of keys and words with a fixed form stay as they are.
SHOWN = (
    "solutions",
    "lessons",
    "sources",
    "glossary",
    "model_projects",
    "themes",
    "events",
    "options",
    "start_smart",
)
FOUND = ("data.markup", "language.sentence-length", "page.leftover", "page.weight")
EXCEPTION = """[[allowed]]
rule = "{}"
where = "*"
reason = "Hier wird angegriffen."
date = 2026-11-25
until = 2099-12-31

"""
ADDRESSES = ("themen/smart-regions.html", "loesungen/zwoenitz-erzmobil.html", "projekte/solingen.html")


def is_free(field: dict[str, object]) -> bool:
    """Whether an editor may write anything into this column."""
    name = str(field["name"])
    return (
        field["type"] == "string"
        and (name.endswith("_de") or name in ("title", "name", "publisher", "statement", "attribution"))
        and not set(field.get("constraints", {})) - {"required"}
    )  # type: ignore[arg-type, call-overload]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data package with something hostile at the end of every free text."""
    folder = tmp_path_factory.mktemp("hostile") / "datasets"
    shutil.copytree(datasets.folder(), folder, ignore=shutil.ignore_patterns("register"))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["name"] in SHOWN:
            names = [field["name"] for field in resource["schema"]["fields"] if is_free(field)]
            path = folder / resource["path"]
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            for row in rows:
                row.update({name: row[name] + EVIL for name in names if row[name]})
            out = io.StringIO()
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            path.write_text(out.getvalue(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(hostile: Path, transferkit: Path) -> Path:
    """Pages of every kind and all of the site's own, built by the real command."""
    site = hostile.parent / "site"
    environment = {
        **os.environ,
        "TRANSFERKIT_DATASETS": str(hostile),
        "TRANSFERKIT_REGISTER": str(hostile.parent / "no-register"),
    }
    # The gate would stop all of it; here it is told to look away, to see what would come out.
    notebooks = hostile.parent / "notebooks"
    shutil.copytree(project.notebooks_folder(), notebooks)
    (notebooks / "allowed.toml").write_text("".join(map(EXCEPTION.format, FOUND)), encoding="utf-8")
    environment["TRANSFERKIT_NOTEBOOKS"] = str(notebooks)
    only = [word for address in ADDRESSES for word in ("--only", address)]
    done = subprocess.run(
        [transferkit, "build", *only, "--out", site],
        env=environment,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    return site


def pages(site: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(site.rglob("*.html")):
        yield path.relative_to(site).as_posix(), path.read_text(encoding="utf-8")


def test_no_text_becomes_an_element_an_attribute_or_a_script(site: Path) -> None:
    seen = set()
    for name, html in pages(site):
        page = BeautifulSoup(html, "html.parser")
        if MARK in page.get_text():
            seen.add(name)
        assert not page.find_all(["iframe", "object", "embed", "base", "b:b"]), name
        for element in page.find_all(True):
            handlers = [attribute for attribute in element.attrs if attribute.startswith("on")]
            assert not handlers, (name, str(element)[:300])
        assert not [one for one in page.find_all("img") if one.get("src") == "x"], name
        scripts = [one for one in page.find_all("script") if one.get("type") != "application/ld+json"]
        assert not [one for one in scripts if "alert(" in (one.string or "")], name
        assert not [
            one for one in page.find_all("script") if "<" in (one.string or "") and one not in scripts
        ]
        [style] = page.find_all("style")
        assert not set("<>") & set(re.sub(r"(?<=[)\]\w*])>", "", style.get_text())), name
    assert {*ADDRESSES, "loesungen.html", "glossar.html"} <= seen


def test_no_link_leads_into_a_script(site: Path) -> None:
    for name, html in pages(site):
        for link in BeautifulSoup(html, "html.parser").find_all("a", href=True):
            assert re.match(r"(https?:|mailto:|data:application/|#|[\w./-]*(#|$))", link["href"]), (
                name,
                link["href"],
            )


def test_a_sanitiser_that_is_not_ours_finds_no_markup_in_what_was_contributed(site: Path) -> None:
    """Had a browser taken a piece for an element, nh3 would have taken it out, and its counterpart stayed."""
    found = 0
    for name, html in pages(site):
        cleaned = nh3.clean(html)
        pieces = ("&lt;img src=x onerror=alert(1)&gt;", "&lt;script&gt;alert(2)&lt;/script&gt;", "{{7*7}}")
        counts = [cleaned.count(piece) for piece in pieces]
        assert len(set(counts)) == 1, (name, counts)
        found += counts[0]
    assert found > 100


def test_feeds_and_lists_stay_sound_xml(site: Path) -> None:
    for path in [*site.glob("*.xml"), *site.glob("*.atom")]:
        ElementTree.parse(path)


@pytest.mark.parametrize("make", [docx_bytes, pptx_bytes])
def test_a_word_file_and_slides_hold_the_text_as_text_and_stay_sound(
    make: Callable[[Paper, pd.DataFrame], bytes],
) -> None:
    section = Section(EVIL, (Claim(EVIL, "a", lead=EVIL), Listing((Claim(EVIL),))))
    paper = replace(SMALL, title=EVIL, subtitle=EVIL, head=((EVIL, EVIL),), sections=(section,))
    sources = SOURCES.assign(title=EVIL, publisher=EVIL, attribution_de=EVIL)
    with zipfile.ZipFile(io.BytesIO(make(paper, sources))) as parts:
        texts = [
            ElementTree.fromstring(parts.read(name)) for name in parts.namelist() if name.endswith(".xml")
        ]
    told = "".join("".join(tree.itertext()) for tree in texts)
    assert told.count(MARK) >= 5
    assert "{{7*7}}" in told


def test_a_workbook_for_review_holds_no_formula_whatever_was_said(hostile: Path) -> None:
    said = ['=HYPERLINK("https://evil.example";"hier")', "+1", "-1", "@SUM(A1)", "\t=1", f"=1{EVIL}"]
    lessons = [{"statement_de": text} for text in said]
    form = proposal.proposed(
        experience.form(), {experience.LESSONS: lessons, experience.SOLUTION: [{"note_de": said[0]}]}
    )
    with zipfile.ZipFile(io.BytesIO(writing.content(form))) as parts:
        sheets = [
            parts.read(name) for name in parts.namelist() if "worksheets/" in name or "sharedStrings" in name
        ]
    assert any(b"HYPERLINK" in sheet for sheet in sheets)
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_the_words_of_a_session_stay_words_on_every_page_of_a_workshop() -> None:
    exercises = [{**one, "question": f"Frage{EVIL}"} for one in EXERCISES]
    page = '<html><head><style></style></head><body><main id="inhalt"></main></body></html>'
    session = SessionRow(
        "KM7F3QXR", "x", "theme-workshop", f"Werkstatt{EVIL}", date.today(), date.today(), True,
        f"Stadt{EVIL}", {}, exercises, page, page,
    )  # fmt: skip
    made = Pages("")
    for one in (
        made.participant(session), made.leading(session, "http://x/w/"), made.paper(session),
        made.screen(session, "http://x/w/"), made.privacy(session), made.join("w/", EVIL, EVIL),
        made.message(EVIL, EVIL, "w/", EVIL),
    ):  # fmt: skip
        found = BeautifulSoup(one.text, "html.parser")
        assert not found.find_all("img")
        assert not [
            script for script in found.find_all("script") if (script.string or "").strip() == "alert(2)"
        ]
