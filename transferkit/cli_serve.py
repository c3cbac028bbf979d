"""The command `transferkit serve`: apps in the browser, on this machine or for everybody in the room."""

from __future__ import annotations

import asyncio
import errno
import re
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from transferkit import log_lines
from transferkit.cli_workshop_store import handlers, with_database
from transferkit.errors import ServerError
from transferkit.german_click import GermanCommand
from transferkit.own_address import own_address

if TYPE_CHECKING:
    from transferkit.publish.app_offer import Offer
    from transferkit.publish.apps import AppServer

PORT = 8866
LOCAL = "127.0.0.1"
EVERYWHERE = "0.0.0.0"


@click.command(cls=GermanCommand)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=PORT,
    metavar="ZAHL",
    help=f"An welchem Anschluss der Server hört (sonst {PORT}).",
)
@click.option("--app", metavar="NAME", help="Nur diese eine App veröffentlichen.")
@click.option(
    "--share",
    is_flag=True,
    help="Für alle im selben Netz: mit Zugangscode, Link und QR-Code. Ohne Angabe nur für diesen Rechner.",
)
@click.option(
    "--base-url",
    default="/",
    metavar="ADRESSE",
    help="Wo der Server hinter einem Proxy steht: /apps/ oder https://apps.example.org/apps/.",
)
@click.option(
    "--kernels", type=click.IntRange(min=1), metavar="ZAHL", help="Wie viele Personen zugleich (sonst 40)."
)
@click.option("--log-json", is_flag=True, help="Das Protokoll als JSON-Zeilen schreiben, für Programme.")
@with_database
def serve(
    port: int,
    app: str | None,
    share: bool,
    base_url: str,
    kernels: int | None,
    log_json: bool,
    database: str | None,
) -> None:
    """Apps und Werkstätten im Browser öffnen: für sich, oder mit --share für alle im Raum.

    In Apps rechnet jede Person für sich; was sie eingibt, steht nur in der Adresse ihrer Seite. Das Programm
    läuft, bis Sie Strg+C drücken.

    Beispiel: transferkit serve --app fit-check
    """
    base, host = _base(base_url)
    if share and base_url != "/":
        raise click.UsageError(
            "--share und --base-url gehen nicht zusammen: Hinter einem Proxy teilt der Proxy."
        )
    log_lines.begin(log_json)
    reached = f"http://{own_address()}:{port}{base}" if share else f"https://{host}{base}" if host else ""
    further = handlers(database, reached)
    server = _server(_offer(app), base, host, share, kernels, further)
    asyncio.run(_run(server, port, share, host))


async def _run(server: AppServer, port: int, share: bool, host: str | None) -> None:
    """Serve until somebody presses Ctrl-C or the system ends the program."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows Ctrl-C ends the loop itself
            loop.add_signal_handler(number, over.set)
    try:
        await server.start(port, EVERYWHERE if share else LOCAL)
    except OSError as error:
        raise _busy(port) if error.errno == errno.EADDRINUSE else error from error
    try:
        click.echo(_greeting(server, port, host))
        await over.wait()
        click.echo("\nDer Server wird beendet …")
    finally:
        await server.close()
    click.echo("Beendet. Alle Rechenprozesse sind geschlossen.")


def _server(
    offer: Offer,
    base: str,
    host: str | None,
    share: bool,
    kernels: int | None,
    further: Sequence[tuple[Any, ...]],
) -> AppServer:
    from transferkit.publish import app_guard
    from transferkit.publish.app_kernels import KernelLimits
    from transferkit.publish.apps import AppServer

    names: set[str] | None = {*app_guard.LOCAL_NAMES, *([host] if host else [])}
    if share:
        names = {
            *app_guard.LOCAL_NAMES,
            own_address(),
            socket.gethostname(),
            f"{socket.gethostname()}.local",
        }
    elif base != "/" and host is None:
        names = None  # the proxy decides under which names it can be reached
    return AppServer(
        offer,
        base=base,
        limits=KernelLimits() if kernels is None else KernelLimits(kernels=kernels),
        hosts=app_guard.Hosts(names),
        access=app_guard.AccessCode(app_guard.new_code()) if share else None,
        further=further,
        behind_proxy=not share,
    )


def _offer(app: str | None) -> Offer:
    from transferkit import catalogue, project
    from transferkit.publish.app_offer import Offer

    toc = project.toc()
    if app is not None:
        toc.app(app)
    return Offer(toc, project.notebooks_folder(), catalogue.domains(), catalogue.resolvers(), app)


def _base(address: str) -> tuple[str, str | None]:
    """`https://host/x` -> ("/x/", "host"); `/x/` -> ("/x/", None)."""
    parts = urlsplit(address)
    full = parts.scheme in ("http", "https") and parts.hostname
    if parts.query or parts.fragment or not (full or (not parts.scheme and address.startswith("/"))):
        raise click.UsageError(
            f"--base-url {address}: Richtig ist zum Beispiel /apps/ oder https://apps.example.org/apps/."
        )
    base = f"/{parts.path.strip('/')}/" if parts.path.strip("/") else "/"
    if not re.fullmatch(r"/([\w.~-]+/)*", base):
        raise click.UsageError(f"--base-url {address}: Der Pfad darf nur Buchstaben, Ziffern und -_.~ haben.")
    return base, parts.hostname


def _greeting(server: AppServer, port: int, host: str | None) -> str:
    """What stands in the terminal: the link, and for a room of people the code and the QR code."""
    lines = []
    if server.access is not None:
        from transferkit import qr

        code = server.access.code
        link = f"http://{own_address()}:{port}{server.base}"
        lines += [
            qr.in_terminal(f"{link}zugang?code={code}"),
            f"Für alle in diesem Netz:  {link}",
            f"Zugangscode:              {code[:4]}-{code[4:]}",
            f"Auf diesem Rechner:       http://localhost:{port}{server.base}zugang?code={code}",
        ]
    else:
        lines.append(f"Die Apps sind bereit: http://localhost:{port}{server.base}")
        if host:
            lines.append(f"Hinter dem Proxy:     https://{host}{server.base}")
    if server.offer.only:
        lines.append(f"Nur diese App: {server.offer.apps[0].title}")
    return "\n".join([*lines, "Beenden: Strg+C"])


def _busy(port: int) -> ServerError:
    return ServerError(
        f"Der Anschluss {port} ist belegt; vielleicht läuft dort schon ein Server. "
        f"Richtig ist zum Beispiel: transferkit serve --port {port + 1}"
    )
