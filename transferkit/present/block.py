"""A piece of a page: what a cell shows as HTML, and as plain text where there is no HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from transferkit.origin import Data, Origin, of
from transferkit.present import disclosure, german

BASIS = {"own": "eigene Einschätzung", "mixed": "Tatsache belegt, Bewertung transferkit"}


@dataclass(frozen=True)
class Block:
    """A fragment of an article; Jupyter shows it as it is, a page takes it over.

    What it shows as a number says where that comes from (`origin`), below it and for machines.
    """

    html: str
    origin: Origin = field(default_factory=Origin)

    def resting_on(self, *sources: Data | Origin, how: str = "") -> Block:
        """The same fragment, which says that it was made from this."""
        return replace(self, origin=of(*sources, how=how))

    @property
    def text(self) -> str:
        """The words of the fragment, for consoles."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.html))).strip()

    def _repr_html_(self) -> str:
        return self.html + disclosure.html(self.origin)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return disclosure.bundle(self.origin)

    def __repr__(self) -> str:
        return self.text


class ManyTold(Block):
    """A fragment of several parts that say each where they come from."""

    def _repr_html_(self) -> str:
        return self.html


@cache
def environment() -> Environment:
    """The templates of all fragments, with the German filters they use."""
    env = Environment(
        loader=PackageLoader("transferkit.present", "fragments"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    env.filters |= {
        "number": german.number,
        "date": german.date,
        "words": german.enumerate_words,
        "sources": source_marks,
        "basis": basis_note,
        "plain": "{:g}".format,
    }
    env.tests["missing"] = german.is_missing
    return env


def compile_fragments() -> None:
    """Make all templates ready: whoever is forked from this process has them compiled."""
    for name in environment().list_templates():
        environment().get_template(name)


def fragment(template: str, **values: object) -> Block:
    """Fill the template `fragments/<template>.html.j2`."""
    return Block(environment().get_template(f"{template}.html.j2").render(**values))


def source_marks(cell: object) -> Markup:
    """`"a;b"` -> two links to the source list at the end of the page, which numbers them."""
    if german.is_missing(cell):
        return Markup("")
    links = " ".join(f'<a href="#q-{escape(key)}">Quelle</a>' for key in str(cell).split(";"))
    return Markup(f'<sup class="q">{links}</sup>')


def basis_note(basis: object) -> Markup:
    """What the reader must know about who says so: own work is always tagged."""
    words = BASIS.get(str(basis))
    return Markup('<span class="own">{}</span>').format(words) if words else Markup("")
