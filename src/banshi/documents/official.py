"""公文 as plain data, after GB/T 9704-2012: title, addressee, body with headings, annexed tables, signature and day.

The same becomes Word (to be worked on in the office) and PDF (to be read). It carries no issuing head and no seal: these
are given when the office issues it.
"""

import re
from dataclasses import asdict, dataclass
from datetime import date

import rjieba

from banshi.core.clock import chinese_date
from banshi.core.json_types import JsonObject
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

    def plain(self) -> JsonObject:
        on = chinese_date(self.on)
        return asdict(printable(self)) | {"on": on, "title_lines": title_lines(self.title)}


TITLE_LETTERS = 20  # of 22 pt in 156 mm
_UNBREAKABLE = re.compile(
    r"\d+年(?:\d+月(?:\d+日)?)?|\d+月(?:\d+日)?|(?:政务|公共)服务|（[^（）]*）|《[^《》]*》|[A-Za-z0-9]+"
)
_OFFICES = re.compile(
    r"[^，、和]?[^，、]{1,17}?(?:(?:人民政府|委员会)(?!办公)|办公[室厅]|[局厅](?![属长])|总队|支队|中心|联合会|法院|检察院)"
)
"""Who issues the paper, as titles begin with it."""


def title_lines(title: str) -> list[str]:
    """Break a title between words into lines of like length, the longest possible first (GB/T 9704-2012 7.3.1)."""
    if len(title) <= TITLE_LETTERS:
        return [title]
    words, at = [], 0
    end = max(title.find("关于"), 0)
    for office in _OFFICES.finditer(title, 0, end):
        if office.start() == at and len(office[0]) <= TITLE_LETTERS:
            words.append(office[0])
            at = office.end()
    for found in _UNBREAKABLE.finditer(title, at):
        words += rjieba.cut(title[at : found.start()]) + ([found[0]] if len(found[0]) <= TITLE_LETTERS else [*found[0]])
        at = found.end()
    words += rjieba.cut(title[at:])
    count = -(-len(title) // TITLE_LETTERS)
    while True:
        # Lines of like length, where the words allow it; else the fewest lines.
        for room in (min(TITLE_LETTERS, -(-len(title) // count) + 1), TITLE_LETTERS):
            lines = [""]
            for word in words:
                stays = word[0] in "的、，：；）》" or len(lines[-1]) + len(word) <= room
                if lines[-1] and not stays:
                    lines.append("")
                lines[-1] += word
            if (len(lines) <= count and max(map(len, lines)) <= TITLE_LETTERS) or count > len(title):
                return lines
        count += 1
