"""The sitemap: all addresses of the site, for search engines."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote
from xml.sax.saxutils import escape

WITHOUT_ADDRESS = (
    "<!-- Suchmaschinen verlangen volle Adressen: "
    "Tragen Sie die Adresse der Site unter [site] in toc.toml ein. -->\n"
)


def sitemap(addresses: Iterable[str], site: str, edition: str) -> str:
    """The XML; `site` is the address of the site, empty if nobody knows: then it says what is missing."""
    rows = "".join(
        f"<url><loc>{escape(site + quote(address))}</loc><lastmod>{edition}</lastmod></url>\n"
        for address in addresses
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{"" if site else WITHOUT_ADDRESS}'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )
