"""The rules of the house: names, sizes, locks, and documents that speak of what exists."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.documents import assert_command_exists, assert_targets_exist, code_spans, commands, exists

ROOT = Path(__file__).parent.parent
DRAWERS = {"utils", "helpers", "common", "manager", "core"}
# Spelt in pieces, so that this file does not name what it forbids.
REGISTRIES = re.compile(r"(pypi|pythonhosted|npmjs|registry\.npmjs)" + r"\.(org|com)|deb\.debian" + r"\.org")
HOME = re.compile(r"(?<![\w.])/(home|Users|root|work)/" + r"[\w.]+")
CONDA_NAMES = {"python-build": "build"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def normal(name: str) -> str:
    """The one spelling of a package name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def tracked(*patterns: str) -> list[Path]:
    """Files under version control that match git's patterns; all of them without any."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts(*patterns: str) -> dict[str, str]:
    """The tracked text files and what stands in them."""
    found = {}
    for path in tracked(*patterns):
        content = path.read_bytes()
        if b"\0" not in content:
            found[path.relative_to(ROOT).as_posix()] = content.decode("utf-8")
    return found


@pytest.fixture(scope="module")
def direct() -> set[str]:
    """What pyproject.toml asks for, tests included."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    return {normal(re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0]) for requirement in wanted}


@pytest.fixture(scope="module")
def locked() -> dict[str, str]:
    lines = [line for line in read("requirements.lock").splitlines() if not line.startswith("#")]
    return {normal(name): version for name, version in (line.split("==") for line in lines)}


@pytest.fixture(scope="module")
def conda() -> dict[str, str]:
    """Versions named in environment.yml, from conda and from pip, by the names pip knows."""
    entries = yaml.safe_load(read("environment.yml"))["dependencies"]
    from_pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    pinned = [entry for entry in [*entries, *from_pip] if isinstance(entry, str) and "==" in entry]
    versions = dict(re.split(r"\s*==", entry) for entry in pinned)
    return {normal(CONDA_NAMES.get(name, name)): version for name, version in versions.items()}


def test_every_direct_dependency_is_locked(direct: set[str], locked: dict[str, str]) -> None:
    assert direct - locked.keys() == set()


def test_the_conda_environment_has_the_same_dependencies_in_the_same_versions(
    direct: set[str], locked: dict[str, str], conda: dict[str, str]
) -> None:
    assert conda == {name: locked[name] for name in direct}


def test_lock_and_environment_are_sorted_and_name_no_address() -> None:
    lines = [line for line in read("requirements.lock").splitlines() if not line.startswith("#")]
    assert lines == sorted(lines, key=str.lower)
    for name in ("requirements.lock", "environment.yml"):
        assert not re.search(r"https?:|file:|--\w+-url|@ ", read(name)), name


def test_modules_are_named_for_what_they_make_and_stay_small() -> None:
    modules = tracked("transferkit/*.py", "tests/*.py")
    assert {path.stem for path in modules} & DRAWERS == set()
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_no_file_names_a_package_registry_or_a_folder_of_one_machine() -> None:
    for name, text in texts().items():
        assert not REGISTRIES.search(text), name
        if not name.startswith("datasets/"):
            assert not HOME.search(text), f"{name}: {HOME.search(text)}"


def test_an_imported_register_is_never_committed() -> None:
    assert tracked("datasets/register") == []


def test_publiccode_has_what_its_standard_demands() -> None:
    code = yaml.safe_load(read("publiccode.yml"))
    assert code["publiccodeYmlVersion"] == "0.4"
    mandatory = {"name", "url", "platforms", "categories", "developmentStatus", "softwareType"}
    assert mandatory | {"description", "legal", "maintenance", "localisation"} <= code.keys()
    description = code["description"]["de"]
    assert len(description["shortDescription"]) <= 150
    assert 500 <= len(description["longDescription"]) <= 10_000
    assert description["features"]
    assert code["legal"]["license"] == "MIT"
    assert code["maintenance"]["contacts"][0]["name"]
    assert code["localisation"] == {"localisationReady": False, "availableLanguages": ["de"]}


def test_the_readme_shows_the_two_commands_by_line_20_and_stays_short() -> None:
    lines = read("README.md").splitlines()
    opening = "\n".join(lines[:20])
    assert "make site" in opening
    assert "make test" in opening
    assert len(lines) < 120


def test_the_readme_has_a_line_for_every_folder_and_file_at_the_top() -> None:
    readme = read("README.md")
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()} - {
        ".gitignore",
        ".gitattributes",
        "README.md",
    }
    assert {top for top in tops if top not in readme} == set()


@pytest.mark.parametrize(
    "document", ["README.md", "CONTRIBUTING.md", "build/README.md", "docs/operating.md", "docs/serving.md"]
)
def test_documents_name_only_what_exists(document: str) -> None:
    text = read(document)
    assert_targets_exist(text)
    for words in commands(text):
        assert_command_exists(words)
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / document).parent.joinpath(link).exists(), link


def test_the_walk_through_the_rooms_names_only_what_exists() -> None:
    walk = read("CONTRIBUTING.md").partition("## A walk through the rooms")[2].partition("\n## ")[0]
    spans = [span for span in code_spans(walk) if not span.startswith(("make ", "transferkit "))]
    assert len(spans) > 40
    assert [span for span in spans if not exists(span)] == []


def test_the_package_carries_the_version_its_metadata_states() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    code = yaml.safe_load(read("publiccode.yml"))
    assert code["softwareVersion"] == project["version"]
