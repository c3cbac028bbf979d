"""A link as a QR code in a terminal, for the telephones in the room. The one door to segno."""

from __future__ import annotations

import io

import segno


def in_terminal(link: str) -> str:
    """Return the link as a QR code of block characters, two rows of it in each line of text."""
    out = io.StringIO()
    segno.make(link, error="m").terminal(out, compact=True, border=2)
    return out.getvalue()
