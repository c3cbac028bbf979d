"""A disk that is full or closed: one German line, the site as it was, and later the next build is well."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publish.small_checkout import PAGES, Checkout
from transferkit.errors import BuildError
from transferkit.publish import manifest

MB, KB = 1024 * 1024, 1024
NEW = "Neuer Text für alle."
UNCHANGED = "Die veröffentlichten Seiten sind unverändert."


class Disk:
    """A small disk that only what is run through `inside` has; others look in at `seen`."""

    def __init__(self, place: Path, size: int) -> None:
        place.mkdir()
        own, enter = ["--mount"], ["--mount"]
        if os.geteuid() != 0:
            own, enter = ["--user", "--map-root-user", *own], ["--user", "--preserve-credentials", *enter]
        mounted = f"mount -t tmpfs -o size={size} none '{place}' && echo da && exec cat"
        self.holder = subprocess.Popen(
            ["unshare", *own, "sh", "-c", mounted], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.inside = ("nsenter", "--target", str(self.holder.pid), *enter)
        self.place, self.seen = place, Path(f"/proc/{self.holder.pid}/root{place}")

    def is_there(self) -> bool:
        assert self.holder.stdout is not None
        return bool(self.holder.stdout.readline())

    def leave_free(self, size: int) -> None:
        """Take all space but this many bytes."""
        filler = self.seen / "filler"
        filler.unlink(missing_ok=True)
        free = shutil.disk_usage(self.seen).free
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free - size)

    def close(self) -> None:
        self.holder.kill()
        self.holder.communicate()


@pytest.fixture
def checkout(tmp_path: Path, transferkit: Path) -> Checkout:
    return Checkout(tmp_path / "checkout", transferkit)


@pytest.fixture
def disk(checkout: Checkout) -> Iterator[Disk]:
    """A small disk for the site and what lies beside it."""
    if shutil.which("unshare") is None:
        pytest.skip("Kleine Datenträger zum Ausprobieren gibt es nur unter Linux (unshare).")
    small = Disk(checkout.folder / "disk", 8 * MB)
    try:
        if not small.is_there():
            pytest.skip("Dieses System lässt keinen kleinen Datenträger zum Ausprobieren zu (tmpfs).")
        checkout.out = small.place / "site"
        checkout.site, checkout.executed = small.seen / "site", small.seen / "executed"
        yield small
    finally:
        small.close()


def test_a_full_disk_ends_the_build_with_one_line_and_with_space_the_next_one_is_whole(
    checkout: Checkout, disk: Disk
) -> None:
    """Full from the first file on, in the middle of a page, in the middle of the search."""
    assert checkout.build(*disk.inside)[0] == 0
    old = checkout.content()
    checkout.edit(NEW)
    for size in (0, 12 * KB, 600 * KB):
        disk.leave_free(size)
        assert says_in_one_line(checkout.build(*disk.inside), "der Datenträger ist voll")
        assert checkout.content() == old
    (disk.seen / "filler").unlink()
    assert checkout.build(*disk.inside)[0] == 0
    pages = manifest.read(checkout.site).pages.values()
    assert len(pages) == PAGES
    for page in pages:
        assert manifest.is_as_written(checkout.site, page)
        assert NEW in (checkout.site / page.address).read_text(encoding="utf-8")
    assert {path.name for path in disk.seen.iterdir()} == {"site", "executed", ".site.lock"}


def test_a_disk_that_can_only_be_read_is_named_before_anything_is_done(
    checkout: Checkout, disk: Disk
) -> None:
    subprocess.run([*disk.inside, "mount", "-o", "remount,ro", disk.place], check=True)
    assert says_in_one_line(checkout.build(*disk.inside), "der Datenträger lässt sich nur lesen")


def test_a_limit_on_the_size_of_files_ends_the_build(checkout: Checkout) -> None:
    limited = ("sh", "-c", 'ulimit -f 8; exec "$@"', "sh")
    assert says_in_one_line(checkout.build(*limited), "die Datei würde größer als erlaubt")
    assert not checkout.site.exists()


def test_a_file_where_the_executed_notebooks_should_be_ends_the_build(world) -> None:
    world.build()
    old = world.page("adorf").read_bytes()
    world.edit("Text für alle.", NEW)
    shutil.rmtree(world.executed("adorf").parent)
    world.executed("adorf").parent.write_text("im Weg", encoding="utf-8")
    with pytest.raises(BuildError, match=f"executed/orte.*: wo ein Ordner sein müsste, .*{UNCHANGED}"):
        world.build()
    assert world.page("adorf").read_bytes() == old


def says_in_one_line(build: tuple[int, str, str], what: str) -> bool:
    """Whether the build ended with 2 and one line that says so, and nothing else but how far it had come."""
    code, said, wrong = build
    ends = [line for line in wrong.splitlines() if "je Sekunde" not in line and " gebaut in " not in line]
    assert (code, said, len(ends)) == (2, "", 1), wrong
    assert UNCHANGED in wrong
    return what in wrong
