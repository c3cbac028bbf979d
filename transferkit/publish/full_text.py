"""Full-text search over theme, solution and project pages, for sites served by http (Pagefind)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from transferkit.errors import BuildError


def index(folder: Path) -> None:
    """Index every page that carries `data-pagefind-body` into `folder`/pagefind.

    Municipality guides carry none: they are found by name. Raises BuildError if Pagefind fails.
    """
    if not any(folder.glob("*/*.html")):
        return
    command = [sys.executable, "-m", "pagefind", "--site", str(folder), "--force-language", "de", "--quiet"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise BuildError(
            f"Die Volltextsuche ließ sich nicht anlegen: {run.stderr.strip() or run.stdout.strip()}"
        )
