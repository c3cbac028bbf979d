"""The parameters of a notebook: read from its cell tagged `parameters`; given values checked against them.

That cell is the only schema: `place: str = "09181121"  # Amtlicher Gemeindeschlüssel` declares name, type,
default and help text at once. It is read with `ast`, never run. papermill's own reader misses `int | None`
and only warns about unknown names, so a typing error would publish a page with default values.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Mapping
from difflib import get_close_matches

import nbformat

from transferkit.errors import ParameterError
from transferkit.project import meant
from transferkit.publish.parameter_values import BASES, Parameter, accepted

TAG = "parameters"
# The parameters cell runs before any import, so Python cannot evaluate an annotation that uses these names.
LATER_NAMES = {"date", "Literal"}


def read(notebook: nbformat.NotebookNode, name: str = "Notizbuch") -> tuple[Parameter, ...]:
    """Return the parameters a notebook declares, in order; ParameterError says `name`, cell and line."""
    number, source = _parameters_cell(notebook, name)
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        where = f"{name}, Zelle {number}, Zeile {error.lineno}"
        raise ParameterError(f"{where}: kein gültiges Python ({error.msg}).") from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise ParameterError(f"{name}, Zelle {number}: kein gültiges Python.") from error
    comments = _comments(source)
    parameters = tuple(
        _declared(statement, comments, f"{name}, Zelle {number}, Zeile {statement.lineno}")
        for statement in statements
    )
    names = [parameter.name for parameter in parameters]
    for twice in names:
        if names.count(twice) > 1:
            raise ParameterError(f"{name}, Zelle {number}: Der Parameter „{twice}“ steht zweimal da.")
    return parameters


def validate(
    parameters: tuple[Parameter, ...],
    given: Mapping[str, object],
    domains: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, object]:
    """Return a value for every parameter: the given one, checked, or the default.

    `domains` maps a parameter's name to its allowed values and their German labels. Raises ParameterError for
    an unknown name, a wrong type, a value outside its domain; the message names the near miss.
    """
    names = [parameter.name for parameter in parameters]
    for name in [*given, *(domains or {})]:
        if name not in names:
            hint = meant(name, names)
            raise ParameterError(f"Den Parameter „{name}“ gibt es in diesem Notizbuch nicht.{hint}")
    values = {
        parameter.name: accepted(parameter, given.get(parameter.name, parameter.default))
        for parameter in parameters
    }
    for name, domain in (domains or {}).items():
        _require_in_domain(name, values[name], domain)
    return values


def _parameters_cell(notebook: nbformat.NotebookNode, name: str) -> tuple[int, str]:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    tagged = [
        (number, str(cell.source))
        for number, cell in enumerate(code, start=1)
        if TAG in cell.metadata.get("tags", [])
    ]
    if not tagged:
        raise ParameterError(
            f"{name}: Die Zelle mit der Markierung „{TAG}“ fehlt. Sie gehört an den Anfang, "
            'zum Beispiel mit: place: str = "09181121"  # Amtlicher Gemeindeschlüssel'
        )
    if len(tagged) > 1:
        numbers = " und ".join(str(number) for number, _ in tagged)
        raise ParameterError(f"{name}: Nur eine Zelle darf „{TAG}“ als Markierung tragen, nicht {numbers}.")
    return tagged[0]


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("#").strip() for token in tokens if token.type == tokenize.COMMENT
    }


def _declared(statement: ast.stmt, comments: Mapping[int, str], where: str) -> Parameter:
    example = 'Richtig ist zum Beispiel: place: str = "09181121"  # Amtlicher Gemeindeschlüssel'
    if isinstance(statement, ast.Assign):
        raise ParameterError(f"{where}: Der Typ fehlt. {example}")
    if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
        raise ParameterError(f"{where}: Hier dürfen nur Parameter stehen. {example}")
    name = statement.target.id
    base, optional, many, choices = _type(statement.annotation, f"{where}: „{name}“")
    if statement.value is None:
        raise ParameterError(f"{where}: „{name}“ hat keinen Vorgabewert. {example}")
    try:
        default = ast.literal_eval(statement.value)
    except (ValueError, TypeError, MemoryError, RecursionError, SyntaxError) as error:
        found = _source(statement.value)
        raise ParameterError(
            f"{where}: Der Vorgabewert von „{name}“ muss ein fester Wert sein, nicht „{found}“."
        ) from error
    help_text = comments.get(statement.end_lineno or statement.lineno, "")
    if not help_text:
        raise ParameterError(f"{where}: „{name}“ hat keinen erklärenden Kommentar am Zeilenende. {example}")
    parameter = Parameter(name, base, default, help_text, optional, many, choices)
    if isinstance(default, str) and base not in ("str", "date"):
        raise ParameterError(f"{where}: Vorgabewert: „{name}“ muss {BASES[base]} sein, nicht „{default}“.")
    try:
        accepted(parameter, default)
    except ParameterError as error:
        raise ParameterError(f"{where}: Vorgabewert: {error}") from error
    return parameter


def _source(node: ast.expr) -> str:
    try:
        return ast.unparse(node)[:80]
    except RecursionError:
        return "…"


def _type(annotation: ast.expr, where: str) -> tuple[str, bool, bool, tuple[str | int, ...]]:
    """Return base, optional, many, choices of an annotation, written bare or in quotes."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        quoted = annotation.value
        try:
            annotation = ast.parse(quoted, mode="eval").body
        except SyntaxError as error:
            raise ParameterError(f"{where}: „{quoted}“ ist kein Typ.") from error
    else:
        for node in ast.walk(annotation):
            if isinstance(node, ast.Name) and node.id in LATER_NAMES:
                text = ast.unparse(annotation).replace('"', "'")
                raise ParameterError(
                    f'{where}: Schreiben Sie den Typ in Anführungszeichen ("{text}"), '
                    f"denn „{node.id}“ ist in dieser Zelle noch nicht importiert."
                )
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            base, _, many, choices = _type(ast.Constant(value=ast.unparse(left)), where)
            return base, True, many, choices
        case ast.Name(id=name) if name in BASES:
            return name, False, False, ()
        case ast.Subscript(value=ast.Name(id="list"), slice=ast.Name(id=name)) if name in BASES:
            return name, False, True, ()
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            found = [element.value for element in elements if isinstance(element, ast.Constant)]
            for base, kind in (("str", str), ("int", int)):
                choices = tuple(choice for choice in found if isinstance(choice, kind))
                if len(choices) == len(elements):
                    return base, False, False, choices
    raise ParameterError(
        f"{where}: Den Typ „{ast.unparse(annotation)}“ gibt es für Parameter nicht. Möglich sind "
        "str, int, float, bool, \"date\", list[str], int | None und \"Literal['a', 'b']\"."
    )


def _require_in_domain(name: str, value: object, domain: Mapping[str, str]) -> None:
    for one in value if isinstance(value, list) else [value]:
        if one is None or one in domain:
            continue
        text = str(one)
        labels = {label: key for key, label in domain.items()}
        near = get_close_matches(text, labels, n=1)
        hint = f" Meinten Sie „{labels[near[0]]}“ ({near[0]})?" if near else meant(text, list(domain))
        raise ParameterError(f"Den Wert „{text}“ gibt es für „{name}“ nicht.{hint}")
