"""Defects planted in a sound page, one at a time: caught by their rule, at their place, by no other."""

from __future__ import annotations

import pytest
from nbconvert import HTMLExporter

from tests.publish.sound_pages import NOTE, examined, notebook, sound_page
from transferkit.publish.check.pages import check
from transferkit.publish.check.rules import RULES

ALT = 'alt="Der Marktplatz von Adorf"'
LAST = "<p>Rufen Sie dort an.</p>"
HOME = "/ho" + "me/erika"  # in pieces: this file may not name a folder of one machine either
LABEL = '<label for="wort">Wort</label>'

# What is planted: the name, what stands in the sound page, what comes in its place, and the rule it breaks.
DEFECTS = [
    ("language removed", '<html lang="de">', "<html>", "page.language"),
    ("language wrong", '<html lang="de">', '<html lang="en">', "page.language"),
    ("title emptied", "<title>Leitfaden für Adorf – transferkit</title>", "<title></title>", "page.title"),
    ("heading skipped", "<h3>Eine Frage</h3>", "<h4>Eine Frage</h4>", "page.headings"),
    ("second h1", LAST, "<h1>Noch eine</h1>", "page.headings"),
    ("empty heading", LAST, "<h3></h3>", "page.headings"),
    ("main removed", '<main id="inhalt" data-pagefind-body>', '<div id="inhalt">', "page.landmarks"),
    (
        "navigation without a name",
        'class="toc" aria-label="Auf dieser Seite"',
        'class="toc"',
        "page.landmarks",
    ),
    ("skip link removed", '<a class="skip" href="#inhalt">Zum Inhalt</a>', "", "page.skip-link"),
    ("skip link astray", 'class="skip" href="#inhalt"', 'class="skip" href="#quellen"', "page.skip-link"),
    ("alt removed", ALT, "", "page.alt-text"),
    ("alt emptied", ALT, 'alt=""', "page.alt-text"),
    ("alt of nbconvert", ALT, 'alt="No description has been provided for this image"', "page.alt-text"),
    ("alt is a file name", ALT, 'alt="markt.png"', "page.alt-text"),
    ("drawing without words", ' role="img" aria-labelledby="abb-1-wide-t abb-1-wide-d"', "", "page.alt-text"),
    ("caption removed", "<caption>Orte</caption>", "", "page.table"),
    ("scope removed", '<th scope="row">', "<th>", "page.table"),
    ("blind link", ">Bdorf</a>", ">hier</a>", "page.link-text"),
    ("link without text", ">Bdorf</a>", "></a>", "page.link-text"),
    ("tabindex in front", 'id="wort"', 'id="wort" tabindex="3"', "page.tabindex"),
    ("tabindex on text", LAST, '<p tabindex="0">Rufen Sie an.</p>', "page.tabindex"),
    ("label removed", LABEL, "", "page.label"),
    ("button without a name", LAST, "<p><button></button></p>", "page.label"),
    ("id twice", LAST, '<p id="quellen">Rufen Sie an.</p>', "page.ids"),
    ("label astray", LABEL, f'{LABEL}<label for="wert">Wert</label>', "page.ids"),
    ("dead anchor", LAST, '<p><a href="#gibt-es-nicht">Anrufen</a></p>', "page.anchor"),
    ("contrast lowered in light", "--muted:#505a66", "--muted:#8a949e", "page.contrast"),
    ("contrast lowered in dark", "--muted:#aab4c0", "--muted:#5a6470", "page.contrast"),
    ("contrast lowered in print", "--muted:#444", "--muted:#999", "page.contrast"),
    (
        "colour of a theme too faint",
        "--theme-city-apps:#b03a1a",
        "--theme-city-apps:#f0c0b0",
        "page.contrast",
    ),
    ("words of a drawing too faint", 'fill="var(--ink)"', 'fill="#ccd3da"', "page.contrast"),
    ("focus hidden", "a:hover{", "a:focus{outline:none}a:hover{", "page.focus"),
    ("focus style removed", ":focus-visible{", ".nirgends{", "page.focus"),
    ("movement for all", "figure{margin", "figure{transition:opacity 2s;margin", "page.motion"),
    ("fixed width", "figure{margin", "figure{width:900px;margin", "page.width"),
    ("fixed width in place", LAST, '<p style="width:640px">Rufen Sie an.</p>', "page.width"),
    ("zoom forbidden", "initial-scale=1", "initial-scale=1, user-scalable=no", "page.zoom"),
    (
        "font link",
        "<meta name=",
        '<link rel="stylesheet" href="https://fonts.example.org/a.css"><meta name=',
        "",
    ),
    ("preconnect", "<meta name=", '<link rel="preconnect" href="//cdn.example.org"><meta name=', ""),
    ("script from elsewhere", LAST, '<script src="https://cdn.example.org/a.js"></script>', ""),
    ("picture from elsewhere", "data:image/png;base64,iVBORw0KGgo=", "https://example.org/a.png", ""),
    ("srcset from elsewhere", ALT, f'{ALT} srcset="//example.org/a.png 2x"', ""),
    ("font in the style", "figure{margin", "figure{background:url(https://example.org/a.png);margin", ""),
    (
        "import in the style",
        ":root{color-scheme",
        '@import "https://example.org/a.css";:root{color-scheme',
        "",
    ),
    ("drawing from elsewhere", "<title id=", '<image href="https://example.org/a.png"/><title id=', ""),
    (
        "forwarding",
        "<meta name=",
        '<meta http-equiv="refresh" content="0;url=https://example.org"><meta name=',
        "",
    ),
    ("base", "<meta name=", '<base href="https://example.org/"><meta name=', ""),
    ("frame from elsewhere", LAST, '<iframe title="Karte" src="https://example.org/karte"></iframe>', ""),
    ("form sent elsewhere", "<form>", '<form action="https://example.org/">', ""),
    ("ping", 'href="../orte/bdorf.html"', 'href="../orte/bdorf.html" ping="https://example.org/"', ""),
    ("file beside the page", "data:image/png;base64,iVBORw0KGgo=", "markt.png", "page.whole"),
    ("empty src", "data:image/png;base64,iVBORw0KGgo=", "", "page.empty-address"),
    ("policy removed", "Content-Security-Policy", "X-Nothing", "page.policy"),
    ("policy opened", "default-src 'none'", "default-src *", "page.policy"),
    ("policy lets a server in", "img-src data:", "img-src data: https://example.org", "page.policy"),
    ("script the policy stops", LAST, "<script>let a = 1;</script>", "page.policy"),
    ("home of a user", LAST, f"<p>Siehe {HOME}/leitfaden.ipynb</p>", "page.machine-path"),
    ("folder on Windows", LAST, "<p>Siehe C:\\Users\\Erika</p>", "page.machine-path"),
    ("address of a file", LAST, '<p><a href="file:///srv/a.html">Anrufen</a></p>', "page.machine-path"),
    ("traceback", LAST, "<p>Traceback (most recent call last)</p>", "page.traceback"),
    ("error of Python", LAST, "<p>KeyError: 'ort'</p>", "page.traceback"),
    ("nan in a table", ">1.200</td>", ">nan</td>", "page.leftover"),
    ("None in a sentence", LAST, "<p>Die Fläche ist None.</p>", "page.leftover"),
    ("mark of a template", LAST, "<p>Für {{ ort }}</p>", "page.leftover"),
    ("shown HTML", LAST, "<p>&lt;div class='a'&gt;</p>", "page.leftover"),
    ("link not resolved", LAST, '<p><a href="site:orte/cdorf.html">Cdorf</a></p>', "page.leftover"),
    ("table of pandas", "<table>", '<table class="dataframe">', "page.leftover"),
    ("note for facilitators", LAST, f"<p>{NOTE}</p>", "page.facilitator"),
    ("sources removed", '<ol class="sources">', "<ol>", "page.source"),
    ("attribution cut", "© Statistisches Bundesamt (Destatis), 2025. ", "", "page.attribution"),
    (
        "licence without link",
        "https://www.govdata.de/dl-de/by-2-0",
        "https://example.org/",
        "page.attribution",
    ),
    ("change not said", ", Daten geändert", "", "page.attribution"),
    ("day of the data removed", "Stand der Daten: 22.11.2026", "", "page.licence"),
    (
        "licence of the text removed",
        "https://creativecommons.org/licenses/by/4.0/deed.de",
        "#",
        "page.licence",
    ),
    ("page too heavy", LAST, f"<p>{'Rufen Sie dort an. ' * 12_000}</p>", "page.weight"),
]
# A script that stores or fetches is stopped by the policy of this page too: that is a second, true finding.
SCRIPTS = [
    ("storage", "localStorage.setItem('a', 'b')", "page.storage"),
    ("cookie", "document.cookie = 'a=b'", "page.storage"),
    ("fetch", "fetch('https://example.org/a')", "page.third-party"),
    ("import", "import('https://example.org/a.js')", "page.third-party"),
    ("request", "let a = new XMLHttpRequest(); a.open('GET', '//example.org/a')", "page.third-party"),
    ("socket", "new WebSocket('wss://example.org/')", "page.third-party"),
    ("beacon", "navigator.sendBeacon('https://example.org/')", "page.third-party"),
]
# What is missing has no line; these rules name what is there instead: the first link, the footer, the style.
OF_THE_WHOLE = {"page.skip-link", "page.focus", "page.source", "page.licence"}


