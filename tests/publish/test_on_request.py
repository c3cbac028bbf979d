"""Pages nobody lists: asked for by name, made, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from transferkit.errors import BuildError, ParameterError, PlaceError
from transferkit.knowledge import digests
from transferkit.project import Guide, Toc
from transferkit.publish.manifest import Entry
from transferkit.publish.plan import Plan, Selection, Sources, plan

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
TOWNS = {"adorf": "Adorf", "bdorf": "Bdorf"}
TOWN = Guide(
    name="town",
    notebook="town.ipynb",
    title="Leitfaden für {label}",
    group="Orte",
    group_page="index.html",
    address="orte/{value}.html",
    parameters={"place": "towns.id"},
)


def resolve(text: str) -> tuple[str, str, str]:
    """Adorf by name, sets of known towns by key in any order."""
    parts = sorted(text.lower().split("+"))
    if unknown := [part for part in parts if part not in TOWNS]:
        raise PlaceError(f"„{unknown[0]}“ gibt es nicht.")
    label = " und ".join(TOWNS[part] for part in parts)
    return "+".join(parts), label, f"die Orte {label}" if len(parts) > 1 else label


@pytest.fixture
def sources() -> Sources:
    toc = Toc("transferkit", "2026-11-22", (TOWN,))
    return Sources(toc, NOTEBOOKS, {"towns.id": TOWNS}, {}, {}, digests.of_reads, {"towns.id": resolve})


def asked(place: str) -> Selection:
    return Selection("town", {"place": place})


def published(place: str) -> list[Entry]:
    """The manifest's entry of a page made earlier."""
    return [Entry(f"orte/{place}.html", "", "town", {"place": place}, "", "", "")]


def addresses(found: Plan) -> list[str]:
    return [page.address for page in found.pages]


def test_only_listed_values_are_planned_unless_somebody_asks(sources: Sources) -> None:
    assert addresses(plan(sources)) == ["orte/adorf.html", "orte/bdorf.html"]


def test_a_set_gets_a_page_with_an_address_that_is_safe_everywhere(sources: Sources) -> None:
    found = plan(sources, asked("bdorf+adorf"))
    assert found.selected == {"orte/adorf-bdorf.html"}
    page = found.pages[-1]
    assert page.parameters["place"] == "adorf+bdorf"
    assert (page.title, page.label) == ("Leitfaden für die Orte Adorf und Bdorf", "Adorf und Bdorf")


def test_a_name_leads_to_the_page_of_the_value_it_means(sources: Sources) -> None:
    found = plan(sources, asked("Adorf"))
    assert found.selected == {"orte/adorf.html"}
    assert len(found.pages) == 2


def test_what_cannot_be_resolved_is_an_error_in_the_words_of_the_resolver(sources: Sources) -> None:
    with pytest.raises(PlaceError, match="„cdorf“ gibt es nicht"):
        plan(sources, asked("adorf+cdorf"))


def test_a_page_once_asked_for_belongs_to_the_next_build_of_everything(sources: Sources) -> None:
    found = plan(sources, None, published("adorf+bdorf"))
    assert "orte/adorf-bdorf.html" in found.selected


def test_a_page_asked_for_stays_in_the_plan_when_another_is_asked_for(sources: Sources) -> None:
    found = plan(sources, asked("adorf"), published("adorf+bdorf"))
    assert "orte/adorf-bdorf.html" in addresses(found)
    assert found.selected == {"orte/adorf.html"}


def test_a_page_of_a_place_that_is_gone_leaves_the_plan(sources: Sources) -> None:
    assert addresses(plan(sources, None, published("cdorf"))) == ["orte/adorf.html", "orte/bdorf.html"]


PAPER = Guide(
    name="paper",
    notebook="paper.ipynb",
    title="Vorlage für {place}: {topic}",
    group="Vorlagen",
    group_page="vorlagen.html",
    address="vorlagen/{value}.html",
    parameters={"place": "towns.id", "topic": "topics.id"},
    on_request=True,
)


@pytest.fixture
def papers() -> Sources:
    toc = Toc("transferkit", "2026-11-22", (PAPER,))
    domains = {"towns.id": TOWNS, "topics.id": {"bus": "Rufbus"}}
    return Sources(toc, NOTEBOOKS, domains, {}, {}, digests.of_reads, {"towns.id": resolve})


def test_a_paper_is_made_only_for_what_somebody_names(papers: Sources) -> None:
    assert addresses(plan(papers)) == []
    found = plan(papers, Selection("paper", {"place": "Adorf", "topic": "bus"}))
    assert found.selected == {"vorlagen/adorf-bus.html"}
    assert found.pages[0].title == "Vorlage für Adorf: Rufbus"
    assert found.pages[0].parameters == {"place": "adorf", "topic": "bus"}


def test_a_paper_once_made_stays_and_others_come_beside_it(papers: Sources) -> None:
    before = [Entry("vorlagen/adorf-bus.html", "", "paper", {"place": "adorf", "topic": "bus"}, "", "", "")]
    assert addresses(plan(papers, None, before)) == ["vorlagen/adorf-bus.html"]
    found = plan(papers, Selection("paper", {"place": "bdorf", "topic": "bus"}), before)
    assert addresses(found) == ["vorlagen/adorf-bus.html", "vorlagen/bdorf-bus.html"]
    assert found.selected == {"vorlagen/bdorf-bus.html"}


def test_a_missing_parameter_is_named_with_an_example(papers: Sources) -> None:
    with pytest.raises(BuildError, match="Es fehlt topic: transferkit build paper -p place … -p topic …"):
        plan(papers, Selection("paper", {"place": "adorf"}))


def test_a_wrong_value_names_the_near_miss(papers: Sources) -> None:
    with pytest.raises(ParameterError, match="bus"):
        plan(papers, Selection("paper", {"place": "adorf", "topic": "buss"}))
