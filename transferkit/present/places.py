"""A municipality on a page: its facts, who is like it and why, what to compare, whom to write to."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from transferkit.present import german, tables
from transferkit.present.block import Block, fragment, source_marks
from transferkit.present.tables import Fact

REGISTER = "destatis-gemeindeverzeichnis"
RELATIONS = {
    "own": "gehört selbst zu diesem Modellprojekt",
    "own-kreis": "Ihr Kreis ist Modellprojekt",
    "kreis-peer": "Ihr Kreis ähnelt diesem Kreis",
}


def facts(town: pd.Series) -> Block:
    """The official figures of a place, each with its date and source."""
    people, register = german.date(town["population_date"]), german.date(town["register_date"])
    seat = german.date(town["coordinates_date"])
    lines = [
        Fact("Amtlicher Name", town["official_name"], when=f"Gebietsstand {register}", source_ids=REGISTER),
        Fact("Amtlicher Gemeindeschlüssel", town.name),
        Fact("Land", town["land"]),
        Fact("Kreis", town["kreis"]),
        Fact("Gemeindeverband", town["association"]) if town["in_association"] is True else None,
        Fact(
            "Bevölkerung",
            german.number(town["population"]),
            "Personen",
            f"{people}, {town['census']}",
            REGISTER,
        ),
        Fact("Fläche", german.number(town["area_km2"], 1), "km²", register, REGISTER),
        Fact("Dichte", german.number(town["density_per_km2"]), "Personen je km²", "berechnet"),
        Fact("Siedlung", town["degree_of_urbanisation"], when=seat, source_ids=REGISTER),
        Fact("Im Umkreis von 30 km", german.number(town["population_within_30km"]), "Personen", "berechnet"),
        Fact("Nächste Großstadt", _distance(town["km_to_city_100k"]), when="Luftlinie, berechnet"),
    ]
    return tables.facts([line for line in lines if line is not None])


def _distance(km: object) -> object:
    if german.is_missing(km):
        return None
    return "die Kommune selbst" if km == 0 else f"{german.number(km)} km"


def at_a_glance(town: pd.Series, projects: pd.DataFrame, calls: pd.DataFrame, events: pd.DataFrame) -> Block:
    """At most five lines: how large, who is near, what to ask about, which event was close."""
    itself = projects[projects["relation"] == "own"]["project"]
    near = projects[projects["relation"] != "own"].drop_duplicates("project_id")["project"].head(3)
    where = german.enumerate_words(str(name) for name in near)
    ask = german.enumerate_words(
        f"„{title}“ ({p})" for title, p in calls[["title", "project"]].head(2).to_numpy()
    )
    return tables.finding(
        [
            Markup("{} hat {} Personen auf {} km², Stand {}{}.").format(
                town["short_name"],
                german.number(town["population"]),
                german.number(town["area_km2"], 1),
                german.date(town["population_date"]),
                source_marks(REGISTER),
            ),
            f"{town['short_name']} gehört selbst zum Modellprojekt {itself.iloc[0]}." if len(itself) else "",
            f"Am nächsten stehen Ihnen die Modellprojekte {where}." if len(projects) else "",
            f"Fragen Sie zuerst nach {ask}." if len(calls) else "",
            *(_event(event) for _, event in events.iterrows()),
        ]
    )


def _event(event: pd.Series) -> Markup:
    """Past events are told as past; the data knows no coming ones nearby."""
    said = "Ein künftiger Termin in der Nähe ist nicht bekannt. Am nächsten lag, {}: {}, {} ({}){}."
    return Markup(said).format(
        "in Ihrer Kommune" if event["km"] < 1 else f"{german.number(event['km'])} km entfernt",
        event["title_de"],
        event["place_de"],
        german.date(event["date"]),
        source_marks(event["source_ids"]),
    )


def told_apart(peers: pd.DataFrame) -> pd.Series:
    names = peers["short_name"].astype(str)
    return names.where(~names.duplicated(keep=False), names + " (" + peers["kreis"].astype(str) + ")")


def peers_list(town: pd.Series, peers: pd.DataFrame, model: pd.DataFrame) -> Block | None:
    """Who is like us and why: alike in, different in, how stable the choice is; None without peers."""
    if peers.empty:
        return None
    names = told_apart(peers)
    lines = [
        {
            "name": tables.link(f"kommunen/{ags}.html", names[ags]),
            "meta": [peer["kreis"], f"Auswahl {peer['stability_label']}"]
            + (["gegenseitig"] if peer["mutual"] else []),
            "alike": _reason(town, peer, peer["most_alike"][:2], model),
            "different": _reason(town, peer, peer["most_different"][:1], model),
        }
        for ags, (_, peer) in zip(names.index.astype("str"), peers.iterrows(), strict=True)
    ]
    return fragment("reasons", lines=lines, remark=str(peers["widening"].iloc[0]))


def no_real_peers(town: pd.Series, peers: pd.DataFrame) -> Block | None:
    """Said aloud when even the nearest place is unusually far away."""
    if peers.empty or bool(peers["is_real_peer"].iloc[0]):
        return None
    return tables.prose(
        f"{town['short_name']} hat keine echte Vergleichskommune. "
        "Schon die nächste ist ungewöhnlich unähnlich. Lesen Sie die Liste als Anregung, nicht als Maßstab."
    )


def _reason(town: pd.Series, other: pd.Series, variables: Sequence[str], model: pd.DataFrame) -> str:
    """`Bevölkerung (4.301 gegen 5.120 Personen)`."""
    rows = model[model["level"] == "gemeinde"]
    labels = dict(zip(rows["variable"], rows["label_de"], strict=True))
    units = dict(zip(rows["variable"], rows["unit_de"], strict=True))
    parts = [
        f"{labels[v]} ({german.number(town[v])} gegen {german.number(other[v])} {units[v]})"
        for v in variables
    ]
    return ", ".join(parts)


def model_projects(
    town: pd.Series, projects: pd.DataFrame, places: pd.DataFrame, model: pd.DataFrame
) -> Block:
    """The model projects that have a place like ours, each with the place and the reason."""
    by_key = places.set_index("place_key")
    lines = []
    for row in projects.to_dict("records"):
        fact = RELATIONS.get(str(row["relation"]))
        other = by_key.loc[row["place_key"]]
        lines.append(
            {
                "name": tables.link(f"projekte/{row['project_id']}.html", str(row["project"])),
                "meta": [fact or f"verglichener Ort: {row['place']}"],
                "alike": "" if fact else _reason(town, other, row["most_alike"][:2], model),
                "different": "" if fact else _reason(town, other, row["most_different"][:1], model),
            }
        )
    if not lines:
        return tables.prose("Für diese Kommune fehlen Angaben. Ein Vergleich ist nicht möglich.")
    return fragment("reasons", lines=lines, remark="")


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
    land = (
        "Beide liegen im selben Land."
        if town["land_code"] == other["land_code"]
        else f"{name} liegt in {other['land_name']}: Prüfen Sie Landesrecht und Förderwege."
    )
    frame = pd.DataFrame(
        {
            "what": list(COMPARED.values()),
            "own": [town[key] for key in COMPARED],
            "other": [other[key] for key in COMPARED],
        }
    ).astype({"own": float, "other": float})
    return tables.table(
        frame,
        {"what": "Merkmal", "own": str(town["short_name"]), "other": name},
        f"Was die Daten sagen: {town['short_name']} und {name}",
        subtitle=f"Gemeindeverzeichnis, Bevölkerung vom {german.date(town['population_date'])}. {land}",
    )


def peer_names(peers: pd.DataFrame) -> Block | None:
    """Peers in one sentence, each a link to its guide; None without peers."""
    if peers.empty:
        return None
    names = [
        tables.link(f"kommunen/{ags}.html", name)
        for ags, name in zip(peers.index, told_apart(peers), strict=True)
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
    names = dimensions[["dimension_id", "name_de"]]
    rows = criteria.merge(names, on="dimension_id", suffixes=("", "_dimension"))
    return fragment("criteria", criteria=rows.to_dict("records"))


def letters(town: pd.Series, calls: pd.DataFrame, count: int = 3) -> Block | None:
    """Ready e-mail texts to at most `count` projects; addresses are not in the data and not invented."""
    asked = calls.drop_duplicates("project_id").head(count)
    if asked.empty:
        return None
    return fragment("letters", town=town["short_name"], letters=asked.to_dict("records"))
