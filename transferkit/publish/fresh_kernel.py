"""A fresh kernel process of its own for a notebook: how it is started, limited and kept from all others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

from transferkit.publish import private_folder

# Set before a kernel's first import. One thread per kernel: more would fight over
# the processor with the kernels beside it (four times the time, measured on two busy cores).
# A fixed hash seed: sets come in the same order in every kernel, so a page is the same bytes in every build.
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


class OwnInterpreter(AsyncKernelManager):
    """Starts the kernel with the interpreter that runs the build, whatever kernels a user has installed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), **settings)
        assert self.kernel_spec is not None
        self.kernel_spec.env = KERNEL_ENVIRONMENT
        # A fresh kernel is a fresh one, also for those who made warm ones their default.
        self.kernel_spec.metadata = {"kernel_provisioner": {"provisioner_name": "local-provisioner"}}

    async def _async_pre_start_kernel(self, **settings: Any) -> Any:
        private = Path(self.connection_file).parent
        private_folder.remove_abandoned()
        private.mkdir(mode=0o700)
        return await super()._async_pre_start_kernel(**settings)


@contextmanager
def folder() -> Iterator[Path]:
    """Name a folder for the sockets of one kernel: made when a fresh kernel starts, gone after the block."""
    private = private_folder.path()
    try:
        yield private
    finally:
        shutil.rmtree(private, ignore_errors=True)


def settings(private: Path) -> Config:
    """Sockets in a private folder: TCP ports collide when kernels start side by side (papermill #511)."""
    return Config(
        KernelManager={
            "transport": "ipc",
            "ip": str(private / "k"),
            "connection_file": str(private / "kernel.json"),
        }
    )


def arguments(private: Path, memory_mb: int) -> list[str]:
    """What the kernel is told before its first cell."""
    limit = memory_mb * 1024 * 1024
    before_first_cell = [
        # RLIMIT_DATA counts what the kernel writes to, unlike RLIMIT_AS, which counts mere reservations.
        f"__import__('resource').setrlimit(__import__('resource').RLIMIT_DATA, ({limit}, {limit}))",
        # PR_SET_PDEATHSIG: the kernel dies with the build even when both are killed at once (Linux only).
        "getattr(__import__('ctypes').CDLL(None), 'prctl', lambda *_: 0)(1, 9)",
    ]
    return [
        f"--ipython-dir={private}",  # no user profile, no startup files, no race for the profile's folder
        "--HistoryManager.enabled=False",
        *(f"--IPKernelApp.exec_lines={line}" for line in before_first_cell),
    ]
