"""One row's readings, put together as a guide when it is asked for."""

import re
from typing import Any

from pydantic import BaseModel

from banshi.catalog.enums import ItemKind, TimeUnit
from banshi.catalog.guide.document import Basis, Guide, TimeLimit
from banshi.catalog.guide.elements import GuidePart, elements
from banshi.core.json_types import JsonObject
from banshi.law.citations import is_edition
from banshi.spreadsheets.cell_format import cell_text
from banshi.spreadsheets.cell_parsers.parsed import BLANK
from banshi.spreadsheets.cell_parsers.text import COUNT, numeral
from banshi.spreadsheets.cells import folded
from banshi.spreadsheets.fields import ITEM_FIELDS, fields
from banshi.spreadsheets.read_table import ReadTable


def unplaced(table: ReadTable, index: int) -> list[tuple[str, str]]:
    """List header and text of what row `index` says that has no place in the guide, and so stays out of public sight."""
    found = ((column.header or "无表头的一列", column.readings[index].kept) for column in table.columns)
    return [(header, kept) for header, kept in found if kept]


def guide_of(table: ReadTable, index: int, kind: str, existing: Guide | None = None, *, replace: bool = False) -> Guide:
    """Make the guide of row `index`, an item of that kind, from the existing one (or an empty).

    Blank cells change nothing. “日” of a licence are working days (行政许可法第八十二条).

    One cell of several papers or steps is an abridgement, so details it does not tell stay, unless it is to `replace` them.

    What could not be placed (`unplaced`) never goes into it, since all of a guide is public.
    """
    values: JsonObject = {}
    whole: set[str] = set()
    for column in table.columns:
        reading = column.readings[index]
        if reading is BLANK:
            continue
        if column.target in ITEM_FIELDS and column.target != "name":
            continue
        if kind == ItemKind.LICENCE and reading.value is not None:
            said = column.said[index] if column.said else column.texts[index]
            reading = reading._replace(value=in_working_days(reading.value, said))
        for target, value in reading.more:
            if target not in values:  # a column of its own says it more surely
                put_value(values, target, value)
        if reading.value is None:
            continue
        if not column.whole and existing is not None and column.target:
            there = cell_text(existing, column.target)
            if folded(there) == folded(column.texts[index]):
                continue  # one cell can't show all there is, so what reads alike stays
        put_value(values, column.target, reading.value)
        if column.whole:
            whole.add(column.target)
    base = {name: getattr(existing, name) for name in Guide.model_fields} if existing else {}
    for name, value in values.items():
        if isinstance(value, dict):
            # Fields of a part (consult.phone), or of the first row of a table (fees.standard), over what is there.
            present = base.get(name)
            element = fields()[name].element
            assert element is not None
            assert element.rows is not None
            if element.kind == "part":
                values[name] = element.rows.model_validate({**(present.model_dump() if present else {}), **value})
            else:
                first = present[0].model_dump() if present else {}
                values[name] = [element.rows.model_validate({**first, **value}), *(present or [])[1:]]
        elif existing is not None and not replace and name not in whole:
            values[name] = _with_details(base.get(name), value)
    values |= {"bases": [_edition_in_title(each) for each in values["bases"]]} if "bases" in values else {}
    merged = {**base, **{name: value for name, value in values.items() if name}}
    return Guide.model_validate(merged)


def _edition_in_title(basis: Basis) -> Basis:
    if not is_edition(basis.doc_no):
        return basis
    return basis.model_copy(update={"title": f"{basis.title}（{basis.doc_no.strip()}）", "doc_no": ""})


_PLAIN_DAYS = re.compile(rf"({COUNT})个?日(?!历)")
_OTHER_DAYS = re.compile(rf"({COUNT})个?(?:自然日|日历日|天)")


def in_working_days(value: Any, said: str) -> object:
    """Count in working days what the text says in plain days, within rows of steps and procedures too."""
    if isinstance(value, list):
        lines = said.split("\n")
        lines = lines if len(lines) == len(value) else [said] * len(value)
        return [in_working_days(each, line) for each, line in zip(value, lines, strict=True)]
    if not isinstance(value, TimeLimit):
        limit = getattr(value, "limit", None)
        return value.model_copy(update={"limit": in_working_days(limit, said)}) if limit is not None else value
    if value.unit is not TimeUnit.DAY or value.value is None:
        return value
    plain = folded(said)
    others = {numeral(each) for each in _OTHER_DAYS.findall(plain)}
    meant = {numeral(each) for each in _PLAIN_DAYS.findall(plain)} - others
    return value.model_copy(update={"unit": TimeUnit.WORKING_DAY}) if value.value in meant else value


