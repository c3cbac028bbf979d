"""A file of an office program, made in a notebook: shown as a link, kept by whoever publishes the page."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from transferkit.present import german
from transferkit.present.records import records

CORE = "docProps/core.xml"
CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")  # some libraries write when they wrote


@dataclass(frozen=True)
class OfficeFile:
    """A file with its name for the reader; a published page links to it beside the page."""

    title: str
    kind: str  # "Word-Datei (DOCX)"
    name: str
    mimetype: str
    content: bytes = field(repr=False)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        encoded = base64.b64encode(self.content).decode("ascii")
        size = f"{german.number(len(self.content) / 1000)} kB"
        link = f'<a href="data:{self.mimetype};base64,{encoded}" download="{self.name}">'
        words = f"{escape(self.title)}: {link}{self.kind} herunterladen</a> ({size})"
        return {
            self.mimetype: encoded,
            "text/html": f'<p class="file">{words}</p>',
            "text/plain": f"{self.title}: {self.kind}, {size}",
        }


def stable(content: bytes, day: str) -> bytes:
    """The same archive with `day` (ISO) in the place of the clock: the same bytes whenever it is made."""
    moment = f"{day}T00:00:00Z".encode()
    year, month, date = (int(part) for part in day.split("-"))
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, (year, month, date, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            new.writestr(member, CLOCK.sub(rb"\g<1>" + moment, content) if name == CORE else content)
    return file.getvalue()


def citations(cited: pd.DataFrame) -> dict[str, str]:
    """Each source as one line: publisher, title, date, address; with the attribution its licence asks for."""
    lines = {}
    for row in records(cited):
        told = [
            row["publisher"],
            f"„{row['title']}“",
            german.date(row["date"]),
            row["url"],
            row["attribution_de"],
        ]
        lines[str(row["source_id"])] = ", ".join(
            str(one) for one in told if not german.is_missing(one) and str(one)
        )
    return lines
