"""The report of a check: for people, and in three forms for machines; and the apps' pages."""

from __future__ import annotations

import datetime
import json
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml
from sarif_pydantic import Sarif

from transferkit import project
from transferkit.finding import Finding
from transferkit.publish.app_offer import Offer
from transferkit.publish.check import apps, contrast, report
from transferkit.publish.check.allowed import Entry
from transferkit.publish.check.junit import as_junit
from transferkit.publish.check.pages import APP, check
from transferkit.publish.check.report import Report
from transferkit.publish.check.rules import RULES
from transferkit.publish.check.sheet import sheet

ALT = Finding(
    "orte/ä b.html", 12, "page.alt-text", "<img>", "Das Bild hat keine Beschreibung.", "Beschreiben Sie es."
)
WHOLE = Finding("orte/b.html", None, "page.title", "", "Die Seite hat keinen Titel.", "Geben Sie ihr einen.")
CONTROL = Finding("orte/c.html", 1, "page.traceback", "\x1b[0m <b>", "Hier steht eine Meldung.", "")
DAY = datetime.date(2026, 11, 25)
ENTRY = Entry("page.title", "orte/*", "Der Titel folgt im Januar.", DAY, datetime.date(2027, 1, 31), 1)
BOTH = Report((ALT, CONTROL), ((WHOLE, ENTRY),), {"Seiten": 566}, ("Apps. Sie fehlen.",))


def test_people_read_where_what_and_what_would_be_right() -> None:
    said = report.text(BOTH)
    assert "orte/ä b.html\n  Zeile 12: Das Bild hat keine Beschreibung. Beschreiben Sie es.\n" in said
    assert (
        "Zugelassen (allowed.toml):\n  orte/b.html: Die Seite hat keinen Titel. [page.title] bis 31.01.2027"
        in said
    )
    assert "Nicht geprüft: Apps. Sie fehlen." in said
    assert "Geprüft: 566 Seiten." in said
    assert "2 Fehler, nach Regel:" in said
    assert "1 × page.alt-text: Jedes Bild hat eine Beschreibung in Worten. (EN 301 549, 9.1.1.1)" in said


def test_a_sound_report_says_so_and_no_more_than_was_checked() -> None:
    assert report.text(Report((), checked={"Seiten": 3})) == "Geprüft: 3 Seiten.\nAlles in Ordnung."
    assert report.text(Report((), unchecked=("Apps. x",))).endswith("Was geprüft wurde, ist in Ordnung.")


def test_json_has_every_finding_with_its_source_and_every_exception_with_its_reason() -> None:
    read = json.loads(report.as_json(BOTH))
    assert read["sound"] is False
    assert read["findings"][0] == vars(ALT) | {"source": "EN 301 549, 9.1.1.1"}
    assert read["allowed"][0]["until"] == "2027-01-31"
    assert read["unchecked"] == ["Apps. Sie fehlen."]


def test_sarif_is_valid_and_names_rule_file_and_line() -> None:
    written = report.as_sarif(BOTH)
    run = Sarif.model_validate_json(written).runs[0]
    first = run.results[0]
    assert (first.rule_id, first.level.value) == ("page.alt-text", "error")
    assert first.locations[0].physical_location.artifact_location.uri == "orte/%C3%A4%20b.html"
    assert first.locations[0].physical_location.region.start_line == 12
    assert [rule.id for rule in run.tool.driver.rules] == ["page.alt-text", "page.title", "page.traceback"]
    assert json.loads(written)["runs"][0]["results"][2]["suppressions"][0]["kind"] == "external"


def test_junit_is_read_by_a_build_server_whatever_a_finding_quotes() -> None:
    written = as_junit(BOTH)
    ElementTree.fromstring(written)
    read = JUnitXml.fromstring(written)
    assert (read.failures, read.skipped) == (2, 2)
    assert read.tests == len(RULES) - 3 + 4


def test_every_rule_says_in_a_german_sentence_what_it_wants_and_where_that_comes_from() -> None:
    for name, rule in RULES.items():
        assert rule.says.endswith("."), name
        assert rule.source, name


def test_the_pages_of_all_apps_are_sound() -> None:
    offer = Offer(project.toc(), project.notebooks_folder(), {})
    assert apps.findings(offer) == []
    assert len(list(apps.pages(offer))) == 5 + len(offer.apps)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (
            "</article>",
            '<script src="https://cdn.example.org/vega.js"></script></article>',
            "page.third-party",
        ),
        ('<link rel="icon" href="data:,">', '<link rel="icon" href="">', "page.empty-address"),
        ('<html lang="de">', "<html>", "page.language"),
        ("</article>", "<h4>Zu tief</h4></article>", "page.headings"),
        ("</article>", "<script>localStorage.a = 1</script></article>", "page.storage"),
    ],
)
def test_a_defect_planted_in_the_frame_of_an_app_is_caught(old: str, new: str, rule: str) -> None:
    offer = Offer(project.toc(), project.notebooks_folder(), {})
    pages = {name: html for name, html, _ in apps.pages(offer)}
    html = pages["apps/fit-check"]
    assert old in html
    found = check(html.replace(old, new, 1), "apps/fit-check", APP).findings
    assert {finding.rule for finding in found} == {rule}


def test_contrast_is_computed_as_wcag_does() -> None:
    black, white, grey = (0.0, 0.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0), (119 / 255, 119 / 255, 119 / 255, 1.0)
    assert contrast.ratio(black, white) == pytest.approx(21)
    assert contrast.ratio(grey, white) == pytest.approx(4.48, abs=0.005)  # #777, the known near miss
    assert contrast.ratio((0, 0, 0, 0.5), white) == pytest.approx(contrast.ratio((0.5, 0.5, 0.5, 1), white))


def test_a_colour_is_followed_through_tokens_into_the_dark() -> None:
    read = sheet(
        ":root{--a:#777;--b:var(--a)}@media (prefers-color-scheme:dark){:root{--a:#fff}}p{color:var(--b)}"
    )
    assert read.colour("var(--b)", "light") == pytest.approx((119 / 255, 119 / 255, 119 / 255, 1))
    assert read.colour("var(--b)", "dark") == (1, 1, 1, 1)
    assert {(faint.scheme, faint.place) for faint in contrast.faults(read)} >= {("light", "--b:var(--a)")}
