"""What a build takes along to another machine, and what it does with it there.

Data and notebooks travel once per worker, as one archive. There they are unpacked into a private folder, and
pages are made by processes of the build's own, just as on the machine it was started on: they see this folder
and no other data, and one that crashes harms nobody. When the luggage is dropped, all of it is gone.

A worker and the scheduler only pass things on, so this module does not load what makes pages.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from multiprocessing import current_process, get_context
from pathlib import Path
from threading import Lock
from weakref import finalize

from transferkit.publish import fingerprint

NOTEBOOKS = "TRANSFERKIT_NOTEBOOKS"
TRIES = 2  # a process may be killed for what another one did: too much memory


class Luggage:
    """The archive, and where it was unpacked: when first asked for a page, once per process that holds it."""

    def __init__(self, archive: bytes) -> None:
        self.archive = archive
        self._opening = Lock()
        self._home: _Home | None = None

    def __reduce__(self) -> tuple[type[Luggage], tuple[bytes]]:
        return Luggage, (self.archive,)

    def __sizeof__(self) -> int:
        return len(self.archive)

    def make(self, order: bytes, known: bytes, beside: str) -> bytes:
        """Make the page of an order; `known` are the addresses it may link to, one a line.

        Returns the delivery, which is empty if the process that worked on it has crashed.
        """
        return self.open(beside).make(order, known)

    def open(self, beside: str) -> _Home:
        """Unpack into a folder of its own in the folder `beside`, if that has not been done."""
        with self._opening:
            if self._home is None:
                folder = Path(tempfile.mkdtemp(prefix="transferkit-", dir=beside))
                with zipfile.ZipFile(io.BytesIO(self.archive)) as archive:
                    archive.extractall(folder)
                self._home = _Home(folder)
                finalize(self, self._home.close)
            return self._home


class _Home:
    """The folder on a worker, and the processes that make pages from it: as many as are asked at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.idle: list[Executor] = []
        self._keeping = Lock()

    def make(self, order: bytes, known: bytes) -> bytes:
        where = self._keep(known)
        for _ in range(TRIES):
            maker = self._maker()
            try:
                delivery, grown = maker.submit(_deliver, order, where, self.folder).result()
            except BrokenExecutor:
                continue
            if grown:
                maker.shutdown(wait=False)
            else:
                self.idle.append(maker)
            return delivery
        return b""

    def close(self) -> None:
        for maker in self.idle:
            maker.shutdown(wait=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _maker(self) -> Executor:
        try:
            return self.idle.pop()
        except IndexError:
            # Dask forbids its workers children, for fear that these outlive them; ours end with their parent.
            current_process()._config["daemon"] = False  # type: ignore[attr-defined]
            environment = {path.name: str(path) for path in self.folder.glob("TRANSFERKIT_*")}
            fresh = get_context("spawn")
            return ProcessPoolExecutor(1, mp_context=fresh, initializer=_begin, initargs=(environment,))

    def _keep(self, known: bytes) -> Path:
        path = self.folder / f"known-{fingerprint.of_bytes(known)}"
        with self._keeping:
            if not path.exists():
                path.write_bytes(known)
        return path


def pack(folders: Mapping[str, Path]) -> bytes:
    """An archive of all files in `folders`, which are named by the environment variable that leads to them.

    A folder within another one is packed as itself only.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for variable, folder in folders.items():
            archive.mkdir(variable)
            others = [other.resolve() for name, other in folders.items() if name != variable]
            for path in _files(folder.resolve(), others):
                name = Path(variable, path.relative_to(folder.resolve())).as_posix()
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _files(folder: Path, others: list[Path]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith(".") or path in others:
            continue
        if path.is_dir():
            yield from _files(path, others)
        else:
            yield path


def _begin(environment: Mapping[str, str]) -> None:
    """In a process of the build's own: see its data only, whatever the worker's settings are."""
    from transferkit.publish.worker import prepare_worker

    os.environ.update(environment)
    prepare_worker()


def _deliver(order: bytes, known: Path, home: Path) -> tuple[bytes, bool]:
    from transferkit.publish.orders import deliver

    return deliver(order, known, home, Path(os.environ[NOTEBOOKS]))
