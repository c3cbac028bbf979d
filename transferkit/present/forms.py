"""Forms whose answers are the parameters of a notebook: `tk.forms` in notebooks.

A form shows what was chosen, and in an app or in JupyterLab lets readers change it: then the cells from the
form on run again with the new values (`live`), and their outputs follow. On a page the form says in words
what the page was made for. The environment variable TRANSFERKIT_FACE tells which face is meant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from transferkit import face
from transferkit.present.block import Block, fragment
from transferkit.present.control_lists import Answers, Checks, Fields, Item, Limits, Weights
from transferkit.present.controls import Choice, Control, Kept, PlaceSearch, Raw, Slider, Suggest
from transferkit.present.records import cells

FILES = {"xlsx": "als Excel-Datei", "docx": "als Word-Datei"}
CHOSEN = "Ihre Eingabe; solange Sie nichts ändern, die Vorgabe."


def place(name: str, town: pd.Series, suggest: Suggest, label: str = "Ihr Ort") -> PlaceSearch:
    """A place (row of `tk.place`), searched for with `suggest` (`tk.suggest_places`) while somebody types."""
    return PlaceSearch(name, label, town, suggest)


def choice(
    name: str,
    given: str,
    label: str,
    offered: pd.DataFrame,
    hint: str = "",
    *,
    elsewhere: Collection[str] = (),
) -> Choice:
    """One of the rows of `offered`: its first column holds the values, the second what readers see.

    `elsewhere`: values that are offered when another choice is made; one of them becomes the first.
    """
    keys, names = (cells(offered[column]) for column in offered.columns[:2])
    options = dict(zip(map(str, keys), map(str, names), strict=True))
    return Choice(name, label, given, options, set(elsewhere), hint=hint)


def slider(
    name: str, given: int, label: str, lowest: int, highest: int, unit: str = "", hint: str = ""
) -> Slider:
    """A whole number from `lowest` to `highest`."""
    return Slider(name, label, given, lowest, highest, unit, hint=hint)


def weights(
    name: str,
    given: str,
    label: str,
    things: pd.DataFrame,
    highest: int = 10,
    hint: str = "",
    *,
    elsewhere: Collection[str] = (),
) -> Weights:
    """Weights from 0 to `highest` of the rows of `things`: key, label, proposed weight."""
    return Weights(name, label, given, _items(things), highest, set(elsewhere), hint=hint)


def limits(
    name: str,
    given: str,
    label: str,
    things: pd.DataFrame,
    highest: int,
    hint: str = "",
    *,
    elsewhere: Collection[str] = (),
) -> Limits:
    """The least to ask of the rows of `things` (key, label), up to `highest`; folded, 0 asks nothing."""
    items = _items(things.iloc[:, :2].assign(least=0))
    return Limits(name, label, given, items, highest, set(elsewhere), hint=hint)


def answers(
    name: str,
    given: str,
    label: str,
    questions: pd.DataFrame,
    scale: pd.DataFrame,
    proposed: Mapping[str, str] | None = None,
    hint: str = "",
) -> Answers:
    """A questionnaire: the rows of `questions` (key, question, group, hint) on a `scale` (key, words).

    What is `proposed` counts until somebody answers otherwise.
    """
    keys, words = (cells(scale[column]) for column in scale.columns[:2])
    steps = dict(zip(map(str, keys), map(str, words), strict=True))
    return Answers(name, label, given, _questions(questions), steps, proposed or {}, hint=hint)


def checks(
    name: str,
    given: str,
    label: str,
    offered: pd.DataFrame,
    between: tuple[int, int],
    proposed: Sequence[str] = (),
    hint: str = "",
    *,
    elsewhere: Collection[str] = (),
) -> Checks:
    """Several of the rows of `offered` (key, label); without any given, the `proposed` ones."""
    items, others = _questions(offered), set(elsewhere)
    return Checks(name, label, given, items, *between, tuple(proposed), others, hint=hint)


def fields(
    name: str,
    given: str,
    label: str,
    asked: pd.DataFrame,
    hint: str = "",
    *,
    elsewhere: Collection[str] = (),
) -> Fields:
    """Numbers to enter, one per row of `asked` (key, label)."""
    return Fields(name, label, given, _questions(asked), set(elsewhere), hint=hint)


def kept(name: str, given: str) -> Kept:
    """A parameter of the notebook that is not shown, but stays in the address."""
    return Kept(name, "", given)


def link(words: str, state: Mapping[str, Raw]) -> Block:
    """A link that opens the same app with another state."""
    return fragment("form-link", words=words, query=query(state))


def form(*controls: Control, label: str = "Ihre Angaben", files: Sequence[str] = ()) -> Form:
    """These controls as one form; `files` ("xlsx", "docx") that the notebook attaches to its page."""
    return Form(controls, label, tuple(files))


@dataclass(frozen=True)
class Form:
    """Controls with their values: `form["count"]` is what the control `count` says."""

    controls: tuple[Control, ...]
    label: str
    files: tuple[str, ...]

    def __getitem__(self, name: str) -> object:
        return self.control(name).value

    def control(self, name: str) -> Control:
        """The control of this name."""
        return next(control for control in self.controls if control.name == name)

    @property
    def state(self) -> dict[str, Raw]:
        """The values as the parameters of the notebook."""
        return {control.name: control.raw for control in self.controls}

    def html(self) -> str:
        """The form as a reader fills it in; whole without a script, which only makes it quicker."""
        named = [(kind, FILES[kind]) for kind in self.files]
        return fragment("form", label=self.label, controls=self.controls, files=named, style=_style()).html

    def words(self) -> Block:
        """What was chosen, in words."""
        return fragment("form-words", controls=self.controls).resting_on(how=CHOSEN)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if face.name() == "page":
            display(self.words())  # type: ignore[no-untyped-call]
            return
        from transferkit.present import live  # the door to the widgets: a page never opens it

        live.show(self, face.name())

    def __repr__(self) -> str:
        return self.words().text


def query(state: Mapping[str, Raw]) -> str:
    """A state as the query of an address; what is empty is left out."""
    # What may stand in a query as it is stays readable: `weights=population=3;area_km2=0`.
    return "&".join(f"{name}={quote(str(raw), safe='=;,:')}" for name, raw in state.items() if raw != "")


@cache
def _style() -> str:
    return Path(__file__).with_name("forms.css").read_text(encoding="utf-8")


def _items(things: pd.DataFrame) -> tuple[Item, ...]:
    rows = zip(*(cells(things[column]) for column in things.columns[:3]), strict=True)
    return tuple(Item(str(key), str(label), round(float(weight), 6)) for key, label, weight in rows)


def _questions(asked: pd.DataFrame) -> tuple[Item, ...]:
    names = ("key", "label", "group", "hint")
    rows = zip(*(map(str, cells(asked[column])) for column in asked.columns[:4]), strict=True)
    return tuple(Item(**dict(zip(names, row, strict=False))) for row in rows)
