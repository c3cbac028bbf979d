"""Start JupyterLab on the welcome notebook: `make lab`, `transferkit lab`.

JupyterLab is told to ask nobody for news or updates; what it shows comes from this machine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from transferkit.lab import folder

HERE = Path(__file__).parent


def options(where: Path) -> list[str]:
    """Return the options JupyterLab is started with."""
    # In a container everybody is root; the server listens to this machine only, and asks for its token.
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [
        *root,
        f"--ServerApp.root_dir={where}",
        f"--LabApp.default_url=/lab/tree/{folder.WELCOME}",
        f"--LabApp.app_settings_dir={HERE / 'settings'}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
        "--ServerApp.log_level=WARN",
        # With it „Alles zurücksetzen“ can show the restored notebook at once.
        "--LabApp.expose_app_in_browser=True",
    ]


def run(where: Path | None = None, further: Sequence[str] = ()) -> None:
    """Fill the folder (default: the person's own) and serve it until somebody stops; WorkshopError if it
    cannot be written to. `further` are options of JupyterLab itself."""
    where = (where or folder.default()).expanduser().resolve()
    folder.prepare(where)
    os.environ[folder.VARIABLE] = str(where)
    os.environ["PYTHONSTARTUP"] = str(HERE / "startup.py")
    # Notebooks and library belong together, wherever the kernel is started.
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(argv=[*options(where), *further])
