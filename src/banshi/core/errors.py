"""Errors a person reads.

Each says what happened, where, and what to do now. The kit (pages) and the API map them once.
"""

from dataclasses import dataclass


class BanshiError(Exception):
    """`message` what happened, `where` the place of it (file, sheet, cell, field), `remedy` what to do now.

    All of them are Chinese.
    """

    status = 400

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message, self.where, self.remedy = message, where, remedy

    def __str__(self) -> str:
        place = f"({self.where})" if self.where else ""
        return f"{self.message}{place}{'。' + self.remedy if self.remedy else ''}"


class Refused(BanshiError):
    """This person may not do this."""

    status = 403


class Missing(BanshiError):
    """There is no such thing, or none this person may know of."""

    status = 404


class Conflict(BanshiError):
    """Somebody else was faster, or the state does not allow it."""

    status = 409


class TooOften(BanshiError):
    """More tries or requests than a limit allows."""

    status = 429


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong or doubtful at one place.

    `where` is shown to people. `field` is an element or a cell (Sheet!B7).
    """

    message: str
    where: str = ""
    field: str = ""
    remedy: str = ""
    severity: str = "error"


class BadInput(BanshiError):
    """Input that can't be used. `problems` names each place."""

    status = 422

    def __init__(self, message: str, problems: list[Problem] | None = None, **more: str) -> None:
        super().__init__(message, **more)
        self.problems = problems or []
