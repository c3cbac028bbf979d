"""`transferkit pdf` as somebody calls it: sound files of real pages, an honest word about each failure."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import DictionaryObject

from tests.publish.small_checkout import PAGES, Checkout

GUIDES = ("kommunen/16053000.html", "themen/smart-regions.html", "loesungen/eichenzell-shuttle.html")


def run(command: Path, *words: str | Path, **environment: str) -> tuple[int, str, str]:
    """Call `transferkit pdf`; return its exit code and what it said on both streams."""
    call = [command, "pdf", *words]
    done = subprocess.run(call, capture_output=True, text=True, env={**os.environ, **environment})
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def files(transferkit: Path, built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the PDF files of three guides."""
    out = tmp_path_factory.mktemp("pdf")
    code, said, wrong = run(transferkit, *GUIDES, "--site", built_site, "--out", out)
    assert (code, said) == (0, "3 gebaut, 0 unverändert, 0 fehlgeschlagen\n"), wrong
    return out


@pytest.fixture(scope="module", params=GUIDES)
def reader(request: pytest.FixtureRequest, files: Path) -> pypdf.PdfReader:
    return pypdf.PdfReader((files / request.param).with_suffix(".pdf"))


def tags(reader: pypdf.PdfReader) -> Iterator[DictionaryObject]:
    """All elements of the structure tree."""
    todo: list[Any] = [reader.root_object["/StructTreeRoot"]]
    while todo:
        one = todo.pop().get_object()
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            if "/S" in one:
                yield one
            todo += [one["/K"]] if "/K" in one else []


def test_title_language_and_outline_are_there(reader: pypdf.PdfReader) -> None:
    root = reader.root_object
    assert reader.metadata is not None
    assert str(reader.metadata.title).endswith("– transferkit")
    assert root["/Lang"] == "de"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    [title, headings] = reader.outline
    assert reader.metadata.title.startswith(title.title)
    assert len(headings) >= 4


def test_everything_is_tagged_and_every_figure_has_a_text(reader: pypdf.PdfReader) -> None:
    assert reader.root_object["/MarkInfo"]["/Marked"].value is True
    kinds = [tag["/S"] for tag in tags(reader)]
    assert kinds.count("/H1") == 1
    assert {"/Document", "/H2", "/P", "/L", "/LI", "/Link"} <= set(kinds)
    assert [tag for tag in tags(reader) if tag["/S"] == "/Figure" and not tag.get("/Alt")] == []


def test_the_guide_to_a_theme_has_figures_and_tables_with_headers(files: Path) -> None:
    reader = pypdf.PdfReader(files / "themen" / "smart-regions.pdf")
    kinds = [tag["/S"] for tag in tags(reader)]
    assert kinds.count("/Figure") >= 2
    assert "/TH" in kinds


def test_all_fonts_are_embedded(reader: pypdf.PdfReader) -> None:
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        if font["/Subtype"] != "/Type3":
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & descriptor.keys(), font["/BaseFont"]


def test_links_have_a_text_and_none_leads_into_this_machine(reader: pypdf.PdfReader) -> None:
    links = [one.get_object() for page in reader.pages for one in page.get("/Annots", [])]
    assert links
    for link in links:
        assert link["/Contents"]
        assert str(link.get("/A", {}).get("/URI", "https://")).startswith(("https://", "http://", "mailto:"))
        assert "transferkit.invalid" not in str(link.get("/A", {}).get("/URI", ""))


def test_the_file_says_that_nobody_has_checked_it(reader: pypdf.PdfReader) -> None:
    if shutil.which("verapdf"):
        pytest.skip("Hier ist veraPDF eingerichtet und prüft.")
    assert "nicht geprüft" in " ".join(reader.pages[-1].extract_text().split())
    assert reader.metadata is not None
    assert "nicht geprüft" in str(reader.metadata.subject)
    assert reader.xmp_metadata is not None
    assert "nicht geprüft" in reader.xmp_metadata.dc_description["x-default"]


def test_pages_are_numbered_and_name_guide_and_edition(reader: pypdf.PdfReader) -> None:
    total = len(reader.pages)
    assert total > 1
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"Seite {number} von {total}" in text
        assert "Stand 22.11.2026" in text