def _with_details(there: Any, said: Any) -> object:
    """Take what is said over what is there: named rows and parts keep what is not said of them, other rows stay."""
    if isinstance(said, TimeLimit) and isinstance(there, TimeLimit):
        return said if said.basis else said.model_copy(update={"basis": there.basis})
    if isinstance(said, GuidePart) and isinstance(there, GuidePart):
        return there.model_copy(update={name: getattr(said, name) for name in said.model_dump(exclude_defaults=True)})
    if not (isinstance(said, list) and there and all(isinstance(each, GuidePart) for each in (*said, *there))):
        return said
    found = _same_rows(there, said)
    kept = [_with_details(row, said[found[n]]) if n in found else row for n, row in enumerate(there)]
    return [*kept, *(row for n, row in enumerate(said) if n not in found.values())]


def _same_rows(there: list[GuidePart], said: list[GuidePart]) -> dict[int, int]:
    """Match rows that name one thing, by the same name first, then by the same words in it, then by likeness."""
    from rapidfuzz import fuzz

    old, new = [_named(row) for row in there], [_named(row) for row in said]
    bare_old, bare_new = [_AROUND_NAMES.sub("", name) for name in old], [_AROUND_NAMES.sub("", name) for name in new]
    found: dict[int, int] = {}
    for names, more in ((old, new), (bare_old, bare_new)):
        for n, name in enumerate(names):
            same = next((m for m, other in enumerate(more) if name and other == name and m not in found.values()), None)
            if n not in found and same is not None:
                found[n] = same
    scores = sorted(
        ((fuzz.ratio(a, b), n, m) for n, a in enumerate(bare_old) for m, b in enumerate(bare_new)), reverse=True
    )
    for score, n, m in scores:
        if score >= ALIKE and n not in found and m not in found.values() and _alone(bare_old[n], bare_new[m]):
            found[n] = m
    return found


ALIKE = 78
"""Of a hundred, from which on two names in the same list of one item are taken for one."""
_AROUND_NAMES = re.compile(
    r"\([^()]*\)|(?:各?一?\d*份|\d+[份张页套本])|(?:原件|复印件|影印件|电子版|正本|副本)(?:[和及与、]?(?:原件|复印件))?|^(?:申请人|本人|个人)的?|^中华人民共和国|^居民(?=身份证|户口)|环节$|^提交|^提供"
)
_OPPOSITES = (("父", "母"), ("男", "女"), ("法人", "自然人"), ("委托人", "受托人"), ("一", "二"), ("甲", "乙"), ("初", "复"), ("身份", "户口"), ("出生", "死亡"), ("结婚", "离婚"))  # fmt: skip


def _alone(one: str, other: str) -> bool:
    """Tell whether no word that parts two papers of one name stands in only one of them (父亲身份证, 母亲身份证)."""
    apart = any(
        (a in one and b in other and a not in other) or (b in one and a in other and b not in other)
        for a, b in _OPPOSITES
    )
    return not apart and re.findall(r"\d+", one) == re.findall(r"\d+", other)


def _named(row: GuidePart) -> str:
    return folded(str(getattr(row, elements(type(row))[0].name)))


def put_value(values: JsonObject, path: str, value: Any) -> None:
    """Set `limit` or `limit.text` among the values.

    A whole and its parts are merged whichever comes first.
    """
    if value is None:
        return
    name, _, inner = path.partition(".")
    held = values.get(name)
    if inner and isinstance(held, list):
        values[name] = _with_part(held, {inner: value})
    elif inner:
        part = held.model_dump(exclude_defaults=True) if isinstance(held, BaseModel) else held or {}
        values[name] = {**part, **_both_phones(part, {inner: value})}
    elif isinstance(held, dict) and isinstance(value, BaseModel):
        whole = value.model_dump(exclude_defaults=True)
        values[name] = whole | held | _both_phones(held, {k: v for k, v in whole.items() if k == "phone"})
    elif isinstance(held, dict) and isinstance(value, list):
        values[name] = _with_part(value, held)
    elif isinstance(held, list) and isinstance(value, list):
        values[name] = [*held, *(each for each in value if each not in held)]
    else:
        values[name] = value


def _both_phones(there: JsonObject, more: JsonObject) -> JsonObject:
    """Add a column's number to that of another column instead of taking its place."""
    first, second = there.get("phone", ""), more.get("phone", "")
    joined = f"{first}、{second}" if first and second and second not in first.split("、") else first or second
    return {**more, "phone": joined} if joined else more


def _with_part(rows: list[Any], part: JsonObject) -> list[object]:
    """Merge rows read from one column with another's, which decides of a single row and fills gaps of several."""
    return [
        row.model_copy(update=part if len(rows) == 1 else {k: v for k, v in part.items() if not getattr(row, k)})
        if isinstance(row, BaseModel)
        else row
        for row in rows
    ]
