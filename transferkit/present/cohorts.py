"""Learning groups as readers see them: who with whom, who not and why, the meetings, the reflection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd
from markupsafe import Markup

from transferkit.present import german, tables
from transferkit.present.block import Block, source_marks
from transferkit.present.records import records

CAUTION = "Ein Vorschlag nach Regeln (eigene Einschätzung). Die Entscheidung treffen Menschen."
PARTS = {"interest": "Wunschthema", "needs": "Bedarf gedeckt", "likeness": "Größe ähnlich", "stage": "Phase"}
CHANGES = {
    "better": "besser als erwartet",
    "same": "wie erwartet",
    "worse": "schwieriger als erwartet",
    "unknown": "nicht vergleichbar",
}


class Formed(Protocol):
    """What is shown of the groups."""

    @property
    def groups(self) -> pd.DataFrame: ...
    @property
    def members(self) -> pd.DataFrame: ...
    @property
    def unplaced(self) -> pd.DataFrame: ...


def groups(formed: Formed, names: Mapping[str, str], themes: Mapping[str, str]) -> Block | None:
    """All members with their group and the parts of the score; None without a group."""
    rows = formed.members.merge(formed.groups, on="group_id")
    said = rows.assign(
        group=[_group(row, names, themes) for row in records(rows)],
        name=rows["application_id"].map(names),
        total=[german.percent(score) for score in rows["score"]],
        **{part: [german.percent(value) for value in rows[part]] for part in PARTS},
    )
    columns = {"name": "Kommune", "group": "Gruppe", "total": "Passung", **PARTS, "override": "Vorgabe"}
    if not rows["override"].any():
        columns.pop("override")
    return tables.table(said, columns, "Vorschlag für Lerngruppen", subtitle=CAUTION)


def unplaced(formed: Formed, names: Mapping[str, str]) -> Block | None:
    """Who has no group, with the reason; whoever did not consent is counted, not named."""
    named = formed.unplaced[formed.unplaced["reason_de"].map(_may_be_named)]
    said = named.assign(name=named["application_id"].map(names))
    return tables.table(said, {"name": "Kommune", "reason_de": "Grund"}, "Noch ohne Gruppe")


def in_words(formed: Formed, names: Mapping[str, str], themes: Mapping[str, str]) -> str:
    """The groups as lines for a terminal."""
    lines = []
    for group in records(formed.groups):
        members = formed.members[formed.members["group_id"] == group["group_id"]]
        lines.append(f"{themes[group['theme_id']]}, begleitet von {names[group['mentor']]}:")
        for member in records(members):
            why = f" – Vorgabe: {member['override']}" if member["override"] else ""
            lines.append(f"  {names[member['application_id']]} ({german.percent(member['score'])}){why}")
    lines += [
        f"Ohne Gruppe: {names[row['application_id']]}. {row['reason_de']}"
        for row in records(formed.unplaced)
        if _may_be_named(row["reason_de"])
    ]
    silent = sum(not _may_be_named(reason) for reason in formed.unplaced["reason_de"])
    if silent:
        lines.append(
            f"{german.count(silent, 'Bewerbung', 'Bewerbungen')} ohne Einwilligung: nicht vermittelt."
        )
    return "\n".join([*lines, CAUTION])


def meeting(packs: pd.DataFrame, pack: str, title: str) -> Block | None:
    """The agenda of one meeting (`kick-off`, `exchange`, `reflection`) with its minutes."""
    steps = packs[packs["pack"] == pack].sort_values("order")
    total = german.number(steps["minutes"].sum())
    columns = {"title_de": "Schritt", "minutes": "Minuten", "text_de": "Was geschieht"}
    return tables.table(steps, columns, title, subtitle=f"Zusammen {total} Minuten. Eigener Vorschlag.")


def offer(aspects: pd.DataFrame) -> Block | None:
    """What Start Smart offers: aspect and text, each with its sources."""
    said = aspects.assign(
        said=pd.Series(
            [
                Markup("{}{}").format(row["text_de"], source_marks(row["source_ids"]))
                for _, row in aspects.iterrows()
            ],
            index=aspects.index,
            dtype=object,
        )
    )
    return tables.table(said, {"aspect_de": "Was", "said": "Wie"}, "Das Angebot")


def rules(table: pd.DataFrame) -> Block | None:
    """The rules and weights by which groups are proposed, with the reasons."""
    said = table.assign(
        how=[f"{german.number(v)} {u}" for v, u in zip(table["value"], table["unit_de"], strict=True)]
    )
    columns = {"label_de": "Regel", "how": "Wert", "reason_de": "Warum", "basis": "Herkunft"}
    return tables.table(said, columns, "Regeln und Gewichte", subtitle="Eigener Vorschlag, änderbar.")


def reflection(compared: pd.DataFrame) -> Block | None:
    """Expected and happened, what differed first; as many words as there are answers."""
    order = {"worse": 0, "better": 1, "same": 2, "unknown": 3}
    rows = compared.sort_values("change", key=lambda change: change.map(order), kind="stable")
    counts = compared["change"].value_counts()
    told = german.enumerate_words(
        f"{counts[change]} {said}" for change, said in CHANGES.items() if counts.get(change, 0)
    )
    said = rows.assign(change=rows["change"].map(CHANGES))
    columns = {
        "name_de": "Punkt",
        "expected_de": "Erwartet",
        "happened_de": "Eingetreten",
        "change": "Vergleich",
    }
    return tables.table(said, columns, "Erwartet und eingetreten", subtitle=f"{told}. Eigene Angaben.")


def _group(row: Mapping[object, object], names: Mapping[str, str], themes: Mapping[str, str]) -> str:
    return f"{themes[str(row['theme_id'])]}, begleitet von {names[str(row['mentor'])]}"


def _may_be_named(reason: object) -> bool:
    return "Einwilligung" not in str(reason)
