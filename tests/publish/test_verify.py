"""The sample of a build that is executed once more the stock way: a difference fails the page."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from transferkit.cli import main
from transferkit.errors import NotebookError
from transferkit.publish.build import build
from transferkit.publish.verify import is_in_sample, require_equal
from transferkit.publish.worker import Limits

PAGES = [f"kommunen/{number:08}.html" for number in range(10_000)]


def notebook(text: str, *read: str):
    output = new_output("stream", name="stdout", text=text)
    cells = [new_markdown_cell("# T"), new_code_cell("x"), new_code_cell("y", outputs=[output])]
    return new_notebook(cells=cells, metadata={"transferkit": {"reads": {"tables": list(read)}}})


def test_the_sample_is_the_same_every_time_and_as_large_as_asked_for() -> None:
    chosen = [page for page in PAGES if is_in_sample(page, 0.01)]
    assert 70 < len(chosen) < 130
    assert chosen == [page for page in PAGES if is_in_sample(page, 0.01)]
    assert set(chosen) <= {page for page in PAGES if is_in_sample(page, 0.05)}
    assert all(is_in_sample(page, 1) for page in PAGES)
    assert not any(is_in_sample(page, 0) for page in PAGES)


def test_random_ids_are_no_difference_but_words_are() -> None:
    require_equal(notebook("a" * 32), notebook("b" * 32))
    with pytest.raises(NotebookError, match="in Zelle 2 etwas anderes"):
        require_equal(notebook("eins"), notebook("zwei"))


def test_other_data_read_is_a_difference() -> None:
    with pytest.raises(NotebookError, match="andere Daten gelesen"):
        require_equal(notebook("eins", "lessons"), notebook("eins", "lessons", "themes"))


def test_a_build_whose_kernels_agree_is_published(world) -> None:
    result = build(world.sources, world.out, limits=Limits(verify=1.0), workers=world.workers)
    assert (result.built, result.failed) == (2, 0)


def test_a_page_that_differs_on_a_fresh_kernel_fails_and_is_named(world) -> None:
    # Only the warm process has loaded pandas before the notebook asks for anything.
    world.edit("from IPython.display import HTML", "import sys; from IPython.display import HTML")
    world.edit("{place} kennt", r"{place} {\"pandas\" in sys.modules} kennt")
    result = build(world.sources, world.out, limits=Limits(verify=1.0), workers=world.workers)
    assert [failure.address for failure in result.failures] == ["orte/adorf.html", "orte/bdorf.html"]
    assert "Stichprobe mit einem frischen Kernel ergab in Zelle" in result.failures[0].reason


@pytest.mark.parametrize("share", ["1", "x%", "101%"])
def test_a_wrong_share_is_one_clear_message(share: str) -> None:
    result = CliRunner().invoke(main, ["build", "--verify", share])
    assert result.exit_code == 2
    assert f"--verify {share}: Das ist kein Anteil. Richtig ist zum Beispiel 1%." in result.output
