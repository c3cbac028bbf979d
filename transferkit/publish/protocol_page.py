"""The protocol of a workshop: a page and the files its notebook attaches, written beside each other."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Final

from transferkit.errors import BuildError
from transferkit.project import Toc, notebooks_folder
from transferkit.publish import render
from transferkit.publish.attachments import attachments
from transferkit.publish.execute import execute
from transferkit.publish.page import Page

NOTEBOOK: Final = "workshops/workshop-results.ipynb"
ADDRESS: Final = "protokoll.html"


def write(results: Path, title: str, toc: Toc, folder: Path) -> list[Path]:
    """Run the notebook over a file of results; returns the files, the page first.

    Raises CellError for a notebook that fails, BuildError for a folder that cannot be written to.
    """
    executed = execute(notebooks_folder() / NOTEBOOK, {"results": str(results.resolve())})
    page = Page(
        address=ADDRESS,
        title=f"Protokoll: {title}",
        guide="workshop-results",
        group="",
        group_page="",
        label=title,
        edition=toc.edition,
        site_title=toc.title,
        version=version("transferkit"),
        alone=True,
    )
    html = render.page(executed, page, known=()).encode()
    files = {ADDRESS: html, **attachments(executed, ADDRESS)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise BuildError(f"In {folder} lässt sich nicht schreiben ({error.strerror}).") from error
    return [folder / name for name in files]
