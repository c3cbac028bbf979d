"""A folder with everything that an installation without network needs: wheels, checksums, instructions.

The lock pins versions but not which system needs what. That is asked of the wheels themselves: each names
what it requires under which conditions (environment markers), and those are judged for the system it is meant
for, not for the one we run on, which is what pip would do.
"""

from __future__ import annotations

import email
import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from transferkit.errors import BuildError
from transferkit.publish import storage

LOCK = "requirements.lock"
NEWEST = 99  # of the releases of one Python, the last that anybody will see
NO_WHEEL = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)")
AFTER_AN_ERROR = "Was schon gesammelt ist, liegt im Ordner; ein neuer Aufruf macht dort weiter."


@dataclass(frozen=True)
class System:
    """A kind of machine: its German name, the wheels it takes, the best first, and how markers call it."""

    label: str
    tags: tuple[str, ...]
    markers: Mapping[str, str]
    python: str  # the command that starts Python there


def _markers(sys_platform: str, system: str, os_name: str, machine: str) -> dict[str, str]:
    names = ("sys_platform", "platform_system", "os_name", "platform_machine")
    return dict(zip(names, (sys_platform, system, os_name, machine), strict=True))


def _linux(machine: str) -> tuple[str, ...]:
    return (*(f"manylinux_2_{glibc}_{machine}" for glibc in range(28, 4, -1)), f"manylinux2014_{machine}")


SYSTEMS = {
    "linux": System(
        "Linux (64 Bit, glibc 2.28 oder neuer)",
        (*_linux("x86_64"), "manylinux2010_x86_64", "manylinux1_x86_64"),
        _markers("linux", "Linux", "posix", "x86_64"),
        "python3",
    ),
    "windows": System("Windows (64 Bit)", ("win_amd64",), _markers("win32", "Windows", "nt", "AMD64"), "py"),
    "macos": System(
        "macOS 13 oder neuer (Apple-Chip)",
        tuple(
            f"macosx_{version}_0_{kind}" for version in range(13, 10, -1) for kind in ("arm64", "universal2")
        )
        + tuple(f"macosx_10_{minor}_universal2" for minor in range(16, 8, -1)),
        _markers("darwin", "Darwin", "posix", "arm64"),
        "python3",
    ),
}


@dataclass
class Collected:
    """What lies ready for one system: names of wheel files, and packages that have none for it."""

    system: str
    wheels: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)


@storage.required(AFTER_AN_ERROR)
def collect(
    project: Path,
    folder: Path,
    systems: Iterable[str],
    python: str,
    tell: Callable[[str], None] = lambda line: None,
) -> list[Collected]:
    """Fill `folder` with wheels for these `systems` and Python (like "3.11"); `tell` is told each step.

    `project` is a checkout. Raises BuildError if it is none, or if pip cannot load what it should.
    """
    lock = _locked(project)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    tell("transferkit wird gepackt …")
    own = _packed(project, wheels)
    found = []
    for name in systems:
        tell(f"{SYSTEMS[name].label}: Pakete werden gesammelt …")
        found.append(_collected(name, own, lock, wheels, python))
    used = {own.name}.union(*(one.wheels for one in found))
    for path in wheels.glob("*.whl"):
        if path.name not in used:  # pip would take the newest it finds, whatever the lock says
            path.unlink()
    storage.write(folder / "SHA256SUMS", _sums(wheels, used).encode())
    oldest = _oldest((wheels / one for one in used), python)
    storage.write(folder / "LIESMICH.txt", _instructions(found, python, oldest, len(used)).encode())
    return found


def _locked(project: Path) -> dict[str, str]:
    """`name==version` of everything in the lock, by its normal name."""
    path = project / LOCK
    if not path.is_file():
        raise BuildError(
            f"{path} fehlt. Der Befehl braucht eine Kopie des Projekts, nicht nur das installierte Paket."
        )
    lines = path.read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(line.split("==")[0]): line for line in lines if line and line[0] != "#"}


def _packed(project: Path, wheels: Path) -> Path:
    for old in wheels.glob("transferkit-*.whl"):
        old.unlink()
    _pip("wheel", "--no-deps", "--wheel-dir", str(wheels), str(project))
    return next(wheels.glob("transferkit-*.whl"))


def _collected(name: str, own: Path, lock: Mapping[str, str], wheels: Path, python: str) -> Collected:
    """Load what our wheel requires on this system, then what those require, until nothing is new."""
    system, found = SYSTEMS[name], Collected(name)
    environment = {**_python_markers(python), **system.markers}
    known: set[tuple[str, str]] = set()
    wanted = _required(own, "", environment)
    while new := {key: one for key, one in wanted.items() if key not in known}:
        known |= new.keys()
        asked = {key[0]: lock.get(key[0], f"{key[0]}{one.specifier}") for key, one in new.items()}
        missing = _download(asked.values(), system, python, wheels)
        found.missing += missing
        wanted = {}
        for package, extra in new:
            wheel = None if package in missing else _wheel(wheels, package, asked[package], system)
            if wheel is not None:
                found.wheels.add(wheel.name)
                wanted |= _required(wheel, extra, environment)
    return found


def _python_markers(python: str) -> dict[str, str]:
    own = {name: str(value) for name, value in default_environment().items()}
    full = f"{python}.{NEWEST}"
    return {**own, "python_version": python, "python_full_version": full, "implementation_version": full}


