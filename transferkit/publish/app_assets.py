"""What the pages of apps load from their server, and nowhere else: the widget runtime, Vega, style.

Voila's front end comes as a hundred files; a browser asks for them one after the other. Here they are one,
compressed once, and kept by the browser: its address changes when its content does.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
# In this order: the extensions register themselves before the application looks for them.
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
)
CHUNK = "push([["  # how a script begins that only registers modules
# Voila's front end loads MathJax to set nothing at all: 900 kB no app needs. `…, i.typeset(<div>), …`
NOTHING_TO_SET = 'typeset(document.createElement("div")),'


@dataclass(frozen=True)
class Asset:
    """A file that is served: its name holds a part of its hash."""

    name: str
    kind: str
    content: bytes
    compressed: bytes


def asset(stem: str, suffix: str, content: bytes) -> Asset:
    """Return the asset of this content."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    kind = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}[suffix]
    return Asset(f"{stem}-{digest}.{suffix}", kind, content, gzip.compress(content, 6))


def runtime(static: Path, extensions: Path | Iterable[Path]) -> Asset:
    """Voila's front end and the extensions for widgets as one script.

    `static` holds Voila's scripts, `extensions` the folders of JupyterLab's extensions, first come first
    served. The chunks Voila is known to need are listed in `templates/apps/chunks.txt`; one that is missing
    there is loaded when it is needed, which only takes longer.
    """
    folders = [extensions] if isinstance(extensions, Path) else list(extensions)
    listed = (TEMPLATES / "apps" / "chunks.txt").read_text(encoding="utf-8").split()
    scripts = [_chunk(static / name) for name in listed if (static / name).is_file()]
    for name in EXTENSIONS:
        scripts += _extension(_found(name, folders))
    scripts.append((static / "voila.js").read_text(encoding="utf-8"))
    return asset("voila", "js", "\n;\n".join(scripts).encode())


def _found(name: str, folders: Iterable[Path]) -> Path:
    for folder in folders:
        if (folder / name / "static").is_dir():
            return folder / name / "static"
    raise FileNotFoundError(name)


def _extension(folder: Path) -> Iterator[str]:
    """An extension's scripts; those with its modules first, for its entry asks for them."""
    for path in sorted(folder.glob("*.js")):
        if CHUNK in path.read_text(encoding="utf-8")[:400]:
            yield _chunk(path)
    for path in folder.glob("remoteEntry*.js"):
        yield path.read_text(encoding="utf-8")


def _chunk(path: Path) -> str:
    """A script that only registers modules, with its own strictness."""
    return f"(()=>{{{_without_maths(path.read_text(encoding='utf-8'))}\n}})();"


def _without_maths(script: str) -> str:
    end = script.find(NOTHING_TO_SET)
    if end < 0:
        return script
    start = max(script.rfind(mark, 0, end) for mark in ",;{") + 1
    return script[:start] + script[end + len(NOTHING_TO_SET) :]


@cache
def style() -> str:
    """The style of the pages, and what apps add to it."""
    return "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("style.css", "apps/app.css"))


def own(name: str) -> Asset:
    """A script of ours."""
    stem, _, suffix = name.partition(".")
    return asset(stem, suffix, (TEMPLATES / "apps" / name).read_bytes())


def vega(bundle: str) -> Asset:
    """Vega as an ES module that exports `vegaEmbed`, in German, and without evaluating text as code.

    `bundle` is what `drawing.vega_bundle` returns.
    """
    wrapper = (TEMPLATES / "apps" / "vega.js").read_text(encoding="utf-8")
    return asset("vega", "js", f"{bundle}\n{wrapper}".encode())
