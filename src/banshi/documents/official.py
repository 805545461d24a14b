"""公文 as plain data, after GB/T 9704-2012: title, addressee, body with headings, annexed tables, signature and day.

The same becomes Word (to be worked on in the office) and PDF (to be read). It carries no issuing head and no seal: these
are given when the office issues it.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from banshi.documents import pdf
from banshi.documents.sheet import Section, Table, printable


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: a table with its title. Wide ones lie across."""

    title: str
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class Official:
    """`sections` are numbered 一、二、…. `opening` stands before them. `signer` and `on` close the body."""

    title: str
    addressee: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    annexes: tuple[Annex, ...]
    signer: str
    on: date
    number: str = ""
    mark: str = ""

    def plain(self) -> dict[str, Any]:
        return asdict(printable(self)) | {"on": f"{self.on.year}年{self.on.month}月{self.on.day}日"}


def as_pdf(paper: Official) -> bytes:
    return pdf.render("official", {"paper": paper.plain(), "author": paper.signer})


def as_docx(paper: Official) -> bytes:
    from banshi.documents import official_docx

    return official_docx.as_docx(paper)
