"""The command `transferkit explain`: where each figure of a page comes from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from transferkit.german_click import GermanCommand

if TYPE_CHECKING:
    from transferkit.publish.plan import Sources


def explain(sources: Callable[[], Sources]) -> click.Command:
    """The command; `sources` says what the site is made from, when somebody asks."""

    @click.command("explain", cls=GermanCommand)
    @click.argument("page", metavar="SEITE")
    @click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=Path("build/site"),
        show_default="build/site",
        help="Ordner der gebauten Seiten.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Für Maschinen statt für Menschen.")
    def command(page: str, out: Path, as_json: bool) -> None:
        """Sagen, woher die Zahlen einer gebauten Seite kommen: Tabelle, Zeilen, Stand, Lizenz, Rechenweg.

        SEITE ist ihre Adresse, ihr Schlüssel oder ihr Name.

        Beispiel: transferkit explain Fuchstal
        """
        from transferkit.publish.explain import explain as explained
        from transferkit.publish.explain import in_words

        found = explained(sources(), out, page)
        if as_json:
            click.echo(json.dumps([one.plain() for one in found], ensure_ascii=False, indent=2))
        else:
            click.echo("\n\n".join(map(in_words, found)))

    return command
