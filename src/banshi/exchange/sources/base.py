"""Protocol of a source. Field grants are projections of the query, never a filter of the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


class SourceTrouble(Exception):
    """The source is away, slow, or not as declared. `str()` says it to an official."""


class TooManyRows(SourceTrouble):
    """More rows than one call may have."""


@dataclass(frozen=True, slots=True)
class Look:
    """One named query: rows of `table` where `keys` hold, and where each of `conditions` has one of its values."""

    table: str
    columns: tuple[str, ...]
    keys: Mapping[str, str]
    conditions: Mapping[str, Sequence[str]]
    seconds: float
    rows: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of a table, blanks by column."""

    rows: int
    blanks: Mapping[str, int]
    duplicates: int
    newest: Any


@runtime_checkable
class MeasuredSource(Protocol):
    """A source that can be counted."""

    def measure(
        self, table_name: str, columns: Sequence[str], *, person: str, updated: str, seconds: float
    ) -> Measured:
        """Count rows, blanks by column, and rows beyond the first of a person.

        Raises SourceTrouble.
        """


class Source(Protocol):
    def check(self, table: str, columns: Sequence[str]) -> int:
        """Read the declared columns of one row, and count the rows.

        Raises SourceTrouble.
        """

    def look_up(self, look: Look) -> list[dict[str, Any]]:
        """Return the rows, by column.

        Raises SourceTrouble.
        """
