"""Reading the official formats: text and Excel, old and new, sound and damaged."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from transferkit.errors import RegisterError
from transferkit.knowledge import gv100
from transferkit.knowledge.register_check import check
from transferkit.knowledge.register_file import RegisterFile
from transferkit.knowledge.register_import import Document, read_document


def read(data: bytes, name: str = "irgendwie.dat") -> RegisterFile:
    found = read_document(Document(name, data))
    assert isinstance(found, RegisterFile)
    return found


def messages(country, data: bytes) -> str:
    return "\n".join(map(str, check(read(data), country.bounds)))


def test_a_sound_text_has_no_faults_and_all_its_places(country):
    file = read(country.text())
    assert check(file, country.bounds) == []
    assert len(file.municipalities) == 65
    assert file.register_date.isoformat()[:10] == "2024-12-31"
    town = file.municipalities.loc["01051001"]
    assert (town["ars"], town["population"], town["area_km2"]) == ("010510001001", 120_000, 200.0)
    assert town["postcode_multiple"] is True


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_text_reads_the_same_in_every_encoding_and_line_end(country, encoding, end):
    country = country.changed("14051001", name="Bautzen, Stadt")  # Sorbian letters are not in ISO-8859-1
    file = read(country.text(encoding, end))
    assert check(file, country.bounds) == []
    assert file.municipalities.loc["02051002", "name"] == "Bad Köslin a.d.Aue"
    assert file.municipalities.loc["09051450", "name"] == "Großer Wald, gemfr. Geb."


def test_one_broken_byte_in_utf8_is_named_and_does_not_turn_the_file_into_other_letters(country):
    data = country.text().replace("Köslin".encode(), b"K\xc3slin ", 1)
    found = messages(country, data)
    assert "kein gültiges UTF-8" in found
    assert found.count("\n") == 0


def test_a_cut_file_says_which_line_is_short_and_that_the_rest_is_missing(country):
    data = country.text()[:-2_000]
    last = len(data.splitlines())
    found = messages(country, data)
    assert f"Zeile {last}: hat " in found
    assert "nicht ganz heruntergeladen" in found


def test_a_file_cut_between_two_lines_is_noticed_too(country):
    lines = country.lines()
    found = messages(country, "".join(f"{line}\n" for line in lines[:-2]).encode())
    assert "hat keine Gemeinde; es fehlen Zeilen" in found


@pytest.mark.parametrize(
    ("start", "new", "expected"),
    [
        (0, "6O", "Satzart „6O“"),
        (2, "20240131", "Gebietsstand ist „20240131“"),
        (10, "1X", "Land ist „1X“"),
        (15, "O01", "Gemeinde ist „O01“"),
        (122, "77", "Textkennzeichen „77“ gibt es bei Satzart 60 nicht"),
        (128, "0000000 001", "Fläche ist „0000000 001“"),
        (139, "000000000-1", "Bevölkerung ist"),
        (150, "00000999999", "mehr männliche als alle Personen"),
        (165, "0110I", "Postleitzahl ist „0110I“"),
        (161, "7", "Felder sind verschoben"),
        (15, "009", "nicht an seinem Platz"),
    ],
)
def test_one_damaged_field_names_its_line(country, start, new, expected):
    lines = country.lines()
    number = next(
        place for place, line in enumerate(lines) if line.startswith("60") and "Unterdorf 07" in line
    )
    lines[number] = lines[number][:start] + new + lines[number][start + len(new) :]
    found = messages(country, "".join(f"{line}\n" for line in lines).encode())
    assert expected in found
    # A key that moved is noticed at the next line, which no longer follows it.
    assert f"Zeile {number + 1}:" in found or f"Zeile {number + 2}:" in found


def test_a_key_used_twice_is_refused(country):
    lines = country.lines()
    twin = next(line for line in lines if "Unterdorf 07" in line and line.startswith("60"))
    found = messages(country, "".join(f"{line}\n" for line in [*lines, twin]).encode())
    assert "Der AGS 07051002 kommt schon vorher vor" in found


def test_a_municipality_without_its_kreis_is_refused(country):
    lines = [line for line in country.lines() if not line.startswith("40202412310705")]
    assert "Der Kreis 07051 zu „Unterdorf 07“ fehlt" in messages(country, "\n".join(lines).encode())


def test_a_missing_land_is_named(country):
    lines = [line for line in country.lines() if line[10:12] != "13"]
    assert "Es fehlen: Mecklenburg-Vorpommern" in messages(country, "\n".join(lines).encode())


def test_an_implausible_total_is_refused(country):
    small = country.changed("01051001", population=20_000)
    bounds = replace(country.bounds, population=(10_000_000, 20_000_000))
    assert "Einwohnerinnen und Einwohner. Richtig wären 10.000.000 bis 20.000.000" in str(
        check(read(small.text()), bounds)[0]
    )


def test_the_excel_extract_reads_like_the_text(country):
    text, sheet = read(country.text()), read(country.xlsx())
    assert check(sheet, country.bounds) == []
    same = ["ars", "population", "area_km2", "postcode", "type_code"]
    left, right = text.municipalities[same].sort_index(), sheet.municipalities[same].sort_index()
    assert left.fillna("").astype(str).equals(right.fillna("").astype(str))
    assert sheet.census == "Zensus 2022"
    assert sheet.municipalities.loc["01051001", ["lon", "lat"]].tolist() == [8.012341, 48.298760]


@pytest.mark.parametrize("extra", ["Notizen", "AAA"])
def test_an_extra_sheet_does_not_matter(country, extra):
    assert len(read(country.xlsx(extra_sheet=extra)).municipalities) == 65


def test_keys_that_became_numbers_regain_their_leading_zeros(country):
    rows = [
        [int(c) if i < 7 and c and str(c).isdigit() else c for i, c in enumerate(r)] for r in country.rows()
    ]
    rows = [[*row[:13], int(row[13]) if len(row) > 13 and row[13] else None, *row[14:]] for row in rows]
    file = read(country.xlsx(rows))
    assert check(file, country.bounds) == []
    assert file.municipalities.loc["01051001", ["ars", "postcode"]].tolist() == ["010510001001", "01001"]


def test_a_key_that_lost_digits_as_text_is_refused_with_its_cell(country):
    rows = country.rows()
    number = next(place for place, row in enumerate(rows) if row[0] == "60")
    rows[number][6] = "1"
    assert f"Zelle G{number + 7}: Der Schlüssel ist „1“. Richtig wären 3 Ziffern" in messages(
        country, country.xlsx(rows)
    )


def test_old_coordinates_in_degrees_minutes_seconds_are_converted(country):
    rows = country.rows()
    for row in rows:
        if row[0] == "60":
            row[14], row[15] = 9.0543, "54,1130"
    file = read(country.xlsx(rows))
    place = file.municipalities.iloc[0]
    assert place["lon"] == pytest.approx(9 + 5 / 60 + 43 / 3600, abs=1e-6)
    assert place["lat"] == pytest.approx(54 + 11 / 60 + 30 / 3600, abs=1e-6)


def test_one_value_above_59_shows_that_all_coordinates_are_decimal(country):
    rows = country.rows()
    for row in rows:
        if row[0] == "60":
            row[14], row[15] = "9,0543", "54,1130"
    next(row for row in rows if row[0] == "60")[14] = "9,0561"
    assert read(country.xlsx(rows)).municipalities["lon"].iloc[1] == 9.0543


@pytest.mark.parametrize("missing", ["0", 0, None, ""])
def test_a_zero_or_an_empty_cell_is_a_missing_coordinate(country, missing):
    rows = country.rows()
    place = next(row for row in rows if row[0] == "60")
    place[14] = place[15] = missing
    file = read(country.xlsx(rows))
    assert file.municipalities["lon"].isna().sum() == 2  # and the wood, which has none
    assert check(file, country.bounds) == []


def test_collective_keys_ending_in_444_are_dropped_but_a_real_municipality_stays(country):
    rows = country.rows()
    real = next(row for row in rows if row[0] == "60" and row[2] == "12" and row[6] == "004")
    real[6] = "444"
    wood = next(row for row in rows if row[0] == "60" and row[1] == "66")
    collective = [*wood[:6], "444", *wood[7:]]
    rows.insert(rows.index(wood), collective)
    rows.insert(rows.index(wood), collective)
    file = read(country.xlsx(rows))
    assert "12051444" in file.municipalities.index
    assert "09051444" not in file.municipalities.index
    assert check(file, country.bounds) == []


def test_the_population_date_of_a_quarterly_issue_differs_from_its_gebietsstand(country):
    file = read(replace(country, population_date="31.12.2023 (Jahr)").xlsx())
    assert str(file.population_date)[:10] == "2023-12-31"
    assert str(file.register_date)[:10] == "2024-12-31"


def test_a_workbook_without_municipalities_names_its_sheets(country):
    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(RegisterError, match=r"kein Blatt mit Gemeinden \(Blätter: Sheet\)"):
        read(out.getvalue())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "ist leer"),
        (b" \n ", "ist leer"),
        (b"%PDF-1.7\n%...", "ist eine PDF-Datei"),
        (b"<!DOCTYPE html><html>", "ist eine Webseite"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "alte Excel-Datei"),
        (b"Name;Einwohner\nFuchstal;4230\n", "Richtig wäre GV100AD"),
        (b"PK\x03\x04 kaputt", "beschädigte Excel- oder ZIP-Datei"),
    ],
)
def test_a_foreign_file_is_called_what_it_is(data, expected):
    with pytest.raises(RegisterError, match=expected):
        read(data, "GV100AD_31122024.txt")


def test_a_damaged_workbook_is_refused(country):
    data = bytearray(country.xlsx())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    with pytest.raises(RegisterError, match="beschädigt"):
        read(bytes(data))


def test_content_decides_and_not_the_name(country):
    assert read(country.text(), "AuszugGV.xlsx").is_text
    assert not read(country.xlsx(), "GV100AD.txt").is_text
    assert not gv100.looks_like_gv100(b"60 Prozent aller Gemeinden\n")
