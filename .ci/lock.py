"""Renew requirements.lock and environment.yml: the newest versions that pyproject.toml allows."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent

# What conda-forge calls differently, and what it does not carry.
CONDA_NAMES = {"build": "python-build"}
ONLY_PIP = {"axe-playwright-python", "pagefind", "pagefind-bin", "playwright"}

LOCK_HEAD = "# Exact versions of everything transferkit and its tests run with; `make lock` renews it.\n"
CONDA_HEAD = """\
# The environment of requirements.lock for conda; `make lock` renews it.
name: transferkit
channels:
  - conda-forge
dependencies:
  - python >=3.11
"""


def normal(name: str) -> str:
    """The one spelling of a package name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct_dependencies(pyproject: dict[str, dict]) -> list[str]:
    """Names of everything pyproject.toml asks for, tests included, sorted."""
    project = pyproject["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    return sorted(normal(re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0]) for requirement in wanted)


def resolve() -> list[str]:
    """Install the project into an empty environment and read off what came, as `name==version` lines."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        pip = [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", f"{ROOT}[test]"], check=True)
        frozen = subprocess.run(
            [*pip, "freeze", "--exclude", "transferkit"], check=True, capture_output=True, text=True
        )
    return sorted(frozen.stdout.splitlines(), key=str.lower)


def conda_environment(names: list[str], lock: list[str]) -> str:
    """The text of environment.yml: the direct dependencies in their locked versions."""
    versions = {normal(name): version for name, version in (line.split("==") for line in lock)}
    from_pip = [name for name in names if name in ONLY_PIP]
    from_conda = [name for name in names if name not in ONLY_PIP]
    conda = [f"  - {CONDA_NAMES.get(name, name)} =={versions[name]}\n" for name in from_conda]
    pip = [f"      - {name}=={versions[name]}\n" for name in from_pip]
    return "".join([CONDA_HEAD, *conda, "  - pip\n", "  - pip:\n", *pip, "      - -e .\n"])


def main() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = resolve()
    (ROOT / "requirements.lock").write_text(LOCK_HEAD + "\n".join(lock) + "\n", encoding="utf-8")
    environment = conda_environment(direct_dependencies(pyproject), lock)
    (ROOT / "environment.yml").write_text(environment, encoding="utf-8")
    print(f"{len(lock)} Pakete festgeschrieben.", file=sys.stderr)


if __name__ == "__main__":
    main()
