"""A style sheet as a list of rules, each with the media it is for. The one door to tinycss2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tinycss2
from tinycss2.color4 import parse_color

GROUPS = ("media", "supports", "layer", "container", "page", "font-face", "keyframes")
SCHEMES = ("light", "dark", "print")


@dataclass(frozen=True)
class StyleRule:
    """One rule: the at-rules around it ("@media print"), selector, declarations, the lines they are on."""

    around: tuple[str, ...]
    selector: str
    declarations: Mapping[str, str]
    line: int
    lines: Mapping[str, int]

    def is_for(self, scheme: str) -> bool:
        """Whether it holds in "light", "dark" or "print"."""
        conditions = " ".join(self.around).replace(" ", "")
        if "prefers-color-scheme:dark" in conditions:
            return scheme == "dark"
        if "prefers-color-scheme:light" in conditions:
            return scheme == "light"
        if "print" in conditions:
            return scheme == "print"
        if "speech" in conditions:
            return False
        return scheme != "print" or "screen" not in conditions


@dataclass(frozen=True)
class Sheet:
    """All rules of a style sheet in order, and the addresses it names: address, line."""

    rules: tuple[StyleRule, ...]
    addresses: tuple[tuple[str, int], ...]

    @cached_property
    def tokens(self) -> Mapping[str, Mapping[str, str]]:
        """The custom properties of the whole page, by scheme: `tokens["dark"]["--ink"]`."""
        found: dict[str, dict[str, str]] = {scheme: {} for scheme in SCHEMES}
        for scheme in SCHEMES:
            for rule in self.rules:
                if rule.is_for(scheme) and rule.selector in (":root", "html"):
                    named = {name: text for name, text in rule.declarations.items() if name[:2] == "--"}
                    found[scheme].update(named)
        return found

    def colour(self, value: str, scheme: str, depth: int = 0) -> tuple[float, float, float, float] | None:
        """Red, green, blue and opacity (0 to 1) of a value, also of `var(--ink)`; None if it is no colour."""
        for node in tinycss2.parse_component_value_list(value):
            if node.type == "function" and node.lower_name == "var" and depth < 5:
                name, _, otherwise = tinycss2.serialize(node.arguments).partition(",")
                known = self.tokens[scheme].get(name.strip(), otherwise.strip())
                return self.colour(known, scheme, depth + 1) if known else None
            found = parse_color(node)
            if found is not None and found != "currentcolor" and found.space == "srgb":
                return (*found.coordinates, found.alpha)
        return None


def sheet(css: str) -> Sheet:
    """Read a style sheet."""
    nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return Sheet(tuple(_rules(nodes, ())), tuple(_addresses(nodes)))


def _rules(nodes: list[Any], around: tuple[str, ...]) -> Iterator[StyleRule]:
    for node in nodes:
        if node.type == "at-rule" and node.content is not None:
            name = f"@{node.lower_at_keyword} {tinycss2.serialize(node.prelude).strip()}".strip()
            inner = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            if any(one.type == "declaration" for one in inner):
                yield _style_rule(around, name, inner, node.source_line)
            yield from _rules(inner, (*around, name))
        elif node.type == "qualified-rule":
            inner = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            selector = tinycss2.serialize(node.prelude).strip()
            yield _style_rule(around, selector, inner, node.source_line)
            nested = [one for one in inner if one.type in ("qualified-rule", "at-rule")]
            yield from _rules(nested, around)


def _style_rule(around: tuple[str, ...], selector: str, nodes: list[Any], line: int) -> StyleRule:
    declared = {
        node.name if node.name.startswith("--") else node.lower_name: node
        for node in nodes
        if node.type == "declaration"
    }
    values = {name: tinycss2.serialize(node.value).strip() for name, node in declared.items()}
    return StyleRule(
        around, selector, values, line, {name: node.source_line for name, node in declared.items()}
    )


def _addresses(nodes: list[Any]) -> Iterator[tuple[str, int]]:
    """Whatever stands in `url(…)`, and what is imported."""
    for node in nodes:
        if node.type == "url":
            yield node.value, node.source_line
        elif node.type == "function" and node.lower_name in ("url", "src", "image-set", "-webkit-image-set"):
            yield from ((one.value, one.source_line) for one in node.arguments if one.type == "string")
            yield from _addresses(node.arguments)
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            yield from ((one.value, one.source_line) for one in node.prelude if one.type == "string")
        for part in ("prelude", "content", "value", "arguments"):
            if part != "arguments" or node.type == "function":
                inner = getattr(node, part, None)
                if isinstance(inner, list):
                    yield from _addresses(inner)
