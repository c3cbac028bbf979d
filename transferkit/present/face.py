"""What a notebook is shown as; whoever runs it says so in the environment."""

from __future__ import annotations

import os

FACES = ("page", "app", "lab")


def face() -> str:
    """ "page", "app", or "lab" (JupyterLab) where TRANSFERKIT_FACE says nothing."""
    said = os.environ.get("TRANSFERKIT_FACE", "")
    return said if said in FACES else "lab"
