"""The pages around the guides: start page with search, lists, glossary, and what these pages cannot know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from transferkit.project import Operator
from transferkit.publish import feed, full_text, gone, metadata, source_list, storage
from transferkit.publish.calendar_file import calendar
from transferkit.publish.events import events
from transferkit.publish.german_order import sorted_german
from transferkit.publish.gone import Gone
from transferkit.publish.news import News
from transferkit.publish.page import Page
from transferkit.publish.sitemap import sitemap

TEMPLATES = Path(__file__).parent / "templates"
GROUPS = {
    "theme-guide": "themes",
    "experience-sheet": "solutions",
    "project-profile": "projects",
    "municipality-guide": "towns",
}
STATUS = {
    "idea": "Idee",
    "planned": "geplant",
    "implementing": "im Aufbau",
    "pilot": "im Pilotbetrieb",
    "running": "in Betrieb",
    "ended": "beendet",
    "unknown": "Stand nicht bekannt",
}
KINDS = {
    "Großstadt": "Großstadt",
    "Mittelstadt": "Mittelstadt",
    "Kleinstadt-Landgemeinde": "Kleinstadt oder Landgemeinde",
    "Landkreis": "Landkreis",
    "Interkommunale Kooperation": "Verbund von Kommunen",
}
EVIDENCE = {"direct": "belegt", "inferred": "abgeleitet", "thin": "nur erwähnt"}
PAGES = (
    *("index", "themen", "loesungen", "projekte", "kommunen"),
    *("termine", "neu", "glossar", "quellen", "daten", "ueber"),
    *("handbuch", "barrierefreiheit", "datenschutz"),
)


@dataclass(frozen=True)
class Site:
    """What the site's own pages are made from: its guide pages and the tables they list.

    `address` is where the site is published, with a / at its end; empty if nobody knows yet.
    """

    edition: str  # ISO date of the data
    version: str
    title: str
    pages: Sequence[Page]
    tables: Mapping[str, pd.DataFrame]
    address: str = ""
    news: Sequence[News] = ()
    operator: Operator = field(default_factory=Operator)
    gone: Sequence[Gone] = ()


def write(folder: Path, site: Site) -> None:
    """Write the site's own pages into `folder`, beside the guide pages already there.

    Every guide page is listed on the page its breadcrumb leads to. The sitemap has full addresses once
    toc.toml says where the site stands; until then it lists the pages as they lie and says so.
    Raises BuildError if the full-text index cannot be made.
    """
    content, environment = _content(site), _environment()
    own = [f"{name}.html" for name in PAGES]
    further = [page for page in content["further"] if page not in own]
    for page in [*own, *further]:
        template = environment.get_template(f"{page if page in own else 'group.html'}.j2")
        html = template.render(name=page.removesuffix(".html"), group_pages=further, **content)
        storage.write(folder / page, html.encode())
    storage.write(folder / "termine.ics", calendar(content["events"], site.edition))
    where = site.edition, site.title, site.address
    storage.write(folder / feed.EVENTS, feed.of_events(content["events"], *where).encode())
    storage.write(folder / feed.NEWS, feed.of_news(site.news, *where).encode())
    gone.write(folder, site.gone, environment, site.title)
    metadata.write(folder, content["offer"], site.address, site.edition)
    listed = [*own, *further, *(page.address for page in site.pages)]
    storage.write(folder / "sitemap.xml", sitemap(listed, site.address, site.edition).encode())
    full_text.index(folder, site.pages)


def _environment() -> Environment:
    loader = FileSystemLoader([TEMPLATES / "site", TEMPLATES])
    env = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    env.filters |= {
        "german_date": _german_date,
        "german_number": _german_number,
        "file_size": _file_size,
        "search_index": _search_index,
    }
    env.globals["inline"] = lambda name: Markup(loader.get_source(env, name)[0])
    return env


def _content(site: Site) -> dict[str, Any]:
    pages: dict[str, dict[str, Page]] = {group: {} for group in GROUPS.values()}
    further: dict[str, list[Page]] = {}
    for page in site.pages:
        if not _has_a_list(page):
            further.setdefault(page.group_page, []).append(page)
        else:
            pages[GROUPS[page.guide]][str(next(iter(page.parameters.values())))] = page
    tables = site.tables
    known = events(tables, pages["projects"])
    past = [event for event in known if event.is_past(site.edition)]
    themes, projects = _themes(tables), _projects(tables)
    offer = metadata.offered()
    cited = source_list.sources(tables, pages, metadata.titles(offer))
    return {
        "site": site,
        "pages": pages,
        "known": {page.address for page in site.pages},
        "further": further,
        "themes": themes,
        "theme_names": [(theme["theme_id"], theme["name_de"]) for theme in themes],
        "solutions": _solutions(tables),
        "contested": _contested(tables["solutions"], pages["solutions"]),
        "lands": [(land, land) for land in _lands(tables["model_projects"])],
        "projects": projects,
        "project_count": len(tables["model_projects"]),
        "rounds": [name for name, _ in projects],
        "kinds": KINDS.items(),
        "towns": _towns(tables["municipalities"], pages["towns"]),
        "larger": _larger(tables["municipalities"], pages["towns"]),
        "steps": _records(tables["evidence_steps"]),
        "start_smart": _start_smart(tables["start_smart"], tables["sources"]),
        "news": site.news,
        "events": known,
        "coming": [event for event in known if event not in past],
        "past": past,
        "event_lands": _choices(event.land for event in past),
        "event_kinds": _choices(event.kind for event in past),
        "glossary": _glossary(tables["glossary"]),
        "offer": offer,
        "source_count": len(cited),
        "source_letters": source_list.by_letter(cited),
        "words": {"status": STATUS, "evidence": EVIDENCE},
    }


def _has_a_list(page: Page) -> bool:
    """Say whether the page's guide has a list made for it, where its breadcrumb leads."""
    return page.guide in GROUPS and page.group_page.removesuffix(".html") in PAGES


