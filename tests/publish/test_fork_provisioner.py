"""Warm kernels for Voila and JupyterLab: ordinary in every way but the time they take to start."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from jupyter_client import AsyncKernelManager, KernelManager
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from transferkit.publish.execute import STOCK_ENGINE, execute
from transferkit.publish.fork_provisioner import CPU, MEMORY, NAME, ForkProvisioner
from transferkit.publish.forkserver import ForkRefusedError

SECONDS = 60


@pytest.fixture(autouse=True)
def forked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", NAME)
    KernelProvisionerFactory.clear_instance()  # it reads the variable once per process
    yield
    KernelProvisionerFactory.clear_instance()


@pytest.fixture
def manager() -> Iterator[KernelManager]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    yield manager
    if manager.has_kernel:
        manager.shutdown_kernel(now=True)


@pytest.fixture
def client(manager: KernelManager) -> Iterator[BlockingKernelClient]:
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=SECONDS)
    yield client
    client.stop_channels()


def output(client: BlockingKernelClient, code: str, **settings: object) -> str:
    """All text the code prints or shows, errors as their names."""
    said: list[str] = []

    def hear(message: dict) -> None:
        content = message["content"]
        said.append(
            content.get("text") or content.get("data", {}).get("text/plain") or content.get("ename", "")
        )

    client.execute_interactive(code, output_hook=hear, timeout=SECONDS, **settings)
    return "".join(filter(None, said)).strip()


def test_a_kernel_is_forked_and_has_everything_loaded(
    manager: KernelManager, client: BlockingKernelClient
) -> None:
    assert isinstance(manager.provisioner, ForkProvisioner)
    assert manager.provisioner.child is not None
    assert manager.transport == "ipc"
    assert output(client, "import sys; print('transferkit' in sys.modules, 6 * 7)") == "True 42"
    assert output(client, "get_ipython().history_manager.enabled") == "False"
    assert output(client, "import sys; '' in sys.path") == "True"  # modules beside the notebook


def test_front_ends_find_the_widgets_of_a_kernel(client: BlockingKernelClient) -> None:
    targets = "import comm; sorted(name for name in comm.get_comm_manager().targets if 'widget' in name)"
    assert output(client, targets) == "['jupyter.widget', 'jupyter.widget.control']"


@pytest.mark.parametrize(
    ("setting", "code"),
    [(MEMORY, "bytearray(400_000_000)"), (CPU, "while True: pass")],
    ids=["memory", "time"],
)
def test_a_kernel_takes_no_more_than_it_may(setting: str, code: str) -> None:
    limit = {MEMORY: "200", CPU: "1"}[setting]
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env={**os.environ, setting: limit})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=SECONDS)
    if setting == MEMORY:
        assert output(client, code) == "MemoryError"
    else:
        client.execute(code)
        deadline = time.monotonic() + SECONDS
        while manager.is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not manager.is_alive()
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_an_interrupted_cell_ends_and_the_kernel_goes_on(
    manager: KernelManager, client: BlockingKernelClient
) -> None:
    client.execute("print('da', flush=True)\nimport time\nwhile True: time.sleep(60)", stop_on_error=False)
    while client.get_iopub_msg(timeout=SECONDS)["msg_type"] != "stream":
        pass
    manager.interrupt_kernel()
    while (message := client.get_iopub_msg(timeout=SECONDS))["msg_type"] != "error":
        pass
    assert message["content"]["ename"] == "KeyboardInterrupt"
    assert output(client, "1 + 1") == "2"


def test_a_restarted_kernel_is_new_and_talks_over_the_same_sockets(
    manager: KernelManager, client: BlockingKernelClient
) -> None:
    output(client, "kept = 1")
    first = output(client, "import os; os.getpid()")
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=SECONDS)
    assert output(client, "'kept' in globals()") == "False"
    assert output(client, "import os; os.getpid()") != first


def test_a_kernel_can_ask_its_user(client: BlockingKernelClient) -> None:
    answered = output(
        client, "print('Hallo', input('Name?'))", allow_stdin=True, stdin_hook=lambda _: client.input("Ada")
    )
    assert "Hallo Ada" in answered


def test_a_widget_hears_what_a_browser_sets(client: BlockingKernelClient) -> None:
    output(client, "import ipywidgets; slider = ipywidgets.IntSlider(value=3)")
    model = output(client, "print(slider.model_id)")
    update = {"comm_id": model, "data": {"method": "update", "state": {"value": 7}, "buffer_paths": []}}
    client.shell_channel.send(client.session.msg("comm_msg", update))
    assert output(client, "print(slider.value)") == "7"


def test_nothing_is_left_after_a_shutdown(manager: KernelManager, client: BlockingKernelClient) -> None:
    assert isinstance(manager.provisioner, ForkProvisioner)
    folder = Path(str(manager.provisioner.private))
    process = psutil.Process(manager.provisioner.pid)
    assert list(folder.iterdir())
    manager.shutdown_kernel()
    assert not folder.exists()
    assert not Path(manager.connection_file).exists()
    process.wait(SECONDS)


def test_two_kernels_at_once_know_nothing_of_each_other() -> None:
    async def both() -> list[str]:
        managers = [AsyncKernelManager(kernel_name="python3") for _ in range(2)]
        await asyncio.gather(*(one.start_kernel() for one in managers))
        answers = []
        for one, code in zip(managers, ("secret = 1", "print('secret' in globals())"), strict=True):
            client = one.client()
            client.start_channels()
            await client.wait_for_ready(timeout=SECONDS)
            said: list[str] = []
            await client.execute_interactive(
                code,
                timeout=SECONDS,
                output_hook=lambda m, said=said: said.append(m["content"].get("text", "")),
            )
            client.stop_channels()
            answers.append("".join(said).strip())
        await asyncio.gather(*(one.shutdown_kernel(now=True) for one in managers))
        return answers

    with ThreadPoolExecutor(1) as thread:  # in this one, the browser of other tests may have its loop
        answers = thread.submit(lambda: asyncio.run(both())).result()
    assert answers == ["", "False"]


def test_kernels_and_their_files_go_when_their_owner_is_killed() -> None:
    owner = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent("""
                from jupyter_client import KernelManager
                manager = KernelManager(kernel_name="python3")
                manager.start_kernel()
                client = manager.client(); client.start_channels(); client.wait_for_ready(timeout=60)
                print(manager.provisioner.pid, manager.provisioner.private, flush=True)
                input()
            """),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert owner.stdout is not None
    pid, folder = owner.stdout.readline().split()
    kernel = psutil.Process(int(pid))
    server = kernel.parent()
    assert server is not None
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    psutil.wait_procs([kernel, server], timeout=SECONDS)
    assert not kernel.is_running()
    assert not Path(folder).exists()


def test_a_build_gets_fresh_kernels_where_it_asks_for_them() -> None:
    notebook = Path(__file__).parents[1] / "notebooks" / "greeting.ipynb"
    assert execute(notebook, {}, engine=STOCK_ENGINE).cells


def test_where_forking_is_refused_a_kernel_starts_as_usual(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Refusing:
        def fork(self, order: object) -> None:
            raise ForkRefusedError("hier nicht")

    monkeypatch.setattr(ForkProvisioner, "server", Refusing())
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=SECONDS)
    assert output(client, "6 * 7") == "42"
    assert "Kein Vorladen möglich: hier nicht." in capsys.readouterr().err
    client.stop_channels()
    manager.shutdown_kernel(now=True)
