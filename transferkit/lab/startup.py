"""Run by each kernel of `make lab` before its first cell: hints must be there even if no cell has run."""

from transferkit.lab import hints as _hints

_hints.install()
del _hints
