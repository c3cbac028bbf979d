"""Files a notebook makes: beside the page, linked from it, kept and checked like the page itself."""

from __future__ import annotations

import base64

import nbformat
import pytest

from transferkit.errors import PageError
from transferkit.publish.attachments import SUFFIXES, attachments, linked

DOCX = next(kind for kind, suffix in SUFFIXES.items() if suffix == ".docx")
HTML = '<p class="file"><a href="data:x;base64,AAAA" download="Vorlage.docx">Word</a></p>'


def notebook(count: int) -> nbformat.NotebookNode:
    data = {DOCX: base64.b64encode(b"content").decode(), "text/html": HTML}
    outputs = [nbformat.v4.new_output("execute_result", data) for _ in range(count)]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("file", outputs=outputs)])


def test_a_file_lies_beside_its_page_under_the_name_of_the_page() -> None:
    assert attachments(notebook(1), "vorlagen/a-b.html") == {"vorlagen/a-b.docx": b"content"}


def test_the_page_links_to_the_file_and_does_not_hold_it() -> None:
    output = notebook(1).cells[0].outputs[0].data
    html = linked(output, "vorlagen/a-b.html")
    assert html == '<p class="file"><a href="a-b.docx" download="Vorlage.docx">Word</a></p>'
    assert linked({"text/html": "<p>"}, "a.html") is None


def test_two_files_of_a_kind_would_have_one_name() -> None:
    with pytest.raises(PageError, match="zwei Dateien"):
        attachments(notebook(2), "a.html")
