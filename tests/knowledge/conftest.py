"""An invented country of 16 Länder in the official formats, small enough to be read in no time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from transferkit.knowledge.register_check import Bounds

LONG_NAME = "Bautzen / Budyšin, Stadt, Hochschulstadt / Wysokošulske město"


@dataclass(frozen=True)
class Record:
    """One line of a register; keys blank where the record has none."""

    kind: str
    land: str
    name: str
    district: str = ""
    kreis: str = ""
    association: str = ""
    municipality: str = ""
    type_code: str = ""
    hectares: int = 0
    population: int = 0
    postcode: str = ""
    several_postcodes: bool = False
    lon: str = ""
    lat: str = ""
    urbanisation: str = ""

    @property
    def ags(self) -> str:
        return self.land + self.district + self.kreis + self.municipality


@dataclass(frozen=True)
class Country:
    """The records of an invented country and its issue."""

    records: Sequence[Record]
    date: str = "31.12.2024"
    population_date: str = "31.12.2024"
    census: str = "Zensus 2022"
    bounds: Bounds = field(
        default=Bounds(municipalities=(60, 70), population=(100_000, 10_000_000), area_km2=(100, 100_000))
    )

    def without(self, *keys: str) -> Country:
        """Leave out municipalities, and associations that only they had."""
        kept = [record for record in self.records if record.kind != "60" or record.ags not in keys]
        used = {(record.land, record.association) for record in kept if record.kind == "60"}
        return replace(self, records=[r for r in kept if r.kind != "50" or (r.land, r.association) in used])

    def changed(self, ags: str, **values: Any) -> Country:
        return replace(
            self,
            records=[replace(r, **values) if r.kind == "60" and r.ags == ags else r for r in self.records],
        )

    def lines(self) -> list[str]:
        day, month, year = self.date.split(".")
        ordered = sorted(self.records, key=_text_order)
        return [_line(record, f"{year}{month}{day}") for record in ordered]

    def text(self, encoding: str = "utf-8", end: str = "\n") -> bytes:
        return "".join(f"{line}{end}" for line in self.lines()).encode(encoding)

    def rows(self) -> list[list[object]]:
        """The rows of the Excel extract below its header."""
        return [_cells(record) for record in sorted(self.records, key=_sheet_order)]

    def xlsx(self, rows: Sequence[Sequence[object]] | None = None, extra_sheet: str = "") -> bytes:
        book = openpyxl.Workbook()
        cover = book.active
        assert cover is not None
        cover.title = "Inhalt"
        cover.append(["Statistisches Bundesamt (Destatis), 2025"])
        if extra_sheet:
            book.create_sheet(extra_sheet).append(["Notizen"])
        sheet = book.create_sheet(f"Onlineprodukt_Gemeinden{self.date.replace('.', '')}")
        sheet.append([f"Gemeinden am {self.date}"])
        sheet.append([])
        sheet.append(["Satz-art", "Text-kenn-zeichen", *[None] * 7, f"Bevölkerung, {self.census}2)"])
        sheet.append(
            [*[None] * 14, "Längengrad", "Breitengrad", "Reisegebiete", None, "Grad der Verstädterung"]
        )
        sheet.append(
            [None, None, f"Gebietsstand am {self.date}", *[None] * 5, self.date, self.population_date]
        )
        sheet.append([])
        for row in self.rows() if rows is None else rows:
            sheet.append(list(row))
        sheet.append([])
        sheet.append(["Quelle: erfunden"])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def _text_order(record: Record) -> str:
    return f"{record.land}{record.district:1}{record.kreis:2}{record.municipality:3}{record.association:4}"


def _sheet_order(record: Record) -> str:
    return f"{record.land}{record.district:1}{record.kreis:2}{record.association:4}{record.municipality:3}"


def _line(record: Record, date: str) -> str:
    start = (
        f"{record.kind}{date}{record.land}{record.district:1}{record.kreis:2}{record.municipality:3}"
        f"{record.association:4}{record.name[:50]:50}{'':50}{record.type_code:2}{'':4}"
    )
    if record.kind != "60":
        return f"{start:220}"
    figures = f"{record.hectares:011}{record.population:011}{record.population // 2:011}{'':4}"
    return f"{start}{figures}{record.postcode:5}{'*****' if record.several_postcodes else '':5}".ljust(220)


def _cells(record: Record) -> list[object]:
    keys = [record.land, record.district, record.kreis, record.association, record.municipality]
    cells: list[object] = [record.kind, record.type_code or None, *[key or None for key in keys], record.name]
    if record.kind != "60":
        return [*cells, *[None] * 4, ""]
    men = record.population // 2
    return [
        *cells,
        record.hectares / 100,
        record.population,
        men,
        record.population - men,
        0,
        record.postcode or None,
        record.lon or None,
        record.lat or None,
        None,
        None,
        record.urbanisation or None,
        None,
    ]


def _land(code: str) -> list[Record]:
    """A Land with one Kreis: a town, a village of its own, and two villages in one association."""
    number = int(code)
    base = {"land": code, "district": "0", "kreis": "51"}
    names = {
        "001": f"Oberstadt {code}, Stadt",
        "002": f"Unterdorf {code}",
        "003": f"Dorf {code}",
        "004": "Gleichen",
    }
    records = [
        Record("10", code, f"Land {code}"),
        Record("40", name=f"Mittelkreis {code}" if number > 2 else f"Aue {code}", type_code="44", **base),
        Record("50", name=names["001"], association="0001", type_code="50", **base),
        Record("50", name=names["002"], association="0002", type_code="50", **base),
        Record("50", name=f"Amt {code}", association="5101", type_code="51", **base),
    ]
    for place, (key, name) in enumerate(names.items()):
        records.append(
            Record(
                "60",
                name=name,
                municipality=key,
                association="5101" if key > "002" else f"0{key}",
                type_code="63" if place == 0 else "64",
                hectares=1_000 + number,
                population=20_000 if place == 0 else 300 * place + number,
                postcode=f"{number:02}{key}",
                several_postcodes=place == 0,
                lon=f"{8 + place / 10:.1f}1234{number % 10}".replace(".", ","),
                lat=f"{48 + number / 5:.1f}9876{place}".replace(".", ","),
                urbanisation="02" if place == 0 else "03",
                **base,
            )
        )
    return records


@pytest.fixture
def country() -> Country:
    """16 Länder with four municipalities each, a city in Land 01, an unincorporated wood in Land 09."""
    records = [record for number in range(1, 17) for record in _land(f"{number:02}")]
    wood = {"land": "09", "district": "0", "kreis": "51", "association": "9450"}
    records += [
        Record("50", name="Großer Wald", type_code="50", **wood),
        Record(
            "60", name="Großer Wald, gemfr. Geb.", municipality="450", type_code="66", hectares=500, **wood
        ),
    ]
    whole = Country(records)
    return (
        whole.changed("01051001", name="Großstadt, Stadt", population=120_000, hectares=20_000)
        .changed("02051002", name="Bad Köslin a.d.Aue")
        .changed("03051002", name="Neuenkirchen")
        .changed("05051002", name="Neuenkirchen")
        .changed("14051001", name=LONG_NAME)
    )


@pytest.fixture
def register_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the place of the register."""
    folder = tmp_path / "register"
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(folder))
    return folder


