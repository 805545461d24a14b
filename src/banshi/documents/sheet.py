"""A paper as plain data: sections of blocks. The same sheet becomes PDF, Word, or a chapter of a book.

Every text is text, never markup: the templates receive it as JSON and only ever show it.
"""

from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from banshi.core.json_types import JsonObject
from banshi.core.plain_text import without_controls

Row = tuple[str, ...]
NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """Write a number in Chinese (一 … 十, 十一 … up to 九十九), as headings are numbered."""
    tens, ones = divmod(number, 10)
    return (NUMERALS[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (NUMERALS[ones - 1] if ones else "")


def printable(part: object) -> Any:
    """Strip a paper or part of one of control characters, for which neither PDF nor XML has room."""
    if isinstance(part, str):
        return without_controls(part)
    if isinstance(part, tuple):
        return tuple(map(printable, part))
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{each.name: printable(getattr(part, each.name)) for each in fields(part)})
    return part


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and text, one pair a row."""

    rows: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row. `widths` are shares of the line. 0 means as wide as its text."""

    head: Row
    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Lines:
    """Short paragraphs, numbered or not."""

    items: tuple[str, ...]
    numbered: bool = False
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True, slots=True)
class ProcedureStage:
    """One stage of a procedure: its number as shown (3, 3.1), what happens, and what else may happen."""

    number: str
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stages:
    items: tuple[ProcedureStage, ...]
    kind: Literal["stages"] = "stages"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a checklist. `box` is false for what need not be brought."""

    name: str
    label: str
    detail: str
    why: str
    box: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    items: tuple[Check, ...]
    kind: Literal["checklist"] = "checklist"


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG `width` by `height` points, with words for who cannot see it."""

    svg: str
    alt: str
    width: float
    height: float
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Questions:
    """Question and answer."""

    rows: tuple[tuple[str, str], ...]
    kind: Literal["questions"] = "questions"


Block = Facts | Table | Lines | Stages | Checklist | Picture | Questions


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper about one thing.

    `answers` is the card on top; `status` says which version this is; `closing` stands under the last section;
    `mark` is printed across every page (示例) and `mark_note` says why.
    """

    title: str
    owner: str
    status: str
    answers: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    url: str
    qr: str
    closing: str
    mark: str = ""
    mark_note: str = ""

    def plain(self) -> JsonObject:
        return asdict(printable(self))
