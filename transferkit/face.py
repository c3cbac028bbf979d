"""Which of its three faces a notebook shows: page, app, or JupyterLab.

Whoever starts a kernel says so in the environment variable TRANSFERKIT_FACE, "page" or "app"; a kernel
without it belongs to a person at work.
"""

from __future__ import annotations

import os
import sys
from typing import Any


def name() -> str:
    """Return "page", "app", or "lab" for a kernel nobody told anything else; "page" outside of a kernel."""
    return os.environ.get("TRANSFERKIT_FACE") or ("lab" if kernel() else "page")


def is_lab() -> bool:
    """Say whether a person can fill in forms here."""
    return name() == "lab"


def is_session() -> bool:
    """Say whether a person runs the cells of this kernel: JupyterLab has opened the notebook."""
    return is_lab() and bool(os.environ.get("JPY_SESSION_NAME"))


def kernel() -> Any | None:
    """Return the Jupyter kernel this process is, None in a terminal, a script or a forked build."""
    ipython = sys.modules.get("IPython")  # nobody is in a kernel without it; importing it costs time
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None)
