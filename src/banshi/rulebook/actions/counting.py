"""办件量, as offices tell it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from banshi.access import Permission, authorize, authorize_many
from banshi.catalog.models import Item
from banshi.core.errors import BadInput, Problem
from banshi.ledger import Actor, record
from banshi.rulebook.models import YearlyVolume

LINES_AT_MOST = 20_000
LARGEST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """One line: the item by its code or its whole name, and how often it was asked for."""

    item: str
    count: str
    line: int


def read_counts(text: str) -> list[Counted]:
    """Read two columns as copied from a spreadsheet (tab between), or with a comma.

    Empty lines are passed over.
    """
    lines = [(number, line.replace("，", ",").strip()) for number, line in enumerate(text.splitlines(), 1)]
    rows = [(number, line.rpartition("\t" if "\t" in line else ",")) for number, line in lines if line]
    if len(rows) > LINES_AT_MOST:
        raise BadInput(f"一次最多{LINES_AT_MOST:,}行", remedy="请分几次填。")
    return [Counted(item.strip(), count.strip(), number) for number, (item, _, count) in rows]


@transaction.atomic
def set_volumes(rows: Iterable[Counted], *, year: int, among: QuerySet[Item], by: Actor, at: datetime) -> int:
    """Write them all, or none and say what is wrong line by line.

    `among`: the items the person may speak for.
    """
    authorize(by, Permission.ITEM_EDIT, at=at)
    if not 2000 <= year <= localdate(at).year:
        raise BadInput("年份不对", [Problem("请写四位年份，不晚于今年", field="year")])
    problems: list[Problem] = []
    found = [
        (item, count)
        for row in rows
        if (item := _item(row, among, problems)) and (count := _count(row, problems)) is not None
    ]
    if problems:
        raise BadInput("有几行看不懂，一行都没有保存", problems)
    authorize_many(by, Permission.ITEM_EDIT, [item for item, _ in found], at=at)
    for item, count in found:
        YearlyVolume.objects.update_or_create(item=item, defaults={"year": year, "count": count, "at": at})
    if found:
        record("rulebook.set_volumes", found[0][0], by=by, at=at, facts={"year": year, "items": len(found)})
    return len(found)


def _item(row: Counted, among: QuerySet[Item], problems: list[Problem]) -> Item | None:
    found = list(among.filter(code=row.item)[:2]) or list(among.filter(name=row.item)[:2])
    if len(found) == 1:
        return found[0]
    said = "同名的事项不止一个，请写编码" if found else "没有找到这个事项，请核对名称或编码"
    problems.append(Problem(f"第{row.line}行“{row.item[:40]}”：{said}", field="counts"))
    return None


def _count(row: Counted, problems: list[Problem]) -> int | None:
    digits = row.count.replace(",", "")
    if digits.isdecimal() and int(digits[:12]) <= LARGEST:
        return int(digits)
    problems.append(Problem(f"第{row.line}行：“{row.count[:20]}”不是件数", field="counts"))
    return None