@pytest.fixture
def checkout(transferkit: Path, tmp_path: Path) -> Checkout:
    """A small site, built."""
    made = Checkout(tmp_path, transferkit)
    code, _, wrong = made.build()
    assert code == 0, wrong
    return made


def test_all_pages_of_a_site_lie_beside_them_and_what_is_unchanged_is_kept(checkout: Checkout) -> None:
    first = run(checkout.command, "--site", checkout.site)
    assert first[:2] == (0, f"{PAGES} gebaut, 0 unverändert, 0 fehlgeschlagen\n"), first
    made = {path: path.stat().st_mtime_ns for path in checkout.site.glob("orte/*.pdf")}
    assert len(made) == PAGES
    assert list(checkout.site.rglob(".*.new")) == []
    assert run(checkout.command, "--site", checkout.site)[1].startswith(f"0 gebaut, {PAGES} unverändert")
    assert {path: path.stat().st_mtime_ns for path in made} == made


def test_a_page_that_fails_keeps_its_last_file_and_does_not_stop_the_others(
    checkout: Checkout, tmp_path: Path
) -> None:
    out = tmp_path / "pdf"
    lost = checkout.site / "orte" / "open-source.html"
    (out / "orte").mkdir(parents=True)
    (out / "orte" / "open-source.pdf").write_bytes(b"der letzte Stand")
    lost.unlink()
    code, said, wrong = run(checkout.command, "--site", checkout.site, "--out", out)
    assert (code, said) == (1, f"{PAGES - 1} gebaut, 0 unverändert, 1 fehlgeschlagen\n")
    assert "orte/open-source.html: Die Datei dieser Seite fehlt." in wrong
    assert (out / "orte" / "open-source.pdf").read_bytes() == b"der letzte Stand"
    assert len(list(out.glob("orte/*.pdf"))) == PAGES


def test_nothing_is_asked_of_anybody_else(checkout: Checkout, tmp_path: Path) -> None:
    page = checkout.site / "orte" / "open-source.html"
    with socket.create_server(("127.0.0.1", 0)) as other:
        there = f"http://127.0.0.1:{other.getsockname()[1]}/bild.png"
        html = re.sub(r"<meta http-equiv=.*?>", "", page.read_text("utf-8"))
        page.write_text(html.replace("</main>", f'<img alt="Bild" src="{there}"></main>'), "utf-8")
        run(checkout.command, "orte/open-source.html", "--site", checkout.site, "--out", tmp_path / "pdf")
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.accept()


def test_with_a_public_address_links_lead_there(checkout: Checkout, tmp_path: Path) -> None:
    toc = checkout.notebooks / "toc.toml"
    toc.write_text(toc.read_text().replace("[site]", '[site]\naddress = "https://leitfaden.example.org/"'))
    words = ("orte/open-source.html", "--site", checkout.site, "--out", tmp_path / "pdf")
    assert run(checkout.command, *words, TRANSFERKIT_NOTEBOOKS=str(checkout.notebooks))[0] == 0
    text = " ".join(pypdf.PdfReader(tmp_path / "pdf/orte/open-source.pdf").pages[-1].extract_text().split())
    assert "Die Webseite: https://leitfaden.example.org/orte/open-source.html" in text


def test_what_cannot_be_is_said_and_what_would_be_right(checkout: Checkout, tmp_path: Path) -> None:
    code, _, wrong = run(checkout.command, "orte/open-sorce.html", "--site", checkout.site)
    assert (code, "Meinten Sie „orte/open-source.html“?" in wrong) == (2, True)
    code, _, wrong = run(checkout.command, "--site", tmp_path / "leer")
    assert (code, "transferkit build" in wrong) == (2, True)
    code, _, wrong = run(checkout.command, "--site", checkout.site, PATH="")
    assert (code, "Bitte installieren Sie Chromium" in wrong) == (2, True), wrong


def test_without_playwright_the_command_says_what_to_install(checkout: Checkout) -> None:
    without = "import sys; sys.modules['playwright'] = None; from transferkit.cli import main; main()"
    call = [sys.executable, "-c", without, "pdf", "--site", str(checkout.site)]
    done = subprocess.run(call, capture_output=True, text=True)
    assert done.returncode == 2
    assert "pip install transferkit[pdf]" in done.stderr
    assert "Traceback" not in done.stderr
