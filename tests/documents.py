"""What documents name must exist: commands with their options, files, functions, notebooks."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path

import click

from transferkit import project
from transferkit.cli import main
from transferkit.knowledge.workbook import forms

ROOT = Path(__file__).parent.parent
MADE = "build/"  # what is made there is told in build/README.md


def commands(text: str) -> list[list[str]]:
    """The calls of `transferkit` in a document, word by word, without the first."""
    found = re.findall(r"(?:`|\$ )(?:\.venv/bin/)?transferkit ([a-z][^`\n]*)", text)
    return [words.split() for words in found]


def code_spans(text: str) -> list[str]:
    """What stands between backticks within a line."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


def assert_command_exists(words: list[str]) -> None:
    """Walk down the command's groups, then look up every option."""
    command: click.Command = main
    while words and isinstance(command, click.Group):
        assert words[0] in command.commands, words
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} - known == set(), command.name


def assert_targets_exist(text: str) -> None:
    """Every `make …` is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", text)) - targets == set()


def exists(span: str) -> bool:
    """Whether what a code span names exists: a file, an option, a part of toc.toml, a function."""
    if span.startswith(MADE):
        made = span.removeprefix(MADE)
        told = (ROOT / "build" / "README.md").read_text(encoding="utf-8")
        return (ROOT / span).is_file() or made in told
    if "/" in span:
        return (ROOT / span).exists()
    if span.startswith("--"):
        return span in all_options()
    if span.startswith("["):
        return span in (ROOT / "notebooks" / "toc.toml").read_text(encoding="utf-8")
    return span in known_names() or (ROOT / span).exists() or is_of_the_library(span)


def is_of_the_library(name: str) -> bool:
    """`publish.plan.plan` is a name in the module `transferkit.publish.plan`; `tk.peers` is for notebooks."""
    module, _, attribute = name.removeprefix("tk.").rpartition(".")
    try:
        return hasattr(import_module(f"transferkit.{module}".rstrip(".")), attribute)
    except ModuleNotFoundError:
        return False


@cache
def known_names() -> frozenset[str]:
    """What a command line may name: guides, apps, formats of workshops, forms."""
    toc = project.toc()
    rows = (*toc.guides, *toc.apps, *toc.workshops)
    return frozenset({row.name for row in rows} | set(forms.FORMS) | {"index.html", "tk"})


@cache
def all_options() -> frozenset[str]:
    """Every option of every command."""

    def of(command: click.Command) -> set[str]:
        below = command.commands.values() if isinstance(command, click.Group) else ()
        own = {option for parameter in command.params for option in parameter.opts}
        return own.union(*map(of, below))

    return frozenset(of(main))
