"""The data package as the site offers it: its files, and their description for data catalogues (DCAT-AP.de).

Profile 3.0, as JSON-LD. A dataset holds all tables under one licence: catalogues ask for the licence of every
distribution. Addresses are full once toc.toml says where the site stands, until then relative.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from transferkit.errors import BuildError
from transferkit.knowledge import datasets
from transferkit.publish import fingerprint, storage

FOLDER: Final = "daten"
PACKAGE: Final = "datapackage.json"
CATALOGUE: Final = "katalog.jsonld"
ARCHIVE: Final = "transferkit-daten.zip"
PROJECT: Final = "transferkit"
DCATDE: Final = "http://dcat-ap.de/def/"
EU: Final = "http://publications.europa.eu/resource/authority/"
# The package's names of licences, and the catalogues' addresses for them.
LICENCES: Final = {
    "CC-BY-4.0": f"{DCATDE}licenses/cc-by/4.0",
    "CC0-1.0": f"{DCATDE}licenses/cc-zero",
    "dl-de-by-2.0": f"{DCATDE}licenses/dl-by-de/2.0",
    "destatis": f"{DCATDE}licenses/other-open",
}
CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcatde": f"{DCATDE}dcatde/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Node = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One table on offer: its file, what it holds, and how it may be used (`licence`: the package's name)."""

    name: str
    title: str
    description: str
    file: str
    content: bytes
    licence: str
    sources: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows it has; a cell may hold line breaks, so that lines do not tell."""
        return len(datasets.load(self.name))

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.content)


@dataclass(frozen=True)
class Dataset:
    """All tables under one licence: what it is called, where its text stands, whom to name."""

    key: str
    title: str
    description: str
    licence: str
    licence_address: str
    attribution: str
    tables: tuple[Table, ...]


def offered() -> list[Dataset]:
    """The tables of the data package by licence, own work first; BuildError for a licence without address."""
    package = json.loads((datasets.folder() / PACKAGE).read_text(encoding="utf-8"))
    described = {resource["name"]: resource for resource in package["resources"]}
    tables = sorted(map(_table, package["resources"]), key=lambda table: table.licence)
    return [
        _dataset(package, described, licence, tuple(group))
        for licence, group in groupby(tables, key=lambda table: table.licence)
    ]


def write(folder: Path, offer: Sequence[Dataset], site: str, edition: str) -> None:
    """Write the files into `folder`/daten: tables, their schema, all in one archive, and the catalogue."""
    package = (datasets.folder() / PACKAGE).read_bytes()
    files = {PACKAGE: package, **{table.file: table.content for one in offer for table in one.tables}}
    for name, content in files.items():
        storage.write(folder / FOLDER / name, content)
    storage.write(folder / FOLDER / ARCHIVE, _archive(files))
    text = json.dumps(catalogue(offer, site, edition), ensure_ascii=False, indent=1)
    storage.write(folder / FOLDER / CATALOGUE, f"{text}\n".encode())


def catalogue(offer: Sequence[Dataset], site: str, edition: str) -> Node:
    """The description as JSON-LD: a catalogue, its datasets, and a distribution for each table."""
    nodes = [_dataset_node(one, site, edition) for one in offer]
    return {
        "@context": CONTEXT,
        "@id": _at(site, CATALOGUE),
        "@type": "dcat:Catalog",
        "dcterms:title": _german("Daten von transferkit"),
        "dcterms:description": _german("Die Daten, aus denen die Leitfäden von transferkit entstehen."),
        "dcterms:publisher": _publisher(site),
        "dcterms:language": {"@id": f"{EU}language/DEU"},
        "dcterms:modified": _date(edition),
        "dcterms:license": {"@id": LICENCES["CC-BY-4.0"]},
        "dcat:dataset": nodes,
    }


def _table(resource: Mapping[str, Any]) -> Table:
    licence = resource["licenses"][0]["name"]
    if licence not in LICENCES:
        raise BuildError(
            f"Tabelle „{resource['name']}“: Datenkataloge kennen die Lizenz „{licence}“ nicht. "
            f"Möglich sind: {', '.join(LICENCES)}."
        )
    return Table(
        name=resource["name"],
        title=resource["title"],
        description=resource.get("description", ""),
        file=resource["path"],
        content=(datasets.folder() / resource["path"]).read_bytes(),
        licence=licence,
        sources=tuple(source["title"] for source in resource["sources"]),
    )


def _dataset(
    package: Mapping[str, Any], described: Mapping[str, Any], licence: str, tables: tuple[Table, ...]
) -> Dataset:
    """The package's own licence covers the package; everything else comes from somebody else."""
    own = licence == package["licenses"][0]["name"]
    said = described[tables[0].name]["licenses"][0]
    titles = ", ".join(table.title for table in tables)
    named = "; ".join(dict.fromkeys(source for table in tables for source in table.sources))
    return Dataset(
        key=licence,
        title=package["title"] if own else "Amtliche Angaben zu den Kommunen, aufbereitet",
        description=package["description"] if own else f"{titles}. Daten geändert: berechnet und ausgewählt.",
        licence=said["title"],
        licence_address=said.get("path", ""),
        attribution=f"{PROJECT}: {package['title']}" if own else named,
        tables=tables,
    )


