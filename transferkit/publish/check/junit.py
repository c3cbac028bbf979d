"""The report as JUnit XML, which every build server reads. The one door to junitparser."""

from __future__ import annotations

import re
from typing import Any

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from transferkit.publish.check.report import Report

# Characters no XML can hold; a finding may quote them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def as_junit(report: Report) -> str:
    """A case for each finding, which fails; and one for each rule nobody has broken."""
    suite = TestSuite("transferkit check")
    for finding in report.unsound:
        line = f", Zeile {finding.line}" if finding.line else ""
        case = TestCase(f"{finding.where}{line}", finding.rule)
        case.result = [Failure(_clean(f"{finding.text} {finding.remedy}\n{finding.place}"), finding.rule)]
        suite.add_testcase(case)
    for finding, entry in report.allowed:
        case = TestCase(finding.where, finding.rule)
        case.result = [Skipped(_clean(f"Zugelassen bis {entry.until:%d.%m.%Y}: {entry.reason}"))]
        suite.add_testcase(case)
    broken = {finding.rule for finding in report.unsound} | {finding.rule for finding, _ in report.allowed}
    for name, rule in report.rules.items():
        if name not in broken:
            suite.add_testcase(TestCase(rule.says, name))
    for reason in report.unchecked:
        case = TestCase("Nicht geprüft", "check")
        case.result = [Skipped(_clean(reason))]
        suite.add_testcase(case)
    xml: Any = JUnitXml("transferkit check")
    xml.add_testsuite(suite)
    xml.update_statistics()
    return str(xml.tostring().decode())


def _clean(text: str) -> str:
    return CONTROL.sub("�", text)
