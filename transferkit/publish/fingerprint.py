"""What a page is made from, in short: it is unchanged as long as its key and the data it has read are."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import distributions
from pathlib import Path

from transferkit.project import PACKAGE, Toc
from transferkit.publish.page import Page

# An installed package holds notebooks and data too; those are counted on their own.
CODE = (".py", ".j2", ".css", ".js", ".html", ".svg")
NOT_CODE = ("notebooks", "datasets")


def of_bytes(content: bytes) -> str:
    """The SHA-256 of `content` as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()


def of_value(value: object) -> str:
    """The SHA-256 of anything JSON can write; the order of keys does not matter."""
    return of_bytes(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())


def program() -> dict[str, dict[str, str]]:
    """What makes pages: transferkit's code and templates by digest, Python and all packages by version."""
    code = {
        path.relative_to(PACKAGE).as_posix(): of_bytes(path.read_bytes())
        for path in PACKAGE.rglob("*")
        if path.suffix in CODE and path.relative_to(PACKAGE).parts[0] not in NOT_CODE
    }
    packages = {one.name: one.version for one in reversed(list(distributions()))}  # the first found counts
    return {"code": code, "packages": packages, "python": {"Python": platform.python_version()}}


def of_program() -> str:
    """One digest of `program`."""
    return of_value(program())


def of_file(path: Path) -> str:
    """The SHA-256 of a file, or no digest for a file that does not exist."""
    return of_bytes(path.read_bytes()) if path.is_file() else ""


def of_notebook(path: Path) -> str:
    """The digest of a notebook file with the pictures it names; no digest for a file that does not exist."""
    if not path.is_file():
        return ""
    content = path.read_bytes()
    named = sorted(set(re.findall(rb"\]\((pictures/[\w-]+\.webp)\)", content)))
    if not named:
        return of_bytes(content)
    files = [path.parent / name.decode() for name in named]
    return of_value([of_bytes(content), *map(of_file, files)])


@dataclass(frozen=True)
class Origin:
    """What a whole site is made from: digests of the program and of each guide's notebook.

    `key` stands for all of it, the data and the table of contents too: as long as it is the same, all pages
    are, but those made on request.
    """

    program: str
    notebooks: Mapping[str, str]
    key: str


def origin(toc: Toc, folder: Path, data: Mapping[str, str]) -> Origin:
    """The origin of a site with notebooks in `folder` and digests `data`, as it is now."""
    program = of_program()
    notebooks = {guide.name: of_notebook(folder / guide.notebook) for guide in toc.guides}
    return Origin(program, notebooks, of_value([asdict(toc), data, notebooks, program]))


def of_page(page: Page, notebook: str, program: str) -> str:
    """What a page is made from but data: its title and parameters, the digests of notebook and program."""
    return of_value([vars(page), notebook, program])
