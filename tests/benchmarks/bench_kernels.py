"""How long a kernel takes from its start to the answer of its first cell, forked and as usual.

Run by `make bench`. Each figure is the fastest of several runs. Memory is what a kernel has for itself (PSS,
where what several share is divided among them), measured with all kernels of one kind running at once.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from jupyter_client import KernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from transferkit.publish.fork_provisioner import NAME

RUNS = 5
CELL = "import transferkit as tk; tk.load('solutions')"


def started(provisioner: str) -> tuple[KernelManager, float]:
    """A kernel that has answered its first cell, and the seconds this took."""
    KernelProvisionerFactory.instance().default_provisioner_name = provisioner
    begin = time.perf_counter()
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute_interactive(CELL, output_hook=lambda _: None, timeout=60)
    seconds = time.perf_counter() - begin
    client.stop_channels()
    return manager, seconds


def own_memory(manager: KernelManager) -> float:
    """MB of the kernel, its share of what it shares with others."""
    lines = Path(f"/proc/{manager.provisioner.pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def measured(provisioner: str) -> dict[str, float]:
    kernels = [started(provisioner) for _ in range(RUNS)]
    memory = sum(own_memory(manager) for manager, _ in kernels) / RUNS
    for manager, _ in kernels:
        manager.shutdown_kernel(now=True)
    return {"seconds": min(seconds for _, seconds in kernels), "pss_mb": memory}


def main() -> None:
    figures = {"vorgeladen": measured(NAME), "wie üblich": measured("local-provisioner")}
    for name, found in figures.items():
        print(f"Kernel, {name:12} {found['seconds']:6.2f} s {found['pss_mb']:8.0f} MB")
    print(json.dumps({"kernels": figures}, ensure_ascii=False))


if __name__ == "__main__":
    main()
