"""Whether the addresses of the sources still answer: asked politely, one host at a time and never in a hurry.

An address is asked for its head and, where a server does not like that, for the page itself, of which nothing
is read. What could not be reached keeps the date it was last reached on.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from transferkit.errors import DatasetError
from transferkit.knowledge import datasets

TABLE: Final = "source_checks"
HEADING: Final = ("source_id", "checked_on")
AGENT: Final = "transferkit sources check"
TIMEOUT_S: Final = (10.0, 20.0)  # connect, read
PAUSE_S: Final = 1.0  # between two requests to one host
HOSTS: Final = 8  # asked at the same time
REDIRECTS: Final = 10
MOVED: Final = {301, 308}  # for good, so that the new address should be noted
GONE: Final = {404, 410}
SERVER_ERROR: Final = 500  # and above; what else is no success is there, but not for programs

OK, MOVED_AWAY, NOT_FOR_US, NOT_FOUND, FAILING, SILENT = (
    "erreichbar",
    "umgezogen",
    "abgewiesen",
    "nicht gefunden",
    "Serverfehler",
    "keine Antwort",
)
REACHED: Final = {OK, MOVED_AWAY}


@dataclass(frozen=True)
class Check:
    """What became of one address: `state` in German, `status` of HTTP (None without answer), where it led."""

    source_id: str
    url: str
    state: str
    status: int | None = None
    address: str = ""  # where a redirect ended
    note: str = ""

    @property
    def is_reached(self) -> bool:
        """Whether there was the page, here or elsewhere."""
        return self.state in REACHED

    def plain(self) -> dict[str, Any]:
        """All of it for JSON."""
        return asdict(self)


def addresses(chosen: Iterable[str] = ()) -> dict[str, str]:
    """Address by source, of all sources that have one or of those chosen.

    Raises DatasetError, with the near miss, for a source that does not exist or has no address.
    """
    table = datasets.columns("sources", ["source_id", "url"])
    known = dict(zip(table["source_id"], table["url"].fillna(""), strict=True))
    wanted = list(chosen)
    for key in wanted:
        if key not in known:
            hint = datasets.meant(key, list(known))
            raise DatasetError(f"Die Quelle „{key}“ gibt es nicht.{hint}", table="sources", value=key)
        if not known[key]:
            raise DatasetError(f"Zur Quelle „{key}“ ist keine Adresse bekannt.", table="sources", value=key)
    return {key: known[key] for key in wanted or known if known[key]}


def check(
    urls: Mapping[str, str], *, pause: float = PAUSE_S, timeout: tuple[float, float] = TIMEOUT_S
) -> Iterator[Check]:
    """Ask for every address, by source; results come as they are known. An address is asked for once."""
    with ThreadPoolExecutor(HOSTS) as pool:
        waiting = [pool.submit(_check_host, host, pause, timeout) for host in _by_host(urls)]
        for done in as_completed(waiting):
            yield from done.result()


def write(checks: Iterable[Check], day: date, folder: Path) -> int:
    """Note in `folder`/source_checks.csv which sources were reached on `day`; returns how many.

    All others keep their dates; a source that is not there any more goes. Raises DatasetError if the file
    cannot be written.
    """
    reached = {one.source_id: f"{day:%Y-%m-%d}" for one in checks if one.is_reached}
    table = datasets.load(TABLE)
    before = dict(zip(table["source_id"], table["checked_on"].dt.strftime("%Y-%m-%d"), strict=True))
    known = datasets.columns("sources", ["source_id"])["source_id"]
    dates = {**before, **reached}
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([HEADING, *((key, dates[key]) for key in known if key in dates)])
    _replace(folder / f"{TABLE}.csv", buffer.getvalue())
    datasets.forget()
    return len(reached)


def _replace(path: Path, text: str) -> None:
    """Never half a file: written beside, then renamed."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DatasetError(f"{path} lässt sich nicht schreiben ({error.strerror}).", table=TABLE) from error


def _by_host(urls: Mapping[str, str]) -> list[dict[str, list[str]]]:
    """For each host its addresses, each with the sources that name it; the hosts with most work first."""
    hosts: dict[str, dict[str, list[str]]] = {}
    for key, url in urls.items():
        hosts.setdefault(urlsplit(url).netloc.lower(), {}).setdefault(url, []).append(key)
    return sorted(hosts.values(), key=len, reverse=True)


def _check_host(urls: Mapping[str, list[str]], pause: float, timeout: tuple[float, float]) -> list[Check]:
    found = []
    with requests.Session() as session:
        session.headers["User-Agent"] = AGENT
        session.max_redirects = REDIRECTS
        for number, (url, keys) in enumerate(urls.items()):
            if number:
                time.sleep(pause)
            first = _check(session, keys[0], url, timeout)
            found += [replace(first, source_id=key) for key in keys]
    return found


def _check(session: requests.Session, key: str, url: str, timeout: tuple[float, float]) -> Check:
    if urlsplit(url).scheme not in ("http", "https"):
        return Check(key, url, SILENT, note="Die Adresse beginnt nicht mit http:// oder https://.")
    try:
        answer = _answer(session.head, url, timeout)
        if not answer.ok and answer.status_code != requests.codes.too_many_requests:
            answer = _answer(session.get, url, timeout)
    except requests.RequestException as error:
        return Check(key, url, SILENT, note=_reason(error))
    return _judged(key, url, answer)


def _answer(
    ask: Callable[..., requests.Response], url: str, timeout: tuple[float, float]
) -> requests.Response:
    with ask(url, allow_redirects=True, stream=True, timeout=timeout) as answer:
        return answer


def _judged(key: str, url: str, answer: requests.Response) -> Check:
    status, ended = answer.status_code, answer.url if answer.history else ""
    if answer.ok:
        for_good = bool(answer.history) and all(one.status_code in MOVED for one in answer.history)
        return Check(key, url, MOVED_AWAY if for_good else OK, status, ended)
    state = NOT_FOUND if status in GONE else FAILING if status >= SERVER_ERROR else NOT_FOR_US
    return Check(key, url, state, status, ended)


def _reason(error: requests.RequestException) -> str:
    """Why there was no answer, in German; what the library says names objects of Python."""
    reasons: list[tuple[type[requests.RequestException], str]] = [
        (requests.Timeout, "Der Server antwortet nicht rechtzeitig."),
        (requests.TooManyRedirects, "Die Weiterleitungen nehmen kein Ende."),
        (requests.exceptions.SSLError, "Das Zertifikat des Servers ist nicht gültig."),
        (requests.ConnectionError, "Der Server ist nicht erreichbar, oder die Verbindung brach ab."),
    ]
    return next((said for kind, said in reasons if isinstance(error, kind)), "Die Adresse ist nicht gültig.")
