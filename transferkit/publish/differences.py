"""What another machine's program has otherwise, in German: the message of a worker that cannot take part."""

from __future__ import annotations

from collections.abc import Mapping

OWN = "transferkit"
NAMED = 3  # differences; who has more sets the machine up anew anyway
NONE = "nicht vorhanden"

Program = Mapping[str, Mapping[str, str]]  # see `fingerprint.program`


def differences(ours: Program, theirs: Program) -> str:
    """„pandas 2.2.0 statt 3.1.1“: the most telling differences, and how many more; empty if there is none."""
    found = [
        f"{name} {theirs[kind].get(name, NONE)} statt {ours[kind].get(name, NONE)}"
        for kind in ("python", "packages")
        for name in _unlike(ours[kind], theirs[kind])
    ]
    found.sort(key=lambda text: not text.startswith(OWN))
    if code := _unlike(ours["code"], theirs["code"]):
        found.insert(0, f"der Code von {OWN} ist ein anderer ({_listed(code)})")
    return _listed(found)


def _unlike(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def _listed(texts: list[str]) -> str:
    more = len(texts) - NAMED
    return ", ".join(texts[:NAMED]) + (f" und {more} weitere" if more > 0 else "")
