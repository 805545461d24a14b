"""Writes about laws and documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from banshi.core.errors import BadInput, Problem
from banshi.core.ledger import Actor, record
from banshi.law.models import Law


@dataclass(frozen=True, slots=True)
class LawRow:
    """One line of data/laws/laws.csv. `confidence` (高 中 低) and `note` say how sure the line is; they are kept as its source."""

    title: str
    doc_no: str = ""
    rank: str = Law.Rank.OTHER
    issuer: str = ""
    in_force_from: str = ""
    confidence: str = ""
    note: str = ""
    cited_in: str = ""

    @property
    def source(self) -> str:
        parts = (
            self.note,
            f"见于 {self.cited_in}" if self.cited_in else "",
            f"可信程度 {self.confidence}" if self.confidence else "",
        )
        return ";".join(part for part in parts if part)[:300]


@transaction.atomic
def load_laws(rows: Iterable[LawRow], *, by: Actor, at: datetime) -> int:
    """Add the laws not there yet (by title and number); what stands is not changed. All rows or none."""
    rows = list(rows)
    if problems := [problem for number, row in enumerate(rows, 2) for problem in _problems(row, number)]:
        raise BadInput("法规清单有误", problems)
    known = set(Law.objects.values_list("title", "doc_no"))
    new = {(row.title, row.doc_no): _law(row) for row in rows if (row.title, row.doc_no) not in known}
    laws = Law.objects.bulk_create(new.values())
    if laws:
        record("law.load_laws", laws[0], by=by, at=at, facts={"count": len(laws)})
    return len(laws)


def _law(row: LawRow) -> Law:
    since = date.fromisoformat(row.in_force_from) if row.in_force_from else None
    return Law(
        title=row.title, doc_no=row.doc_no, rank=row.rank, issuer=row.issuer, in_force_from=since, source=row.source
    )


def _problems(row: LawRow, number: int) -> list[Problem]:
    where = f"第{number}行"
    found = []
    if not row.title.strip():
        found.append(Problem("没有名称", where, "title"))
    if row.rank not in Law.Rank.values:
        found.append(Problem(f"没有“{row.rank}”这个层级", where, "rank", f"应是 {'、'.join(Law.Rank.values)} 之一"))
    if row.in_force_from and not _is_date(row.in_force_from):
        found.append(Problem(f"“{row.in_force_from}”不是日期", where, "in_force_from", "请写成 2025-05-10"))
    return found


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
