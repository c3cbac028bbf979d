"""From executed notebooks to pages."""

import base64
import hashlib
import re

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from transferkit.errors import PageError
from transferkit.present import charts, tables
from transferkit.publish import render
from transferkit.publish.page import Page

PAGE = Page(
    address="kommunen/09181121.html",
    title="Leitfaden für Fuchstal",
    guide="municipality-guide",
    group="Kommunen",
    group_page="index.html",
    label="Fuchstal",
    edition="2026-11-22",
    site_title="transferkit",
    version="0.1.0",
)
TITLE = new_markdown_cell("# Titel\n\nFür wen das ist.")


def shows(html: str):
    return new_code_cell("x", outputs=[new_output("display_data", data={"text/html": html})])


def rendered(*cells, known=()) -> str:
    return render.page(new_notebook(cells=[TITLE, *cells]), PAGE, known)


def test_the_page_has_one_heading_of_the_first_level_and_it_is_the_pages_title():
    html = rendered(shows("<p>x</p>"))
    assert html.count("<h1>") == 1
    assert "<h1>Leitfaden für Fuchstal</h1>" in html
    assert "Für wen das ist." in html


def test_code_never_shows():
    html = rendered(new_code_cell("secret = 1", outputs=[]), shows("<p>x</p>"))
    assert "secret" not in html


def test_tagged_cells_stay_out_of_the_page():
    cell = shows("<p>nur in der App</p>")
    cell.metadata["tags"] = ["app-only"]
    assert "nur in der App" not in rendered(cell)


def test_a_section_whose_code_shows_nothing_is_left_out():
    html = rendered(
        new_markdown_cell("## Leer\n\nHier käme etwas."),
        new_code_cell("None", outputs=[]),
        new_markdown_cell("## Voll"),
        shows("<p>x</p>"),
    )
    assert "Leer" not in html
    assert 'id="voll"' in html


def test_sources_are_numbered_in_the_order_of_the_list():
    html = rendered(
        shows('<p>A<sup class="q"><a href="#q-b">Quelle</a></sup></p>'),
        shows('<ol class="sources"><li id="q-a">A</li><li id="q-b">B</li></ol>'),
    )
    assert '<a href="#q2" aria-label="Quelle 2">2</a>' in html
    assert '<li id="q2">B</li>' in html


def test_a_mark_without_its_source_stops_the_page():
    with pytest.raises(PageError, match="b"):
        rendered(shows('<sup class="q"><a href="#q-b">Quelle</a></sup>'))


def test_links_lead_to_built_pages_and_are_plain_text_otherwise():
    html = rendered(
        shows('<a href="site:projekte/jena.html">Jena</a> <a href="site:projekte/ulm.html">Ulm</a>'),
        known={"projekte/jena.html"},
    )
    assert '<a href="../projekte/jena.html">Jena</a> Ulm' in html


def test_an_error_output_stops_the_page():
    failed = new_code_cell("1/0", outputs=[new_output("error", ename="E", evalue="x", traceback=[])])
    with pytest.raises(PageError):
        rendered(failed)


def chart(**changes) -> charts.Chart:
    frame = pd.DataFrame({"name": ["Jena", "Ulm"], "value": [111191, 5]})
    parts = {
        "finding": "Jena ist größer als Ulm",
        "subtitle": "Personen, 31.12.2024",
        "description": "Zwei Balken.",
        "drawings": charts.bars(frame, "name", "value"),
        "table": tables.table(frame, {"name": "Ort", "value": "Personen"}, "Orte"),
    }
    return charts.Chart(**{**parts, **changes})


def test_a_chart_becomes_a_figure_with_words_and_numbers():
    output = new_output("display_data", data=chart()._repr_mimebundle_())
    html = rendered(new_code_cell("x", outputs=[output]))
    assert html.count("<svg") == 2
    assert ">Jena ist größer als Ulm</title>" in html
    assert ">Zwei Balken.</desc>" in html
    assert "111.191" in html
    assert "#0b5c68" not in html.split("</style>")[1]


def test_a_chart_without_description_is_refused():
    output = new_output("display_data", data=chart(description="")._repr_mimebundle_())
    with pytest.raises(PageError, match="Beschreibung"):
        rendered(new_code_cell("x", outputs=[output]))


def test_the_same_notebook_gives_the_same_bytes():
    cell = new_code_cell("x", outputs=[new_output("display_data", data=chart()._repr_mimebundle_())])
    assert rendered(cell) == rendered(cell)


def test_a_page_asks_nobody_for_anything():
    html = rendered(shows("<p>x</p>"))
    assert "default-src 'none'" in html
    assert re.findall("<script[^>]*>", html) == ['<script type="application/ld+json">']  # data, never run
    assert " src=" not in html


def test_a_script_that_is_asked_for_is_the_only_one_that_may_run():
    html = rendered(shows('<div data-script="fit-check"></div>'))
    [script] = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html
    assert "//" not in script


def test_a_page_without_a_wish_carries_no_script_and_allows_none():
    html = rendered(shows("<p>x</p>"))
    assert "<script>" not in html
    assert "script-src" not in html
