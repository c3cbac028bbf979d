"""A workshop behind a real nginx at a sub-path, as a ministry would run it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.publish.app_server import free_port, until
from tests.publish.test_app_proxy import CONFIGURATION, NGINX
from tests.workshop.live import Live, live_server, pages_made
from tests.workshop.serving import Server

BASE = "/stadt/apps/"


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    yield from live_server(tmp_path_factory.mktemp("werkstatt"), pages_made(), BASE)


@pytest.fixture
def proxy(live: Live, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The address people know; the server itself stands behind it."""
    if NGINX is None:
        pytest.skip("nginx fehlt: `make test` richtet es ein, wo das ohne Rückfrage geht.")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, behind=live.server.port))
    with subprocess.Popen([NGINX, "-c", configuration, "-p", folder], stderr=subprocess.PIPE) as nginx:
        yield Server("", BASE, port)
        nginx.terminate()


def test_people_answer_and_the_leader_follows_through_the_proxy_and_over_a_restart(
    live: Live, proxy: Server, chromium: Browser
) -> None:
    workshop = live.begin()
    link, leading = (
        one.replace(live.server.origin, proxy.origin) for one in (workshop.link, workshop.leading)
    )
    context = chromium.new_context(locale="de-DE")
    leader, page = context.new_page(), context.new_page()
    until(lambda: leader.request.get(link).status == 200, 20)
    leader.goto(leading)
    leader.wait_for_url("**/uebersicht")
    expect(leader.locator("main")).to_contain_text(link)
    page.goto(link)
    live.server.kill()  # nginx now answers 502, with a page of its own
    page.locator("form[data-exercise=first]").get_by_label("Rufbus").check()
    said = page.locator("form[data-exercise=first] [data-said]")
    expect(said).to_contain_text("Noch nicht gespeichert")
    live.server.start()
    expect(said).to_have_text(re.compile("^Gespeichert"), timeout=20_000)
    expect(leader.locator("[data-count]")).to_have_text("Bis jetzt antwortet eine Person.", timeout=20_000)
    context.close()
