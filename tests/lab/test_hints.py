"""Hints instead of tracebacks, in a real kernel as JupyterLab starts it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from transferkit.lab import start
from transferkit.lab.hints import hint

ERRORS = {
    "tk": "„tk“ ist noch nicht bekannt.",
    "import transferkit as tk\ntk.place('Fuchstahl')": "Ähnlich heißen:",
    "tk.nix": "transferkit hat keinen Namen „nix“",
    "(1": "Oft fehlt eine Klammer",
    "import gibtsnicht": "Das Paket „gibtsnicht“ fehlt",
    "open('fehlt.csv')": "Die Datei „fehlt.csv“ gibt es nicht",
    "{}['x']": "„x“ gibt es hier nicht",
    "1 + 'a'": "ein Text statt einer Zahl",
    "1 / 0": "In dieser Zelle ist ein Fehler aufgetreten",
}


def run(sources: list[str], folder: Path) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True, timeout=120).execute(cwd=str(folder))
    return notebook


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `make lab` and JupyterLab tell their kernels."""
    monkeypatch.delenv("TRANSFERKIT_FACE", raising=False)
    monkeypatch.setenv("JPY_SESSION_NAME", "workshops/probe.ipynb")
    monkeypatch.setenv("PYTHONSTARTUP", str(start.HERE / "startup.py"))
    monkeypatch.setenv("PYTHONPATH", str(start.HERE.parents[1]))


def test_an_error_is_a_german_sentence_with_details_to_unfold(session: None, tmp_path: Path) -> None:
    for cell, words in zip(run(list(ERRORS), tmp_path)["cells"], ERRORS.values(), strict=True):
        (output,) = cell["outputs"]
        assert output["output_type"] == "display_data", cell["source"]
        assert words in output["data"]["text/plain"]
        html = output["data"]["text/html"]
        assert html.startswith('<div role="alert" data-hint')
        assert "<details><summary>Einzelheiten" in html
        assert "\x1b" not in html


def test_the_cells_after_an_error_do_not_run(session: None, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in ("x", "1")])
    with pytest.raises(Exception, match="NameError"):
        NotebookClient(notebook, kernel_name="python3", timeout=120).execute(cwd=str(tmp_path))
    assert notebook["cells"][1]["outputs"] == []


def test_builds_and_apps_see_the_error_as_it_is(session: None, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TRANSFERKIT_FACE", "page")
    (cell,) = run(["1 / 0"], tmp_path)["cells"]
    assert cell["outputs"][0]["output_type"] == "error"


def test_markup_in_an_error_stays_text() -> None:
    assert hint(KeyError, KeyError("<b>")) == "„<b>“ gibt es hier nicht. Prüfen Sie die Schreibweise."
