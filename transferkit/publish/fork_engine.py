"""papermill's engine `fork`: `papermill IN OUT --engine fork` takes the kernel from a process that is ready.

papermill loads this module by its entry point while it is itself still loading, so it is imported late here.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from nbformat import NotebookNode

from transferkit.publish.forkserver import ForkRefusedError, ForkServer, is_possible
from transferkit.publish.line_client import ForkedKernel

NAME = "fork"


class ForkEngine:
    """papermill's own engine on a forked kernel; on a fresh one where none can be forked, saying so once.

    `peak_mb` is the most memory the last forked kernel had, in MB.
    """

    peak_mb = 0
    server = ForkServer(("transferkit.preload:preload", "transferkit.publish.line_kernel:prepare"))

    @classmethod
    def get_ready(cls) -> None:
        """Start what the first notebook would have to wait for."""
        if is_possible():
            cls.server.start()

    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, *, memory_mb: int | None = None, **settings: Any
    ) -> Any:
        """Return the executed notebook; `memory_mb` limits the kernel's own data."""
        from papermill.engines import NBClientEngine

        from transferkit.publish.fork_client import ForkClientEngine

        if is_possible():
            kernel = ForkedKernel(cls.server, memory_mb)
            try:
                with kernel:
                    return ForkClientEngine.execute_notebook(nb, kernel_name, km=kernel, **settings)
            except ForkRefusedError as refusal:
                say_once(f"Kein Vorladen möglich: {refusal}. Jedes Notizbuch startet einen eigenen Prozess.")
            finally:
                cls.peak_mb = kernel.peak_mb
        else:
            say_once("Dieses System kennt kein Vorladen. Jedes Notizbuch startet einen eigenen Prozess.")
        return NBClientEngine.execute_notebook(nb, kernel_name, **settings)

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> Any:
        """The kernel a notebook asks for, as papermill's engine finds it."""
        from papermill.engines import NBClientEngine

        return NBClientEngine.nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> Any:
        """The language of a notebook, as papermill's engine finds it."""
        from papermill.engines import NBClientEngine

        return NBClientEngine.nb_language(nb, language)


@cache
def say_once(message: str) -> None:
    """Print the message to standard error, the first time only."""
    print(message, file=sys.stderr)
