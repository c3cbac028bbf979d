"""Every reader with a few inputs each, always the same ones; `fuzz.py` tries as many as there is time for."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz import tables, texts
from tests.fuzz.reading import Count, Reader, hold
from transferkit.knowledge import datasets

NAMES = (
    "Gemeindeverzeichnis, Text",
    "Gemeindeverzeichnis, Excel",
    "Arbeitsmappen",
    "Datenpaket, CSV",
    "Antwortdateien",
    "Sicherungen",
    "Ergebnisdateien",
    "Parameter, Werte",
    "Parameter, Zelle",
    "Inhaltsverzeichnis",
    "Adressen der Apps",
    "Adressen, viele Werte",
    "Nachrichten an Kernel",
)


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Reader]]:
    folder, before = tmp_path_factory.mktemp("fuzz"), os.environ.get("TRANSFERKIT_REGISTER")
    yield {one.name: one for one in [*tables.readers(folder), *texts.readers(folder)]}
    os.environ.pop("TRANSFERKIT_REGISTER")
    if before is not None:
        os.environ["TRANSFERKIT_REGISTER"] = before
    datasets.forget()


def test_every_reader_is_tried(readers: dict[str, Reader]) -> None:
    assert set(readers) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_gives_a_right_result_or_an_error_of_its_own_and_loses_nothing(
    name: str, readers: dict[str, Reader]
) -> None:
    reader, count = readers[name], Count()

    @settings(
        max_examples=reader.examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(reader.inputs)
    def holds(value: object) -> None:
        hold(reader, value, count)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        holds()
    assert count.accepted + count.refused == count.tried >= reader.examples // 2
    assert count.refused
