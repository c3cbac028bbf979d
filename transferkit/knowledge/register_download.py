"""Downloads the current extract from Destatis: resumable, checked, imported only if it is sound."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests

from transferkit.errors import RegisterError
from transferkit.knowledge import register_import, register_store
from transferkit.knowledge.register_check import GERMANY, Bounds
from transferkit.knowledge.register_file import RegisterFile
from transferkit.knowledge.register_import import Document
from transferkit.knowledge.register_store import RegisterStatus

DESTATIS: Final = (
    "https://www.destatis.de/DE/Themen/Laender-Regionen/Regionales/Gemeindeverzeichnis/"
    "Administrativ/Archiv/GVAuszugQ/AuszugGV4QAktuell.xlsx?__blob=publicationFile"
)
TIMEOUT_S: Final = (10, 60)  # connect, read
ATTEMPTS: Final = 3
CHUNK: Final = 1024  # bytes; a chunk the connection breaks off in is lost

Progress = Callable[[int, int | None], None]


def update(
    url: str = DESTATIS, *, progress: Progress | None = None, bounds: Bounds = GERMANY
) -> RegisterStatus:
    """Download the extract at `url` and import it; `progress(bytes so far, all bytes or None)` is told.

    An interrupted download goes on where it stopped, at once and at the next call. The register in use is
    only replaced by a sound file that is not older; otherwise RegisterError.
    """
    part = register_store.folder() / "download.part"
    name = Path(urlsplit(url).path).name or "Download"
    _download(url, part, progress or (lambda _done, _all: None))
    document = Document(name, part.read_bytes())
    # Sound or not, this download is used up: going on from damaged bytes would never end well.
    part.unlink()
    _origin(part).unlink(missing_ok=True)
    _refuse_older(document)
    return register_import.import_documents([document], bounds=bounds)


def _download(url: str, part: Path, progress: Progress) -> None:
    part.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            done, total = _fetch(url, part, progress)
        except requests.RequestException as error:
            if attempt < ATTEMPTS:
                continue
            raise RegisterError(
                f"{urlsplit(url).netloc} ist nicht erreichbar oder die Verbindung brach ab. "
                f"{_kept(part)} Das bisherige Verzeichnis bleibt unverändert."
            ) from error
        if done > register_import.LARGEST:
            part.unlink(missing_ok=True)
            raise RegisterError(
                f"{urlsplit(url).netloc} sendet mehr, als ein Gemeindeverzeichnis haben kann. Der Abruf "
                "wurde beendet. Das bisherige Verzeichnis bleibt unverändert."
            )
        if total is None or done == total:
            return
        if done > total:
            part.unlink(missing_ok=True)
    raise RegisterError(
        f"Die Datei von {urlsplit(url).netloc} kam nicht vollständig an. {_kept(part)} "
        "Das bisherige Verzeichnis bleibt unverändert."
    )


def _fetch(url: str, part: Path, progress: Progress) -> tuple[int, int | None]:
    """Fetch what is missing; return the size of the part now and what it should be, if the server says."""
    have = part.stat().st_size if part.is_file() else 0
    validator = _remembered(part, url) if have else ""
    headers = {"Accept-Encoding": "identity"}  # sizes and ranges count the bytes of the file itself
    if have and validator:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT_S) as answer:
        if answer.status_code == requests.codes.requested_range_not_satisfiable:
            part.unlink()
            return 0, -1
        if not answer.ok:
            raise RegisterError(
                f"{urlsplit(url).netloc} antwortet mit Fehler {answer.status_code}. Die Adresse kann sich "
                "geändert haben: Laden Sie „AuszugGV…xlsx“ dort von Hand herunter und nutzen Sie "
                "„transferkit register import DATEI“. Das bisherige Verzeichnis bleibt unverändert."
            )
        goes_on = answer.status_code == requests.codes.partial_content and _starts_at(answer, have)
        done = have if goes_on else 0
        total = _total(answer, done)
        _remember(part, url, answer)
        with part.open("ab" if goes_on else "wb") as file:
            for chunk in answer.iter_content(CHUNK):
                file.write(chunk)
                done += len(chunk)
                if done > register_import.LARGEST:
                    break
                progress(done, total)
    return done, total


def _starts_at(answer: requests.Response, have: int) -> bool:
    match = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return match is not None and int(match[1]) == have


def _total(answer: requests.Response, done: int) -> int | None:
    length = answer.headers.get("Content-Length")
    return done + int(length) if length and length.isdigit() else None


def _origin(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _remember(part: Path, url: str, answer: requests.Response) -> None:
    """Note which version the bytes belong to; a weak ETag does not promise the same bytes."""
    etag = answer.headers.get("ETag", "")
    validator = etag if etag and not etag.startswith("W/") else answer.headers.get("Last-Modified", "")
    _origin(part).write_text(json.dumps({"url": url, "validator": validator}), encoding="utf-8")


def _remembered(part: Path, url: str) -> str:
    try:
        noted = json.loads(_origin(part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(noted.get("validator", "")) if noted.get("url") == url else ""


def _kept(part: Path) -> str:
    if part.is_file() and part.stat().st_size:
        return "Der erhaltene Teil ist aufgehoben; ein neuer Aufruf setzt dort fort."
    return "Bitte versuchen Sie es später noch einmal."


def _refuse_older(document: Document) -> None:
    """Never let the extract of a quarter or year silently take back a newer imported text file."""
    in_use = register_store.read()
    found = register_import.read_document(document)
    if in_use is None or not isinstance(found, RegisterFile):
        return
    date = f"{found.register_date:%Y-%m-%d}"
    if date < in_use[1].register_date:
        raise RegisterError(
            f"Destatis bietet den Gebietsstand {found.register_date:%d.%m.%Y} an; Ihr Verzeichnis ist neuer. "
            "Es bleibt unverändert. Wollen Sie es trotzdem ersetzen, laden Sie die Datei herunter und "
            "nutzen Sie „transferkit register import DATEI“."
        )
