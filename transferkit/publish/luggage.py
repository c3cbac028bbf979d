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
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import current_process, get_context
from pathlib import Path
from threading import Lock
from weakref import WeakValueDictionary, finalize

from transferkit.publish import fingerprint

NOTEBOOKS = "TRANSFERKIT_NOTEBOOKS"
TRIES = 2  # a process may be killed for what another one did: too much memory


class Luggage:
    """The archive, and where it was unpacked. Made by `luggage`."""

    def __init__(self, name: str, archive: bytes) -> None:
        self.name, self.archive = name, archive
        self._opening = Lock()
        self._home: _Home | None = None

    def __reduce__(self) -> tuple[Callable[[str, bytes], Luggage], tuple[str, bytes]]:
        return luggage, (self.name, self.archive)

    def __sizeof__(self) -> int:
        return len(self.archive)

    def make(self, order: bytes, known: bytes, beside: str) -> bytes:
        """Make the page of an order; `known` are the addresses it may link to, one a line.

        Returns the delivery, which is empty if the process that worked on it has crashed.
        """
        return self.open(beside).make(order, known)

    def open(self, beside: str) -> _Home:
        """Unpack into a new folder in the folder `beside`, if that has not been done."""
        with self._opening:
            if self._home is None:
                folder = Path(tempfile.mkdtemp(prefix="transferkit-", dir=beside))
                with zipfile.ZipFile(io.BytesIO(self.archive)) as archive:
                    archive.extractall(folder)
                self._home = _Home(folder)
                finalize(self, self._home.close)
            return self._home


_here: WeakValueDictionary[str, Luggage] = WeakValueDictionary()
_receiving = Lock()


def luggage(name: str, archive: bytes) -> Luggage:
    """Return the luggage of that name: a process that receives it once more has it already."""
    with _receiving:
        return _here.setdefault(name, Luggage(name, archive))


class _Home:
    """The folder on a worker, and the processes that make pages from it: as many as are asked at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.idle: list[Executor] = []
        self._keeping = Lock()
        # Linux ends a process with the thread that has started it: this one stays as long as the folder.
        self._starter = ThreadPoolExecutor(1)

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
        self._starter.shutdown(wait=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _maker(self) -> Executor:
        try:
            return self.idle.pop()
        except IndexError:
            return self._starter.submit(_start, self.folder).result()

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


def _start(folder: Path) -> Executor:
    """Start a process that makes pages from what lies in the folder."""
    # Dask forbids its workers children, for fear that these outlive them; ours end with their parent.
    current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    environment = {path.name: str(path) for path in folder.glob("TRANSFERKIT_*")}
    fresh = get_context("spawn")
    maker = ProcessPoolExecutor(1, mp_context=fresh, initializer=_begin, initargs=(environment,))
    maker.submit(int)  # it is the first work that starts the process
    return maker


def _begin(environment: Mapping[str, str]) -> None:
    """In a process of the build's own: see its data only, whatever the worker's settings are."""
    from transferkit.publish.worker import prepare_worker

    os.environ.update(environment)
    prepare_worker()


def _deliver(order: bytes, known: Path, home: Path) -> tuple[bytes, bool]:
    from transferkit.publish.orders import deliver

    return deliver(order, known, home, Path(os.environ[NOTEBOOKS]))
