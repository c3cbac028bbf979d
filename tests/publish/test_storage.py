"""Files that cannot be written whole: nothing half is left in the place of what was there."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from transferkit.publish import full_text, storage
from transferkit.publish.page import Page

OLD, NEW = b"alt", b"neu" * 100_000


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system refuses to write longer files, as a full disk would, here and in processes started here."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_cannot_be_written_whole_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "seite.html"
    storage.write(path, OLD)
    with files_of_at_most(1000), pytest.raises(OSError, match=r"seite\.html") as error:
        storage.write(path, NEW)
    assert storage.reason(error.value) == "die Datei würde größer als erlaubt"
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_unfinished_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".seite.html.new").write_bytes(NEW)
    storage.write(tmp_path / "seite.html", OLD)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"seite.html": OLD}


def test_a_search_that_cannot_be_written_whole_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "orte").mkdir()
    (tmp_path / "orte" / "a.html").write_text(
        '<html lang="de"><body><main data-pagefind-body><h1>Adorf</h1></main></body></html>', encoding="utf-8"
    )
    page = Page("orte/a.html", "Adorf", "town", "", "", "Adorf", "2026-11-22", "t", "0")
    with files_of_at_most(50_000), pytest.raises(OSError, match="pagefind"):
        full_text.index(tmp_path, [page])
    full_text.index(tmp_path, [page])
    assert any((tmp_path / "pagefind" / "fragment").iterdir())
