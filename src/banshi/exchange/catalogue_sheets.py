"""The catalogue as a workbook of two sheets, out and in again: entries, and the information items of each."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from banshi.core.clock import CHINA
from banshi.core.errors import BadInput
from banshi.documents.workbook import new_workbook, write_table
from banshi.exchange.declarations import catalogue_item, declared_resources
from banshi.exchange.enums import InformationKind, Sharing
from banshi.exchange.models import Resource
from banshi.exchange.policy import exchange_policy
from banshi.people.models import Organ
from banshi.spreadsheets.cells import FILLERS, folded
from banshi.spreadsheets.fields import plain_header
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.read_table import CellProblem, ImportSheet
from banshi.spreadsheets.workbook_reader import SourceSheet, SourceWorkbook

ENTRIES, ITEMS = "资源目录", "信息项"
ENTRY_HEADS = {
    "code": "资源代码",
    "name": "数据目录名称",
    "organ": "提供单位",
    "uscc": "提供单位代码",
    "category": "分类（类/项/目/细目）",
    "summary": "摘要",
    "data_format": "数据格式",
    "update_cycle": "更新频率",
    "sharing": "共享属性",
    "condition": "使用条件",
    "basis": "不予共享的依据",
    "means": "共享方式",
    "classification": "数据分类",
    "level": "数据分级",
    "open_data": "向社会开放",
    "open_condition": "开放条件",
    "related": "关联资源代码",
    "papers": "可以代替的材料",
    "duty": "对应的职责",
}
ITEM_HEADS = {
    "code": "资源代码",
    "key": "信息项代码",
    "label": "信息项名称",
    "kind": "数据类型",
    "classification": "数据分类",
    "level": "数据分级",
    "personal": "个人信息",
    "sharing": "共享属性",
    "basis": "共享的条件或不予共享的依据",
    "update_cycle": "更新频率",
}
STATE_HEADS = ("状态", "发布日期")
TEXTS = (
    *("name", "category", "summary", "data_format", "update_cycle", "condition", "basis", "means", "classification"),
    *("open_condition", "duty"),
)
SEPARATORS = re.compile(r"[、，,;；\s]+")
OPTIONAL = (*TEXTS, "related", "papers", "uscc")
KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
YES_NO = {"是": True, "否": False, "": False}
LEVELS = range(1, 5)
LOOK_AT = 20


def write_catalogue(resources: Iterable[Resource], to: IO[bytes]) -> None:
    """Write what can be read again, the items after the entries."""
    kept = list(resources)
    with new_workbook(to) as book:
        write_table(
            book, ENTRIES, [*ENTRY_HEADS.values(), *STATE_HEADS], map(_entry_cells, kept), widths=(16, 26, 22), frozen=2
        )
        items = (_item_cells(each, item) for each in kept for item in each.items)
        write_table(book, ITEMS, list(ITEM_HEADS.values()), items, widths=(16, 18, 22), frozen=3)


def _entry_cells(one: Resource) -> list[object]:
    told: dict[str, object] = {name: getattr(one, name) for name in (*TEXTS, "code", "level")}
    told |= {
        "organ": one.organ.name,
        "uscc": one.organ.uscc,
        "sharing": one.get_sharing_display(),
        "open_data": "是" if one.open_data else "否",
        "related": "、".join(one.related),
        "papers": "、".join(one.papers),
    }
    published = one.published_at.astimezone(CHINA).date() if one.published_at else None
    return [*(told[name] for name in ENTRY_HEADS), one.get_state_display(), published]


def _item_cells(one: Resource, item: Mapping[str, Any]) -> list[object]:
    told = {
        "code": one.code,
        "kind": InformationKind(item["kind"]).label,
        "personal": "是" if item.get("personal") else "否",
        "sharing": Sharing(item["sharing"]).label if item.get("sharing") else "",
    }
    return [told.get(name, item.get(name, "")) for name in ITEM_HEADS]


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """An entry that can be imported, with the elements it changes in words."""

    resource: Resource
    is_new: bool
    changed: tuple[str, ...]


CatalogueSheet = ImportSheet[ResourceRow]


def read_catalogue(book: SourceWorkbook, owners: Owners) -> CatalogueSheet:
    """Read entries and items, each doubt at its cell, and write nothing.

    Raises BadInput where no sheet is a catalogue.
    """
    found = CatalogueSheet(book.digest)
    entries, items = (
        [line for sheet in book.sheets for line in _lines(sheet, heads, must)]
        for heads, must in ((ENTRY_HEADS, {"code", "name", "sharing"}), (ITEM_HEADS, {"code", "key", "label"}))
    )
    if not entries:
        raise BadInput(
            "没有找到资源目录：各工作表里都认不出“资源代码、数据目录名称、共享属性”三列",
            where=book.name,
            remedy="请下载目录表，把内容贴进去再导入。",
        )
    of_code: dict[str, list[_Line]] = defaultdict(list)
    for line in items:
        of_code[line.texts["code"]].append(line)
    many = Counter(line.texts["code"] for line in entries)
    for line in items:
        if line.texts["code"] not in many:
            found.problems.append(line.problem("code", "资源目录里没有这个资源代码"))
    known = {each.code: each for each in Resource.objects.filter(code__in=many).select_related("organ")}
    declared = declared_resources()
    for line in entries:
        code = line.texts["code"]
        problems = list(_wrong(line)) + [each for one in of_code[code] for each in _wrong_item(one)]
        if many[code] > 1:
            problems.append(line.problem("code", "同一个资源代码写了几行"))
        for each, count in Counter(one.texts["key"] for one in of_code[code]).items():
            if count > 1:
                problems.append(line.problem("code", f"信息项代码“{each}”写了{count}次"))
        owner = owners.find(line.texts["organ"], line.texts["uscc"])
        problems += [line.problem("organ", each.message, each.proposal, each.severity) for each in owner.about_name]
        problems += [line.problem("uscc", each.message, each.proposal, each.severity) for each in owner.about_code]
        if owner.organ and not any(each.severity == "error" for each in problems):
            one = known.get(code) or Resource(code=code)
            if one.pk and one.organ_id != owner.organ.pk:
                problems.append(line.problem("organ", f"这个资源是{one.organ.name}的，不能改成别的单位的"))
            else:
                values = {
                    **_values(line, owner.organ),
                    "items": [_item_of(each) for each in of_code[code]] or one.items,
                }
                as_proposed = {**{name: getattr(one, name) for name in values}, **one.proposed}
                changed = [name for name, value in values.items() if one.pk and as_proposed[name] != value]
                if changed and code in declared and declared[code].source:
                    problems.append(
                        line.problem("code", "这个资源的目录由信息中心在数据资源文件里维护", "请联系信息中心改文件")
                    )
                elif changed or one.pk is None:
                    is_new = one.pk is None
                    for name, value in values.items():
                        setattr(one, name, value)
                    found.rows.append(ResourceRow(one, is_new, tuple(element_words(changed))))
                else:
                    found.unchanged += 1
        found.problems += problems
    found.problems.sort(key=lambda each: (each.sheet, each.row, each.column))
    return found


def _values(line: "_Line", organ: Organ) -> dict[str, Any]:
    texts = line.texts
    return {
        **{name: texts[name] for name in TEXTS},
        "organ_id": organ.pk,
        "sharing": _sharing(texts["sharing"]),
        "level": int(texts["level"] or 1),
        "open_data": YES_NO[texts["open_data"]],
        "related": SEPARATORS.sub("、", texts["related"]).strip("、").split("、") if texts["related"] else [],
        "papers": SEPARATORS.sub("、", texts["papers"]).strip("、").split("、") if texts["papers"] else [],
    }


def _item_of(line: "_Line") -> dict[str, Any]:
    texts = line.texts
    return catalogue_item(
        {
            "key": texts["key"],
            "label": texts["label"],
            "kind": _kind(texts["kind"]),
            "level": int(texts["level"] or 1),
            "personal": YES_NO[texts["personal"]],
            "classification": texts["classification"],
            "sharing": _sharing(texts["sharing"]) if texts["sharing"] else "",
            "basis": texts["basis"],
            "update_cycle": texts["update_cycle"],
        }
    )


def _wrong(line: "_Line") -> Iterator[CellProblem]:
    texts, sharing = line.texts, _sharing(line.texts["sharing"])
    for name in ("code", "name"):
        if not texts[name]:
            yield line.problem(name, f"没有写{ENTRY_HEADS[name]}")
    if texts["code"] and not CODE.fullmatch(texts["code"]):
        yield line.problem("code", "资源代码只能用英文字母、数字和.-_/，不能有空格和汉字")
    for name in (*TEXTS, "code"):
        longest = getattr(Resource._meta.get_field(name), "max_length", None)
        if longest and len(texts[name]) > longest:
            yield line.problem(name, f"太长，最多{longest}个字")
    if not texts["sharing"]:
        yield line.problem("sharing", "没有写共享属性", "无条件共享、有条件共享、不予共享选一个")
    elif not sharing:
        yield line.problem("sharing", "不认得这种共享属性", "无条件共享、有条件共享、不予共享选一个")
    if sharing == Sharing.REFUSED and not texts["basis"]:
        yield line.problem("basis", "不予共享的，要写明依据的法律和条款", "《政务数据共享条例》第十五条")
    if sharing == Sharing.CONDITIONAL and not texts["condition"]:
        yield line.problem("condition", "有条件共享的，要写明使用的范围和用途")
    yield from _wrong_marks(line, "open_data")


def _wrong_item(line: "_Line") -> Iterator[CellProblem]:
    texts = line.texts
    if not KEY.fullmatch(texts["key"]):
        yield line.problem("key", "信息项代码只能用英文字母、数字和下划线，字母开头")
    if not texts["label"]:
        yield line.problem("label", "没有写信息项名称")
    if texts["kind"] and not _kind(texts["kind"]):
        yield line.problem("kind", "不认得这种数据类型", "、".join(str(each) for each in InformationKind.labels))
    if texts["sharing"] and not _sharing(texts["sharing"]):
        yield line.problem("sharing", "不认得这种共享属性", "不写就和资源的一样")
    if _sharing(texts["sharing"]) == Sharing.REFUSED and not texts["basis"]:
        yield line.problem("basis", "不予共享的信息项，要写明依据的法律和条款")
    yield from _wrong_marks(line, "personal")


def _wrong_marks(line: "_Line", yes_no: str) -> Iterator[CellProblem]:
    texts, cycles = line.texts, exchange_policy().cycles
    if texts["level"] and texts["level"] not in map(str, LEVELS):
        yield line.problem("level", "数据分级写1到4的数字")
    if texts[yes_no] not in YES_NO:
        yield line.problem(yes_no, "写“是”或“否”")
    if texts["update_cycle"] and texts["update_cycle"] not in cycles:
        yield line.problem("update_cycle", "不认得这种更新频率", "、".join(cycles))


def _sharing(text: str) -> str:
    plain = folded(text).removesuffix("共享")
    return next((each.value for each in Sharing if each.label.removesuffix("共享") == plain), "")


def _kind(text: str) -> str:
    found = next((each.value for each in InformationKind if text in (each.label, each.value)), "")
    return found if text else InformationKind.TEXT.value


def element_words(names: Iterable[str]) -> list[str]:
    return [ITEMS if name == "items" else ENTRY_HEADS[name.removesuffix("_id")] for name in names]


@dataclass(slots=True)
class _Line:
    """A row of a sheet: its texts by element, and the column each stands in."""

    sheet: str
    row: int
    columns: dict[str, int]
    texts: dict[str, str]

    def problem(self, name: str, message: str, proposal: str = "", severity: str = "error") -> CellProblem:
        column = self.columns.get(name, min(self.columns.values()))
        return CellProblem(self.sheet, self.row, column, severity, name, message, proposal, self.texts.get(name, ""))


def _lines(sheet: SourceSheet, heads: Mapping[str, str], must: set[str]) -> Iterator[_Line]:
    """Read the rows below the first one that has the columns looked for."""
    named = {folded(plain_header(label)): name for name, label in heads.items()}
    columns: dict[str, int] = {}
    head = 0
    while not must <= set(columns):
        if head >= min(LOOK_AT, len(sheet.rows)):
            return
        columns = {}
        for column, text in enumerate(sheet.rows[head]):
            if name := named.get(folded(plain_header(text))):
                columns.setdefault(name, column)
        head += 1
    places = {name: column + sheet.left for name, column in columns.items()}
    for number, cells in enumerate(sheet.rows[head:], head):
        texts = {name: cells[column].strip() if column < len(cells) else "" for name, column in columns.items()}
        texts = {name: "" if text in FILLERS and name in OPTIONAL else text for name, text in texts.items()}
        if any(texts.values()):
            yield _Line(sheet.name, number + sheet.top, places, dict.fromkeys(heads, "") | texts)
