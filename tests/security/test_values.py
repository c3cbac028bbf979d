"""Values that would like to become code: in notebooks, tables of contents, CSS, formulas, terminals."""

from __future__ import annotations

import ast
import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fuzz.texts import ANSWERS
from tests.publish.test_parameters import EVERY_TYPE, notebook
from transferkit import project
from transferkit.cli import main
from transferkit.errors import BuildError, DatasetError, ParameterError, TransferkitError
from transferkit.knowledge import datasets
from transferkit.publish.app_offer import with_values
from transferkit.publish.parameters import read, validate
from transferkit.publish.render import _in_css
from transferkit.workshop import export

PARAMETERS = read(notebook(EVERY_TYPE))
EVIL = [
    '"; import os; os.abort() #', "'''\nraise SystemExit", "\\", '\\"', "{{7*7}}", "{name.__class__}",
    "__import__('os')", "a\nimport os", "\u2028import os",
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL)
def test_a_value_enters_a_notebook_as_a_literal_and_never_as_code(text: str) -> None:
    values = validate(PARAMETERS, {"name": text, "names": [text]})
    [_, injected] = with_values(notebook(EVERY_TYPE), values)
    lines = ast.parse(injected.source).body
    assert len(lines) == len(PARAMETERS)
    assert [ast.literal_eval(line.value) for line in lines] == list(values.values())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("share", "9" * 400),
        ("share", float("inf")),
        ("share", float("nan")),
        ("share", 10**400),
        ("count", "9" * 5000),
        ("count", 10**4000),
        ("name", "a\0b"),
        ("name", "\x1b[2J"),
        ("name", "\ud800"),
        ("names", ["gut", "\x07"]),
    ],
)
def test_a_value_no_literal_page_or_word_file_can_hold_is_refused(name: str, value: object) -> None:
    with pytest.raises(ParameterError, match=f"„{name}“"):
        validate(PARAMETERS, {name: value})


@pytest.mark.parametrize(
    "cell", ["(" * 5000, "x: int = " + "-" * 9000 + "1  # x", "x: str = {[]: 1}  # x", "x\0y"]
)
def test_a_cell_of_parameters_that_breaks_parsers_is_one_clear_message(cell: str) -> None:
    with pytest.raises(ParameterError, match=r"Python|fester Wert|Zelle"):
        read(notebook(cell))


@pytest.mark.parametrize(
    "address",
    ["../{value}.html", "/etc/{value}.html", "a\\\\{value}.html", "{value!r}.html", "{value:>9999999}.html",
     "{value.__class__}.html", "a\\u0000{value}.html", "x\\n{value}.html", "<b>{value}.html",
     "C:{value}.html"]
)  # fmt: skip
def test_an_address_in_the_table_of_contents_leads_nowhere_else(address: str, tmp_path: Path) -> None:
    text = (project.notebooks_folder() / "toc.toml").read_text(encoding="utf-8")
    text = text.replace("kommunen/{value}.html", address)
    assert address in text
    (tmp_path / "toc.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=r"toc\.toml"):
        project.toc(tmp_path)


@pytest.mark.parametrize("text", ["x = " + "[" * 20_000, "x = " + "9" * 5000, '"\\u0000" = 1', "\ufeff\0"])
def test_a_table_of_contents_that_breaks_parsers_is_one_clear_message(text: str, tmp_path: Path) -> None:
    (tmp_path / "toc.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match="Inhaltsverzeichnis"):
        project.toc(tmp_path)


def test_a_title_cannot_leave_the_style_sheet_it_is_printed_from() -> None:
    css = _in_css('Bus "Rot"</style><script>alert(1)</script>\\\n}*{display:none}')
    assert not set('<>"\n') & set(css)
    assert css.replace("\\00005c", "").count("\\") == css.count("\\") - 1


@pytest.mark.parametrize("start", "=+-@＝＋－＠\t\r\n")
def test_no_cell_of_a_csv_file_begins_as_a_formula(start: str) -> None:
    content = export._csv(("Text",), [[f"{start}HYPERLINK(1)"]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1][0].startswith("'")


def test_a_negative_number_stays_a_number() -> None:
    assert export._csv(("Zahl",), [[-1.5]]).decode("utf-8-sig").endswith("-1,5\r\n")


def test_what_a_message_quotes_cannot_steer_a_terminal_or_a_log() -> None:
    said = str(TransferkitError("„\x1b[2J\x1b]0;x\x07\r\u202eABC\ud800“ gibt es nicht."))
    assert said.isprintable()
    assert "\r" not in said
    said.encode()


def test_the_name_of_a_question_in_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "antworten.json"
    content = {
        "format": "transferkit-antworten",
        "version": 1,
        "session": "",
        "secret": "x",
        "answers": ANSWERS,
    }
    content["answers"] = {"\x1b[2Jweg\r": "a"}
    file.write_text(json.dumps(content))
    database = f"sqlite:///{tmp_path / 'w.sqlite'}"
    result = CliRunner().invoke(
        main, ["workshop", "collect", str(file), "--session", "KM7F-3QXR", "--database", database]
    )
    assert "\x1b" not in result.output


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with the description of the data package and its sources."""
    for name in ("datapackage.json", "sources.csv"):
        (tmp_path / name).write_bytes((datasets.folder() / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "data:text/html,<script>alert(1)</script>"),
        ("url", 'https://example.org/" onmouseover="alert(1)'),
        ("url", "file:///etc/passwd"),
        ("title", "Bericht\x0b"),
        ("title", "Bericht\u202e"),
        ("publisher", "Stadt\x1b[2J"),
        ("publisher", "Stadt\ufffe"),
    ],
)
def test_a_source_that_could_harm_readers_is_refused_before_any_page_is_made(
    column: str, value: str, package: Path
) -> None:
    path = package / "sources.csv"
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    rows[1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(DatasetError) as refused:
        datasets._load("sources", package)
    assert refused.value.column == column
    assert refused.value.row == 2


def test_an_empty_table_is_said_to_be_empty(package: Path) -> None:
    (package / "sources.csv").write_bytes(b"")
    with pytest.raises(DatasetError, match=r"sources\.csv ist leer"):
        datasets._load("sources", package)