def _dataset_node(one: Dataset, site: str, edition: str) -> Node:
    return {
        "@id": _at(site, f"{CATALOGUE}#{one.key}"),
        "@type": "dcat:Dataset",
        "dcterms:identifier": f"{PROJECT}-{one.key}",
        "dcterms:title": _german(one.title),
        "dcterms:description": _german(one.description),
        "dcterms:publisher": _publisher(site),
        "dcterms:modified": _date(edition),
        "dcterms:language": {"@id": f"{EU}language/DEU"},
        "dcterms:accessRights": {"@id": f"{EU}access-right/PUBLIC"},
        "dcterms:spatial": {"@id": f"{EU}country/DEU"},
        "dcatde:politicalGeocodingLevelURI": {"@id": f"{DCATDE}politicalGeocoding/Level/federal"},
        "dcat:theme": [{"@id": f"{EU}data-theme/{theme}"} for theme in ("GOVE", "REGI")],
        "dcat:keyword": [_german(word) for word in ("Smart City", "Kommunen", "Modellprojekte")],
        "dcat:landingPage": {"@id": _at(site, "../daten.html")},
        "dcat:contactPoint": {
            "@type": "vcard:Organization",
            "vcard:fn": PROJECT,
            "vcard:hasURL": {"@id": _at(site, "../ueber.html")},
        },
        "dcat:distribution": [_distribution(table, one, site, edition) for table in one.tables],
    }


def _distribution(table: Table, dataset: Dataset, site: str, edition: str) -> Node:
    """A file that can be fetched at once stands in both addresses (convention of DCAT-AP.de)."""
    return {
        "@id": _at(site, f"{CATALOGUE}#{table.name}"),
        "@type": "dcat:Distribution",
        "dcterms:title": _german(table.title),
        **({"dcterms:description": _german(table.description)} if table.description else {}),
        "dcat:accessURL": {"@id": _at(site, table.file)},
        "dcat:downloadURL": {"@id": _at(site, table.file)},
        "dcterms:license": {"@id": LICENCES[table.licence]},
        "dcatde:licenseAttributionByText": _german(f"{dataset.attribution}. {dataset.licence}"),
        "dcterms:format": {"@id": f"{EU}file-type/CSV"},
        "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
        "dcat:byteSize": {"@value": str(table.size), "@type": "xsd:nonNegativeInteger"},
        "dcterms:modified": _date(edition),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {
                "@value": fingerprint.of_bytes(table.content),
                "@type": "xsd:hexBinary",
            },
        },
    }


def _publisher(site: str) -> Node:
    return {"@id": _at(site, f"{CATALOGUE}#{PROJECT}"), "@type": "foaf:Agent", "foaf:name": PROJECT}


def _at(site: str, file: str) -> str:
    """The address of a file beside the catalogue."""
    if not site:
        return file
    return site + (file.removeprefix("../") if file.startswith("../") else f"{FOLDER}/{file}")


def _german(text: str) -> Node:
    return {"@value": text, "@language": "de"}


def _date(iso: str) -> Node:
    return {"@value": iso, "@type": "xsd:date"}


def _archive(files: Mapping[str, bytes]) -> bytes:
    """All files in one, the same bytes each time: no member remembers when it was written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member, content in _members(files):
            archive.writestr(member, content, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _members(files: Mapping[str, bytes]) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    for name in sorted(files):
        member = zipfile.ZipInfo(f"transferkit-daten/{name}")  # of 1980, the first day an archive knows
        member.create_system = 3  # named, as otherwise it is that of this machine
        member.external_attr = 0o644 << 16
        yield member, files[name]


def titles(offer: Iterable[Dataset]) -> dict[str, str]:
    """German titles of the tables by their names."""
    return {table.name: table.title for one in offer for table in one.tables}
