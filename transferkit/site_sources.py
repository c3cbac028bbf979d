"""What the site of this project is made from, put together for the commands that build or check it."""

from __future__ import annotations

from transferkit import catalogue, project
from transferkit.finding import Finding
from transferkit.knowledge import data_check, datasets, digests
from transferkit.publish.check import notebooks
from transferkit.publish.plan import Sources


def sources() -> Sources:
    """The table of contents, the notebooks and the data in use."""
    return Sources(
        toc=project.toc(),
        notebooks=project.notebooks_folder(),
        domains=catalogue.domains(),
        tables=catalogue.tables(),
        digests=digests.of_files(),
        digests_of_reads=digests.of_reads,
        resolvers=catalogue.resolvers(),
        findings=_findings,
    )


def _findings() -> list[Finding]:
    folder = datasets.folder()
    return [
        *data_check.findings(folder),
        *notebooks.findings(project.notebooks_folder(), data_check.abbreviations(folder)),
    ]
