"""Divisions and organs."""

import csv
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from banshi import ledger
from banshi.access import Permission, authorize
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.id_numbers import uscc_is_valid
from banshi.core.json_types import JsonObject
from banshi.people.closing import check_closing
from banshi.people.enums import DivisionLevel
from banshi.people.models import Division, Organ

# Digits of a division's code without trailing zeros → level; 12-digit codes of towns and villages are kept whole.
LEVEL_BY_DIGITS = {
    2: DivisionLevel.PROVINCE,
    4: DivisionLevel.CITY,
    6: DivisionLevel.COUNTY,
    9: DivisionLevel.TOWN,
    12: DivisionLevel.VILLAGE,
}
CHANGEABLE = ("name", "short_name", "kind", "uscc", "division", "superior", "address", "phone", "hours")


@transaction.atomic
def create_organ(*, name: str, kind: str, division: Division, by: ledger.Actor, at: datetime, **more: object) -> Organ:
    """Create an organ.

    `more` is short_name, uscc, superior, address, phone, hours, is_example. Raises BadInput, Conflict.
    """
    authorize(by, Permission.PEOPLE_MANAGE, division, at=at)
    organ = Organ(name=name.strip(), kind=kind, division=division, **more)
    _check(organ)
    _save(organ)
    ledger.record(
        "people.create_organ", organ, by=by, at=at, facts={"name": organ.name, "kind": kind, "division": division.pk}
    )
    return organ


@transaction.atomic
def change_organ(organ: Organ, *, by: ledger.Actor, at: datetime, **values: Any) -> Organ:
    """Change some of CHANGEABLE.

    The ledger keeps old and new. Nothing different, nothing recorded.
    """
    authorize(by, Permission.PEOPLE_MANAGE, organ, at=at)
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    changed = {}
    for field, value in values.items():
        if field not in CHANGEABLE:
            raise TypeError(f"{field} is not changed this way")
        old = getattr(organ, field)
        if old != value:
            changed[field] = [_plain(old), _plain(value)]
            setattr(organ, field, value)
    if changed:
        _check(organ)
        _save(organ)
        ledger.record("people.change_organ", organ, by=by, at=at, facts=changed)
    return organ


@transaction.atomic
def close_organ(organ: Organ, *, reason: str, by: ledger.Actor, at: datetime) -> Organ:
    """Close an organ (撤销), which keeps its history.

    Nobody holds a post there and nothing new is made for it.
    """
    authorize(by, Permission.PEOPLE_MANAGE, organ, at=at)
    if organ.posts.filter(until=None).exists():
        raise Conflict("还有人在这个机构任职", remedy="请先结束这些岗位，再停用机构。")
    check_closing(organ)
    return _set_active(organ, False, "people.close_organ", {"reason": reason}, by, at)


@transaction.atomic
def open_organ(organ: Organ, *, by: ledger.Actor, at: datetime) -> Organ:
    authorize(by, Permission.PEOPLE_MANAGE, organ, at=at)
    return _set_active(organ, True, "people.open_organ", {}, by, at)


@transaction.atomic
def load_divisions(lines: Iterable[str], *, by: ledger.Actor, at: datetime) -> int:
    """Add or rename divisions from `code,name` rows (GB/T 2260 codes), for any city.

    Raises BadInput with each row's place.

    The parent is the longest shorter code that is there; so give a file from the province down, or in any order.
    """
    authorize(by, Permission.PEOPLE_MANAGE, at=at)
    problems: list[Problem] = []
    rows = dict(row for row in (_read_division(row, n, problems) for n, row in enumerate(csv.reader(lines), 1)) if row)
    if problems:
        raise BadInput("区划表读不懂", problems)
    known = set(Division.objects.values_list("code", flat=True)) | set(rows)
    for code in sorted(rows, key=len):
        parent = next((code[:digits] for digits in (9, 6, 4, 2) if digits < len(code) and code[:digits] in known), None)
        Division.objects.update_or_create(
            code=code, defaults={"name": rows[code], "level": LEVEL_BY_DIGITS[len(code)], "parent_id": parent}
        )
    if rows:
        root = Division.objects.get(pk=min(rows, key=len))
        ledger.record("people.load_divisions", root, by=by, at=at, facts={"count": len(rows)})
    return len(rows)


def _read_division(row: list[str], number: int, problems: list[Problem]) -> tuple[str, str] | None:
    """Read a division, or None from comments, empty rows and the header."""
    cells = [cell.strip() for cell in row]
    if not any(cells) or cells[0].startswith("#") or cells[0] == "code":
        return None
    code = division_code(cells[0])
    if not code or len(cells) < 2 or not cells[1]:
        problems.append(
            Problem("每行写两样，用半角逗号隔开：区划代码、名称，例如 510000,四川省", where=f"第{number}行")
        )
        return None
    return code, cells[1]


def division_code(text: str) -> str:
    """Return the code in our form: 2, 4 or 6 digits (zeros at the end cut), 9 or 12.

    Returns "" when it is none.
    """
    if not text.isascii() or not text.isdigit() or len(text) not in (2, 4, 6, 9, 12):
        return ""
    if len(text) == 12 and text.endswith("000"):
        text = text[:9]
    if len(text) == 9 and text.endswith("000"):
        text = text[:6]
    while len(text) in (4, 6) and text.endswith("00"):
        text = text[:-2]
    return text


def _check(organ: Organ) -> None:
    problems = []
    if not organ.name:
        problems.append(Problem("请填写机构名称", field="name"))
    if organ.uscc and not uscc_is_valid(organ.uscc):
        problems.append(Problem("统一社会信用代码不对，请核对18位字符", field="uscc"))
    above = organ.superior if organ.pk else None
    while above is not None and above.pk != organ.pk:
        above = above.superior
    if above is not None:
        problems.append(Problem("上级主管不能是它自己或它的下级", field="superior"))
    if problems:
        raise BadInput("机构信息有误", problems)


def _save(organ: Organ) -> None:
    try:
        with transaction.atomic():
            organ.save()
    except IntegrityError as clash:
        raise Conflict(f"{organ.division}已有名为“{organ.name}”的机构") from clash


def _set_active(organ: Organ, active: bool, action: str, facts: JsonObject, by: ledger.Actor, at: datetime) -> Organ:
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    if organ.active == active:
        raise Conflict(f"{organ}已经{'启用' if active else '停用'}了", remedy="刚有人办过的，请刷新页面查看。")
    organ.active = active
    organ.save(update_fields=["active"])
    ledger.record(action, organ, by=by, at=at, facts=facts)
    return organ


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Division | Organ) else value
