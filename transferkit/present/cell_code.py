"""Runs the source of a notebook cell once more and returns what its last expression is."""

from __future__ import annotations

import ast
from functools import lru_cache
from types import CodeType
from typing import Any


def run(source: str, names: dict[str, Any]) -> object:
    """Run a cell in these names as a notebook does: the value of a last expression is what it shows."""
    statements, last = _compiled(source)
    exec(statements, names)
    return None if last is None else eval(last, names)


@lru_cache(maxsize=256)
def _compiled(source: str) -> tuple[CodeType, CodeType | None]:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    shown = compile(ast.Expression(last.value), "<cell>", "eval") if isinstance(last, ast.Expr) else None
    return compile(tree, "<cell>", "exec"), shown
