"""Throw-away codes: easy to read aloud, to type on a phone, and too many to guess.

A session has a code everybody in the room may see, and a secret for who leads it. A participant has a secret
of their own, which only their device knows; what the store keeps of it is a key per exercise, so that nobody
can tell from the store which answers come from the same person.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

# No vowels, so that no words arise; nothing that looks like something else: 0 O, 1 I L, V U.
ALPHABET: Final = "23456789BCDFGHJKMNPQRSTWXYZ"
CODE_LETTERS: Final = 8  # 2.8 * 10^11 codes: a thousand guesses a second need years to meet one
SECRET_LETTERS: Final = 12  # 1.5 * 10^17 secrets
GROUP: Final = 4


def new_code() -> str:
    """A session's code, `KM7F3QXR`."""
    return _letters(CODE_LETTERS)


def new_secret() -> str:
    """A participant's secret, `KM7F3QXR9HTB`."""
    return _letters(SECRET_LETTERS)


def new_facilitator_secret() -> str:
    """The secret of who leads a session: for links only, nobody types it."""
    return secrets.token_urlsafe(32)


def grouped(code: str) -> str:
    """`KM7F3QXR` -> `KM7F-3QXR`, as people read it aloud."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def plain(typed: str) -> str:
    """What somebody typed, as codes are kept: upper case, without spaces and hyphens."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def is_code(text: str) -> bool:
    """Whether this can be a session's code at all."""
    return len(text) == CODE_LETTERS and set(text) <= set(ALPHABET)


def is_secret(text: str) -> bool:
    """Whether this can be a participant's secret: long enough and of our letters."""
    return SECRET_LETTERS <= len(text) <= 64 and set(text) <= set(ALPHABET)


def key(secret: str, session: str, exercise: str) -> str:
    """The key of one participant's answer to one exercise: 32 hex digits, which nobody else can make."""
    told = f"{session}\n{exercise}".encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()[:32]


def fingerprint(facilitator_secret: str) -> str:
    """What the store keeps of a facilitator's secret: 64 hex digits."""
    return hashlib.sha256(facilitator_secret.encode()).hexdigest()


def matches(facilitator_secret: str, kept: str) -> bool:
    """Whether the secret is the one that was kept; takes the same time for any."""
    return hmac.compare_digest(fingerprint(facilitator_secret), kept)


def _letters(number: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(number))
