"""The shipped peer tables, and a made-up country small enough to reason about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from transferkit.methods.neighbours import peer_distances
from transferkit.methods.peers import peers
from transferkit.methods.standardise import reference_statistics

DATASETS = Path(__file__).parents[2] / "datasets"
KEYS = {"place_key": str, "kreis_key": str, "land_code": str, "type_code": str, "lead_ags": str}


def shipped(name: str) -> pd.DataFrame:
    return pd.read_csv(DATASETS / f"{name}.csv", dtype=KEYS)


@pytest.fixture(scope="session")
def model() -> pd.DataFrame:
    return shipped("peer_model")


@pytest.fixture(scope="session")
def rules() -> pd.DataFrame:
    return shipped("peer_rules")


@pytest.fixture(scope="session")
def statistics() -> pd.DataFrame:
    return shipped("reference_statistics")


@pytest.fixture(scope="session")
def distances() -> pd.DataFrame:
    return shipped("peer_distances")


@pytest.fixture(scope="session")
def places() -> pd.DataFrame:
    return shipped("places")


@pytest.fixture(scope="session")
def project_places() -> pd.DataFrame:
    return shipped("project_places")


@pytest.fixture(scope="session")
def projects() -> pd.DataFrame:
    return shipped("model_projects")


@pytest.fixture(scope="session")
def country() -> pd.DataFrame:
    """400 made-up municipalities, 40 of them kreisfrei, spread like the German ones; seeded."""
    rng = np.random.default_rng(7)
    population = np.exp(rng.normal(7.6, 1.5, 400)).round() + 5
    population[:40] = np.exp(rng.normal(11.8, 0.8, 40)).round()
    area = np.exp(rng.normal(2.9, 0.8, 400)) * (population / 2000) ** 0.4
    frame = pd.DataFrame(
        {
            "population": pd.array(population.astype(int), dtype="Int64"),
            "area_km2": area,
            "density_per_km2": population / area,
            "population_within_30km": (np.exp(rng.normal(13, 0.8, 400)) + population).round(),
            "km_to_city_100k": np.where(population >= 100_000, 0.0, rng.uniform(2, 110, 400)),
            "type_code": np.where(np.arange(400) < 40, "61", "64"),
        }
    )
    return frame.set_index(pd.Index([f"0{1000000 + 13 * i}" for i in range(400)], name="ags", dtype="str"))


@pytest.fixture(scope="session")
def national(country: pd.DataFrame, model: pd.DataFrame) -> pd.DataFrame:
    return reference_statistics(country, model)


@pytest.fixture(scope="session")
def spread(
    country: pd.DataFrame, national: pd.DataFrame, model: pd.DataFrame, rules: pd.DataFrame
) -> pd.DataFrame:
    return peer_distances(country, national, model, rules)


@pytest.fixture(scope="session")
def ask(
    country: pd.DataFrame,
    national: pd.DataFrame,
    model: pd.DataFrame,
    rules: pd.DataFrame,
    spread: pd.DataFrame,
) -> Callable[..., pd.DataFrame]:
    """peers() with the made-up country as default for everything not named."""

    def answer(own=None, table=country, *, count=10, **tables):
        own = table.iloc[200] if own is None else own
        with_all = {"statistics": national, "model": model, "rules": rules, "distances": spread} | tables
        return peers(own, table, **with_all, count=count)

    return answer
