"""A form with proposals in it: a person reviews, completes and hands it in like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from transferkit.knowledge.workbook.form import Form, Sheet

Proposals = Mapping[str, Sequence[Mapping[str, str]]]


def proposed(form: Form, proposals: Proposals) -> Form:
    """The form with values filled in beforehand: by title of the sheet, row by row, by name of the field.

    Values of fields with choices are their labels. KeyError for a sheet or field the form does not have, or
    a label that is not among the choices: proposals come from a program, so that is a mistake in it.
    """
    sheets = {sheet.title: sheet for sheet in form.sheets}
    for title, rows in proposals.items():
        sheets[title] = _with(sheets[title], rows)
    return replace(form, sheets=tuple(sheets.values()))


def _with(sheet: Sheet, rows: Sequence[Mapping[str, str]]) -> Sheet:
    fields = {field.name: field for field in sheet.fields}
    for name, value in (pair for row in rows for pair in row.items()):
        field = fields[name]
        if field.kind == "choice" and value and value not in field.choices.values():
            raise KeyError(f"{sheet.title}, {name}: {value}")
    before = list(sheet.prefilled)
    count = max(len(before), len(rows))
    before += [{}] * (count - len(before))
    merged = [{**old, **(rows[number] if number < len(rows) else {})} for number, old in enumerate(before)]
    return replace(sheet, prefilled=tuple(merged))