def planted(old: str, new: str) -> tuple[str, int]:
    """The page with one defect, and the line it stands in."""
    page = sound_page()
    assert old in page, old
    return page.replace(old, new, 1), page.count("\n", 0, page.index(old)) + 1


def test_the_sound_page_has_no_finding() -> None:
    assert examined(sound_page()).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "rule"), [defect[1:] for defect in DEFECTS], ids=[d[0] for d in DEFECTS]
)
def test_a_planted_defect_is_caught_by_its_rule_at_its_place(old: str, new: str, rule: str) -> None:
    page, line = planted(old, new)
    found = examined(page).findings
    assert {finding.rule for finding in found} == {rule or "page.third-party"}
    lines = {finding.line for finding in found}
    assert lines <= {None, line} or (rule in OF_THE_WHOLE and max(lines - {None}) <= line + 1), (line, found)
    for finding in found:
        assert finding.place
        assert finding.text.endswith((".", "!"))
        assert finding.remedy


@pytest.mark.parametrize(("script", "rule"), [one[1:] for one in SCRIPTS], ids=[one[0] for one in SCRIPTS])
def test_a_script_that_stores_or_fetches_is_caught(script: str, rule: str) -> None:
    page, line = planted(LAST, f"<script>{script}</script>")
    found = examined(page).findings
    assert {finding.rule for finding in found} == {rule, "page.policy"}
    assert {finding.line for finding in found} == {line}


