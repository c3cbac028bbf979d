"""What a check finds: one fault, named at its place, with what would be right.

The data, the notebooks, the pages and the apps are checked by different rooms; they all report in this
form, so that one report shows them to people and machines alike.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One fault.

    `where` is a path relative to what was checked (`datasets/sources.csv`, `kommune/09181121.html`), `line`
    its line if it has one, `place` what to look for there (a row's key, an element, a cell), `rule` the name
    of the rule broken (`page.alt-text`). `text` says in German what is wrong, `remedy` what would be right.
    """

    where: str
    line: int | None
    rule: str
    place: str
    text: str
    remedy: str
