"""The screens the handbook shows: how to get there, what they say, and a picture of them."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from tests.publish.app_server import free_port
from transferkit.workshop import codes
from transferkit.workshop.rows import Answer
from transferkit.workshop.store import Store

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks" / "handbook" / "pictures"
TAKEN = FOLDER / "taken.json"
SECONDS = 120
MARGIN, SHARPNESS, QUALITY = 14, 1.5, 72
PHONE = 500  # pixels; what is narrower is one
# Seven people, so that distributions are shown; keys of the exercises of the theme workshop.
STAND = ("nichts", "nichts", "plan", "plan", "plan", "test", "betrieb")
URGENT = (2, 3, 3, 4, 4, 5, 4)
# What an element says to who looks at it: its visible words, and what its fields hold.
SAYS = """one => {
  const fields = [...one.querySelectorAll('input, select')].filter(field => field.checkVisibility())
  const held = fields.map(field => ['radio', 'checkbox'].includes(field.type) ? '' : field.value)
  return [one.innerText, ...held].join('\\n')
}"""

BOX = """one => {
  const box = one.getBoundingClientRect()
  return [box.left, box.top + scrollY, box.right, box.bottom + scrollY]
}"""


@dataclass(frozen=True)
class Picture:
    """One entry of pictures.toml."""

    name: str
    open: str
    viewport: tuple[int, int]
    steps: list[list[str]]
    region: list[str]

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.webp"


def pictures() -> list[Picture]:
    content = tomllib.loads(Path(__file__).with_name("pictures.toml").read_text(encoding="utf-8"))
    return [Picture(**row) for row in content["picture"]]


def taken() -> dict[str, dict[str, Any]]:
    """What `make pictures` has noted: for each picture the size it is shown in, and what the screen said."""
    found: dict[str, dict[str, Any]] = json.loads(TAKEN.read_text(encoding="utf-8")) if TAKEN.exists() else {}
    return found


@contextmanager
def opened(
    chromium: Browser, picture: Picture, addresses: dict[str, str]
) -> Iterator[tuple[Page, list[Locator]]]:
    """The page after all steps of the picture, and the elements of its region."""
    width, height = picture.viewport
    context = chromium.new_context(
        locale="de-DE",
        color_scheme="light",
        reduced_motion="reduce",
        viewport={"width": width, "height": height},
        device_scale_factor=SHARPNESS,
        has_touch=width < PHONE,
        is_mobile=width < PHONE,
    )
    try:
        page = context.new_page()
        page.goto(picture.open.format(**addresses))
        for kind, where, *text in picture.steps:
            _step(page.locator(where).first, kind, *text)
        yield page, [found for where in picture.region for found in _shown(page, where)]
    finally:
        context.close()


def _step(element: Locator, kind: str, text: str = "") -> None:
    match kind:
        case "type":
            element.press_sequentially(text)
        case "click":
            element.click()
        case "wait":
            element.wait_for(state="attached")
        case _:
            raise ValueError(f"no such step: {kind}")


def _shown(page: Page, where: str) -> list[Locator]:
    """The first element that fits; of the tallies of a workshop the first two."""
    found = page.locator(where)
    found.first.wait_for(state="visible")
    return [found.nth(number) for number in range(min(found.count(), 2 if where == ".tally" else 1))]


def note(found: dict[str, dict[str, Any]]) -> None:
    """Keep what the pictures show, for the page and for the next comparison."""
    TAKEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def said(_: Page, region: list[Locator], __: Picture) -> list[str]:
    """What the screen says in the region, line by line."""
    lines = "\n".join(str(one.evaluate(SAYS)) for one in region).splitlines()
    return [line for line in (re.sub(r"\s+", " ", line).strip() for line in lines) if line]


def take(page: Page, region: list[Locator], picture: Picture) -> dict[str, Any]:
    """Write the picture; return the size it is shown in, and what the screen said."""
    clip = _around(page, region)
    page.evaluate("document.activeElement.blur()")
    line = page.context.new_cdp_session(page)
    shot = line.send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True, "clip": {**clip, "scale": 1}},
    )
    picture.file.parent.mkdir(exist_ok=True)
    picture.file.write_bytes(base64.b64decode(shot["data"]))
    return {"size": [round(clip["width"]), round(clip["height"])], "said": said(page, region, picture)}


def _around(page: Page, region: list[Locator]) -> dict[str, float]:
    """The rectangle of the page that holds all elements, with a margin as far as there is one."""
    left, top, right, bottom = zip(*(one.evaluate(BOX) for one in region), strict=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    x, y = max(0, min(left) - MARGIN), max(0, min(top) - MARGIN)
    return {"x": x, "y": y, "width": min(width, max(right) + MARGIN) - x, "height": max(bottom) + MARGIN - y}


@contextmanager
def serving(transferkit: Path, folder: Path) -> Iterator[dict[str, str]]:
    """`transferkit serve` with a theme workshop that seven people have answered: its addresses."""
    database, port = f"sqlite:///{folder / 'werkstatt.sqlite'}", free_port()
    environment = {**os.environ, "TRANSFERKIT_REGISTER": str(folder / "no-register")}
    address = f"http://localhost:{port}/"
    theme = ("--format", "theme-workshop", "--theme", "smart-regions", "--date", f"{date.today()}")
    begun = subprocess.run(
        [transferkit, "workshop", "new", *theme, "--database", database, "--address", address],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    link, leading = (re.search(rf"{who}:\s+(\S+)", begun) for who in ("Teilnehmende", "Leitung"))
    assert link, begun
    assert leading, begun
    _answer(database, link[1].rsplit("/", 1)[1])
    command = [transferkit, "serve", "--port", str(port), "--database", database]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        assert "bereit" in server.stdout.readline()
        yield {"server": address, "participant": link[1], "leading": leading[1]}
    finally:
        server.terminate()
        server.wait(SECONDS)


def _answer(database: str, shown: str) -> None:
    """Seven people answer the first two questions."""
    store, code = Store(database), codes.plain(shown)
    for stand, urgent in zip(STAND, URGENT, strict=True):
        secret = codes.new_secret()
        given = {"stand": stand, "dringend": urgent}
        store.put(code, *(Answer(id, codes.key(secret, code, id), value) for id, value in given.items()))
    store.close()
