"""A statement as chapters of lines, tables and pictures, and how it becomes a PDF and a workbook.

The PDF shows the head of each table, the workbook holds all of it. Light enough for a page to carry.
"""

import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import IO

from banshi.analysis.measures import UNITS
from banshi.core.clock import chinese_date
from banshi.documents import pdf
from banshi.documents.sheet import Block, Lines, Picture, Row, Table, printable
from banshi.documents.workbook import HEAD, Cells, new_workbook

SHOWN = 15
"""Rows of a table on paper; the workbook holds all."""
PICTURES = 3
"""Of a chapter on paper; a page shows all that are kept."""
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
UNIT, UNITS_TITLE = "单位", "各单位"
WIDEST = 60
AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d)?)(" + "|".join(dict.fromkeys(UNITS.values())) + r")?")


@dataclass(frozen=True, slots=True)
class StatementChapter:
    """A chapter: lines above, one table, pictures below.

    `shares` are the columns' shares of the line on paper. `links` the guid of the item each row speaks of, or "".
    """

    title: str
    lines: tuple[str, ...]
    head: Row
    rows: tuple[Row, ...]
    shares: tuple[float, ...]
    pictures: tuple[Picture, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def by_unit(self) -> bool:
        return self.head[0] == UNIT

    def of_unit(self, unit: str) -> "StatementChapter":
        chosen = [place for place, row in enumerate(self.rows) if row[0] == unit]
        lines = (f"{unit}：{len(chosen):,}行。",) if chosen else (f"{unit}没有。",)
        links = tuple(self.links[place] for place in chosen) if self.links else ()
        return replace(self, lines=lines, rows=tuple(self.rows[place] for place in chosen), links=links, pictures=())


@dataclass(frozen=True, slots=True)
class Statement:
    """`card`: label, figure, what stands behind it."""

    title: str
    owner: str
    on: date
    card: tuple[tuple[str, str, str], ...]
    parts: tuple[StatementChapter, ...]

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(row[0] for part in self.parts if part.title == UNITS_TITLE for row in part.rows)

    def of_unit(self, unit: str) -> "Statement":
        """Return the chapters that tell of single units, with this one's rows alone."""
        parts = tuple(part.of_unit(unit) for part in self.parts if part.by_unit)
        own = next((part for part in parts if part.title == UNITS_TITLE and part.rows), None)
        card = (
            tuple((label, said, "") for label, said in zip(own.head[1:], own.rows[0][1:], strict=True)) if own else ()
        )
        return replace(self, owner=unit, card=card, parts=parts)


def statement_pdf(paper: Statement) -> bytes:
    parts = []
    for number, part in zip(NUMERALS, paper.parts, strict=False):
        left = len(part.rows) - SHOWN
        more = (f"只列前{SHOWN}行，其余{left:,}行见电子表格。",) if left > 0 else ()
        table = [Table(part.head, part.rows[:SHOWN], part.shares)] if part.rows else []
        blocks: list[Block] = [Lines((*part.lines, *more)), *table, *part.pictures[:PICTURES]]
        parts.append({"title": f"{number}、{part.title}", "blocks": [asdict(printable(each)) for each in blocks]})
    on = chinese_date(paper.on)
    told = {"title": printable(paper.title), "owner": printable(paper.owner), "on": on, "card": printable(paper.card)}
    return pdf.render("statement", {"statement": {**told, "parts": parts}}, made=paper.on)


def statement_xlsx(paper: Statement, out: IO[bytes]) -> None:
    """Write every text as text, so that nothing in a name can become a formula."""
    with new_workbook(out) as book:
        heads, cells = Cells(book, HEAD), Cells(book, {"text_wrap": True, "valign": "top"})
        amounts = {
            unit: book.add_format(
                {"num_format": f'General"{unit}"' if unit else "General", "valign": "top", "align": "left"}
            )
            for unit in ("", *UNITS.values())
        }
        for part in paper.parts:
            sheet = book.add_worksheet(part.title)
            for column, texts in enumerate(zip(part.head, *part.rows, strict=True)):
                sheet.set_column(column, column, min(WIDEST, max(10, *(2 * len(each) + 2 for each in texts))))
            top = len(part.lines) + 2
            sheet.freeze_panes(top + 1, 0)
            sheet.write_string(0, 0, f"{paper.title}　{paper.owner}　{paper.on.isoformat()}")
            for row, line in enumerate(part.lines, 1):
                sheet.write_string(row, 0, line)
            for column, label in enumerate(part.head):
                heads.write_text(sheet, top, column, label)
            for row, texts in enumerate(part.rows, top + 1):
                for column, text in enumerate(texts):
                    if found := AMOUNT.fullmatch(text):
                        sheet.write_number(row, column, float(found[1].replace(",", "")), amounts[found[2] or ""])
                    else:
                        cells.write_text(sheet, row, column, text)
            if part.rows:
                sheet.autofilter(top, 0, top + len(part.rows), len(part.head) - 1)
