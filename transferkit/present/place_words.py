"""How to speak of a place, whatever it is: „Der Landkreis Bamberg hat“, „Ihr Kreis“, „für das Amt Eider“."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from transferkit.present import german
from transferkit.present.records import cells

KIND = (
    "^(?:(?:Vereinbarte )?Verwaltungsgemeinschaft|Gemeindeverwaltungsverband|Verwaltungsverband|"
    "Verbandsgemeinde|Samtgemeinde|Kirchspielslandgemeinde|Erfüllende Gemeinde|Amt|Landkreis|Kreis) "
    "(?:der (?:Stadt|Gemeinde) )?"
)
DATIVE = {"der": "dem ", "die": "der ", "das": "dem "}
YOURS = {"gemeinde": "Ihre Kommune", "kreis": "Ihr Kreis", "verband": "Ihr Verband"}
PEERS = {"gemeinde": "Vergleichskommunen", "kreis": "Vergleichskreise", "verband": "Vergleichsverbände"}
MIDDLE = {
    "gemeinde": "die mittlere Vergleichskommune",
    "kreis": "der mittlere Vergleichskreis",
    "verband": "der mittlere Vergleichsverband",
}


def level(town: pd.Series) -> str:
    """gemeinde, kreis, verband or auswahl; a bare register row is a gemeinde."""
    return str(town.get("level", "gemeinde"))


def compared_as(town: pd.Series) -> str:
    """The level its peers have: gemeinde, kreis or verband."""
    return str(town.get("compared_as", "gemeinde"))


def subject(town: pd.Series) -> str:
    """`Fuchstal` or `Der Landkreis Bamberg`, to begin a sentence."""
    article = _article(town)
    return f"{article.capitalize()} {town['short_name']}".lstrip()


def accusative(town: pd.Series) -> str:
    """`für` Fuchstal, den Landkreis Bamberg, die Samtgemeinde Brome."""
    article = _article(town)
    return f"{'den' if article == 'der' else article} {town['short_name']}".lstrip()


def dative(town: pd.Series) -> str:
    """`aus` Fuchstal, dem Landkreis Bamberg, der Samtgemeinde Brome."""
    return f"{DATIVE.get(_article(town), '')}{town['short_name']}"


def has(town: pd.Series) -> str:
    """The verb: a set of places is many."""
    return "haben" if level(town) == "auswahl" else "hat"


def is_(town: pd.Series) -> str:
    """The verb: a set of places is many."""
    return "sind zusammen" if level(town) == "auswahl" else "ist"


def yours(town: pd.Series) -> str:
    """`Ihre Kommune`, `Ihr Kreis`, `Ihr Verband`, `Ihr Zusammenschluss`."""
    return YOURS.get(level(town), "Ihr Zusammenschluss")


def peers(town: pd.Series) -> str:
    """`Vergleichskommunen`, `Vergleichskreise`, `Vergleichsverbände`."""
    return PEERS[compared_as(town)]


def middle_peer(town: pd.Series) -> str:
    """`die mittlere Vergleichskommune` or what else stands in the middle of the peers."""
    return MIDDLE[compared_as(town)]


def told_apart(peers: pd.DataFrame) -> pd.Series:
    """Short names, with the Kreis where two places have the same."""
    names = [str(name) for name in cells(peers["short_name"])]
    count = Counter(names)
    told = [
        name if count[name] == 1 else f"{name} ({kreis})"
        for name, kreis in zip(names, cells(peers["kreis"]), strict=True)
    ]
    return pd.Series(told, index=peers.index, dtype="str")


def without_kind(names: pd.Series, compared_as: str) -> pd.Series:
    """`Wolfach` for `Vereinbarte Verwaltungsgemeinschaft der Stadt Wolfach`: a drawing on a phone has room
    for little. Municipalities and names that would become equal stay as they are."""
    if compared_as == "gemeinde":
        return names
    bare = names.str.replace(KIND, "", regex=True)
    return bare.where(~bare.duplicated(keep=False), names)


def variable_words(model: pd.DataFrame, level: str) -> dict[str, tuple[str, str]]:
    """How to call each variable of the peer model for places of this level: label and unit."""
    columns = (cells(model[name]) for name in ("level", "variable", "label_de", "unit_de"))
    rows = zip(*columns, strict=True)
    return {str(name): (str(label), str(unit)) for at, name, label, unit in rows if at == level}


def reason(
    town: Mapping[Any, Any],
    other: Mapping[Any, Any],
    variables: Sequence[str],
    words: Mapping[str, tuple[str, str]],
    count: int,
) -> str:
    """`Bevölkerung (4.301 gegen 5.120 Personen)`, for the first `count` variables, called by `words`.

    That two cities are both 0 km from the next city is left out: it tells nobody anything.
    """
    variables = [v for v in variables if town[v] != 0 or other[v] != 0][:count]
    parts = [
        f"{words[v][0]} ({german.number(town[v])} gegen {german.number(other[v])} {words[v][1]})"
        for v in variables
    ]
    return ", ".join(parts)


def _article(town: pd.Series) -> str:
    return str(town.get("article", "") or "")
