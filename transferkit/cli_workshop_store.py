"""What all commands `transferkit workshop` share: the store they work with, and how a day is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from transferkit.workshop.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])


def with_database(command: Command) -> Command:
    """The option --database."""
    return click.option(
        "--database",
        metavar="ADRESSE",
        help="Die Datenbank, zum Beispiel postgresql://rechner/werkstatt (sonst eine Datei in Ihrem "
        "Datenordner).",
    )(command)


@contextmanager
def opened(database: str | None) -> Iterator[Store]:
    """The store; whatever has expired is deleted first."""
    from transferkit.workshop import sessions
    from transferkit.workshop.store import Store

    store = Store(database)
    try:
        sessions.forget_expired(store)
        yield store
    finally:
        store.close()


def german_day(day: date) -> str:
    """`3.12.2026`."""
    return f"{day.day}.{day.month}.{day.year}"
