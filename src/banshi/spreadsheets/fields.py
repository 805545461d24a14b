"""Fields that a column can be, the item's own and the guide's elements, flat.

A target is a path: `organ_code` (of the item), `summary` (an element), `consult.phone` (within a part), `fees.standard`
(within a table that is written into one cell). Detail sheets (申请材料, 服务流程 …) have a row for each row of one table; their
targets are relative to that table.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pydantic import BaseModel

from banshi.catalog.guide.document import SECTIONS, Guide
from banshi.catalog.guide.elements import Element, elements
from banshi.spreadsheets.cells import folded
from banshi.spreadsheets.vocabulary import column_names

SEPARATOR = "·"


@dataclass(frozen=True, slots=True)
class Field:
    """One target.

    `element` is the declaration behind it (None: the item's own), `inner` that within a part or table. `document` is
    the model that declares the innermost of them.
    """

    target: str
    label: str
    section: str
    element: Element | None = None
    inner: Element | None = None
    document: type[BaseModel] = Guide

    @property
    def leaf(self) -> Element | None:
        return self.inner or self.element


ITEM_FIELDS = {
    "number": "序号",
    "name": "事项名称",
    "main_item": "主项名称",
    "category": "事项类别",
    "organ": "实施主体",
    "organ_code": "实施主体代码",
    "kind": "事项类型",
    "code": "事项编码",
    "base_code": "基本编码",
    "guid": "事项标识",
}
KEYS = ("guid", "code", "name", "organ", "number")
"""By which a row of a detail sheet names its item."""


@cache
def fields() -> dict[str, Field]:
    """Map every target of the main sheet, in the order shown."""
    found = {target: Field(target, label, "事项") for target, label in ITEM_FIELDS.items()}
    for element in elements(Guide):
        section = SECTIONS[element.section]
        found[element.name] = Field(element.name, element.label, section, element)
        for inner in elements(element.rows) if element.rows else ():
            target = f"{element.name}.{inner.name}"
            found[target] = Field(
                target, f"{element.label}{SEPARATOR}{inner.label}", section, element, inner, element.rows or Guide
            )
    return found


@cache
def tables() -> tuple[Element, ...]:
    """List the guide's tables, each of which may have a detail sheet."""
    return tuple(element for element in elements(Guide) if element.kind == "rows")


@cache
def detail_fields(table: str) -> dict[str, Field]:
    """Map targets of a detail sheet, the keys of the item, and the table's elements (parts of them flat)."""
    rows = next(each.rows for each in tables() if each.name == table)
    keys = {target: Field(target, ITEM_FIELDS[target], "事项") for target in KEYS}
    # A table's own 名称 or 备注 never competes with the item's: its target starts with a dot.
    return keys | {field.target: field for field in _flat(rows)} if rows else keys


def _flat(document: type[BaseModel]) -> list[Field]:
    found = []
    for element in elements(document):
        found.append(Field(f".{element.name}", element.label, "明细", element, document=document))
        for inner in elements(element.rows) if element.kind == "part" and element.rows else ():
            target = f".{element.name}.{inner.name}"
            found.append(
                Field(target, f"{element.label}{SEPARATOR}{inner.label}", "明细", element, inner, element.rows or Guide)
            )
    return found


@cache
def known_headers() -> dict[str, str]:
    """Map each folded header of the main sheet to its target.

    Labels go first, then the vocabulary, then declared aliases.
    """
    known: dict[str, str] = {}
    for field in fields().values():
        _learn(known, field.label, field)
    for target, names in column_names().items():
        for name in names:
            known.setdefault(folded(name), target)
    for field in fields().values():
        for alias in field.element.aliases if field.element and not field.inner else ():
            _learn(known, alias, field)
    return known


@cache
def known_detail_headers(table: str) -> dict[str, str]:
    known = {header: target for header, target in known_headers().items() if target in ("guid", "code", "name")}
    known |= {folded(ITEM_FIELDS[key]): key for key in KEYS}
    for field in detail_fields(table).values():
        if field.target.startswith("."):
            for name in (field.label, *(field.leaf.aliases if field.leaf else ())):
                known[folded(name)] = field.target
    for target, names in column_names().items():
        if target.startswith(f"{table}."):
            for name in names:
                known.setdefault(folded(name), target.removeprefix(table))
    return known


@cache
def all_headers() -> frozenset[str]:
    """Collect every header known for any kind of table, by which a header row is found."""
    return frozenset(known_headers()).union(*(known_detail_headers(table.name) for table in tables()))


def _learn(known: dict[str, str], name: str, field: Field) -> None:
    known.setdefault(folded(name), field.target)
    known.setdefault(folded(name.replace(SEPARATOR, "")), field.target)


@lru_cache(maxsize=50_000)
def plain_header(text: str) -> str:
    """Strip a header of marks of obligation, units and hints in brackets (*承诺时限(工作日) → 承诺时限)."""
    plain = folded(text).strip("*★:#").removeprefix("篇扩")
    short = _HINTS.sub("", plain) if "(" in plain or "*" in plain else plain
    return short or plain


_HINTS = re.compile(
    r"\((?:必填|选填|可多选|多选|单选|下拉|下拉选择|工作日|天|日|元|次|个|份|全称|盖章|至少一项|是/否|√)[^)]*\)|\*"
)
