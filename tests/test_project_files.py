"""What catalogues and those who cite read: publiccode.yml and CITATION.cff, by the rules of their standards.

Neither standard has a validator for Python that is kept (cffconvert asks for a jsonschema of 2019): the rules
for the fields we use stand here in our own words.
"""

from __future__ import annotations

import copy
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parent.parent
TEXT = {"type": "string", "minLength": 1}
DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
WEB = {"type": "string", "pattern": r"^https?://[^\s]+$"}
# publiccode.yml 0.4, "The Standard (core)": mandatory keys, allowed values, lengths.
PUBLICCODE = {
    "type": "object",
    "required": [
        *("publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus"),
        *("softwareType", "description", "legal", "maintenance", "localisation"),
    ],
    "dependentRequired": {"softwareVersion": ["releaseDate"]},
    "additionalProperties": False,
    "properties": {
        "publiccodeYmlVersion": {"const": "0.4"},
        "name": TEXT,
        "url": WEB,
        "landingURL": WEB,
        "softwareVersion": TEXT,
        "releaseDate": DATE,
        "platforms": {
            "type": "array",
            "minItems": 1,
            "items": {"enum": ["web", "windows", "mac", "linux", "ios", "android"]},
        },
        "categories": {
            "type": "array",
            "minItems": 1,
            "items": {
                "enum": [
                    *("data-analytics", "data-visualization", "document-management", "collaboration"),
                    *("knowledge-management", "learning-management-system", "survey", "website-builder"),
                ]
            },
        },
        "developmentStatus": {"enum": ["concept", "development", "beta", "stable", "obsolete"]},
        "softwareType": {
            "enum": [
                *("standalone/mobile", "standalone/iot", "standalone/desktop", "standalone/web"),
                *("standalone/backend", "standalone/other", "addon", "library", "configurationFiles"),
            ]
        },
        "intendedAudience": {
            "type": "object",
            "properties": {
                "countries": {"type": "array", "items": {"pattern": "^[a-z]{2}$"}},
                "scope": {"type": "array", "items": {"enum": ["local-authorities", "government"]}},
            },
        },
        "description": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z]{2}(-[A-Z]{2})?$"},
            "additionalProperties": {
                "type": "object",
                "required": ["shortDescription", "longDescription", "features"],
                "properties": {
                    "shortDescription": {**TEXT, "maxLength": 150},
                    "longDescription": {**TEXT, "minLength": 500, "maxLength": 10_000},
                    "features": {"type": "array", "minItems": 1, "items": {**TEXT, "maxLength": 100}},
                },
            },
        },
        "legal": {"type": "object", "required": ["license"], "properties": {"license": {"const": "MIT"}}},
        "maintenance": {
            "type": "object",
            "required": ["type", "contacts"],
            "properties": {
                "type": {"enum": ["internal", "community"]},
                "contacts": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
                },
            },
        },
        "localisation": {
            "type": "object",
            "required": ["localisationReady", "availableLanguages"],
            "properties": {
                "localisationReady": {"type": "boolean"},
                "availableLanguages": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"pattern": "^[a-z]{2}$"},
                },
            },
        },
    },
}
# Citation File Format 1.2.0.
CITATION = {
    "type": "object",
    "required": ["cff-version", "message", "title", "authors"],
    "additionalProperties": False,
    "properties": {
        "cff-version": {"const": "1.2.0"},
        "message": TEXT,
        "title": TEXT,
        "type": {"enum": ["software", "dataset"]},
        "authors": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
        },
        "abstract": TEXT,
        "keywords": {"type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT},
        "version": TEXT,
        "date-released": DATE,
        "license": {"const": "MIT"},
        "url": WEB,
        "repository-code": WEB,
    },
}


class Text(yaml.SafeLoader):
    """Dates stay as they are written: the standards give them as text."""


Text.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load((ROOT / name).read_text(encoding="utf-8"), Text)
    return content


def faults(content: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    return [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(content)
    ]


@pytest.mark.parametrize(("name", "schema"), [("publiccode.yml", PUBLICCODE), ("CITATION.cff", CITATION)])
def test_the_file_keeps_to_its_standard(name: str, schema: dict[str, Any]) -> None:
    assert faults(read(name), schema) == []


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("publiccode.yml", ("publiccodeYmlVersion",), 0.4),
        ("publiccode.yml", ("softwareType",), "standalone"),
        ("publiccode.yml", ("categories",), ["smart-city"]),
        ("publiccode.yml", ("description", "de", "longDescription"), "Zu kurz."),
        ("publiccode.yml", ("description", "de", "shortDescription"), "lang " * 31),
        ("publiccode.yml", ("releaseDate",), "24.11.2026"),
        ("publiccode.yml", ("maintenance", "contacts"), []),
        ("publiccode.yml", ("licence",), "MIT"),
        ("CITATION.cff", ("authors",), []),
        ("CITATION.cff", ("cff-version",), 1.2),
        ("CITATION.cff", ("date-released",), "24.11.2026"),
    ],
)
def test_what_breaks_a_standard_is_found(name: str, path: tuple[str, ...], value: object) -> None:
    content = copy.deepcopy(read(name))
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert faults(content, PUBLICCODE if name == "publiccode.yml" else CITATION) != []


def test_all_files_tell_of_the_same_release() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    code, citation = read("publiccode.yml"), read("CITATION.cff")
    assert {project["version"], code["softwareVersion"], citation["version"]} == {project["version"]}
    assert code["releaseDate"] == citation["date-released"]
    assert {project["license"], code["legal"]["license"], citation["license"]} == {"MIT"}


def test_nobody_is_named_who_is_not_known() -> None:
    """No address of a person stands in these files before the project has one to give."""
    for name in ("publiccode.yml", "CITATION.cff"):
        assert not re.search(r"[\w.]+@[\w.]+", (ROOT / name).read_text(encoding="utf-8")), name
