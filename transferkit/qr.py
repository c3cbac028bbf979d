"""A link as a QR code, for the telephones in the room: in a terminal or on a page. The one door to segno."""

from __future__ import annotations

import io

import segno


def in_terminal(link: str) -> str:
    """Return the link as a QR code of block characters, two rows of it in each line of text."""
    out = io.StringIO()
    segno.make(link, error="m").terminal(out, compact=True, border=2)
    return out.getvalue()


def svg(link: str) -> str:
    """Return the link as an SVG, black on white in any colour scheme, as large as its box (class `qr`)."""
    code = segno.make(link, error="m", micro=False)
    return code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
