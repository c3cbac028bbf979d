"""Pages that were published once and are not any more: their addresses go on saying so.

Somebody has linked to them, or printed them in a paper for the council. An address never changes its meaning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from transferkit.publish import storage


@dataclass(frozen=True)
class Gone:
    """A page that is no more: where it stood, what it was called, and the first edition without it."""

    address: str
    title: str
    edition: str


def gone(
    published: Mapping[str, str],
    before: Iterable[Gone],
    planned: Collection[str],
    present: Collection[str],
    edition: str,
) -> list[Gone]:
    """All pages that are no more, by address: `published` titles by address that are not `planned` any more.

    `before`: those that were gone already. One that is planned again comes back when it is `present`: it may
    have failed.
    """
    still = [one for one in before if one.address not in present]
    now = [Gone(address, title, edition) for address, title in published.items() if address not in planned]
    return sorted([*still, *now], key=lambda one: one.address)


def write(folder: Path, pages: Iterable[Gone], environment: Environment, site_title: str) -> None:
    """Write a page at each of these addresses that says that it is no more; none if a page is there again."""
    template = environment.get_template("gone.html.j2")
    for one in pages:
        path = folder / one.address
        if not path.exists():
            up = "../" * one.address.count("/")
            storage.write(path, template.render(gone=one, up=up, site_title=site_title).encode())
