"""One page of the site: a guide's notebook and one set of parameters, with its address and title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """What a page is called, where it stands and what it was made with; no content yet."""

    address: str  # relative to the site's root, "kommunen/09181121.html"
    title: str  # "Leitfaden für Fuchstal"
    guide: str  # name in toc.toml, "municipality-guide"
    group: str  # breadcrumb, "Kommunen"
    group_page: str  # where the breadcrumb leads, "index.html"
    label: str  # "Fuchstal"
    edition: str  # ISO date of the data, "2026-11-22"
    site_title: str
    version: str  # of transferkit
    parameters: Mapping[str, object] = field(default_factory=dict)
    text: str = ""  # what it is good for, in one sentence
    alone: bool = False  # without a site around it, so that it links to no other page
    site_address: str = ""  # where the site is published, with a / at its end; empty if nobody knows
