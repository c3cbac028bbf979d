"""Whether colours can be told from their ground, by the formula of WCAG 2.1: light, dark and printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transferkit.publish.check.sheet import SCHEMES, Sheet, StyleRule

TEXT, SIGN = 4.5, 3.0
Colour = tuple[float, float, float, float]
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
DARK_CANVAS: Colour = (0.07, 0.07, 0.07, 1.0)  # what browsers paint when a page only says color-scheme: dark
SURFACES = ("--ground", "--panel")  # all that text may stand on; what these pages call it
SIGNS = re.compile(r"--(theme-|accent$)")  # colours of lines, bars and dots
TOKEN = re.compile(r"var\((--[\w-]+)\)")
LARGE = re.compile(r"([\d.]+)(rem|em|px|pt)")
ROOT = ("html", "body", ":root")
IN_GERMAN = {"light": "hell", "dark": "im Dunkelmodus", "print": "gedruckt"}
REMEDY = "Wählen Sie eine Farbe, die sich stärker vom Grund abhebt."


@dataclass(frozen=True)
class Faint:
    """A colour that is too close to its ground."""

    place: str
    scheme: str
    ratio: float
    needed: float
    line: int


def said(ratio: float, scheme: str, needed: float = TEXT) -> str:
    """The finding in words."""
    # Rounded down: what is too little must not look like enough.
    shown = f"{int(ratio * 10) / 10:.1f}".replace(".", ",")
    least = f"{needed:.1f}".replace(".", ",").removesuffix(",0")
    return f"Der Kontrast ist {IN_GERMAN[scheme]} nur {shown} zu 1; nötig sind {least} zu 1."


def faults(sheet: Sheet) -> Iterator[Faint]:
    """The colours of a style sheet that are too close to their ground, once for each scheme."""
    for scheme in SCHEMES:
        surfaces = _surfaces(sheet, scheme)
        of_rules = [
            faint
            for rule in sheet.rules
            if rule.is_for(scheme) and ":disabled" not in rule.selector
            for faint in _of_rule(sheet, rule, scheme, surfaces)
        ]
        yield from dict.fromkeys(of_rules)  # a token is used in many places
        for name, value in sheet.tokens[scheme].items():
            if SIGNS.match(name) and (colour := sheet.colour(value, scheme)):
                yield from _faint(
                    f"{name}:{value}", colour, surfaces, scheme, SIGN, _line_of(sheet, name, scheme)
                )


def of_drawing(sheet: Sheet, fill: str) -> Iterator[tuple[str, float]]:
    """Schemes in which words of a drawing, in this colour, are too faint on the page, with the contrast."""
    for scheme in ("light", "dark"):
        colour = sheet.colour(fill, scheme)
        ground = _root_ground(sheet, scheme)
        if colour and ratio(colour, ground) < TEXT:
            yield scheme, ratio(colour, ground)


def ratio(one: Colour, other: Colour) -> float:
    """The contrast of two colours, 1 to 21; the first lies on the second."""
    lighter, darker = sorted((_luminance(_over(one, other)), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _of_rule(sheet: Sheet, rule: StyleRule, scheme: str, surfaces: list[Colour]) -> Iterator[Faint]:
    declared = rule.declarations
    own = sheet.colour(declared.get("background-color") or declared.get("background", ""), scheme)
    grounds = [own] if own and own[3] == 1 else surfaces
    if colour := sheet.colour(declared.get("color", ""), scheme):
        needed = SIGN if _is_large(declared.get("font-size", "")) else TEXT
        place, line = f"{rule.selector}{{color:{declared['color']}}}", rule.lines["color"]
        if own is None and (token := TOKEN.fullmatch(declared["color"])) and token[1] in sheet.tokens[scheme]:
            place, line = f"{token[1]}:{sheet.tokens[scheme][token[1]]}", _line_of(sheet, token[1], scheme)
        yield from _faint(place, colour, grounds, scheme, needed, line)
    if ":focus" in rule.selector and (ring := sheet.colour(declared.get("outline", ""), scheme)):
        yield from _faint(f"{rule.selector}{{outline}}", ring, surfaces, scheme, SIGN, rule.line)


def _faint(
    place: str, colour: Colour, grounds: list[Colour], scheme: str, needed: float, line: int
) -> Iterator[Faint]:
    least = min(ratio(colour, ground) for ground in grounds)
    if colour[3] > 0 and least < needed:
        yield Faint(place, scheme, least, needed, line)


def _surfaces(sheet: Sheet, scheme: str) -> list[Colour]:
    named = [sheet.tokens[scheme].get(name, "") for name in SURFACES]
    found = [sheet.colour(value, scheme) for value in named if value]
    return [_root_ground(sheet, scheme), *(colour for colour in found if colour)]


def _root_ground(sheet: Sheet, scheme: str) -> Colour:
    ground = WHITE
    for rule in sheet.rules:
        if rule.is_for(scheme) and rule.selector in ROOT:
            declared = rule.declarations
            if scheme == "dark" and "dark" in declared.get("color-scheme", ""):
                ground = DARK_CANVAS
            value = declared.get("background-color") or declared.get("background", "")
            if (colour := sheet.colour(value, scheme)) and colour[3] == 1:
                ground = colour
    return ground


def _line_of(sheet: Sheet, name: str, scheme: str) -> int:
    lines = [rule.lines[name] for rule in sheet.rules if name in rule.lines and rule.is_for(scheme)]
    return lines[-1] if lines else 1


def _is_large(size: str) -> bool:
    """Whether letters are at least 24 pixels high."""
    found = LARGE.fullmatch(size)
    return found is not None and float(found[1]) * {"rem": 16, "em": 16, "px": 1, "pt": 4 / 3}[found[2]] >= 24


def _over(colour: Colour, ground: Colour) -> Colour:
    red, green, blue = (
        c * colour[3] + g * (1 - colour[3]) for c, g in zip(colour[:3], ground[:3], strict=True)
    )
    return red, green, blue, 1.0


def _luminance(colour: Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