def _required(wheel: Path, extra: str, environment: Mapping[str, str]) -> dict[tuple[str, str], Requirement]:
    """What the wheel requires, by name and extra ("" for the package itself)."""
    found: dict[tuple[str, str], Requirement] = {}
    for one in map(Requirement, _said(wheel, "Requires-Dist")):
        if one.marker is None or one.marker.evaluate({**environment, "extra": extra}):
            for name in ("", *one.extras):
                found[canonicalize_name(one.name), name] = one
    return found


def _said(wheel: Path, field: str) -> list[str]:
    """What the wheel's metadata says under this name."""
    with zipfile.ZipFile(wheel) as packed:
        metadata = next(one for one in packed.namelist() if one.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(packed.read(metadata)).get_all(field, [])


def _oldest(wheels: Iterable[Path], python: str) -> str:
    """The oldest release of this Python that all wheels accept, like "3.11.5"."""
    asked = SpecifierSet(",".join(one for wheel in wheels for one in _said(wheel, "Requires-Python")))
    return next(full for number in range(NEWEST + 1) if (full := f"{python}.{number}") in asked)


def _download(wanted: Iterable[str], system: System, python: str, wheels: Path) -> list[str]:
    """Load these packages; return the names of those that have no wheel for the system."""
    missing: list[str] = []
    todo = sorted(set(wanted))
    fixed = ["--no-deps", "--only-binary", ":all:", "--python-version", f"{python}.{NEWEST}"]
    tags = [word for tag in system.tags for word in ("--platform", tag)]
    while todo:
        said = _pip("download", *fixed, *tags, "--dest", str(wheels), *todo, may_miss=True)
        without = NO_WHEEL.search(said)
        if without is None:
            break
        name = canonicalize_name(without[1])
        missing.append(name)
        todo = [one for one in todo if canonicalize_name(Requirement(one).name) != name]
    return missing


def _wheel(wheels: Path, package: str, asked: str, system: System) -> Path | None:
    """The wheel just loaded: of this package and version, for any system or for this one."""
    version = asked.partition("==")[2]
    tags = {"any", *system.tags}
    for path in sorted(wheels.glob("*.whl"), reverse=True):
        name, number, *_ = path.stem.split("-")
        platforms = set(path.stem.rsplit("-", 1)[1].split("."))
        if canonicalize_name(name) == package and (not version or number == version) and platforms & tags:
            return path
    return None


def _pip(*words: str, may_miss: bool = False) -> str:
    """Run pip; return what it complains about if that is a missing wheel and may be, else BuildError."""
    call = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", *words]
    done = subprocess.run(call, capture_output=True, text=True)
    if done.returncode == 0 or (may_miss and NO_WHEEL.search(done.stderr)):
        return "" if done.returncode == 0 else done.stderr
    told = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "ohne ein Wort")
    raise BuildError(f"pip hat abgebrochen: {told}\nDer Befehl braucht Internet. {AFTER_AN_ERROR}")


def _sums(wheels: Path, names: Iterable[str]) -> str:
    """Lines that `sha256sum --check` understands."""
    lines = []
    for name in sorted(names):
        with (wheels / name).open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  wheels/{name}\n")
    return "".join(lines)


def _instructions(found: Iterable[Collected], python: str, oldest: str, count: int) -> str:
    parts = [
        "transferkit ohne Internet installieren\n",
        f"Hier liegen {count} Pakete für Python {python}. Sie brauchen dieses Python ab Version {oldest}, "
        "aber weder Internet noch besondere Rechte.\n"
        "Öffnen Sie in diesem Ordner ein Terminal und geben Sie ein:\n",
    ]
    for one in found:
        parts += [SYSTEMS[one.system].label, "\n".join(_commands(one.system, python)) + "\n"]
        if one.missing:
            parts.append(
                f"Achtung: Für dieses System gibt es kein fertiges Paket von {', '.join(one.missing)}. "
                "Die Installation gelingt dort nur, wenn es schon installiert ist.\n"
            )
    parts += [
        "Danach zum Beispiel: transferkit build --out Leitfäden",
        "Ob alle Dateien unversehrt sind, prüft unter Linux: sha256sum --check SHA256SUMS",
        "PDF-Dateien brauchen zusätzlich einen Browser und die Pakete pikepdf und playwright; sie liegen "
        "nicht bei.\n",
    ]
    return "\n".join(parts)


def _commands(system: str, python: str) -> list[str]:
    install = "-m pip install --no-index --find-links wheels transferkit"
    if system == "windows":
        own = r"transferkit-umgebung\Scripts"
        return [
            f"    py -{python} -m venv transferkit-umgebung",
            rf"    {own}\python {install}",
            "Unter Windows ist transferkit nicht erprobt: Der Bau der Seiten braucht Linux oder macOS. "
            "Nehmen Sie dort das Windows-Subsystem für Linux (WSL) und die Befehle für Linux.",
        ]
    own = "transferkit-umgebung/bin"
    return [
        f"    python{python} -m venv transferkit-umgebung",
        f"    {own}/python {install}",
        f"    {own}/transferkit --help",
        *(["Unter macOS ist transferkit nicht erprobt."] if system == "macos" else []),
    ]
