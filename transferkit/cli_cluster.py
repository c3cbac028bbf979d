"""Who makes the pages of a build: processes of this machine, or the workers of a cluster."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from transferkit.publish.cluster import Cluster


def workers(scheduler: str | None, jobs: int | None) -> AbstractContextManager[Cluster | None]:
    """The workers of the scheduler at this address, to be entered; None for processes of this machine."""
    if scheduler is None:
        return nullcontext()
    if jobs is not None:
        raise click.UsageError(
            "--jobs gilt nur für diesen Rechner. Wie viele Seiten ein Rechner eines Clusters zugleich macht, "
            "sagt „dask worker --nthreads“."
        )
    return _cluster(scheduler)


def _cluster(address: str) -> Cluster:
    from transferkit import project
    from transferkit.errors import BuildError
    from transferkit.knowledge import datasets, register_store

    try:
        from transferkit.publish.cluster import Cluster
    except ModuleNotFoundError as error:
        raise BuildError(
            f"Für --scheduler fehlt das Paket {error.name}. Richtig ist: pip install transferkit[cluster]"
        ) from error
    folders = {
        "TRANSFERKIT_DATASETS": datasets.folder(),
        "TRANSFERKIT_NOTEBOOKS": project.notebooks_folder(),
        "TRANSFERKIT_REGISTER": register_store.folder(),
    }
    return Cluster(address, folders)
