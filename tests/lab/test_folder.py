"""The folder of a person in JupyterLab: copies that can be edited, followed and restored."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from transferkit import ask, face
from transferkit.errors import WorkshopError
from transferkit.lab import folder, start


def cell(kind: str, source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {"tags": list(tags)}, "source": source}


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of notebooks as it is delivered."""
    where = tmp_path / "shipped"
    (where / "workshops").mkdir(parents=True)
    (where / "toc.toml").write_text("", encoding="utf-8")
    cells = [cell("markdown", "# Titel"), cell("code", "place = 1", "parameters")]
    cells += [cell("markdown", "Geheim", "facilitator"), cell("code", "2")]
    for name in ("willkommen.ipynb", "workshops/probe.ipynb", "_template.ipynb"):
        (where / name).write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    monkeypatch.setenv("TRANSFERKIT_NOTEBOOKS", str(where))
    return where


@pytest.fixture
def mine(tmp_path: Path, shipped: Path) -> Path:
    where = tmp_path / "Meine Übungen"
    folder.prepare(where)
    return where


def cells_of(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def edit(path: Path, source: str) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] = source
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_copies_leave_out_what_only_facilitators_read(mine: Path) -> None:
    assert sorted(path.name for path in mine.rglob("*.ipynb")) == ["probe.ipynb", "willkommen.ipynb"]
    assert "Geheim" not in (mine / "workshops/probe.ipynb").read_text(encoding="utf-8")


def test_code_is_folded_away_but_for_the_parameters(mine: Path) -> None:
    _, parameters, code = cells_of(mine / "workshops/probe.ipynb")
    assert "jupyter" not in parameters["metadata"]
    assert code["metadata"]["jupyter"] == {"source_hidden": True}


def test_what_somebody_edited_stays_and_the_rest_follows_the_shipped_notebook(
    mine: Path, shipped: Path
) -> None:
    edit(mine / "workshops/probe.ipynb", "mein Text")
    for name in ("willkommen.ipynb", "workshops/probe.ipynb"):
        edit(shipped / name, "neu geliefert")
    folder.prepare(mine)
    assert cells_of(mine / "workshops/probe.ipynb")[-1]["source"] == "mein Text"
    assert cells_of(mine / "willkommen.ipynb")[-1]["source"] == "neu geliefert"


def test_running_a_notebook_is_no_edit(mine: Path, shipped: Path) -> None:
    path = mine / "willkommen.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1] |= {"outputs": [{"output_type": "stream"}], "execution_count": 3, "source": ["2"]}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    edit(shipped / "willkommen.ipynb", "neu geliefert")
    folder.prepare(mine)
    assert cells_of(path)[-1]["source"] == "neu geliefert"


def test_a_damaged_copy_is_left_alone_and_can_be_restored(mine: Path) -> None:
    (mine / "willkommen.ipynb").write_text("{", encoding="utf-8")
    folder.prepare(mine)
    assert (mine / "willkommen.ipynb").read_text(encoding="utf-8") == "{"
    folder.restore(mine, "willkommen.ipynb")
    assert len(cells_of(mine / "willkommen.ipynb")) == 3


def test_the_kernel_knows_its_notebook_wherever_the_server_says_it_is(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(folder.VARIABLE, str(mine))
    for session in ("workshops/probe.ipynb", str(mine / "workshops/probe.ipynb")):
        monkeypatch.setenv("JPY_SESSION_NAME", session)
        assert folder.current() == "workshops/probe.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", "../anderswo.ipynb")
    assert folder.current() is None


def test_everything_is_reset_notebooks_and_answers(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folder.VARIABLE, str(mine))
    monkeypatch.delenv("TRANSFERKIT_FACE", raising=False)
    monkeypatch.setattr(face, "kernel", lambda: SimpleNamespace())
    monkeypatch.chdir(mine / "workshops")
    ask.begin("probe")
    shown: Any = ask.choice("q", "Was?", {"a": "Eins", "b": "Zwei"})
    shown.form.filled = {"answer": "a"}
    edit(mine / "workshops/probe.ipynb", "mein Text")
    button: Any = ask.reset(everything=True)
    button.form.wanted += 1
    assert list(mine.rglob("antworten-*")) == []
    assert cells_of(mine / "workshops/probe.ipynb")[-1]["source"] == "2"
    assert button.form.restored
    assert "Gelöscht: 1 Datei mit Antworten" in button.form.said


def test_a_folder_that_cannot_be_written_to_is_told(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WorkshopError, match="lässt sich nicht schreiben"):
        folder.prepare(tmp_path / "file" / "below")


def test_jupyterlab_asks_nobody_for_news_and_speaks_german(tmp_path: Path) -> None:
    options = start.options(tmp_path)
    assert "--LabApp.news_url=None" in options
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in options
    assert f"--LabApp.default_url=/lab/tree/{folder.WELCOME}" in options
    settings = json.loads((start.HERE / "settings" / "overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"] == "de_DE"
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
