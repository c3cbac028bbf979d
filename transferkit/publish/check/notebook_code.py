"""The rules for code in a notebook: one idea a cell, nothing defined, nothing that belongs to one machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from transferkit.errors import ParameterError
from transferkit.finding import Finding
from transferkit.publish import parameters
from transferkit.publish.check.notebook_file import Cell, Notebook

LONGEST = 10
IMPORTS = ast.Import | ast.ImportFrom
DEFINITIONS = {
    ast.FunctionDef: "def",
    ast.AsyncFunctionDef: "async def",
    ast.ClassDef: "class",
    ast.Try: "try",
    ast.Lambda: "lambda",
}
# `%magic` and `!command` start a line; a path has a slash, or is a file by its ending.
MAGIC = re.compile(r"^\s*[%!]", re.MULTILINE)
PATH = re.compile(
    r"^[\w.~-]*/[\w./~-]+$|^[\w-]+\.(csv|xlsx|json|ipynb|html|txt|parquet)$|^[A-Z]:\\|^https?://"
)
IN_MODULE = "Schreiben Sie eine Funktion in transferkit und rufen Sie sie hier auf."


def findings(notebook: Notebook) -> Iterator[Finding]:
    """What is wrong with the parameters, the imports and every code cell of a notebook."""
    yield from _parameters(notebook)
    yield from _imports(notebook)
    for cell in notebook.code:
        yield from _cell(cell)


def _parameters(notebook: Notebook) -> Iterator[Finding]:
    tagged = [cell for cell in notebook.code if parameters.TAG in cell.tags]
    try:
        parameters.read(notebook.node, "Parameter")
    except ParameterError as error:
        cell = tagged[-1] if tagged else (notebook.code or notebook.cells)[0]
        row = re.match(r"Parameter, Zelle \d+, Zeile (\d+)", str(error))
        text = re.sub(r"^Parameter(?:, Zelle \d+)?(?:, Zeile \d+)?: ", "", str(error))
        remedy = 'Ein Parameter hat Typ, festen Wert und Kommentar: place: str = "09181121"  # Gemeinde'
        yield cell.finding("parameters", text, remedy, int(row[1]) if row else 1)
        return
    if notebook.code[0] != tagged[0]:
        yield tagged[0].finding(
            "parameters-first",
            "Vor den Parametern steht Code. Er liefe mit den Vorgaben, nicht mit den Werten der Seite.",
            "Stellen Sie die Zelle mit den Parametern vor allen anderen Code.",
        )


def _imports(notebook: Notebook) -> Iterator[Finding]:
    """All stand at the start of the code cell after the parameters."""
    for place, cell in enumerate(notebook.code):
        body = _parsed(cell).body
        first_other = next((n for n, one in enumerate(body) if not isinstance(one, IMPORTS)), len(body))
        for number, statement in enumerate(body):
            if isinstance(statement, IMPORTS) and (place != 1 or number > first_other):
                yield cell.finding(
                    "imports",
                    f"„{ast.unparse(statement)}“ steht nicht bei den anderen Importen.",
                    "Importe stehen am Anfang der zweiten Code-Zelle, gleich nach den Parametern.",
                    statement.lineno,
                )


def _cell(cell: Cell) -> Iterator[Finding]:
    count = len(cell.source.splitlines())
    if not cell.source.strip():
        yield cell.finding("cell-empty", "Die Zelle ist leer.", "Streichen Sie sie.")
    elif count > LONGEST:
        yield cell.finding(
            "cell-length", f"Die Zelle hat {count} Zeilen, erlaubt sind {LONGEST}.", IN_MODULE, LONGEST + 1
        )
    if magic := MAGIC.search(cell.source):
        yield cell.finding(
            "magic",
            "Befehle mit % oder ! laufen nicht überall, und Leitfäden sollen überall laufen.",
            IN_MODULE,
            cell.source.count("\n", 0, magic.end()) + 1,
        )
        return
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        text = f"Das ist kein gültiges Python: {error.msg}."
        yield cell.finding(
            "syntax", text, "Führen Sie die Zelle aus und berichtigen Sie sie.", error.lineno or 1
        )
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt | ast.expr):
            yield from _node(cell, node)


def _node(cell: Cell, node: ast.stmt | ast.expr) -> Iterator[Finding]:
    for kind, word in DEFINITIONS.items():
        if isinstance(node, kind):
            text = f"„{word}“ gehört nicht in ein Notizbuch: Niemand prüft es dort."
            yield cell.finding("definition", text, IN_MODULE, node.lineno)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and PATH.search(node.value):
        yield cell.finding(
            "path",
            f"„{node.value}“ gibt es nur an einem Ort.",
            "Laden Sie Daten mit tk.load(„Name der Tabelle“); anderes kommt als Parameter herein.",
            node.lineno,
        )


def _parsed(cell: Cell) -> ast.Module:
    """The code, nothing if it cannot be read (`_cell` says so)."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])
