"""The folder for installations without network: what is in it, and that it is enough."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from transferkit.errors import BuildError
from transferkit.publish import wheelhouse

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "transferkit"
version = "1"
dependencies = [
  "pinned",
  "extras[more]",
  "for-windows; sys_platform == 'win32'",
  "needs-compiler; os_name == 'posix'",
]
[tool.hatch.build.targets.wheel]
only-include = ["pyproject.toml"]
"""
# Leaves the network behind, and the right to write in the folder that is the first argument.
APART = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


def wheel(folder: Path, name: str, version: str, tag: str, *required: str) -> None:
    """A package without content, as small as a wheel can be."""
    info = f"{name}-{version}.dist-info"
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: >=3.11.4"]
    lines += [f"Requires-Dist: {one}" for one in required]
    with zipfile.ZipFile(folder / f"{name}-{version}-{tag}.whl", "w") as packed:
        packed.writestr(f"{info}/METADATA", "\n".join(lines) + "\nProvides-Extra: more\n")
        packed.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        packed.writestr(f"{info}/RECORD", "")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, and beside it all packages there are in its world."""
    shop, folder = tmp_path / "shop", tmp_path / "project"
    shop.mkdir()
    folder.mkdir()
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "requirements.lock").write_text("# pinned\npinned==1.0\n")
    wheel(shop, "pinned", "1.0", "py3-none-any")
    wheel(shop, "pinned", "2.0", "py3-none-any")
    wheel(shop, "extras", "1.0", "py3-none-any", "of_extra; extra == 'more'", "never; extra == 'other'")
    wheel(shop, "of_extra", "1.0", f"cp{PYTHON.replace('.', '')}-none-win_amd64")
    wheel(shop, "of_extra", "1.0", "py3-none-manylinux_2_17_x86_64")
    wheel(shop, "for_windows", "3.0", "py3-none-win_amd64")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shop))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")
    return folder


def test_each_system_gets_what_it_needs_in_the_locked_version(project: Path, tmp_path: Path) -> None:
    linux, windows = wheelhouse.collect(project, tmp_path / "stick", ["linux", "windows"], PYTHON)
    assert linux.wheels == {
        "pinned-1.0-py3-none-any.whl",
        "extras-1.0-py3-none-any.whl",
        "of_extra-1.0-py3-none-manylinux_2_17_x86_64.whl",
    }
    assert "for_windows-3.0-py3-none-win_amd64.whl" in windows.wheels
    assert {name for name in windows.wheels if "manylinux" in name} == set()
    assert windows.missing == []


def test_a_package_without_wheel_is_named_and_does_not_stop_the_others(project: Path, tmp_path: Path) -> None:
    [linux] = wheelhouse.collect(project, tmp_path / "stick", ["linux"], PYTHON)
    assert linux.missing == ["needs-compiler"]
    assert len(linux.wheels) == 3
    assert "kein fertiges Paket von needs-compiler" in (tmp_path / "stick/LIESMICH.txt").read_text("utf-8")


def test_the_folder_holds_sums_and_instructions_and_no_other_wheel(project: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    (stick / "wheels").mkdir(parents=True)
    (stick / "wheels" / "pinned-9.0-py3-none-any.whl").touch()
    wheelhouse.collect(project, stick, ["windows"], PYTHON)
    sums = dict(reversed(line.split("  ")) for line in (stick / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {f"wheels/{path.name}" for path in (stick / "wheels").iterdir()}
    assert "wheels/pinned-9.0-py3-none-any.whl" not in sums
    for name, digest in sums.items():
        assert hashlib.sha256((stick / name).read_bytes()).hexdigest() == digest
    text = (stick / "LIESMICH.txt").read_text("utf-8")
    assert "--no-index --find-links wheels transferkit" in text
    assert f"ab Version {PYTHON}." in text


def test_an_installed_package_alone_cannot_collect(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="Kopie des Projekts"):
        wheelhouse.collect(tmp_path, tmp_path / "stick", ["linux"], PYTHON)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="Geprüft wird auf Linux, 64 Bit."
)
def test_it_installs_and_builds_without_network_rights_or_a_writable_home(
    transferkit: Path, tmp_path: Path
) -> None:
    """For real: all packages, a bare environment, a folder with spaces and umlauts."""
    place = tmp_path / "Für die Gemeinde Süderbrarup"
    stick, home = place / "Stick 1", place / "home"
    home.mkdir(parents=True)
    call = [transferkit, "wheelhouse", stick, "--platform", "linux"]
    collected = subprocess.run(call, capture_output=True, text=True)
    if "pip hat abgebrochen" in collected.stderr:
        pytest.skip("Die Pakete sind von hier aus nicht zu erreichen.")
    assert collected.returncode == 0, collected.stderr

    venv.create(place / "Umgebung", with_pip=True)
    python, command = place / "Umgebung/bin/python", place / "Umgebung/bin/transferkit"
    install = ["-m", "pip", "install", "--no-index", "--find-links", stick / "wheels", "--no-compile"]
    apart(home, python, *install, "--quiet", "transferkit")
    only = ("--only", "kommunen/16053000.html")
    said = apart(home, command, "build", *only, "--out", place / "Leitfäden")
    assert "1 gebaut" in said
    assert (place / "Leitfäden" / "kommunen" / "16053000.html").is_file()
    assert list(home.iterdir()) == []


def apart(home: Path, *words: str | Path) -> str:
    """Run a command with no network and a home it may only read; return what it says.

    Where the system lets nobody leave the network, a proxy that is not there must do, and file permissions.
    """
    own = ("PYTHON", "TRANSFERKIT", "XDG", "JUPYTER", "PIP")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    namespace = ["unshare", "-rnm", "sh", "-c", APART, home]
    if subprocess.run([*namespace, "true"], capture_output=True).returncode:
        namespace = []
        home.chmod(0o555)
    done = subprocess.run(
        [*namespace, *words],
        cwd=home.parent,
        env={**bare, **nowhere, "HOME": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
