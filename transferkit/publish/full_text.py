"""Full-text search over theme, solution and project pages, for sites served by http (Pagefind).

Pagefind is asked for the files and does not write them itself: on a full disk it would leave them empty and
call that a success, and after the end of a killed build it would go on writing into the next one's folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from jupyter_core.utils import run_sync
from pagefind.index import IndexConfig
from pagefind.service import PagefindService
from pagefind.service.types import InternalDecodedFile

from transferkit.errors import BuildError
from transferkit.publish import storage
from transferkit.publish.page import Page

FOLDER = "pagefind"
FOUND_BY_NAME = "municipality-guide"


def index(folder: Path, pages: Iterable[Page]) -> None:
    """Index the pages that carry `data-pagefind-body` into `folder`/pagefind.

    Municipality guides carry none: they are found by name, and to look at ten thousand of them takes minutes.
    Raises BuildError if Pagefind fails.
    """
    searched = [page.address for page in pages if page.guide != FOUND_BY_NAME]
    folders = {str(PurePosixPath(address).parent) for address in searched if (folder / address).is_file()}
    if not folders:
        return
    try:
        files = run_sync(_files)(folder, "{" + ",".join(sorted(folders)) + "}/*.html")
    except Exception as error:  # whatever it raises: a missing program, a message it sends back, its own end
        raise BuildError(f"Die Volltextsuche ließ sich nicht anlegen: {error}") from error
    for file in files:
        storage.write(folder / FOLDER / file["path"], file["content"])


async def _files(folder: Path, where: str) -> list[InternalDecodedFile]:
    async with PagefindService() as service:
        index = await service.create_index(IndexConfig(force_language="de"))
        await index.add_directory(str(folder), glob=where)
        return await index.get_files()
