"""What data can say to the fit check before people answer: two answers, and hints for the other questions.

Thresholds are own proposals in the table `transfer_rules`. Data never answer whether something fits; they say
how alike the conditions are, with the figures, and never more than „abweichend, anpassbar“.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

HOW = "Antworten aus dem Verhältnis der Zahlen beider Orte."
SOURCE = "Gemeindeverzeichnis"
# criterion -> what is compared: column, label, unit
COMPARED = {
    "p1": (("population", "Bevölkerung", "Personen"), ("density_per_km2", "Dichte", "Personen je km²")),
    "e6": (
        ("density_per_km2", "Dichte", "Personen je km²"),
        ("population_within_30km", "Bevölkerung im Umkreis von 30 km", "Personen"),
    ),
}


def prefill(own: pd.Series, origin: pd.Series, rules: pd.DataFrame) -> pd.DataFrame:
    """The answers the figures of two places give: criterion_id, answer_id, reason_de, source_de.

    `own`, `origin`: register rows with population, density_per_km2, population_within_30km, short_name.
    The larger of the ratios decides; a figure that is missing or 0 gives no answer.
    """
    limits = dict(zip(rules["parameter"], rules["value_default"], strict=True))
    rows = []
    for criterion, figures in COMPARED.items():
        pairs = [(own[column], origin[column], label, unit) for column, label, unit in figures]
        if any(pd.isna(a) or pd.isna(b) or not a or not b for a, b, *_ in pairs):
            continue
        ratio = max(max(float(a), float(b)) / min(float(a), float(b)) for a, b, *_ in pairs)
        reason = "; ".join(f"{label} {_whole(a)} gegen {_whole(b)} {unit}" for a, b, label, unit in pairs)
        rows.append((criterion, _answer(ratio, limits), f"{reason} ({origin['short_name']}).", SOURCE))
    return pd.DataFrame(rows, columns=["criterion_id", "answer_id", "reason_de", "source_de"], dtype="str")


def hints(own: pd.Series, origin: pd.Series, solution: pd.Series) -> pd.DataFrame:
    """What the data know that helps to answer: criterion_id, hint_de, source_ids; no answer by itself.

    `solution`: a row of `solutions`; what is not published there gives no hint.
    """
    law = _law(own, origin)
    rows = [("e1", law, None)] if law else []
    said = {
        "i4": ("technology_de", "Technik laut Quelle: {}."),
        "i6": ("cost_de", "Kosten laut Quelle: {}."),
        "t2": ("repository", "Der Code liegt hier: {}."),
    }
    for criterion, (column, sentence) in said.items():
        if pd.notna(solution[column]):
            rows.append(
                (criterion, sentence.format(str(solution[column]).rstrip(".")), solution["source_ids"])
            )
    if solution["open_source"] == "yes":
        rows.append(("i4", "Die Lösung ist quelloffen.", solution["source_ids"]))
    return pd.DataFrame(rows, columns=["criterion_id", "hint_de", "source_ids"], dtype="str")


def _answer(ratio: float, limits: Mapping[str, float]) -> str:
    if ratio <= limits["ratio_same"]:
        return "gleich"
    return "aehnlich" if ratio <= limits["ratio_similar"] else "anpassbar"


def _law(own: pd.Series, origin: pd.Series) -> str:
    """Another Land has other law; the same Land alone does not say that a transfer is allowed."""
    if pd.isna(own["land_code"]) or pd.isna(origin["land_code"]):
        return ""
    if own["land_code"] == origin["land_code"]:
        return "Beide Orte liegen im selben Land. Datenschutz und Vergabe prüfen Sie trotzdem."
    where = f"{origin['short_name']} liegt in einem anderen Land ({origin['land_name']})."
    return f"{where} Prüfen Sie das Landesrecht."


def _whole(value: object) -> str:
    return f"{float(str(value)):,.0f}".replace(",", ".")
