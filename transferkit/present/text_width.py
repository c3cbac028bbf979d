"""How wide letters are, so that a drawing can leave room for words before anything is drawn.

In Arial, which Liberation Sans and Helvetica have the widths of; whatever fonts a machine has, a page is the
same.
"""

from __future__ import annotations

SIZE = 13  # px
# Advance widths in thousandths of the size; letters not listed are 556 wide, capitals 667.
WIDTHS = {
    letter: width
    for width, letters in {
        222: "ijl",
        278: " .,:;/ftI!",
        333: "-()r",
        500: "Jckvsxyz",
        611: "FTZ",
        722: "wCDHKNRUÜ",
        778: "GOÖQ",
        833: "mM",
        944: "W",
        1000: "…—",
    }.items()
    for letter in letters
}


def width(text: str) -> float:
    """The width of a line in px."""
    return sum(WIDTHS.get(letter, 667 if letter.isupper() else 556) for letter in text) * SIZE / 1000


def cut(text: str, limit: float) -> str:
    """The text, or as much of its beginning as fits into `limit` px with an ellipsis."""
    if width(text) <= limit:
        return text
    kept = text
    while kept and width(kept + "…") > limit:
        kept = kept[:-1]
    return kept.rstrip() + "…"
