"""Pages printed by a browser that stays open for all of them. The one door to Playwright.

The browser reads the site through us: it is told that the site stands at its public address, every file it
asks for comes from the site's folder, and whatever else it asks for it does not get. So nothing goes out,
links in the PDF lead to the public site, and no PDF names a folder of this machine.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import Browser, Error, Playwright, Route, sync_playwright

from transferkit.errors import BuildError, PageError

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
)
CHANNELS = (
    "chrome",
    "msedge",
)  # where installers put them, on Windows and macOS without a program on the path
NOWHERE = "https://transferkit.invalid/"  # a name nobody can have (RFC 6761), where the site has no address
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_BROWSER = (
    "Es fehlt ein Browser für die PDF-Dateien. Bitte installieren Sie Chromium, Google Chrome oder "
    "Microsoft Edge (Debian, Ubuntu: apt install chromium)."
)
# What we change for the paper, after a page's own scripts have laid out the questions to tick.
# A figure with its caption and table is a group of things: an image, of which PDF asks for a text, is only
# the drawing within, which has one.
PREPARE = """({ known, notes }) => {
  for (const figure of document.querySelectorAll("figure")) figure.setAttribute("role", "group");
  for (const link of document.querySelectorAll("a[href]")) {
    if (!known && link.host === location.host && !link.getAttribute("href").startsWith("#"))
      link.removeAttribute("href");
  }
  for (const note of notes) {
    const line = document.createElement("p");
    line.textContent = note;
    (document.querySelector("footer.site") ?? document.body).append(line);
  }
  return [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => heading.textContent);
}"""


class PrintingBrowser:
    """Prints pages of the site in the folder `site`, published at `address` ("" if nobody knows where)."""

    def __init__(self, site: Path, address: str = "") -> None:
        self.site, self.known = site.resolve(), bool(address)
        self.origin = (address.rstrip("/") + "/") if address else NOWHERE
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        try:
            self._browser = self._launched()
        except BaseException:
            self._playwright.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()

    def printed(self, page: str, notes: list[str]) -> tuple[bytes, list[str]]:
        """The page at this address below the site as a tagged PDF, with `notes` at its end, and its headings.

        Raises PageError if the browser cannot print it; a browser that has died is started anew for the next.
        """
        if not (self.site / page).is_file():
            raise PageError("Die Datei dieser Seite fehlt.")
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._launched()
        try:
            return self._print(self._browser, page, notes)
        except Error as error:
            raise PageError(
                f"Der Browser konnte sie nicht drucken: {error.message.splitlines()[0]}"
            ) from error

    def _print(self, browser: Browser, page: str, notes: list[str]) -> tuple[bytes, list[str]]:
        context = browser.new_context(locale="de-DE", service_workers="block", color_scheme="light")
        try:
            context.route("**/*", self._answer)
            opened = context.new_page()
            opened.goto(self.origin + quote(page))
            headings = opened.evaluate(PREPARE, {"known": self.known, "notes": notes})
            content = opened.pdf(tagged=True, outline=True, prefer_css_page_size=True, print_background=False)
            return content, headings
        finally:
            if browser.is_connected():
                context.close()

    def _answer(self, route: Route) -> None:
        """Give a file of the site, and nothing else."""
        asked = urlsplit(route.request.url)._replace(query="", fragment="").geturl()
        if not asked.startswith(self.origin):
            route.abort()
            return
        path = (self.site / unquote(asked.removeprefix(self.origin))).resolve()
        if path.is_relative_to(self.site) and path.is_file():
            route.fulfill(path=path)
        else:
            route.fulfill(status=404)

    def _launched(self) -> Browser:
        """A browser, in its own sandbox wherever that can be: root has none."""
        assert self._playwright is not None
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        sandbox = not hasattr(os, "geteuid") or os.geteuid() != 0
        said = ""
        for channel in (None,) if program else CHANNELS:
            try:
                return self._playwright.chromium.launch(
                    executable_path=program, channel=channel, args=list(FLAGS), chromium_sandbox=sandbox
                )
            except Error as error:
                said = error.message.splitlines()[0]
        raise BuildError(f"Der Browser {program} startet nicht: {said}" if program else NO_BROWSER)
