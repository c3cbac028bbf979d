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


def with_code(command: Command) -> Command:
    """The argument CODE of one session, and the option --database."""
    return click.argument("code", metavar="CODE")(with_database(command))


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


def handlers(database: str | None, address: str) -> list[tuple[Any, ...]]:
    """What a server needs to take workshops in below `w/`; `address` is how others reach its start page.

    Without a named `database` apps are served even where nothing can be stored; then there are no workshops.
    """
    from transferkit.errors import StoreError
    from transferkit.workshop import web
    from transferkit.workshop.store import Store

    try:
        store = Store(database)
    except StoreError as error:
        if database is not None:
            raise
        click.echo(f"Ohne Werkstätten: {error}", err=True)
        return []
    return list(web.handlers(store, style=style(), address=address))


def style() -> str:
    """The CSS that pages with questions have."""
    from transferkit.project import PACKAGE

    folder = PACKAGE / "publish" / "templates"
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("style.css", "exercise.css"))


def german_day(day: date) -> str:
    """`3.12.2026`."""
    return f"{day.day}.{day.month}.{day.year}"
