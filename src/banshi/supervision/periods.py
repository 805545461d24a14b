"""Months and years as boards and bulletins are asked for them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from banshi.core.clock import CHINA

WRITTEN = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A month, or a year where `month` is nought."""

    year: int
    month: int = 0

    @classmethod
    def read(cls, text: str) -> "Period | None":
        """Read `2026-11` or `2026`.

        None for anything else.
        """
        found = WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2] or 0)) if found else None

    @classmethod
    def month_of(cls, day: date) -> "Period":
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}" if self.month else str(self.year)

    @property
    def label(self) -> str:
        return f"{self.year}年{self.month}月" if self.month else f"{self.year}年"

    @property
    def document(self) -> str:
        return f"{self.label}{'通报' if self.month else '报告'}"

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def until(self) -> date:
        """Return the first day after it."""
        return date(self.year + (self.month in (0, 12)), self.month % 12 + 1 if self.month else 1, 1)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return the first moment, and the first after it."""
        return datetime.combine(self.first, time(), CHINA), datetime.combine(self.until, time(), CHINA)

    @property
    def before(self) -> "Period":
        if not self.month:
            return Period(self.year - 1)
        return Period(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @property
    def months(self) -> list["Period"]:
        """List its months, or a month with the eleven before it."""
        if not self.month:
            return [Period(self.year, month) for month in range(1, 13)]
        found = [self]
        while len(found) < 12:
            found.append(found[-1].before)
        return found[::-1]
