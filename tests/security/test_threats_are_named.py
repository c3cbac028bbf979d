"""The threat model: each attack it names is a test there is, each threat has one, and it fits on a page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODEL = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ATTACK = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def functions(path: Path) -> set[str]:
    """The names of all functions of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_attack_that_is_named_is_a_test() -> None:
    named = ATTACK.findall(MODEL)
    assert len(named) > 40
    for path, name in named:
        assert name in functions(ROOT / path), f"{path}::{name}"


def test_every_threat_has_a_defence_and_an_attack() -> None:
    table = MODEL.partition("| threat | defence | attacked by |")[2].partition("\n\n")[0]
    rows = [row.split(" | ") for row in table.strip().splitlines()[1:]]
    assert len(rows) >= 20
    for threat, defence, attacks in rows:
        assert len(defence) > 20, threat
        assert ATTACK.search(attacks), threat


def test_every_attack_of_this_room_is_named() -> None:
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if path.name != Path(__file__).name:
            assert f"tests/security/{path.name}" in MODEL
