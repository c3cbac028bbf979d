"""A place on a page: its facts, who is like it and why, what to compare."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from transferkit.origin import of
from transferkit.present import german, place_words, tables
from transferkit.present.block import Block, fragment, source_marks
from transferkit.present.fit import with_dimensions
from transferkit.present.records import Row, cells, records
from transferkit.present.tables import Fact

REGISTER = "destatis-gemeindeverzeichnis"
NAMES = {"auswahl": "Orte"}
KEYS = {
    "gemeinde": "Amtlicher Gemeindeschlüssel",
    "kreis": "Amtlicher Kreisschlüssel",
    "verband": "Schlüssel des Gemeindeverbands",
    "auswahl": "Schlüssel der Orte",
}
NONE_LIKE_IT = {
    "gemeinde": "keine echte Vergleichskommune",
    "kreis": "keinen echten Vergleichskreis",
    "verband": "keinen echten Vergleichsverband",
}
RELATIONS = {
    "own": "gehört selbst zu diesem Modellprojekt",
    "own-member": "daran beteiligt in Ihrem Gebiet: {place}",
    "own-kreis": "Ihr Kreis ist Modellprojekt",
    "kreis-peer": "Ihr Kreis ähnelt diesem Kreis",
}


def facts(town: pd.Series) -> Block:
    """The official figures of a place, each with its date and source; sums say how they came about."""
    people, register = german.date(town["population_date"]), german.date(town["register_date"])
    level, seat = place_words.level(town), german.date(town["coordinates_date"])
    lines = [
        Fact(
            NAMES.get(level, "Amtlicher Name"),
            town["official_name"],
            when=f"Gebietsstand {register}",
            source_ids=REGISTER,
        ),
        Fact(KEYS[level], str(town.name).replace("+", " + ")),
        Fact("Land", town["land"]),
        Fact("Kreis", town["kreis"]) if level != "kreis" and not german.is_missing(town["kreis"]) else None,
        Fact("Gemeindeverband", town["association"]) if town["in_association"] is True else None,
        Fact("Gemeinden", town["municipalities"], when=register) if _has_count(town, level) else None,
        Fact(
            "Bevölkerung",
            german.number(town["population"]),
            "Personen",
            f"{people}, {town['census']}",
            REGISTER,
        ),
        Fact("Fläche", german.number(town["area_km2"], 1), "km²", register, REGISTER),
        Fact("Dichte", german.number(town["density_per_km2"]), "Personen je km²", "berechnet"),
        *_surroundings(town, level, seat),
    ]
    return tables.facts([line for line in lines if line is not None]).resting_on(town)


def _has_count(town: pd.Series, level: str) -> bool:
    """The shipped Kreise do not say how many municipalities they have."""
    return level != "gemeinde" and not german.is_missing(town["municipalities"])


def _surroundings(town: pd.Series, level: str, seat: str) -> list[Fact]:
    """Where the place lies; several municipalities together have only means over their inhabitants."""
    near = german.number(town["population_within_30km"])
    if level != "gemeinde":
        km = german.number(town["km_to_city_100k"])
        how = "Mittel der Einwohnerinnen und Einwohner, berechnet"
        return [
            Fact("Im Umkreis von 30 km", near, "Personen", how),
            Fact("Nächste Großstadt", km, "km", f"Luftlinie, {how}"),
        ]
    return [
        Fact("Siedlung", town["degree_of_urbanisation"], when=seat, source_ids=REGISTER),
        Fact("Im Umkreis von 30 km", near, "Personen", "berechnet"),
        Fact("Nächste Großstadt", _distance(town["km_to_city_100k"]), when="Luftlinie, berechnet"),
    ]


def _distance(km: object) -> object:
    if german.is_missing(km):
        return None
    return "die Kommune selbst" if km == 0 else f"{german.number(km)} km"


def at_a_glance(town: pd.Series, projects: pd.DataFrame, calls: pd.DataFrame, events: pd.DataFrame) -> Block:
    """At most five lines: how large, who is near, what to ask about, which event was close."""
    known = records(projects[["relation", "project_id", "project", "place"]])
    itself = [row for row in known if row["relation"] == "own"]
    inside = [row for row in known if row["relation"] == "own-member"]
    others = [row for row in known if row["relation"] not in ("own", "own-member")]
    near = list({row["project_id"]: str(row["project"]) for row in others}.values())[:3]
    where = german.enumerate_words(near)
    titles = zip(cells(calls["title"])[:2], cells(calls["project"])[:2], strict=True)
    ask = german.enumerate_words(f"„{title}“ ({project})" for title, project in titles)
    return tables.finding(
        [
            Markup("{} {} {} Personen auf {} km², Stand {}{}.").format(
                place_words.subject(town),
                place_words.has(town),
                german.number(town["population"]),
                german.number(town["area_km2"], 1),
                german.date(town["population_date"]),
                source_marks(REGISTER),
            ),
            _taking_part(town, itself, inside),
            f"Am nächsten stehen Ihnen die Modellprojekte {where}." if len(near) else "",
            f"Fragen Sie zuerst nach {ask}." if len(calls) else "",
            *(_event(town, event) for event in records(events)),
        ]
    ).resting_on(town, projects, calls.head(2), events)


def _taking_part(town: pd.Series, itself: list[Row], inside: list[Row]) -> str:
    """The model project this place is part of, and at most two that municipalities in it take part in."""
    own = (
        f"{place_words.subject(town)} gehört selbst zum Modellprojekt {itself[0]['project']}."
        if itself
        else ""
    )
    said = [f"{row['place']} ({row['project']})" for row in inside[:2]]
    more = len(inside) - len(said)
    rest = f" und {more} weitere{'s' if more == 1 else ''}" if more else ""
    parts = f"Modellprojekte in Ihrem Gebiet: {', '.join(said)}{rest}." if said else ""
    return f"{own} {parts}".strip()


def _event(town: pd.Series, event: Row) -> Markup:
    """Past events are told as past; they are only shown if no coming one is known."""
    said = "Ein künftiger Termin ist nicht bekannt. Am nächsten lag, {}: {}, {} ({}){}."
    if not event["past"]:
        said = "Der nächste Termin, {}: {}, {} ({}){}."
    return Markup(said).format(
        _here(town) if event["km"] < 1 else f"{german.number(event['km'])} km entfernt",
        event["title_de"],
        event["place_de"],
        german.date(event["date"]),
        source_marks(event["source_ids"]),
    )


def _here(town: pd.Series) -> str:
    return "in Ihrer Kommune" if place_words.level(town) == "gemeinde" else "in Ihrem Gebiet"


def peers_list(town: pd.Series, peers: pd.DataFrame, model: pd.DataFrame) -> Block | None:
    """Who is like us and why: alike in, different in, how stable the choice is; None without peers."""
    if peers.empty:
        return None
    names = place_words.told_apart(peers)
    level, own = place_words.compared_as(town), town.to_dict()
    words = place_words.variable_words(model, level)
    where = "land" if level == "kreis" else "kreis"
    lines = [
        {
            "name": tables.link(f"kommunen/{ags}.html", name),
            "meta": (
                [] if peer[where] == peer["short_name"] else [peer[where]]
            )  # a city that is its own Kreis
            + [f"Auswahl {peer['stability_label']}"]
            + (["gegenseitig"] if peer["mutual"] else []),
            "alike": place_words.reason(own, peer, peer["most_alike"], words, 2),
            "different": place_words.reason(own, peer, peer["most_different"], words, 1),
        }
        for ags, name, peer in zip(names.index, names, records(peers), strict=True)
    ]
    return fragment("reasons", lines=lines, remark=peers["widening"].iloc[0]).resting_on(town, peers)


def no_real_peers(town: pd.Series, peers: pd.DataFrame) -> Block | None:
    """Said aloud when there is nobody to compare with, or even the nearest place is unusually far away."""
    if peers.empty:
        return tables.prose(
            f"Diese Ausgabe nennt keine {place_words.peers(town)}. Sie entstand ohne das amtliche "
            "Gemeindeverzeichnis. „transferkit register update“ lädt es, danach steht hier die Antwort."
        )
    if bool(peers["is_real_peer"].iloc[0]):
        return None
    return tables.prose(
        f"Für {place_words.accusative(town)} gibt es {NONE_LIKE_IT[place_words.compared_as(town)]}. "
        "Schon der nächste Ort ist ungewöhnlich unähnlich. "
        "Lesen Sie die Liste als Anregung, nicht als Maßstab."
    )


def model_projects(
    town: pd.Series, projects: pd.DataFrame, places: pd.DataFrame, model: pd.DataFrame
) -> Block:
    """The model projects that have a place like ours, each with the place and the reason."""
    words = place_words.variable_words(model, place_words.compared_as(town))
    at = {key: number for number, key in enumerate(cells(places["place_key"]))}
    figures = {name: cells(places[name]) for name in words if name in places}
    own, lines = town.to_dict(), []
    for row in records(projects):
        fact = RELATIONS.get(str(row["relation"]))
        other = {name: column[at[row["place_key"]]] for name, column in figures.items()}
        lines.append(
            {
                "name": tables.link(f"projekte/{row['project_id']}.html", str(row["project"])),
                "meta": [fact.format(place=row["place"]) if fact else f"verglichener Ort: {row['place']}"],
                "alike": "" if fact else place_words.reason(own, other, row["most_alike"], words, 2),
                "different": "" if fact else place_words.reason(own, other, row["most_different"], words, 1),
            }
        )
    if not lines:
        return tables.prose("Für diesen Ort fehlen Angaben. Ein Vergleich ist nicht möglich.")
    return fragment("reasons", lines=lines, remark="").resting_on(town, projects)


COMPARED = {
    "population": "Personen",
    "area_km2": "Fläche in km²",
    "density_per_km2": "Personen je km²",
    "population_within_30km": "Personen im Umkreis von 30 km",
    "km_to_city_100k": "km bis zur nächsten Großstadt",
}


def comparison(town: pd.Series, origin: pd.DataFrame) -> Block | None:
    """What data can tell about „Passt das zu uns?“: two places side by side; None without an `origin`.

    `origin`: at most one row of `places`, the place of the nearest model project.
    """
    if origin.empty:
        return None
    other = origin.iloc[0]
    name = str(other["display_name_de"])
    same = pd.notna(town["land_code"]) and town["land_code"] == other["land_code"]
    land = (
        "Beide liegen im selben Land."
        if same
        else f"{name} liegt in {other['land_name']}: Prüfen Sie Landesrecht und Förderwege."
    )
    frame = pd.DataFrame(
        {
            "what": list(COMPARED.values()),
            "own": pd.array([town[name] for name in COMPARED], "Float64"),
            "other": pd.array([other[name] for name in COMPARED], "Float64"),
        }
    )
    return tables.table(
        frame,
        {"what": "Merkmal", "own": str(town["short_name"]), "other": name},
        f"Was die Daten sagen: {town['short_name']} im Vergleich mit {name}",
        subtitle=f"Gemeindeverzeichnis, Bevölkerung vom {_dates(town, other, name)}. {land}",
        origin=of(town, other),
    )


def _dates(town: pd.Series, other: pd.Series, name: str) -> str:
    own, others = (german.date(place["population_date"]) for place in (town, other))
    return own if own == others else f"{own}, für {name} vom {others}"


def peer_names(peers: pd.DataFrame) -> Block | None:
    """Peers in one sentence, each a link to its guide; None without peers."""
    if peers.empty:
        return None
    names = [
        tables.link(f"kommunen/{ags}.html", name)
        for ags, name in zip(peers.index, place_words.told_apart(peers), strict=True)
    ]
    return tables.prose(Markup(", ").join(names))


def members(places: pd.DataFrame) -> Block | None:
    """The places of a model project; what is no proven participation is said."""
    roles = {"lead": "führend", "member": "beteiligt"}
    frame = places.assign(
        said=[
            "Verbandsgebiet, Beteiligung nicht belegt" if basis == "general-knowledge" else roles[role]
            for role, basis in zip(places["role"], places["basis"], strict=True)
        ]
    )
    columns = {
        "display_name_de": "Ort",
        "said": "Rolle",
        "population": "Personen",
        "area_km2": "km²",
        "density_per_km2": "Personen je km²",
    }
    return tables.table(
        frame,
        columns,
        "Orte des Modellprojekts",
        subtitle=f"Gemeindeverzeichnis, Bevölkerung vom {german.date(places['population_date'].iloc[0])}",
    )


def open_criteria(criteria: pd.DataFrame, dimensions: pd.DataFrame) -> Block:
    """What data cannot tell: the knock-out questions first, the others to unfold, by dimension."""
    return fragment("criteria", criteria=with_dimensions(criteria, dimensions))
