"""Apps behind a real nginx at a sub-path: pages, the line to the kernel, redirects and cookies."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.publish.app_server import Served, Visitor, free_port, offer, serving, until
from transferkit.publish.app_guard import Hosts

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
DOCUMENT = Path(__file__).parents[2] / "docs" / "serving.md"
AROUND = """
daemon off;
error_log stderr;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {connection}
    server {{
        listen 127.0.0.1:{port};
        {location}
    }}
}}
"""


def documented(folder: Path, port: int, behind: int) -> str:
    """What we tell the administrators of a server, as a whole configuration."""
    text = DOCUMENT.read_text(encoding="utf-8")
    location = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    connection = re.search(r"`(map \$http_upgrade.*?})`", text)
    assert location
    assert connection
    return AROUND.format(
        folder=folder,
        port=port,
        location=location[1].replace(":8866", f":{behind}"),
        connection=connection[1],
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("apps")
    with serving(offer(folder), base="/stadt/", hosts=Hosts(None), behind_proxy=True) as server:
        yield server


@pytest.fixture(scope="module")
def address(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where nginx shows the apps."""
    if NGINX is None:
        pytest.skip("nginx fehlt: `make test` richtet es ein, wo das ohne Rückfrage geht.")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(documented(folder, port, served.port), encoding="utf-8")
    with subprocess.Popen([NGINX, "-c", configuration, "-p", folder], stderr=subprocess.PIPE) as nginx:
        found = f"http://127.0.0.1:{port}/stadt/"
        until(lambda: _answers(found), 20)
        yield found
        nginx.terminate()


def _answers(address: str) -> bool:
    try:
        return Visitor(address).get("gesund").status == 200
    except OSError:
        return False


def test_all_links_stay_below_the_path(address: str) -> None:
    page = Visitor(address).get("").text
    assert 'href="/stadt/apps/wire"' in page
    assert Visitor(address).get("apps/wire/").headers["Location"] == "/stadt/apps/wire"
    assert "Path=/stadt/" in Visitor(address).get("apps/trouble").headers["Set-Cookie"]


def test_a_cookie_is_for_encrypted_connections_where_the_proxy_has_one(served: Served) -> None:
    answer = served.visitor().get("apps/trouble", X_Forwarded_Proto="https")
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("app", ["wire", "slider"])
def test_a_widget_works_through_the_proxy(app: str, address: str, chromium: Browser) -> None:
    context = chromium.new_context(locale="de-DE")
    page = context.new_page()
    page.goto(f"{address}apps/{app}?count=8")
    expect(page.get_by_role("status")).to_have_text("Die App ist bereit.")
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator("#said")).to_have_text("9 Stück")
    context.close()