def test_a_style_for_print_is_missed() -> None:
    found = examined(sound_page().replace("@media print", "@media speech")).findings
    assert {finding.rule for finding in found} == {"page.print"}


def test_the_table_of_a_chart_is_missed() -> None:
    start, end = sound_page().index("<details><summary>Zahlen"), sound_page().index("</details></figure>")
    page = sound_page()[:start] + sound_page()[end + len("</details>") :]
    [finding] = examined(page).findings
    assert (finding.rule, finding.place[:16]) == ("page.chart-table", "Adorf ist größer")


def test_every_rule_for_pages_has_a_defect_that_breaks_it() -> None:
    broken = {rule or "page.third-party" for *_, rule in DEFECTS} | {rule for *_, rule in SCRIPTS}
    # These need more than an exchange of words; they have tests of their own.
    broken |= {"page.chart-table", "page.markup", "page.print"}
    assert {name for name in RULES if name.startswith("page.")} - broken == set()


@pytest.mark.parametrize("template", ["lab", "classic", "basic"])
def test_stock_output_of_nbconvert_fails(template: str) -> None:
    html, _ = HTMLExporter(template_name=template).from_notebook_node(notebook())
    broken = {finding.rule for finding in check(html, "orte/adorf.html").findings}
    if template == "basic":  # a fragment without a frame
        assert {"page.language", "page.title", "page.landmarks", "page.policy"} <= broken
    else:
        assert {"page.language", "page.third-party", "page.contrast", "page.motion", "page.policy"} <= broken
