"""Protocol of a source. Field grants are projections of the query, never a filter of the answer."""

from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Bulk:
    """Rows of `table` changed from `since` to `until` (by the column `updated`), where conditions hold."""

    table: str
    columns: tuple[str, ...]
    conditions: Mapping[str, Sequence[str]]
    updated: str
    since: str
    until: str
    seconds: float
    rows: int


@runtime_checkable
class StreamedSource(Protocol):
    """A source that gives many rows without holding them."""

    def newest(self, bulk: Bulk) -> tuple[int, str]:
        """Count the rows within the conditions, and return the newest change as the source writes it."""

    def stream(self, bulk: Bulk) -> Iterator[Sequence[Any]]:
        """Give rows one by one, in the order of the columns.

        Raises SourceTrouble.
        """


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
