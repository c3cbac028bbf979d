"""Whether keys of municipalities belong to the names beside them: a swapped key shows another town."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transferkit.finding import Finding
from transferkit.knowledge.checks.rows import Package, Row
from transferkit.knowledge.register_table import LAENDER

NAMES = ("display_name_de", "short_name", "official_name")


def findings(package: Package, official: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Keys that contradict name, Land or Kreis in their row; `official` names all municipalities by AGS."""
    places = {row["place_key"]: row for row in package.rows("places")}
    for row in places.values():
        yield from _key_and_row(row)
        if official and row["level"] == "gemeinde":
            yield from _official_name(row, official)
    for row in package.rows("project_places"):
        yield from _named(row, "place_key", row["name"], places)
    for row in package.rows("events"):
        yield from _named(row, "ags", row["place_de"], places)
    for row in package.rows("model_projects"):
        yield from _led(row, package, places)


def _key_and_row(row: Row) -> Iterator[Finding]:
    key, kreis, land = row["place_key"], row["kreis_key"], row["land_code"]
    if key[:5] != kreis:
        yield _swapped(row, "place_key", f"{key} liegt nicht im Kreis {kreis}, der daneben steht.")
    if kreis[:2] != land:
        yield _swapped(row, "kreis_key", f"{kreis} liegt nicht im Land {land}, das daneben steht.")
    if LAENDER.get(land) != row["land_name"]:
        yield _swapped(row, "land_code", f"{land} ist nicht der Schlüssel von {row['land_name']}.")
    if len(key) != (8 if row["level"] == "gemeinde" else 5):
        yield _swapped(row, "place_key", f"{key} hat nicht die Länge für die Ebene {row['level']}.")


def _official_name(row: Row, official: Mapping[str, str]) -> Iterator[Finding]:
    key = row["place_key"]
    if key in official and official[key] != row["official_name"]:
        yield _swapped(row, "place_key", f"{key} heißt im Gemeindeverzeichnis {official[key]}.")


def _named(row: Row, column: str, said: str, places: Mapping[str, Row]) -> Iterator[Finding]:
    """The name in the row begins with a name of the place the key leads to."""
    place = places.get(row[column])
    town = said.split(",")[
        0
    ]  # „Freiburg, Schaltwerk“ names the town first, and perhaps without „im Breisgau“
    if place is None or any(town.startswith(place[n]) or place[n].startswith(town) for n in NAMES):
        return  # an unknown key is a broken reference, or a place outside the programme
    right = [key for key, one in places.items() if said in (one[name] for name in NAMES)]
    hint = f" {said} hat den Schlüssel {right[0]}." if right else ""
    yield _swapped(row, column, f"{row[column]} ist {place['display_name_de']}, daneben steht {said}.{hint}")


def _led(row: Row, package: Package, places: Mapping[str, Row]) -> Iterator[Finding]:
    """A project is led by one of its places, which lies in one of its Länder."""
    own = {
        one["place_key"] for one in package.rows("project_places") if one["project_id"] == row["project_id"]
    }
    for column in ("lead_ags", "kreis_key"):
        key = row[column]
        if key in places and key not in own:
            name = places[key]["display_name_de"]
            yield _swapped(row, column, f"{key} ist {name} und gehört nicht zu den Orten dieses Projekts.")
        elif key and key[:2] not in row["land_codes"].split(";"):
            yield _swapped(row, column, f"{key} liegt in keinem Land dieses Projekts ({row['land_codes']}).")
    if row["place_count"] != str(len(own)):
        yield row.finding(
            "data.count",
            "place_count",
            f"Hier stehen {row['place_count']} Orte, in project_places sind es {len(own)}.",
            "Ergänzen Sie die fehlenden Orte, oder berichtigen Sie die Zahl.",
        )


def _swapped(row: Row, column: str, text: str) -> Finding:
    remedy = "Prüfen Sie Schlüssel und Namen im Gemeindeverzeichnis; einer von beiden ist falsch."
    return row.finding("data.ags", column, text, remedy)
