"""What is on screen in an app, taken home: the page and the files beside it, made as a build makes them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.publish.app_server import Served, offer, serving

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(offer(tmp_path_factory.mktemp("apps"))) as server:
        yield server


def test_the_page_of_a_state_is_a_download_that_stands_alone(served: Served) -> None:
    answer = served.visitor().get("apps/paper/seite?town=bdorf")
    assert answer.status == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''paper.html"
    assert "<p>Für bdorf, Gesicht: page</p>" in answer.text
    assert "Nur in der App" not in answer.text
    assert 'href="data:,"' in answer.text  # the file travels with the page
    assert "<h1>Ein Papier</h1>" in answer.text
    assert "index.html" not in answer.text
    assert "ueber.html" not in answer.text
    assert served.health["sitzungen"] == 0


def test_a_file_of_the_notebook_is_a_download_of_its_kind(served: Served) -> None:
    answer = served.visitor().get("apps/paper/datei/paper.xlsx?town=bdorf")
    assert (answer.status, answer.headers["Content-Type"], answer.content) == (200, SHEET, b"bdorf")
    assert served.visitor().get("apps/paper/datei/paper.docx?town=bdorf").status == 404
    assert served.visitor().get("apps/paper/datei/executed.ipynb?town=bdorf").status == 404


def test_what_several_ask_for_is_made_once_and_kept_for_a_while(served: Served) -> None:
    visitor = served.visitor()
    visitor.get("apps/paper/seite?town=adorf")
    start = time.perf_counter()
    with ThreadPoolExecutor(5) as people:
        found = list(people.map(lambda _: visitor.get("apps/paper/seite?town=adorf").content, range(5)))
    assert len(set(found)) == 1
    assert time.perf_counter() - start < 1


def test_a_wrong_state_and_a_link_from_elsewhere_make_nothing(served: Served) -> None:
    assert served.visitor().get("apps/paper/seite?town=cdorf").status == 400
    assert served.visitor().get("apps/keine/seite").status == 404
    for site in ("cross-site", "same-site"):
        assert served.visitor().get("apps/paper/seite", Sec_Fetch_Site=site).status == 403
    assert served.visitor().get("apps/paper/seite", Sec_Fetch_Site="same-origin").status == 200
    assert served.visitor().post("apps/paper/seite").status == 405


def test_a_failing_export_has_a_number_and_the_log_the_reason(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    answer = served.visitor().get("apps/trouble/seite?what=fails")
    assert answer.status == 500
    assert "Vorfallnummer" in answer.text
    assert "Geheimes" not in answer.text
    assert "Geheimes aus dem Kernel" in caplog.text
