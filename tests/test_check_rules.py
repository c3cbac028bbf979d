"""Every rule that speaks is written down in German; every rule written down is tried by a planted defect."""

from __future__ import annotations

import re
from pathlib import Path

import transferkit
from transferkit.knowledge.checks.rules import RULES as DATA
from transferkit.language.rules import RULES as LANGUAGE
from transferkit.publish.check.notebook_rules import RULES as NOTEBOOK

PACKAGE = Path(transferkit.__file__).parent
TESTS = Path(__file__).parent
RULES = {**DATA, **LANGUAGE, **NOTEBOOK}


def code(*patterns: str) -> str:
    paths = {path for pattern in patterns for path in PACKAGE.glob(pattern) if "rules" not in path.name}
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(paths))


def test_every_rule_that_speaks_is_written_down() -> None:
    whole = code("errors.py", "knowledge/*.py", "knowledge/checks/*.py", "language/*.py")
    assert set(re.findall(r"\"(data\.[a-z-]+)\"", whole)) == set(DATA)
    short = r"\.finding\(\s*\"([a-z-]+)\""  # the group of rules is added where the finding is made
    notebook = code("publish/check/notebook*.py")
    named = {f"notebook.{name}" for name in re.findall(short, notebook)}
    assert named | set(re.findall(r"\"(notebook\.[a-z-]+)\"", notebook)) == set(NOTEBOOK)
    language = code("language/*.py")
    named = {f"language.{name}" for name in re.findall(short, language)}
    assert named | set(re.findall(r"\"(language\.[a-z-]+)\"", language)) == set(LANGUAGE)


def test_every_rule_is_a_short_sentence_with_a_source() -> None:
    for name, (says, source) in RULES.items():
        assert re.fullmatch(r"(?:data|language|notebook)\.[a-z-]+", name)
        assert says.endswith("."), name
        assert len(says.split()) <= 20, name
        assert source, name


def test_every_rule_is_tried_by_a_planted_defect() -> None:
    tried = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*check*.py"))
    tried += (TESTS / "language/test_reading.py").read_text(encoding="utf-8")
    assert {name for name in RULES if f'"{name}"' not in tried} == set()
