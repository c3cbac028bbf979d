"""What an editor would say about texts: each rule, its source, and what would be better.

The limits aim at Einfache Sprache (DIN 8581-1:2024 asks for short sentences, verbs and the active voice, and
names no numbers; the numbers are those of common guides and, where none is named, our own judgement).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transferkit.finding import Finding
from transferkit.language import abbreviations, style
from transferkit.language.sentences import plain, sentences

# Above this share a text reads like an order nobody gave. Editors' rules ask for "few"; a fifth is ours.
PASSIVE_SHARE = 0.2
# In fewer sentences a share says nothing.
ENOUGH = 10


@dataclass(frozen=True)
class Passage:
    """A text and where it stands; `document` is what is read as one piece: a notebook, a table."""

    where: str
    line: int | None
    place: str
    text: str
    document: str

    def finding(self, rule: str, text: str, remedy: str) -> Finding:
        return Finding(self.where, self.line, f"language.{rule}", self.place, text, remedy)


def findings(passages: Iterable[Passage], known: Collection[str]) -> list[Finding]:
    """Everything an editor would change, in the order of the passages; then the documents as a whole.

    `known` are abbreviations readers can look up.
    """
    read = [(passage, sentences(passage.text)) for passage in passages]
    found = [one for passage, said in read for one in _of_passage(passage, said, known)]
    return found + list(_passive_documents(read))


def _of_passage(passage: Passage, said: Sequence[str], known: Collection[str]) -> Iterator[Finding]:
    for sentence in said:
        yield from _of_sentence(passage, sentence)
    for first, second in pairwise(said):
        if style.is_passive(first) and style.is_passive(second):
            yield passage.finding(
                "passive",
                f"Zwei Sätze im Passiv nacheinander: „{_short(first)}“ „{_short(second)}“",
                "Sagen Sie in einem davon, wer etwas tut.",
            )
    for number, right in style.foreign_numbers(plain(passage.text)):
        yield passage.finding(
            "number-form", f"„{number}“ ist in deutschem Text ungewohnt.", f"Schreiben Sie {right}."
        )
    for short in abbreviations.unknown(plain(passage.text), known):
        yield passage.finding(
            "abbreviation",
            f"Die Abkürzung „{short}“ erklären weder der Text noch das Glossar.",
            f"Schreiben Sie sie aus, erklären Sie sie dahinter in Klammern, oder nehmen Sie „{short}“ in die "
            "Tabelle glossary auf.",
        )


def _of_sentence(passage: Passage, sentence: str) -> Iterator[Finding]:
    if count := style.too_long(sentence):
        yield passage.finding(
            "sentence-length",
            f"Der Satz hat {count} Wörter: „{_short(sentence)}“",
            f"Machen Sie daraus zwei Sätze. Üblich sind höchstens {style.LONGEST} Wörter.",
        )
    if nouns := style.verb_nouns(sentence):
        yield passage.finding(
            "noun-style",
            f"{len(nouns)} Hauptwörter aus Verben in einem Satz: {', '.join(nouns)}.",
            "Sagen Sie es mit Verben.",
        )
    for phrase, instead in style.office_words(sentence):
        yield passage.finding("office-words", f"„{phrase}“ ist Amtssprache.", f"Einfacher: {instead}.")


def _passive_documents(read: Sequence[tuple[Passage, Sequence[str]]]) -> Iterator[Finding]:
    documents: dict[str, list[tuple[Passage, bool]]] = {}
    for passage, said in read:
        for sentence in said:
            documents.setdefault(passage.document, []).append((passage, style.is_passive(sentence)))
    for document, marked in documents.items():
        passive = [passage for passage, is_passive in marked if is_passive]
        if len(marked) >= ENOUGH and len(passive) > PASSIVE_SHARE * len(marked):
            yield Finding(
                passive[0].where,
                passive[0].line,
                "language.passive-share",
                document,
                f"{len(passive)} von {len(marked)} Sätzen stehen im Passiv, gut ist höchstens ein Fünftel.",
                "Sagen Sie, wer etwas tut, zuerst hier: " + _short(passive[0].place),
            )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else f"{text[:88].rsplit(' ', 1)[0]} …"
