"""Every error transferkit raises on purpose. Messages are German: what is wrong, what would be right, where.

TransferkitError
├── DatasetError            a table, row, column or value of the data package is not as it must be
├── RegisterError           the official register: a damaged file, a failed download
│   └── PlaceError          a municipality that is unknown, ambiguous or no longer exists
├── WorkbookError           an Excel workbook is not opened, or what was filled in is not sound
├── WorkshopError           a store or a session cannot be used as asked
│   ├── StoreError          the database of the workshops cannot be opened, read or written
│   ├── SessionError        a session that is closed
│   │   └── UnknownSessionError
│   └── AnswerError         an answer its question does not allow, or no such question
├── MethodError             a method was asked something its input cannot answer
├── ParameterError          a notebook parameter: unknown name, wrong type, value outside its domain
├── NotebookError           a notebook failed while it ran: which cell, which error
├── PageError               an executed notebook cannot become a sound page
├── BuildError              a build cannot start or cannot be published
└── ServerError             the server of apps cannot start
"""

from __future__ import annotations

import re

# Messages quote what somebody else wrote: none of it may steer a terminal or a log, or turn the text around.
STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class TransferkitError(Exception):
    """Base of all errors whose message may be shown to users as it is."""

    def __str__(self) -> str:
        return STEERING.sub("\ufffd", super().__str__())


class DatasetError(TransferkitError):
    """A table of the data package is missing, unknown or holds a bad cell.

    `remedy` is the part of the message that says what would be right, `rule` the rule broken.
    """

    def __init__(
        self,
        message: str,
        *,
        table: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        remedy: str = "",
        rule: str = "data.file",
    ) -> None:
        super().__init__(message)
        self.table = table
        self.row = row
        self.column = column
        self.value = value
        self.remedy = remedy
        self.rule = rule


class RegisterError(TransferkitError):
    """A register file was refused or could not be fetched; the register in use stays as it was."""


class PlaceError(RegisterError):
    """A name or key does not lead to exactly one municipality of today."""


class WorkbookError(TransferkitError):
    """An Excel workbook is refused: as a file, or for what stands in it."""


class WorkshopError(TransferkitError):
    """A workshop cannot go on as asked."""


class StoreError(WorkshopError):
    """The database of the workshops cannot be opened, read or written."""


class SessionError(WorkshopError):
    """A session is closed."""


class UnknownSessionError(SessionError):
    """No session has this code."""


class AnswerError(WorkshopError):
    """An answer is not one its question allows, or there is no such question, or it has too many already."""


class MethodError(TransferkitError):
    """A method was asked something its input cannot answer."""


class ParameterError(TransferkitError):
    """A notebook parameter has an unknown name, a wrong type or a value outside its domain."""


class NotebookError(TransferkitError):
    """A notebook failed while it ran."""


class PageError(TransferkitError):
    """An executed notebook cannot become a sound page."""


class BuildError(TransferkitError):
    """A build cannot start or its result cannot be published."""


class ServerError(TransferkitError):
    """The server of apps cannot start."""
