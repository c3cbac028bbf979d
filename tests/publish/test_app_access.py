"""Which doors of a server of apps are open, and to whom: addresses, names, cookies, the access code."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publish.app_server import Served, offer, serving
from transferkit.publish.app_guard import AccessCode


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(offer(tmp_path_factory.mktemp("apps"))) as server:
        yield server


@pytest.mark.parametrize(
    "path",
    ["api/kernels", "api/contents", "api/sessions", "api/terminals", "api", "lab", "files/toc.toml", "tree",
     "voila/files/app_wire.ipynb", "voila/api/contents", "voila/render/app_wire.ipynb", "voila/tree",
     "voila/static/../app_wire.ipynb", "voila/static/%2e%2e/voila.js", "voila/static/..%2fconf.json",
     "laden/../app_wire.ipynb", "laden/%2e%2e%2fapp_wire.ipynb", "apps/..%2f..%2fetc%2fpasswd", "apps/.",
     "apps/wire/datei/..", "apps/wire/datei/%2e%2e%2fapp_wire.ipynb", "voila/templates/lab/static/voila.js",
     "static/style.css", "login", "metrics", "voila/api/themes/x"]
)  # fmt: skip
def test_no_other_door_is_open(path: str, served: Served) -> None:
    before = len(served.kernels.tenancies)
    for answer in (served.visitor().get(path), served.visitor().post(path, "{}")):
        assert answer.status in (403, 404, 405), answer.text
        assert "nbformat" not in answer.text
    assert len(served.kernels.tenancies) == before


def test_nobody_chooses_another_template_or_theme(served: Served) -> None:
    for word in ("template=lab", "theme=dark", "voila-template=lab"):
        answer = served.visitor().get(f"apps/wire?{word}")
        assert answer.status == 400
        assert "gibt es in diesem Notizbuch nicht" in answer.text


def test_a_server_answers_only_to_its_own_name(served: Served) -> None:
    answer = served.visitor().get("", Host="evil.example")
    assert answer.status == 421
    assert "„evil.example“" in answer.text
    assert served.visitor().get("", Host=f"localhost:{served.port}").status == 200


def test_cookies_are_for_the_server_alone(served: Served) -> None:
    header = served.visitor().get("apps/trouble").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Strict" in header
    assert "expires" not in header.lower()


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Served]:
    with serving(offer(tmp_path), access=AccessCode("ABCD2345", tries=3)) as server:
        yield server


def test_a_shared_server_asks_for_its_code_once(shared: Served) -> None:
    visitor = shared.visitor()
    asked = visitor.get("apps/wire?count=5")
    assert asked.status == 401
    assert "Zugangscode" in asked.text
    assert "kernelId" not in asked.text
    let_in = visitor.post("zugang", "code=abcd-2345&ziel=/apps/wire?count=5")
    assert (let_in.status, let_in.headers["Location"]) == (302, "/apps/wire?count=5")
    assert "ABCD" not in let_in.headers["Set-Cookie"]
    assert visitor.get("apps/wire?count=5").status == 200


def test_the_link_of_the_qr_code_lets_in(shared: Served) -> None:
    visitor = shared.visitor()
    assert visitor.get("zugang?code=ABCD2345").status == 302
    assert visitor.get("").status == 200


def test_a_wrong_code_lets_nobody_in_and_guessing_ends_soon(shared: Served) -> None:
    visitor = shared.visitor()
    assert [visitor.post("zugang", f"code=AAAA222{n}").status for n in range(4)] == [401, 401, 401, 429]
    assert visitor.post("zugang", "code=ABCD2345").status == 429
    assert visitor.get("apps/wire").status == 401
    assert visitor.get(f"api/kernels/{uuid.uuid4()}").status == 403


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_the_code_leads_nowhere_else(target: str, shared: Served) -> None:
    assert shared.visitor().post("zugang", f"code=ABCD2345&ziel={target}").headers["Location"] == "/"


def test_a_form_elsewhere_cannot_try_codes(shared: Served) -> None:
    assert shared.visitor().post("zugang", "code=ABCD2345", Origin="http://evil.example").status == 403
