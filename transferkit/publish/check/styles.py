"""What a page's style must leave to its readers: contrast, focus, calm, 320 pixels, paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from transferkit.finding import Finding
from transferkit.publish.check import contrast, loading
from transferkit.publish.check.document import Document
from transferkit.publish.check.sheet import Sheet, StyleRule, sheet

NARROW = 320  # CSS pixels
REM = 16
SIZE = re.compile(r"([\d.]+)(px|rem|em)")
STRING = re.compile(r'(content\s*:\s*)"(?:[^"\\]|\\.)*"')
MOVING = ("animation", "animation-name", "transition", "transition-property", "scroll-behavior")
STILL = {"none", "auto", "initial", "0s", "unset"}
NO_LINE = re.compile(r"(none|0(px)?)(\s|$)")


@dataclass(frozen=True)
class Fault:
    """A fault in a style sheet, its line counted within the sheet."""

    rule: str
    place: str
    text: str
    remedy: str
    line: int


def findings(document: Document, may_load: bool) -> Iterator[Finding]:
    """What is wrong; `may_load` if a server stands behind the page."""
    sheets = document.all("style")
    # A page's own words in the print margin are no part of its style: so all pages of a kind share one check.
    css = STRING.sub(r'\1""', "\n".join(style.text or "" for style in sheets))
    first = sheets[0] if sheets else None
    for fault in faults(css, may_load):
        line = None if first is None else first.sourceline + fault.line - 1
        yield Finding(document.address, line, fault.rule, fault.place, fault.text, fault.remedy)
    for element, value in document.attributes.get("style", ()):
        for fault in _inline(value, may_load):
            yield document.finding(fault.rule, element, fault.text, fault.remedy, f'style="{value}"')
    words = [(one, fill) for one, fill in document.attributes.get("fill", ()) if one.tag == "text"]
    for text, fill in words:
        for scheme, ratio in _faint(css, fill):
            yield document.finding("page.contrast", text, contrast.said(ratio, scheme), contrast.REMEDY, fill)


@lru_cache(maxsize=64)
def _sheet(css: str) -> Sheet:
    return sheet(css)


@lru_cache(maxsize=256)
def _faint(css: str, fill: str) -> tuple[tuple[str, float], ...]:
    """Where words of a drawing are too faint; drawings have many words in few colours."""
    return tuple(contrast.of_drawing(_sheet(css), fill))


@lru_cache(maxsize=64)
def faults(css: str, may_load: bool) -> tuple[Fault, ...]:
    """What is wrong with a style sheet; asked thousands of times of the same one."""
    read = _sheet(css)
    return (
        *_contrasts(read),
        *_focus(read),
        *_motion(read),
        *_widths(read),
        *_print(read),
        *_loads(read, may_load),
    )


def _contrasts(read: Sheet) -> Iterator[Fault]:
    for fault in contrast.faults(read):
        text = contrast.said(fault.ratio, fault.scheme, fault.needed)
        yield Fault("page.contrast", fault.place, text, contrast.REMEDY, fault.line)


def _focus(read: Sheet) -> Iterator[Fault]:
    for rule in read.rules:
        said = rule.declarations
        lines = (said.get(name, "") for name in ("outline", "outline-width", "outline-style"))
        hides = any(NO_LINE.match(line) for line in lines)
        instead = any(name.startswith(("box-shadow", "border", "background")) for name in said)
        if hides and not instead and ":not(:focus-visible)" not in rule.selector:
            yield Fault(
                "page.focus",
                f"{rule.selector}{{outline:{said.get('outline', 'none')}}}",
                "Der Rahmen um das Element mit dem Tastaturfokus ist abgeschaltet.",
                "Streichen Sie outline:none.",
                rule.line,
            )
    if not any(":focus-visible" in rule.selector for rule in read.rules):
        yield Fault(
            "page.focus",
            ":focus-visible",
            "Die Seite zeichnet den Tastaturfokus nicht aus.",
            "Ergänzen Sie :focus-visible{outline:3px solid …}.",
            1,
        )


def _motion(read: Sheet) -> Iterator[Fault]:
    everything = [" ".join(rule.around).replace(" ", "") for rule in read.rules]
    is_calmed = any("prefers-reduced-motion:reduce" in around for around in everything)
    for rule, around in zip(read.rules, everything, strict=True):
        moving = [name for name in MOVING if rule.declarations.get(name, "none").split()[0] not in STILL]
        if moving and not is_calmed and "prefers-reduced-motion" not in around:
            yield Fault(
                "page.motion",
                f"{rule.selector}{{{moving[0]}:{rule.declarations[moving[0]]}}}",
                "Das bewegt sich auch bei Menschen, die weniger Bewegung eingestellt haben.",
                "Setzen Sie es in @media (prefers-reduced-motion:no-preference){…}.",
                rule.line,
            )


def _widths(read: Sheet) -> Iterator[Fault]:
    for rule in read.rules:
        if rule.is_for("light") and "min-width" not in " ".join(rule.around):
            yield from _fixed_width(rule)


def _fixed_width(rule: StyleRule) -> Iterator[Fault]:
    said = rule.declarations
    for name in ("width", "min-width"):
        size = SIZE.fullmatch(said.get(name, ""))
        pixels = float(size[1]) * (1 if size[2] == "px" else REM) if size else 0
        if pixels > NARROW and not (name == "width" and "max-width" in said):
            yield Fault(
                "page.width",
                f"{rule.selector}{{{name}:{said[name]}}}".removeprefix("{"),
                f"Das ist breiter als ein kleines Telefon ({NARROW} Pixel).",
                "Nehmen Sie max-width oder min(…, 100%).",
                rule.line,
            )


def _print(read: Sheet) -> Iterator[Fault]:
    if not any("print" in around for rule in read.rules for around in rule.around):
        yield Fault(
            "page.print", "@media print", "Die Seite hat keinen Stil für den Druck.", "Ergänzen Sie ihn.", 1
        )


def _loads(read: Sheet, may_load: bool) -> Iterator[Fault]:
    for address, line in read.addresses:
        if loading.is_foreign(address):
            yield Fault("page.third-party", f"url({address})", loading.FOREIGN, loading.REMEDY, line)
        elif not may_load and not address.startswith(("data:", "#")):
            yield Fault("page.whole", f"url({address})", loading.BESIDE, loading.WITHIN, line)


@lru_cache(maxsize=4096)
def _inline(value: str, may_load: bool) -> tuple[Fault, ...]:
    """What is wrong with a `style` attribute; its colours depend on what is around it."""
    if not ("url" in value or "width" in value or "outline" in value):
        return ()
    read = sheet(f"x{{{value}}}")
    return (
        *_widths(read),
        *(fault for fault in _focus(read) if "outline:" in fault.place),
        *_loads(read, may_load),
    )
