"""What the program says is as readable as what it shows: every German text in the source is read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import transferkit
from transferkit.language import style
from transferkit.language.sentences import sentences, words

PACKAGE = Path(transferkit.__file__).parent
# A message begins with the place and quotes what stands there: six words more than prose.
LONGEST = style.LONGEST + 6
GERMAN = re.compile(r"\b(?:der|die|das|ist|sind|nicht|Sie|und|eine?n?|wird|keine?|gibt|fehlt|mit|zum|für)\b")
NOT_FOR_READERS = re.compile(r"\\[bw]|\{%|<\w")  # patterns, templates, markup


def texts() -> Iterator[tuple[str, str]]:
    """Every German text of the source, with its file and line; a hole of an f-string is one word."""
    for path in sorted(PACKAGE.rglob("*.py")):
        seen: set[int] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = None if id(node) in seen else whole(node)
            if text is None:
                continue
            seen |= {id(part) for part in ast.walk(node)}
            if len(GERMAN.findall(text)) > 1 and not NOT_FOR_READERS.search(text):
                yield f"{path.relative_to(PACKAGE)}, line {node.lineno}", text  # type: ignore[attr-defined]


def whole(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "Wert" for part in node.values)
    return None


def test_messages_are_short_and_plain() -> None:
    read = [(where, sentence) for where, text in texts() for sentence in sentences(text)]
    assert len(read) > 800
    assert {where: sentence for where, sentence in read if len(words(sentence)) > LONGEST} == {}
    assert {where: sentence for where, sentence in read if style.office_words(sentence)} == {}
    assert {where: sentence for where, sentence in read if style.verb_nouns(sentence)} == {}
