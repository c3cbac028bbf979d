"""Where things are, and a table of contents that is never half understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_toc import GUIDE, SITE
from transferkit.errors import BuildError
from transferkit.project import PACKAGE, notebooks_folder, toc


def written(folder: Path, text: str) -> Path:
    (folder / "toc.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_checkout_has_its_notebooks_beside_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRANSFERKIT_NOTEBOOKS", raising=False)
    assert notebooks_folder() == PACKAGE.parent / "notebooks"


def test_the_shipped_table_of_contents_names_notebooks_that_exist() -> None:
    contents = toc()
    assert [guide.name for guide in contents.guides][:2] == ["theme-guide", "experience-sheet"]
    assert all((notebooks_folder() / guide.notebook).is_file() for guide in contents.guides)


def test_ones_own_folder_is_used_if_it_holds_a_table_of_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSFERKIT_NOTEBOOKS", str(tmp_path))
    with pytest.raises(BuildError, match=r"toc\.toml fehlt"):
        notebooks_folder()
    written(tmp_path, SITE + GUIDE)
    assert notebooks_folder() == tmp_path
    assert toc().guide("town").parameters == {"place": "themes.theme_id"}
    with pytest.raises(BuildError, match="Meinten Sie „town“"):
        toc().guide("twon")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("group_page", "grup_page", "Meinten Sie „group_page“"),
        ('group = "Orte"\n', "", "„group“ fehlt"),
        ('"Orte"', "3", "muss ein Text"),
        ('"index.html"', '"orte/index.html"', "ohne Ordner"),
        ("edition =", 'address = "leitfaden.example.org"\nedition =', "https://"),
        ("edition =", 'adress = ""\nedition =', "Meinten Sie „address“"),
        ("{label}", "{lable}", "Meinten Sie „label“"),
        ("{label}", "{label", "Klammern"),
        ("orte/{value}.html", "orte/alle.html", "{value} fehlt"),
        ("orte/{value}.html", "/orte/{value}.html", "relativ"),
        ('{ place = "themes.theme_id" }', '"towns.id"', "hat die Form"),
        ('{ place = "themes.theme_id" }', '{ place = "towns.id", other = "towns.id" }', "höchstens einen"),
        ("[site]", "[sites]", "Meinten Sie „site“"),
        ("[site]", '[operator]\nnam = "Adorf"\n[site]', "Meinten Sie „name“"),
        ("[site]", "[operator]\nname = 7\n[site]", "eine Tabelle aus Texten"),
        ("[[guide]]", "[guide]", "eine Liste"),
        ("[[guide]]", "[[guide", "nicht lesbar"),
        (GUIDE, GUIDE + GUIDE, "mehr als einmal"),
    ],
)
def test_a_mistake_in_the_table_of_contents_is_refused_and_named(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = SITE + GUIDE
    assert old in text
    with pytest.raises(BuildError) as refusal:
        toc(written(tmp_path, text.replace(old, new, 1)))
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("", ""),
        ('address = ""\n', ""),
        ('address = "https://example.org"\n', "https://example.org/"),
        ('address = "https://example.org/leitfaden/"\n', "https://example.org/leitfaden/"),
    ],
)
def test_the_address_of_the_site_may_be_unknown_and_always_ends_with_a_slash(
    tmp_path: Path, line: str, address: str
) -> None:
    assert toc(written(tmp_path, SITE + line + GUIDE)).address == address


APP = """
[[app]]
name = "fit-check"
notebook = "apps/fit-check.ipynb"
title = "Passt das zu uns?"
text = "Zeigt, was für eine Übertragung spricht und was noch fehlt."
parameters = { place = "places.key" }

[[app]]
name = "impact-plan"
notebook = "apps/impact-plan.ipynb"
title = "Wirkungsplan"
text = "Hilft zu sagen, woran Sie Erfolg erkennen."

[[workshop]]
name = "theme-workshop"
notebook = "workshops/theme-workshop.ipynb"
title = "Themenwerkstatt"
text = "Eine Gruppe sichtet, was andere zu einem Thema gelernt haben."
parameters = { theme = "themes.theme_id" }
"""


def test_apps_and_workshops_are_read_in_their_order_and_found_by_name(tmp_path: Path) -> None:
    contents = toc(written(tmp_path, SITE + GUIDE + APP))
    assert [app.name for app in contents.apps] == ["fit-check", "impact-plan"]
    assert contents.app("fit-check").parameters == {"place": "places.key"}
    assert contents.app("impact-plan").parameters == {}
    assert contents.workshop("theme-workshop").title == "Themenwerkstatt"
    with pytest.raises(BuildError, match="Meinten Sie „fit-check“"):
        contents.app("fitcheck")
    with pytest.raises(BuildError, match="Möglich sind: theme-workshop"):
        contents.workshop("kick-off")


def test_a_table_of_contents_may_be_without_apps_and_workshops(tmp_path: Path) -> None:
    contents = toc(written(tmp_path, SITE + GUIDE))
    assert contents.apps == ()
    assert contents.workshops == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[app]]", "[[apps]]", "Meinten Sie „app“"),
        ("[[workshop]]", "[workshop]", "„[[workshop]]“ muss eine Liste"),
        ("text =", "txt =", "Meinten Sie „text“"),
        ('title = "Passt das zu uns?"\n', "", "„title“ fehlt"),
        ('"Passt das zu uns?"', "7", "muss ein Text"),
        ('{ place = "places.key" }', '"places.key"', "hat die Form"),
        ('"fit-check"', '"../fit"', "a–z, 0–9 und Bindestriche"),
        ('"impact-plan"', '"fit-check"', "mehr als einmal"),
        ("[[workshop]]", "[[workshop]]\nminutes = 90", "„minutes“ gibt es nicht"),
    ],
)
def test_a_mistake_in_a_row_of_apps_or_workshops_is_refused_and_named(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in APP
    with pytest.raises(BuildError) as refusal:
        toc(written(tmp_path, SITE + GUIDE + APP.replace(old, new, 1)))
    assert said in str(refusal.value)