def change_list(*changes: Sequence[object]) -> bytes:
    """A list of changes: old AGS, old name, kind, m², inhabitants, new AGS, new name."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Gebietsaenderungen"
    sheet.append(["Gebietsänderungen vom 01.01. - 31.12.2024"])
    sheet.append(["Kennziffer", "Regionaleinheit", "Abgebende / Aufgelöste Gemeinde"])
    sheet.append([])
    sheet.append([])
    for old, old_name, kind, area, people, new, new_name in changes:
        sheet.append(
            [
                "x",
                "Gemeinde",
                None,
                old,
                old_name,
                kind,
                area,
                people,
                None,
                new,
                new_name,
                "01.01.2024",
                "01.01.2024",
            ]
        )
    sheet.append(
        ["x", "Gemeindeverband", "010515101", None, "Amt", "1", None, None, "010515102", None, "Amt 2"]
    )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def changes_of_2024() -> bytes:
    """Two villages became Neudorf (01051009); a key changed; a name changed."""
    return change_list(
        ("01051003", "Dorf 01", "1", 4_000_000, "300", "01051009", "Neudorf"),
        ("01051005", "Altdorf", 1, "1000000", 100, "01051009", "Neudorf"),
        ("16052001", "Oberstadt", "3", None, None, "16051001", "Oberstadt 16, Stadt"),
        ("05051001", "Oberstadt", 4, None, None, "05051001", "Oberstadt 05, Stadt"),
    )
