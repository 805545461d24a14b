"""Writes about laws and documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.law.models import Law, LawChange
from banshi.law.register import STATE
from banshi.ledger import Actor, record
from banshi.people.queries import account_of

UNDATED = "不详"


@dataclass(frozen=True, slots=True)
class LawRow:
    """One line of data/laws/laws.csv.

    `confidence` (高 中 低) and `note` are kept as its source. `in_force_until` may be 不详.
    """

    title: str
    doc_no: str = ""
    rank: str = Law.Rank.OTHER
    issuer: str = ""
    in_force_from: str = ""
    in_force_until: str = ""
    replaced_by: str = ""
    replaced_by_no: str = ""
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
    """Add the laws not there yet (by title and number).

    What stands is not changed. All rows or none.
    """
    authorize(by, Permission.LAW_EDIT, at=at)
    rows = list(rows)
    if problems := [problem for number, row in enumerate(rows, 2) for problem in _problems(row, number)]:
        raise BadInput("法规清单有误", problems)
    known = set(Law.objects.values_list("title", "doc_no"))
    fresh = {(row.title, row.doc_no): row for row in rows if (row.title, row.doc_no) not in known}
    laws = Law.objects.bulk_create(
        Law(
            title=row.title,
            doc_no=row.doc_no,
            rank=row.rank,
            issuer=row.issuer,
            in_force_from=_day(row.in_force_from),
            in_force_until=None if row.in_force_until == UNDATED else _day(row.in_force_until),
            ended=row.in_force_until == UNDATED,
            source=row.source,
        )
        for row in fresh.values()
    )
    for law, row in zip(laws, fresh.values(), strict=True):
        if row.replaced_by:
            law.replaced_by = law_named(row.replaced_by, row.replaced_by_no)
            law.save(update_fields=["replaced_by"])
    if laws:
        record("law.load_laws", laws[0], by=by, at=at, facts={"count": len(laws)})
    return len(laws)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _problems(row: LawRow, number: int) -> list[Problem]:
    where = f"第{number}行"
    found = []
    if not row.title.strip():
        found.append(Problem("没有名称", where, "title"))
    if row.rank not in Law.Rank.values:
        found.append(Problem(f"没有“{row.rank}”这个层级", where, "rank", f"应是 {'、'.join(Law.Rank.values)} 之一"))
    for name in ("in_force_from", "in_force_until"):
        day = getattr(row, name)
        if day and not _is_date(day) and (name, day) != ("in_force_until", UNDATED):
            found.append(Problem(f"“{day}”不是日期", where, name, "请写成 2025-05-10"))
    return found


@transaction.atomic
def record_change(
    law: Law,
    *,
    kind: str,
    day: date,
    successor: Law | None = None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> LawChange:
    """Record (登记变动) that a law replaced or repealed on `day` was last in force the day before."""
    authorize(by, Permission.LAW_EDIT, at=at)
    law = Law.objects.select_for_update().get(pk=law.pk)
    with_successor = (LawChange.ChangeKind.REPLACED, LawChange.ChangeKind.SUPERSEDED)
    if kind in with_successor and successor is None:
        raise BadInput("请写明由哪部新法代替", remedy="写新法的名称和文号；没有新法的，选“废止”。")
    if kind not in with_successor and successor is not None:
        raise BadInput("只有“由新法代替”才写新法", remedy="改选变动，或清空新法名称。")
    if successor is not None and law.pk in _line(successor):
        raise BadInput(f"{successor}不能代替{law}", remedy="它就是原来那部，或者本身已由它代替。请核对名称和文号。")
    if kind in LawChange.ENDING and (law.in_force_until is not None or law.ended):
        when = f"{law.in_force_until:%Y年%m月%d日}" if law.in_force_until else ""
        raise Conflict(f"{law}已登记{when}失效", remedy="请刷新页面查看。")
    if law.in_force_from and day <= law.in_force_from:
        raise BadInput(f"变动日期早于施行日期（{law.in_force_from:%Y年%m月%d日}）", remedy="请核对日期。")
    if law.changes.filter(kind=kind, day=day).exists():
        raise Conflict("这个变动已经登记过", remedy="请刷新页面查看。")
    if kind in LawChange.ENDING:
        law.in_force_until, law.replaced_by = day - timedelta(days=1), successor
        law.save(update_fields=["in_force_until", "replaced_by"])
    elif kind == LawChange.ChangeKind.SUPERSEDED:
        law.replaced_by = successor
        law.save(update_fields=["replaced_by"])
    else:
        law.versions.get_or_create(in_force_from=day, promulgated=None, defaults={"source": note[:300]})
    person = account_of(by)
    change = LawChange.objects.create(law=law, kind=kind, day=day, note=note, by=person, at=at)
    facts = {"kind": kind, "day": day, "successor": successor and str(successor), "note": note}
    record("law.record_change", law, by=by, at=at, facts=facts)
    return change


def _line(law: Law) -> set[int]:
    """Return the law and those that came after it, for as long as they do not turn in a circle."""
    seen: set[int] = set()
    step: Law | None = law
    while step is not None and step.pk not in seen:
        seen.add(step.pk)
        step = step.replaced_by
    return seen


def law_named(title: str, doc_no: str = "", *, rank: str = Law.Rank.OTHER, since: date | None = None) -> Law:
    """Return the law of that title (and number, when both have one).

    A new row when there is none.
    """
    title = title.strip().strip("《》")
    bare = title.removeprefix(STATE)
    known = Law.objects.filter(title__in=(bare, STATE + bare)).order_by("in_force_until", "-id")
    found = known.filter(doc_no=doc_no).first() or (known.filter(doc_no="").first() if doc_no else known.first())
    return found or Law.objects.create(title=title, doc_no=doc_no, rank=rank, in_force_from=since)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of a list of changes, as its cells read. `where` is told with what is wrong."""

    where: str
    title: str
    doc_no: str = ""
    kind: str = ""
    day: str = ""
    successor: str = ""
    successor_no: str = ""
    note: str = ""


