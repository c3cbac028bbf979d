"""The readers of tables: register files, workbooks, the data package."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
from hypothesis import strategies as st

from tests.fuzz import mutations
from tests.fuzz.reading import Reader
from tests.knowledge.conftest import Country, _land, change_list
from tests.knowledge.workbook.conftest import EXPERIENCE, Entries, places
from transferkit.knowledge import datasets, register_import, register_store
from transferkit.knowledge.workbook import experience_rows, forms, package, tidy, writing
from transferkit.knowledge.workbook.filled import UnsoundError
from transferkit.knowledge.workbook.marking import mark

PUT_IN_PLACE = 10  # every so manieth sound form: the check of the whole package takes a second
FIT: Entries = {"Antworten": [{"Antwort": "ja"}, {"Antwort": "nein", "Begründung": "=1"}]}


def readers(folder: Path) -> list[Reader]:
    """All of them, with a register and a data package of their own in `folder`."""
    os.environ["TRANSFERKIT_REGISTER"] = str(folder / "register")
    return [register_text(folder), register_xlsx(folder), workbooks(folder), data_package(folder)]


def country() -> Country:
    """16 Länder with four municipalities each."""
    return Country([record for number in range(1, 17) for record in _land(f"{number:02}")])


def digest(*folders: Path) -> Callable[[], str]:
    """What describes the files of folders; hidden ones are somebody's who is at work."""

    def told() -> str:
        files = sorted(path for one in folders for path in one.rglob("*") if path.is_file())
        content = [f"{path}:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()

    return told


def register_text(folder: Path) -> Reader:
    """GV100AD."""
    seed = country().text().decode()
    inputs = mutations.any_of([country().text(), country().text("iso-8859-1")], _as_lines(seed))
    return Reader("Gemeindeverzeichnis, Text", inputs, _import, _register(folder), examples=20)


def register_xlsx(folder: Path) -> Reader:
    """AuszugGV, and lists of changes."""
    changes = change_list(
        ("01051003", "Dorf 01", "1", 4_000_000, "300", "01051002", "Neudorf"),
        ("16051001", "Oberstadt", "3", None, None, "16051002", "Oberstadt 16, Stadt"),
    )
    seeds = [country().xlsx(), changes]
    inputs = mutations.any_of(seeds, mutations.changed_archive)
    return Reader("Gemeindeverzeichnis, Excel", inputs, _import, _register(folder), examples=12)


def _as_lines(seed: str) -> Callable[[bytes], st.SearchStrategy[bytes]]:
    return lambda _: mutations.changed_lines(seed)


def _register(folder: Path) -> Callable[[], str]:
    register_import.import_documents(
        [register_import.Document("alt.txt", country().text())], bounds=country().bounds
    )
    return digest(folder / "register")


def _import(data: bytes) -> bool:
    """Import; what is accepted can be read again, and replaces the old register as a whole."""
    document = register_import.Document("Verzeichnis", data)
    try:
        register_import.import_documents([document], bounds=country().bounds)
    finally:
        stored = register_store.read()
        assert stored is not None
        assert len(stored[0]) == stored[1].rows
        register_store.read_changes()
    return True


def workbooks(folder: Path) -> Reader:
    """Filled forms, and putting them in place."""
    home, target = folder / "as-sent", folder / "datasets"
    for place in (home, target):
        shutil.copytree(datasets.folder(), place, ignore=shutil.ignore_patterns("register"))
    accepted: list[str] = []
    seeds = [
        filled(folder, "experience", EXPERIENCE),
        *(filled(folder, kind, {}) for kind in ("fit", "applications")),
    ]
    scratch = folder / "Formular.xlsx"

    def read(data: bytes) -> bool:
        scratch.write_bytes(data)
        try:
            found = forms.read(scratch, confirmed=True)
            if found.form.kind != "experience":
                tidy.table(found, scratch.name)
                return False
            rows = experience_rows.new_rows(found, scratch.name)
        except UnsoundError as error:
            mark(scratch, error.problems, folder / "markiert.xlsx")
            raise
        accepted.append(rows.solution_id)
        if len(accepted) % PUT_IN_PLACE:
            return False
        try:
            package.append(target, rows.tables)
            datasets.load("solutions")
            return True
        finally:
            shutil.copytree(home, target, ignore=shutil.ignore_patterns("register"), dirs_exist_ok=True)

    return Reader(
        "Arbeitsmappen", mutations.any_of(seeds, mutations.changed_archive), read, digest(target), examples=15
    )


def filled(folder: Path, kind: str, entries: Entries) -> bytes:
    """A form as somebody sends it."""
    book = openpyxl.load_workbook(io.BytesIO(writing.content(forms.FORMS[kind]())))
    for title, given in entries.items():
        for place, value in places(book[title], given):
            book[title][place].value = value
            if isinstance(value, str):
                book[title][place].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def data_package(folder: Path) -> Reader:
    """A CSV file of the data package that somebody has edited."""
    # A copy to restore from, for somebody may be at work in the checkout while this runs for hours.
    home, copy = folder / "original", folder / "package"
    for place in (home, copy):
        shutil.copytree(datasets.folder(), place, ignore=shutil.ignore_patterns("register"))
    names = [name for name in datasets.names() if (home / f"{name}.csv").stat().st_size < 60_000]

    def changed(name: str) -> st.SearchStrategy[tuple[str, bytes]]:
        seed = (home / f"{name}.csv").read_text(encoding="utf-8")
        return st.tuples(st.just(name), mutations.changed_lines(seed) | st.binary(max_size=300))

    def read(given: tuple[str, bytes]) -> None:
        name, data = given
        (copy / f"{name}.csv").write_bytes(data)
        datasets.forget()
        try:
            table, defects = datasets.parsed(name, copy)
            for defect in defects:
                assert str(defect).startswith("Tabelle „")
            if defects:
                raise defects[0]
            assert list(table.columns)
        finally:
            shutil.copy(home / f"{name}.csv", copy)

    return Reader("Datenpaket, CSV", st.sampled_from(names).flatmap(changed), read, digest(copy), examples=20)
