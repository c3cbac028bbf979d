"""Kernels for Voila and JupyterLab that are there at once: forked from a process that has everything loaded.

Jupyter finds this provisioner by its entry point `transferkit-fork`; with the environment variable
JUPYTER_DEFAULT_PROVISIONER_NAME=transferkit-fork it serves every Python kernel of this interpreter. What
comes out is an ordinary ipykernel. It talks over sockets in a private folder of its own, so that kernels
cannot race for ports. Where nothing can be forked, a kernel starts as usual, and that is said once.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from transferkit.publish import private_folder
from transferkit.publish.fork_engine import say_once
from transferkit.publish.forkserver import ENVIRONMENT, Child, ForkRefusedError, ForkServer, is_possible

NAME = "transferkit-fork"
LAUNCHER = "ipykernel_launcher"
# In a kernel's environment: what it may take of memory (its own, in MB) and of processor time (seconds).
MEMORY, CPU = "TRANSFERKIT_KERNEL_MB", "TRANSFERKIT_KERNEL_CPU"
SECONDS_BETWEEN_LOOKS = 0.02


class ForkProvisioner(LocalProvisioner):
    """One forked kernel; everything not said here is as for a kernel that was started as usual."""

    server = ForkServer(("transferkit.preload:preload", "ipywidgets", "transferkit.preload_apps:preload"))

    child: Child | None = None
    private: str | None = None
    code: int | None = None

    @property
    def has_process(self) -> bool:
        return self.child is not None or super().has_process

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose sockets in a private folder instead of ports; a restarted kernel keeps them."""
        if is_possible() and self.private is None and self.parent is not None:
            self.private = str(private_folder.made())
            manager: Any = self.parent
            manager.transport, manager.ip, manager.cache_ports = "ipc", f"{self.private}/k", False
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork; start as usual what is no Python kernel of this interpreter, or where forking is refused."""
        self.child = self.code = None
        if not is_possible():
            say_once("Dieses System kennt kein Vorladen. Jeder Kernel startet einen eigenen Prozess.")
        elif cmd[0] == sys.executable and LAUNCHER in cmd:  # whose packages the server has loaded
            try:
                self.child = await asyncio.to_thread(self.server.fork, self._order(cmd, kwargs))
                self.pid = self.child.pid
                return self.connection_info
            except ForkRefusedError as refusal:
                say_once(f"Kein Vorladen möglich: {refusal}. Jeder Kernel startet einen eigenen Prozess.")
        return await super().launch_kernel(cmd, **kwargs)

    async def poll(self) -> int | None:
        if self.child is None:
            return await super().poll()
        if self.code is None:
            self._look(self.child.socket)
        return self.code

    async def wait(self) -> int | None:
        if self.child is None:
            return await super().wait()
        while await self.poll() is None:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        self.child.socket.close()
        self.child = None
        return self.code

    async def send_signal(self, signum: int) -> None:
        if self.child is None:
            await super().send_signal(signum)
        elif await self.poll() is None:
            self.server.signal(self.child, signum)

    async def kill(self, restart: bool = False) -> None:
        await (super().kill(restart) if self.child is None else self.send_signal(signal.SIGKILL))

    async def terminate(self, restart: bool = False) -> None:
        await (super().terminate(restart) if self.child is None else self.send_signal(signal.SIGTERM))

    async def cleanup(self, restart: bool = False) -> None:
        """Leave nothing behind; a restarted kernel still needs its folder."""
        await super().cleanup(restart)
        if self.private is not None and not restart:
            shutil.rmtree(self.private, ignore_errors=True)
            self.private = None

    def _order(self, cmd: list[str], kwargs: dict[str, Any]) -> dict[str, Any]:
        environment = {**kwargs.get("env", os.environ), **ENVIRONMENT}
        environment.pop("JPY_PARENT_PID", None)  # this process is not the parent: the server is
        return {
            "kind": "kernel",
            "argv": [*cmd[cmd.index(LAUNCHER) + 1 :], "--HistoryManager.enabled=False"],
            "cwd": str(kwargs.get("cwd") or "."),
            "environment": environment,
            "private": self.private,
            "memory_mb": int(environment.get(MEMORY, 0)),
            "cpu_seconds": int(environment.get(CPU, 0)),
        }

    def _look(self, line: socket.socket) -> None:
        """Whether the server has said that the child has ended; 1 if it could not say how."""
        try:
            said = line.recv(4096, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        last = said.decode().strip()
        self.code = int(json.loads(last)["exit"]) if last else 1
