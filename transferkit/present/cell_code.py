"""Runs the source of a notebook cell once more, and knows which names it reads and writes."""

from __future__ import annotations

import ast
import symtable
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple


class Names(NamedTuple):
    """The names of a notebook a cell takes from others and leaves to others."""

    read: frozenset[str]
    written: frozenset[str]


def run(source: str, names: dict[str, Any]) -> object:
    """Run a cell in these names as a notebook does: the value of a last expression is what it shows."""
    statements, last = _compiled(source)
    exec(statements, names)
    return None if last is None else eval(last, names)


def concerned(sources: Sequence[str], changed: frozenset[str]) -> list[bool]:
    """For each cell, in order: does it depend on one of these names, itself or through cells before it?

    Where two cells write the same name, what a cell reads depends on who ran last: then all are concerned.
    """
    cells = [names_of(source) for source in sources]
    writers = Counter(name for cell in cells for name in cell.written)
    if any(count > 1 for count in writers.values()):
        return [True] * len(cells)
    found = []
    for cell in cells:
        found.append(bool(cell.read & changed))
        if found[-1]:
            changed |= cell.written
    return found


@lru_cache(maxsize=256)
def names_of(source: str) -> Names:
    """What a cell reads and writes. What it changes in place by a statement (`x[0] = 1`, `x.sort()`) counts
    as written."""
    table = symtable.symtable(source, "<cell>", "exec")
    written = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    written |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_imported()}
    return Names(frozenset(_read(table)), frozenset(written | set(_changed(ast.parse(source)))))


def _read(table: symtable.SymbolTable, *, top: bool = True) -> Iterator[str]:
    """Names read at the top, or in a comprehension without being its own."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _read(child, top=False)


def _changed(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield from _root(node)
    for statement in tree.body[:-1]:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            yield from _root(statement.value.func)


def _root(node: ast.expr) -> Iterator[str]:
    """`x` of `x[0].y`; a bare name is only called."""
    if not isinstance(node, ast.Subscript | ast.Attribute):
        return
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


@lru_cache(maxsize=256)
def _compiled(source: str) -> tuple[CodeType, CodeType | None]:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    shown = compile(ast.Expression(last.value), "<cell>", "eval") if isinstance(last, ast.Expr) else None
    return compile(tree, "<cell>", "exec"), shown
