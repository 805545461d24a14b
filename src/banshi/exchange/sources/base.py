"""Protocol of a source. Field grants are projections of the query, never a filter of the answer."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar, runtime_checkable

from django.utils.module_loading import import_string

from banshi.exchange.enums import InformationKind

T = TypeVar("T")
LONGEST_VALUE = 4000
SHAPES = {
    InformationKind.NAME: re.compile(r".*[^\W\d_].*", re.DOTALL),
    InformationKind.DATE: re.compile(r"\s*\d{4}\D{0,2}\d{1,2}(\D{0,2}\d{1,2})?(\D.*)?"),
    InformationKind.NUMBER: re.compile(r"\s*[+-]?[\d,]+(\.\d*)?\s*"),
    InformationKind.ID_NUMBER: re.compile(r"\s*[A-Za-z0-9()（） -]{1,40}\s*"),
}
"""What a text has to look like to be of its kind."""


class SourceTrouble(Exception):
    """The source is away, slow, or not as declared. `str()` says it to an official."""


class TooManyRows(SourceTrouble):
    """More rows than one call may have."""


class NotAsDeclared(SourceTrouble):
    """An answer of one table that is not as the catalogue says: the system answers, and its other resources are well."""


class StructureChanged(NotAsDeclared):
    """The table is gone or lacks declared columns, so that its entry has to follow (decree 809 §17)."""

    def __init__(self, lacking: str = "") -> None:
        super().__init__("来源的结构和目录里写的不一样了" + (f"，没有{lacking}" if lacking else ""))


@dataclass(frozen=True, slots=True)
class Look:
    """One named query: rows of `table` where `keys` hold, and where each of `conditions` has one of its values."""

    table: str
    columns: tuple[str, ...]
    keys: Mapping[str, str]
    conditions: Mapping[str, Sequence[str]]
    seconds: float
    rows: int
    case: str = ""
    clerk: str = ""
    """For which case and by whom it is asked, for a source that keeps a log of its own."""


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


def read_address(read: Callable[[str], T], address: str) -> T:
    """Read where a source is, or raise SourceTrouble."""
    try:
        return read(address)
    except ValueError as wrong:
        raise SourceTrouble("来源的地址不对") from wrong


_kinds: dict[str, str] = {}


def register_source(kind: str, made_by: str) -> None:
    """Register a kind of source by the dotted path of what makes one from an address.

    The path is imported by the first call, so that no server loads a driver it never uses.
    """
    _kinds[kind] = made_by


def source_at(kind: str, address: str) -> Source:
    if kind not in _kinds:
        raise SourceTrouble("这个来源停用了")
    source: Source = import_string(_kinds[kind])(address)
    return source


def as_declared(rows: list[dict[str, Any]], kinds: Mapping[str, tuple[str, InformationKind]]) -> list[dict[str, Any]]:
    """Refuse rows whose values are not of the kinds declared, as label and kind by column.

    A source that lies about types would otherwise be told to a person as 不一致.
    """
    for row in rows:
        for column, (label, kind) in kinds.items():
            if not _is_of(row.get(column), kind):
                raise NotAsDeclared(f"对方答的“{label}”不是{kind.label}，和目录里写的不一样了")
    return rows


def _is_of(value: object, kind: InformationKind) -> bool:
    match value:
        case None | "":
            return True
        case bool():
            return kind is InformationKind.TEXT
        case date() | datetime():
            return kind in (InformationKind.DATE, InformationKind.TEXT)
        case int() | float() | Decimal():
            return kind not in (InformationKind.NAME, InformationKind.ADDRESS)
        case str():
            shape = SHAPES.get(kind)
            return len(value) <= LONGEST_VALUE and (shape is None or shape.fullmatch(value) is not None)
    return False
