"""One report of all that was checked: German text for people; JSON, JUnit and SARIF for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from transferkit.finding import Finding
from transferkit.publish.check.allowed import Entry
from transferkit.publish.check.rules import RULES, Rule

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True)
class Report:
    """What was found, what of it is allowed and by which entry, what was looked at, and what could not be.

    `checked` counts: {"Seiten": 566}. `rules` are all that were asked, by name.
    """

    unsound: tuple[Finding, ...]
    allowed: tuple[tuple[Finding, Entry], ...] = ()
    checked: Mapping[str, int] = field(default_factory=dict)
    unchecked: tuple[str, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=lambda: RULES)


def text(report: Report) -> str:
    """The report for people, grouped by where they have to look."""
    return "\n".join([*findings(report.unsound), *_allowed(report), *_summary(report)])


def findings(found: Iterable[Finding]) -> Iterator[str]:
    """The lines that tell of findings: each file once, then what is wrong in it, and what would be right."""
    by_place: dict[str, list[Finding]] = {}
    for finding in found:
        by_place.setdefault(finding.where, []).append(finding)
    for where, rows in by_place.items():
        yield where
        for row in rows:
            line = f"Zeile {row.line}: " if row.line else ""
            yield f"  {line}{row.text} {row.remedy}".rstrip()
            yield f"    {f'{row.place} ' if row.place else ''}[{row.rule}]"


def _allowed(report: Report) -> Iterator[str]:
    if report.allowed:
        yield "Zugelassen (allowed.toml):"
    for finding, entry in report.allowed:
        until = f"bis {entry.until:%d.%m.%Y}"
        yield f"  {finding.where}: {finding.text} [{finding.rule}] {until}: {entry.reason}"


def _summary(report: Report) -> Iterator[str]:
    for reason in report.unchecked:
        yield f"Nicht geprüft: {reason}"
    looked_at = ", ".join(f"{count} {what}" for what, count in report.checked.items())
    if looked_at:
        yield f"Geprüft: {looked_at}."
    if not report.unsound:
        yield "Alles in Ordnung." if not report.unchecked else "Was geprüft wurde, ist in Ordnung."
        return
    rules = Counter(finding.rule for finding in report.unsound)
    count = sum(rules.values())
    yield f"{count} Fehler, nach Regel:"
    for name, number in rules.most_common():
        rule = report.rules.get(name)
        yield f"  {number} × {name}" + (f": {rule.says} ({rule.source})" if rule else "")


def as_json(report: Report) -> str:
    """The report as one JSON object; the names are those of `Finding`."""
    content = {
        "sound": not report.unsound,
        "findings": [_row(finding, report) for finding in report.unsound],
        "allowed": [
            _row(finding, report)
            | {
                "reason": entry.reason,
                "date": entry.date.isoformat(),
                "until": entry.until.isoformat(),
            }
            for finding, entry in report.allowed
        ],
        "checked": dict(report.checked),
        "unchecked": list(report.unchecked),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _row(finding: Finding, report: Report) -> dict[str, Any]:
    rule = report.rules.get(finding.rule)
    return vars(finding) | {"source": rule.source if rule else ""}


def as_sarif(report: Report) -> str:
    """The report in SARIF 2.1.0, which GitHub and GitLab show beside the code."""
    everything = [*report.unsound, *(finding for finding, _ in report.allowed)]
    names = sorted({finding.rule for finding in everything})
    driver = {
        "name": "transferkit check",
        "semanticVersion": version("transferkit"),
        "rules": [_sarif_rule(name, report.rules.get(name)) for name in names],
    }
    results = [_result(finding, names) for finding in report.unsound]
    results += [
        _result(finding, names)
        | {"suppressions": [{"kind": "external", "justification": f"{entry.reason} (bis {entry.until})"}]}
        for finding, entry in report.allowed
    ]
    run = {
        "tool": {"driver": driver},
        "language": "de",
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [
            {
                "executionSuccessful": not report.unchecked,
                "toolExecutionNotifications": [{"message": {"text": why}} for why in report.unchecked],
            }
        ],
    }
    return (
        json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"
    )


def _sarif_rule(name: str, rule: Rule | None) -> dict[str, Any]:
    described = {"shortDescription": {"text": rule.says}, "help": {"text": rule.source}} if rule else {}
    return {"id": name, **described}


def _result(finding: Finding, names: list[str]) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.where)}}
    if finding.line:
        where["region"] = {"startLine": finding.line}
    return {
        "ruleId": finding.rule,
        "ruleIndex": names.index(finding.rule),
        "level": "error",
        "message": {"text": f"{finding.text} {finding.remedy}".strip()},
        "locations": [
            {
                "physicalLocation": where,
                **({"logicalLocations": [{"name": finding.place}]} if finding.place else {}),
            }
        ],
    }
