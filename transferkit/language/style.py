"""What makes a German sentence hard to read: its length, the passive voice, nouns in the place of verbs.

Each rule flags what a careful editor would change, and stays silent where it cannot be sure. The passive is
known by its participle: what gets dearer and what will happen later is not flagged.
"""

from __future__ import annotations

import re

from transferkit.language.sentences import words

# Guides for Einfache Sprache advise at most 18 to 20 words; DIN 8581-1 asks for short sentences.
LONGEST = 20
# Verb nouns in one sentence: three are often names of things (Verwaltung, Lösung), five are a style.
MOST_NOUNS = 4

BECOMES = re.compile(r"\b(?:wird|werden|wirst|werde|wurde|wurden|worden)\b", re.IGNORECASE)
STRONG = (
    "nommen|geben|schrieben|trieben|schieden|worfen|funden|zogen|halten|treten|boten|sprochen|standen|"
    "brochen|bunden|schoben|griffen|laden|tragen|fahren|stoßen|wiesen|mieden|glichen|loren|raten|fangen|setzt"
)
PARTICIPLE = re.compile(
    r"\b(?:(?:\w*[a-zäöü])?ge(?!n\b)[a-zäöüß]{2,}(?:t|en)"
    rf"|(?:[a-zäöü]*)(?:be|ver|ent|er|zer|emp|miss|über|unter|wieder|hinter|durch|um)(?:[a-zäöüß]{{2,}}t|{STRONG})"
    r"|[a-zäöü]{2,}iert)\b"
    # A sentence may open with it: „Verglichen wird …“. Elsewhere a capital makes it a noun.
    rf"|^(?:Ge[a-zäöüß]{{2,}}(?:t|en)|(?:Be|Ver|Ent|Er|Zer|Unter|Über)(?:[a-zäöüß]{{2,}}t|{STRONG}))\b"
)
# These look like participles of the passive and are infinitives, adverbs or adjectives.
NO_PARTICIPLE = re.compile(
    r"(?:gestalten|gehören|gelten|gewinnen|genießen|gewährleisten|gefährden|genügen|geschehen|gelingen|"
    r"gezielt|bereit|bewusst|bekannt|beliebt|berühmt|insgesamt|gesamt|gerecht|überhaupt|erst|umsonst|"
    r"gut|recht|gegen|gestern|bestimmt|verrückt|gesunden|geraten|gebieten)$"
)
VERB_NOUN = re.compile(
    r"\b[A-ZÄÖÜ][\wäöüß-]*(?:ung|ungen|ierung|ierungen|heit|keit|nahme|nahmen|ation|ationen)\b"
)
# Phrases that hide a verb, and the words an office uses where others say it plainly: what to write instead.
OFFICE = {
    r"zur? (?:Anwendung|Umsetzung|Ausführung) (?:komm\w+|gelang\w+|bring\w+)": "anwenden, umsetzen",
    r"zur Durchführung": "um … zu …",
    r"in (?:die )?Umsetzung (?:bring\w+|gebracht)": "umsetzen",
    r"Inanspruchnahme": "nutzen",
    r"in Anspruch (?:nehmen|nimmt|genommen|zu nehmen)": "nutzen",
    r"unter Berücksichtigung": "beachten",
    r"in Ermangelung": "weil … fehlt",
    r"Inaugenscheinnahme": "ansehen",
    r"zum jetzigen Zeitpunkt": "jetzt",
    r"[Dd]iesbezüglich\w*": "dazu",
    r"[Ss]eitens (?:der|des|von)": "von",
    r"[Hh]insichtlich": "bei, zu",
    r"[Vv]ermittels|[Mm]ittels": "mit",
    r"[Nn]ichtsdestotrotz": "trotzdem",
    r"\w*[a-zäöü]ung (?:erfolgt|erfolgen|erfolgte|erfolgten)": "das Verb statt „erfolgt“",
    r"(?:erfolgt|erfolgen|erfolgte) (?:die|der|das|eine?) [A-ZÄÖÜ]\w+ung": "das Verb statt „erfolgt“",
    r"(?:eine|die) [A-ZÄÖÜ]\w+ung (?:durchführen|durchgeführt|vornehmen|vorgenommen)": "das Verb allein",
}
OFFICIAL = [(re.compile(rf"\b(?:{pattern})\b"), instead) for pattern, instead in OFFICE.items()]
# Numbers and dates as machines and other languages write them, and how German does.
FOREIGN = (
    (
        re.compile(r"\b\d+\.\d{1,2}(?![\d.])(?=\s?(?:%|€|Prozent|Euro|Mio|Mrd|km|m²|Personen))"),
        "ein Komma: 12,5",
    ),
    (re.compile(r"\d+(?:,\d+)?%"), "einen Abstand vor dem Zeichen: 12 %"),
    (re.compile(r"\b\d{4}-\d{2}-\d{2}\b"), "das Datum so: 22.11.2026"),
    (re.compile(r"(?:€|EUR) ?\d"), "das Wort dahinter: 5 Euro"),
)


def too_long(sentence: str) -> int:
    """The number of words if there are more than LONGEST, else 0."""
    count = len(words(sentence))
    return count if count > LONGEST else 0


def is_passive(sentence: str) -> bool:
    """Whether somebody is acted upon and nobody acts: a form of werden with a participle."""
    return bool(BECOMES.search(sentence)) and any(
        not NO_PARTICIPLE.search(found[0]) for found in PARTICIPLE.finditer(sentence)
    )


def verb_nouns(sentence: str) -> list[str]:
    """The nouns made of verbs and adjectives if there are more than MOST_NOUNS, else none."""
    found = VERB_NOUN.findall(sentence)
    return found if len(found) > MOST_NOUNS else []


def office_words(sentence: str) -> list[tuple[str, str]]:
    """Phrases that hide a verb, each with what to write instead."""
    return [(hit[0], instead) for pattern, instead in OFFICIAL for hit in pattern.finditer(sentence)]


def foreign_numbers(text: str) -> list[tuple[str, str]]:
    """Numbers and dates in a form German does not have, each with how it is written."""
    return [(hit[0], right) for pattern, right in FOREIGN for hit in pattern.finditer(text)]
