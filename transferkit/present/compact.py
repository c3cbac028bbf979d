"""Many values in one short text, `a=3;b=1`: forms write them into an address, notebooks read them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches

from transferkit.errors import MethodError

LONGEST = 2_000  # characters; an address takes no more


def read(text: str, known: Collection[str], what: str, elsewhere: Collection[str] = ()) -> dict[str, str]:
    """The values by key, as text; empty text is none.

    `known` are the keys there are, `elsewhere` those of other choices, whose values are left out; `what` says
    in German what is read („Die Gewichte“). Raises MethodError for another form, an unknown key or one that
    is named twice.
    """
    found: dict[str, str] = {}
    if len(text) > LONGEST:
        raise MethodError(f"{what} sind zu lang ({len(text)} Zeichen).")
    for part in filter(None, (part.strip() for part in text.split(";"))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise MethodError(f"{what} lassen sich nicht lesen: „{part}“. Richtig ist zum Beispiel a=3;b=1.")
        if key not in known and key in elsewhere:
            continue
        if key not in known:
            near = get_close_matches(key, list(known), n=1)
            hint = f" Meinten Sie „{near[0]}“?" if near else f" Möglich: {', '.join(known)}."
            raise MethodError(f"{what}: „{key}“ gibt es nicht.{hint}")
        if key in found:
            raise MethodError(f"{what}: „{key}“ ist zweimal genannt.")
        found[key] = value
    return found


def write(values: Mapping[str, object]) -> str:
    """The values as text in their order; what is None or empty is left out."""
    return ";".join(f"{key}={value}" for key, value in values.items() if value is not None and value != "")


def meant(key: str, known: Collection[str], elsewhere: Collection[str], label: str) -> str:
    """A key that is known; one of another choice becomes the first; raises MethodError for any other."""
    if key in known:
        return key
    if key in elsewhere:
        return next(iter(known))
    near = get_close_matches(key, [*known, *elsewhere], n=1)
    hint = f"Meinten Sie „{near[0]}“?" if near else f"Möglich: {', '.join(list(known)[:12])}."
    raise MethodError(f"{label}: „{key}“ gibt es nicht. {hint}")


def number(text: str, lowest: float, highest: float, what: str) -> float:
    """A number between two limits, with a decimal comma or point; raises MethodError.

    `1.234` can be read in two ways, so it is asked about and not guessed.
    """
    if re.fullmatch(r"\s*-?\d{1,3}(\.\d{3})+\s*", text):
        bare = text.strip().replace(".", "")
        raise MethodError(
            f"{what}: „{text.strip()}“ lässt sich zweifach lesen. Schreiben Sie {bare}, ohne Punkt, "
            "oder ein Komma vor den Nachkommastellen."
        )
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise MethodError(f"{what}: „{text}“ ist keine Zahl.") from None
    if not lowest <= value <= highest:
        raise MethodError(f"{what}: {text} liegt nicht zwischen {lowest:g} und {highest:g}.")
    return value
