"""The forms there are, and reading a filled one with all its checks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from transferkit.knowledge.workbook import applications, experience, filled, fit, impact, personal
from transferkit.knowledge.workbook.form import Filled, Form

FORMS: dict[str, Callable[[], Form]] = {
    "experience": experience.form,
    "fit": fit.form,
    "impact": impact.form,
    "applications": applications.form,
}
PUBLISHED = {"experience", "applications"}  # what others will read


def read(path: Path, *, confirmed: bool = False) -> Filled:
    """Read a filled form; see `filled.read`.

    UnsoundError also for what looks like data about people in a form that others will read, unless somebody
    `confirmed` that it may be published; see `personal` for what is recognised.
    """
    found = filled.read(path, FORMS)
    flagged = [] if confirmed or found.form.kind not in PUBLISHED else personal.findings(found)
    if flagged:
        raise filled.UnsoundError(path.name, flagged)
    return found
