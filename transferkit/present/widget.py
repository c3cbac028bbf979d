"""What a browser and a kernel share: the one door to widgets."""

from __future__ import annotations

from anywidget import AnyWidget

__all__ = ["WIDGET", "AnyWidget"]

WIDGET = "application/vnd.jupyter.widget-view+json"
