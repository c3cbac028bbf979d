"""What a parameters cell declares, and which values are let through."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from transferkit.errors import ParameterError
from transferkit.publish.notebook import load
from transferkit.publish.parameters import Parameter, read, validate

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
EVERY_TYPE = """\
name: str = "007"  # Ein Text
count: int = 3  # Eine ganze Zahl
share: float = 0.5  # Eine Zahl
open_source: bool = True  # Ja oder nein
since: "date" = "2026-01-31"  # Ein Datum
limit: int | None = None  # Höchstens so viele
names: list[str] = [  # wird überlesen
    "a",
]  # Mehrere Texte
mode: "Literal['kurz', 'lang']" = "kurz"  # Wie ausführlich
"""


def notebook(*cells: str) -> nbformat.NotebookNode:
    """A notebook whose code cells are all tagged as parameters."""
    code = [nbformat.v4.new_code_cell(cell, metadata={"tags": ["parameters"]}) for cell in cells]
    return nbformat.v4.new_notebook(cells=code)


def test_every_type_is_read_with_its_default_and_its_comment_as_help() -> None:
    assert read(notebook(EVERY_TYPE)) == (
        Parameter("name", "str", "007", "Ein Text"),
        Parameter("count", "int", 3, "Eine ganze Zahl"),
        Parameter("share", "float", 0.5, "Eine Zahl"),
        Parameter("open_source", "bool", True, "Ja oder nein"),
        Parameter("since", "date", "2026-01-31", "Ein Datum"),
        Parameter("limit", "int", None, "Höchstens so viele", optional=True),
        Parameter("names", "str", ["a"], "Mehrere Texte", many=True),
        Parameter("mode", "str", "kurz", "Wie ausführlich", choices=("kurz", "lang")),
    )


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("count = 3  # Zahl", "Zeile 1: Der Typ fehlt"),
        ("count: int  # Zahl", "keinen Vorgabewert"),
        ("count: int = 3", "keinen erklärenden Kommentar"),
        ("count: int = 2 + other  # Zahl", "fester Wert"),
        ('count: int = "3"  # Zahl', "eine ganze Zahl"),
        ("count: int = True  # Zahl", "eine ganze Zahl"),
        ("count: complex = 3  # Zahl", "Den Typ „complex“ gibt es"),
        ("count: int = 3  # Zahl\ncount: int = 4  # Zahl", "zweimal"),
        ("print(3)", "nur Parameter"),
        ("count: int = = 3", "kein gültiges Python"),
        ('mode: Literal["a"] = "a"  # Art', "in Anführungszeichen"),
        ('mode: "Literal[\'a\']" = "b"  # Art', "kann nicht „b“ sein"),
    ],
)
def test_a_bad_declaration_is_refused_with_its_cell_and_line(cell: str, said: str) -> None:
    with pytest.raises(ParameterError, match="Zelle 1") as refusal:
        read(notebook(cell))
    assert said in str(refusal.value)


def test_a_notebook_needs_exactly_one_parameters_cell() -> None:
    with pytest.raises(ParameterError, match="fehlt"):
        read(load(NOTEBOOKS / "no_parameters_cell.ipynb"))
    with pytest.raises(ParameterError, match="Nur eine Zelle"):
        read(notebook("a: int = 1  # Zahl", "b: int = 1  # Zahl"))


def test_defaults_stand_in_for_what_is_not_given() -> None:
    values = validate(read(notebook(EVERY_TYPE)), {"count": 5})
    assert values["count"] == 5
    assert values["name"] == "007"
    assert list(values)[:2] == ["name", "count"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", "01", "01"),
        ("count", "12", 12),
        ("share", "0,25", 0.25),
        ("share", "1.5", 1.5),
        ("share", "1,234", 1.234),
        ("open_source", "nein", False),
        ("since", "22.11.2026", "2026-11-22"),
        ("limit", "", None),
        ("limit", "4", 4),
        ("names", "a; b", ["a", "b"]),
        ("mode", "lang", "lang"),
    ],
)
def test_text_is_read_by_the_declared_type(name: str, text: str, value: object) -> None:
    found = validate(read(notebook(EVERY_TYPE)), {name: text})[name]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("nmae", "x", "Meinten Sie „name“?"),
        ("count", "1.234", "ohne Punkt und Komma"),
        ("count", "viele", "eine ganze Zahl"),
        ("count", 1.5, "eine ganze Zahl"),
        ("count", True, "eine ganze Zahl"),
        ("count", None, "braucht einen Wert"),
        ("share", "1.234", "Schreiben Sie 1234 oder 1,234"),
        ("share", "1.234,5", "ohne Tausenderpunkte"),
        ("open_source", "vielleicht", "ja oder nein"),
        ("since", "31.02.2026", "ein Datum"),
        ("names", 3, "eine Liste"),
        ("mode", "kruz", "Meinten Sie „kurz“?"),
        ("name", 7, "ein Text"),
    ],
)
def test_a_wrong_value_is_refused_and_the_right_one_named(name: str, given: object, said: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        validate(read(notebook(EVERY_TYPE)), {name: given})
    assert said in str(refusal.value)


def test_a_value_outside_its_domain_names_the_near_miss_by_key_or_by_label() -> None:
    declared = read(notebook('place: str = "16053000"  # Ort'))
    domain = {"place": {"16053000": "Jena", "05315000": "Köln"}}
    assert validate(declared, {}, domain) == {"place": "16053000"}
    with pytest.raises(ParameterError, match="Meinten Sie „16053000“"):
        validate(declared, {"place": "16053001"}, domain)
    with pytest.raises(ParameterError, match=r"Meinten Sie „05315000“ \(Köln\)"):
        validate(declared, {"place": "Koln"}, domain)
    with pytest.raises(ParameterError, match="gibt es in diesem Notizbuch nicht"):
        validate(declared, {}, {"town": {}})
