"""Pictures of a notebook become part of its page, and a part of what the page is made from."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from transferkit.errors import PageError
from transferkit.publish import fingerprint, pictures

SHOWN = '<p><img src="pictures/door.webp" alt="Eine Tür"></p>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a notebook that shows one picture."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "door.webp").write_bytes(b"wood")
    (tmp_path / "pictures" / "taken.json").write_text(json.dumps({"door": {"size": [70, 20]}}))
    (tmp_path / "house.ipynb").write_text("![Eine Tür](pictures/door.webp)", encoding="utf-8")
    return tmp_path


def test_a_page_holds_its_picture_with_words_and_size(folder: Path) -> None:
    html = pictures.embedded(SHOWN, folder)
    data = base64.b64encode(b"wood").decode()
    assert f'src="data:image/webp;base64,{data}" alt="Eine Tür" width="70" height="20">' in html


def test_a_picture_that_is_missing_or_without_words_stops_the_page(folder: Path) -> None:
    with pytest.raises(PageError, match=r"pictures/floor\.webp fehlt.*make pictures"):
        pictures.embedded(SHOWN.replace("door", "floor"), folder)
    with pytest.raises(PageError, match="fehlt der Text"):
        pictures.embedded(SHOWN.replace("Eine Tür", ""), folder)


def test_another_picture_makes_another_notebook(folder: Path) -> None:
    before = fingerprint.of_notebook(folder / "house.ipynb")
    assert fingerprint.of_notebook(folder / "house.ipynb") == before
    (folder / "pictures" / "door.webp").write_bytes(b"iron")
    assert fingerprint.of_notebook(folder / "house.ipynb") != before