@transaction.atomic
def record_changes(rows: Sequence[ChangeRow], *, by: Actor, at: datetime) -> list[LawChange]:
    """Record a list of changes (登记一份清单), all rows or none.

    Laws not known yet are added.
    """
    authorize(by, Permission.LAW_EDIT, at=at)
    if not rows:
        raise BadInput(
            "清单里没有一行法规", remedy="请按模板填写：法规名称、文号、变动、变动日期、新法名称、新法文号、说明。"
        )
    if problems := [problem for row in rows for problem in _row_problems(row)]:
        raise BadInput("法规变动清单有误，没有登记任何一条", problems)
    changes, problems = [], []
    for row in rows:
        try:
            day = date.fromisoformat(row.day)
            successor = law_named(row.successor, row.successor_no, since=day) if row.successor else None
            law = law_named(row.title, row.doc_no)
            kind = KINDS[row.kind]
            record_row = record_change(law, kind=kind, day=day, successor=successor, note=row.note[:500], by=by, at=at)
            changes.append(record_row)
        except (BadInput, Conflict) as error:
            problems.append(Problem(error.message, row.where, remedy=error.remedy))
    if problems:
        raise BadInput("法规变动清单有误，没有登记任何一条", problems)
    return changes


KINDS = {
    **{str(label): code for code, label in LawChange.ChangeKind.choices},
    "修订": LawChange.ChangeKind.AMENDED,
    "修正": LawChange.ChangeKind.AMENDED,
    "代替": LawChange.ChangeKind.REPLACED,
    "失效": LawChange.ChangeKind.REPEALED,
}


def _row_problems(row: ChangeRow) -> list[Problem]:
    found = []
    if not row.title.strip("《》 "):
        found.append(Problem("没写法规名称", row.where))
    if len(row.title) > 200 or len(row.successor) > 200 or max(len(row.doc_no), len(row.successor_no)) > 80:
        found.append(Problem("名称或文号太长", row.where, remedy="名称最多200字，文号最多80字"))
    if row.kind not in KINDS:
        found.append(Problem(f"没有“{row.kind[:20]}”这种变动", row.where, remedy=f"应是 {'、'.join(KINDS)} 之一"))
    if not _is_date(row.day):
        found.append(Problem(f"“{row.day[:20]}”不是日期", row.where, remedy="请写成 2026-12-01"))
    return found


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
