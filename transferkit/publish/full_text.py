"""Full-text search over theme, solution and project pages, for sites served by http (Pagefind)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from transferkit.errors import BuildError
from transferkit.publish.page import Page

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
    where = "{" + ",".join(sorted(folders)) + "}/*.html"
    command = [sys.executable, "-m", "pagefind", "--site", str(folder), "--glob", where]
    command += ["--force-language", "de", "--quiet"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise BuildError(
            f"Die Volltextsuche ließ sich nicht anlegen: {run.stderr.strip() or run.stdout.strip()}"
        )
