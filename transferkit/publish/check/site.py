"""A whole site: links between its pages, titles, ways to each page, files nobody wrote, weight."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from transferkit.finding import Finding
from transferkit.publish.check import loading
from transferkit.publish.check.document import Document, XmlError, local_name, xml
from transferkit.publish.check.pages import Checked

START = "index.html"
SEARCH = "pagefind/"  # Pagefind's own files: its pages are parts for the start page
BYTES_PER_PAGE = 90_000  # 11,000 of them stay below a gigabyte
FETCHING = ("image", "feImage", "use", "script", "stylesheet")  # elements of XML and SVG that load something
FEW = 100  # pages; a site of fewer weighs nothing


@dataclass(frozen=True)
class Facts:
    """What a site's rules ask of a page: its title, and where it leads (from the root, maybe with #place)."""

    title: str
    targets: tuple[str, ...]


def of_checked(checked: Checked) -> Facts:
    """The facts of a page that was just read."""
    return Facts(checked.title, checked.targets)


def findings(folder: Path, pages: Mapping[str, Facts], elsewhere: Collection[str] = ()) -> Iterator[Finding]:
    """What is wrong with the site in `folder`; `pages` are all its pages by address.

    `elsewhere` are addresses other parts of the build will bring.
    """
    yield from _links(folder, pages, elsewhere)
    yield from _titles(pages)
    yield from _orphans(pages)
    yield from _weight(folder, pages)
    yield from _feeds(folder)


def _links(folder: Path, pages: Mapping[str, Facts], elsewhere: Collection[str]) -> Iterator[Finding]:
    places = _Places(folder)
    exists: dict[str, bool] = dict.fromkeys([*pages, *elsewhere], True)
    for address, facts in pages.items():
        for target in facts.targets:
            path, _, place = target.partition("#")
            if path not in exists:
                exists[path] = _file(folder, path).is_file()
            if not exists[path]:
                yield Finding(
                    address,
                    places.line(address, path),
                    "site.link",
                    path,
                    f"Der Link führt zu „{path}“, das es auf der Site nicht gibt.",
                    "Berichtigen Sie den Link, oder bauen Sie die Seite mit.",
                )
            elif place and path in pages and not places.has(path, place):
                yield Finding(
                    address,
                    places.line(address, target),
                    "site.anchor",
                    target,
                    f"Auf „{path}“ gibt es die Stelle „{place}“ nicht.",
                    "Berichtigen Sie den Link.",
                )


def _file(folder: Path, path: str) -> Path:
    """A link to a folder means its start page; one that leaves the site leads nowhere."""
    if path.startswith((".", "/")):
        return folder / "?" if path != "." else folder / START
    return folder / path / START if (folder / path).is_dir() else folder / path


class _Places:
    """The pages that are linked into, read once each; and the lines links stand in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, Document] = {}

    def has(self, address: str, place: str) -> bool:
        """Whether a page has an element of that id; or fields of these names, for `thema=x&land=y`."""
        if address not in self._known:
            html = (self.folder / address).read_text(encoding="utf-8", errors="replace")
            self._known[address] = Document(html, address)
        page = self._known[address]
        if "=" in place:
            fields = {name for _, name in page.attributes.get("name", ())}
            return all(part.partition("=")[0] in fields for part in place.split("&"))
        return place in page.ids

    def line(self, address: str, target: str) -> int | None:
        """The line of a link, found by the last part of its address."""
        name = target.rpartition("/")[2]
        lines = (self.folder / address).read_text(encoding="utf-8").splitlines()
        return next((number for number, line in enumerate(lines, 1) if f'{name}"' in line), None)


def _titles(pages: Mapping[str, Facts]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for address, facts in pages.items():
        other = first.setdefault(facts.title, address)
        if other != address and facts.title:
            yield Finding(
                address,
                None,
                "site.title",
                facts.title,
                f"{other} heißt genauso.",
                "Ein Titel nennt, was nur diese Seite betrifft, zum Beispiel den Kreis.",
            )


def _orphans(pages: Mapping[str, Facts]) -> Iterator[Finding]:
    if START not in pages:
        yield Finding(
            START, None, "site.link", START, "Die Site hat keine Startseite.", "Bauen Sie die Site neu."
        )
        return
    reached, waiting = {START}, [START]
    while waiting:
        for target in pages[waiting.pop()].targets:
            path = target.partition("#")[0]
            if path in pages and path not in reached:
                reached.add(path)
                waiting.append(path)
    for address in pages:
        if address not in reached:
            yield Finding(
                address,
                None,
                "site.orphan",
                address,
                "Zu dieser Seite führt von der Startseite aus kein Weg.",
                "Eine Liste oder eine andere Seite muss auf sie verweisen.",
            )


def _weight(folder: Path, pages: Mapping[str, Facts]) -> Iterator[Finding]:
    if len(pages) < FEW:
        return
    mean = sum((folder / address).stat().st_size for address in pages) // len(pages)
    if mean > BYTES_PER_PAGE:
        yield Finding(
            ".",
            None,
            "site.weight",
            f"{mean // 1000} kB",
            f"Eine Seite hat im Mittel {mean // 1000} kB, höchstens {BYTES_PER_PAGE // 1000} kB sind gut.",
            "Kürzen Sie, was auf allen Seiten steht.",
        )


def _feeds(folder: Path) -> Iterator[Finding]:
    """XML and SVG beside the pages may not make a browser fetch anything either."""
    for path in sorted([*folder.glob("*.xml"), *folder.rglob("*.svg")]):
        address = path.relative_to(folder).as_posix()
        if address.startswith(SEARCH):
            continue
        try:
            elements = list(xml(path))
        except XmlError as error:
            yield Finding(
                address, error.line, "page.markup", address, "Die Datei ist kein XML.", "Bauen Sie sie neu."
            )
            continue
        for element in elements:
            for name, value in element.items():
                is_fetched = local_name(element.tag) in FETCHING and local_name(name) in ("href", "src")
                if is_fetched and loading.is_foreign(value):
                    line = element.sourceline
                    yield Finding(address, line, "site.third-party", value, loading.FOREIGN, loading.REMEDY)


def own_pages(folder: Path, of_guides: Collection[str]) -> list[str]:
    """The addresses of pages that were made for the site itself, in order."""
    found = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html")))
    return [address for address in found if address not in of_guides and not address.startswith(SEARCH)]
