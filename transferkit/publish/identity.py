"""By which name the world knows a page: its address or, while nobody knows that, a URN of its own."""

from __future__ import annotations

from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5


def uri(site: str, address: str) -> str:
    """The full address of `address` on the site, whose own address (with / at its end) is empty if unknown.

    Without one it is a URN that stays the same for every build, so that what refers to the page still fits.
    """
    return f"{site}{quote(address, safe='/#')}" if site else urn(address)


def urn(key: str) -> str:
    """A URN made from `key` alone: the same on every machine, at any time."""
    return uuid5(NAMESPACE_URL, f"transferkit/{key}").urn