def _themes(tables: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    solutions = tables["solutions"]["theme_id"].value_counts()
    lessons = tables["lessons"]["theme_id"].value_counts()
    themes = tables["themes"].sort_values("order").to_dict("records")
    return [
        {str(key): value for key, value in theme.items()}
        | {"solutions": solutions.get(theme["theme_id"], 0), "lessons": lessons.get(theme["theme_id"], 0)}
        for theme in themes
    ]


def _solutions(tables: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """All solutions with project, Länder and theme; contested ones only with the link to their sheet."""
    projects = tables["model_projects"][["project_id", "name", "land_names"]]
    themes = tables["themes"][["theme_id", "name_de"]]
    table = tables["solutions"].merge(projects, on="project_id", how="left").merge(themes, on="theme_id")
    table = table[table["evidence"] != "contested"].sort_values("title", key=sorted_german)
    dated = [_german_date(str(day)) if str(day)[:1].isdigit() else "" for day in table["status_as_of"]]
    table = table.assign(
        said_status=[
            f"{STATUS[status]}, Stand {day}" if day else f"{STATUS[status]}, Stand nicht datiert"
            for status, day in zip(table["status"], dated, strict=True)
        ],
        said_evidence=table["evidence"].astype(str).map(EVIDENCE),
        name=table["name"].fillna("Kommune nicht veröffentlicht"),
        land_names=table["land_names"].fillna(""),
        also=_further_names(table["further_theme_ids"], tables["themes"]),
        all_themes=(table["theme_id"].astype(str) + ";" + table["further_theme_ids"].fillna("")).str.strip(
            ";"
        ),
    )
    return _records(table)


def _further_names(theme_ids: pd.Series, themes: pd.DataFrame) -> list[str]:
    """The names of further themes, as the end of a phrase: " (auch Open Source)"."""
    names = dict(zip(themes["theme_id"], themes["name_de"], strict=True))
    return [
        f" (auch {', '.join(names[theme] for theme in ids.split(';'))})" if ids else ""
        for ids in theme_ids.fillna("")
    ]


def _contested(solutions: pd.DataFrame, pages: Mapping[str, Page]) -> list[Page]:
    """The sheets of contested solutions: only there stands what the other side says."""
    contested = solutions.loc[solutions["evidence"] == "contested", "solution_id"]
    return [pages[solution] for solution in contested if solution in pages]


def _lands(projects: pd.DataFrame) -> list[str]:
    return sorted(set(projects["land_names"].str.split(";").explode()))


def _projects(tables: Mapping[str, pd.DataFrame]) -> list[tuple[tuple[str, str], list[dict[str, Any]]]]:
    """Model projects by round of selection: its number and its name, then its projects."""
    counts = tables["solutions"]["project_id"].value_counts()
    table = tables["model_projects"].sort_values("name", key=sorted_german)
    table = table.assign(
        solutions=table["project_id"].map(counts).fillna(0).astype(int),
        said_kind=table["kind"].astype(str).map(KINDS),
    )
    rounds = table.groupby(["cohort", "cohort_year"], observed=True)
    return [((str(cohort), f"Runde {cohort} ({year})"), _records(rows)) for (cohort, year), rows in rounds]


def _towns(table: pd.DataFrame, pages: Mapping[str, Page]) -> list[dict[str, Any]]:
    """Municipalities with a page, by name: what the search shows and searches in."""
    table = table[table.index.isin(list(pages))]
    table = table.sort_values("short_name", key=sorted_german).reset_index(names="ags")
    columns = ["ags", "short_name", "kreis", "land", "postcode"]
    return _records(table[columns].astype("object").where(table[columns].notna(), ""))


def _larger(table: pd.DataFrame, pages: Mapping[str, Page]) -> list[Page]:
    """The pages of places that are no single municipality, by name."""
    chosen = [page for key, page in pages.items() if key not in table.index]
    return sorted(chosen, key=lambda page: sorted_german(pd.Series([page.label])).iloc[0])


def _search_index(towns: list[dict[str, Any]]) -> Markup:
    """The towns as compact JSON rows: key, name, Kreis, Land, postcode. Kreise and Länder are told once."""
    where = [", ".join(filter(None, (town["kreis"], town["land"]))) for town in towns]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(where))}
    rows = [
        [town["ags"], town["short_name"], numbers[name], town["postcode"]]
        for town, name in zip(towns, where, strict=True)
    ]
    text = json.dumps({"kreise": list(numbers), "orte": rows}, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def _glossary(table: pd.DataFrame) -> list[tuple[str, list[dict[str, Any]]]]:
    table = table.sort_values("term_de", key=sorted_german)
    initials = sorted_german(table["term_de"]).str[0].str.upper()
    return [(str(initial), _records(rows)) for initial, rows in table.groupby(initials)]


def _start_smart(table: pd.DataFrame, sources: pd.DataFrame) -> list[dict[str, Any]]:
    """What a municipality needs to know to get in touch, each statement with its sources."""
    by_id = {row["source_id"]: row for row in _records(sources.astype("object").where(sources.notna(), ""))}
    wanted = ["zielgruppe", "anbieter", "kosten", "auswahlprinzip", "peer-learning-anmeldung"]
    rows = _records(table.set_index("start_smart_id").loc[wanted])
    return [row | {"sources": [by_id[one] for one in row["source_ids"].split(";")]} for row in rows]


def _choices(values: Iterable[str]) -> list[tuple[str, str]]:
    """The values of a filter, each with itself as its words."""
    return [(value, value) for value in sorted(set(values)) if value]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _german_date(iso: str) -> str:
    return ".".join(reversed(iso.split("-")))


def _file_size(size: int) -> str:
    """Bytes as people read them: `148 kB`."""
    return f"{_german_number(max(round(size / 1000), 1))} kB"


def _german_number(number: int) -> str:
    return f"{number:,}".replace(",", ".")
