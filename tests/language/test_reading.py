"""What an editor would flag is flagged, and what an editor would leave is left."""

from __future__ import annotations

import pytest

from transferkit.language import abbreviations, reading, style
from transferkit.language.reading import Passage
from transferkit.language.sentences import sentences, words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Die Runde beginnt z. B. am 3. Dezember um 9.30 Uhr. Danach ist Pause.", 2),
        ("Nach Art. 6 Abs. 1 DSGVO ist das erlaubt.", 1),
        ("Das Amt hat u. a. 5 Mio. Euro. Dr. Muster rechnet.", 2),
        ("# Titel\nEin Satz. Noch einer.", 3),
        ("- Eins\n- Zwei\n- Drei", 3),
        ("Ein Gedanke; noch ein Gedanke.", 2),
        ("**Sagen Sie:** „Raten ist erlaubt. Morgen sehen wir mehr.“ Warten Sie.", 4),
        ("„Stabil“ heißt: Der Ort bleibt.", 1),
        ("Lesen Sie [den Plan. Er ist kurz](https://example.org/a.b).", 2),
        ("Im Ordner genügt `make site`. Danach ist sie da.", 2),
        ("", 0),
    ],
)
def test_text_becomes_the_sentences_a_person_would_count(text: str, parts: int) -> None:
    assert len(sentences(text)) == parts, sentences(text)


def test_numbers_and_joined_words_count_once() -> None:
    assert words("Die 1.200 Was-wäre-wenn-Fragen am 22.11.2026") == [
        "Die",
        "1.200",
        "Was-wäre-wenn-Fragen",
        "am",
        "22.11.2026",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Die App wurde gekauft.",
        "Verglichen wird der ähnlichste Ort.",
        "Die Frist ist verlängert worden.",
        "Wofür Sensoren eingesetzt werden, ist offen.",
        "Der Antrag wird von der Stadt übernommen.",
        "Kosten werden unterschätzt.",
        "Das Vorhaben kann finanziert werden.",
    ],
)
def test_a_passive_sentence_is_known(sentence: str) -> None:
    assert style.is_passive(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kraftstoff wird teurer.",
        "Der Dorfplatz soll zum Treffpunkt werden.",
        "Die Stadt wird ihre Plätze neu gestalten.",
        "Es wird gut.",
        "Die App ist gekauft.",
        "Die Stadt hat die App gekauft.",
        "Wir werden gemeinsam lernen.",
        "Aus den Sätzen wird ein Formular.",
    ],
)
def test_becoming_and_the_future_are_no_passive(sentence: str) -> None:
    assert not style.is_passive(sentence)


def test_twenty_words_are_allowed_and_one_more_is_named() -> None:
    assert style.too_long(" ".join(["Wort"] * 20) + ".") == 0
    assert style.too_long(" ".join(["Wort"] * 21) + ".") == 21


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Das OZG gilt.", ["OZG"]),
        ("Das Onlinezugangsgesetz (OZG) gilt; das OZG ist ein Gesetz.", []),
        ("Das OZG (Onlinezugangsgesetz) gilt.", []),
        ("Die EU zahlt 5 Mio. Euro an eine GmbH, als PDF.", []),
        ("Modelle in LoD2 und die MIMs helfen.", []),
        ("Der ProbierLaden und die WISSENsAllmende öffnen.", []),
        ("Die Plattform „HEIDI“ hilft.", []),
        ("**Sagen Sie:** „Das regelt bei uns allein die XBKV, fragen Sie dort.“", ["XBKV"]),
        ("Das ist WICHTIGSTENFALLS laut.", []),
    ],
)
def test_an_abbreviation_nobody_explains_is_named(text: str, unknown: list[str]) -> None:
    assert abbreviations.unknown(text, {"LoD", "MIM"}) == unknown


def test_each_finding_names_its_passage_and_what_would_be_better() -> None:
    passage = Passage("a.csv", 7, "Zeile", "Das ist seitens der Stadt so gewollt.", "a")
    found = reading.findings([passage], ())
    assert [(one.where, one.line, one.place, one.rule) for one in found] == [
        ("a.csv", 7, "Zeile", "language.office-words")
    ]
    assert "von" in found[0].remedy


def test_a_share_of_passive_sentences_counts_only_in_longer_texts() -> None:
    def document(times: int) -> list[Passage]:
        text = "Wir lernen. Das Angebot wird geprüft. Alle reden."
        return [Passage("a.csv", n, f"Zeile {n}", text, "a") for n in range(times)]

    assert reading.findings(document(3), ()) == []
    assert [one.rule for one in reading.findings(document(4), ())] == ["language.passive-share"]
