"""The wheel as a stranger meets it: installed somewhere, far from any checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def packed(project: Path, folder: Path) -> Path:
    """The wheel of a project folder, written into `folder`."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, project]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_carries_notebooks_datasets_and_templates_but_no_register(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    workshop = ("workshop/templates/participant.js", "workshop/migrations/versions/version_1.py")
    for part in ("notebooks/toc.toml", "datasets/datapackage.json", "publish/templates/style.css", *workshop):
        assert f"transferkit/{part}" in names
    assert {name for name in names if "register/" in name} == set()
    assert {name for name in names if not name.startswith("transferkit")} == set()


def test_a_wheel_packed_beside_an_imported_register_leaves_it_out(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in ("transferkit/__init__.py", "notebooks/toc.toml", "datasets/a.csv", "datasets/register/b.x"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).touch()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (project / name).write_bytes((ROOT / name).read_bytes())
    names = zipfile.ZipFile(packed(project, tmp_path)).namelist()
    assert "transferkit/datasets/a.csv" in names
    assert [name for name in names if "register" in name] == []


def test_the_installed_wheel_builds_pages_outside_any_checkout(wheel: Path, tmp_path: Path) -> None:
    """Only transferkit comes from the wheel.

    The libraries it needs are lent by the environment of the tests (a `.pth` line, Jupyter's data folder), so
    that the test is quick and needs no network. The checkout itself is not lent: Python does not follow
    `.pth` files in a folder that a `.pth` file names.
    """
    home = tmp_path / "installed"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    own = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    own.joinpath("lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index"]
    subprocess.run([*install, "--ignore-installed", wheel], check=True, capture_output=True)

    outside = tmp_path / "somewhere else"
    outside.mkdir()
    own_settings = ("PYTHON", "TRANSFERKIT", "XDG", "JUPYTER")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(own_settings)}
    lent_data = str(Path(sys.prefix, "share", "jupyter"))
    environment = {**bare, "HOME": str(outside), "JUPYTER_PATH": lent_data}
    where = "import transferkit; print(transferkit.__file__)"
    found = subprocess.run(
        [python, "-c", where], cwd=outside, env=environment, check=True, capture_output=True, text=True
    )
    assert Path(found.stdout.strip()).is_relative_to(home)

    asked = ("themen/smart-regions.html", "kommunen/16053000.html")
    only = [word for address in asked for word in ("--only", address)]
    built = subprocess.run(
        [home / "bin" / "transferkit", "build", *only, "--out", "guides"],
        cwd=outside,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert "2 gebaut" in built.stdout
    for address in ("index.html", *asked):
        assert (outside / "guides" / address).is_file()
