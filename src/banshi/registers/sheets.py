"""权责清单 as a department's spreadsheet: read with the catalogue's own reader, each doubt pointed at its cell."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from banshi.catalog.enums import ItemKind
from banshi.core.errors import BadInput
from banshi.people.models import Organ
from banshi.registers.enums import PowerList
from banshi.registers.models import Power
from banshi.spreadsheets.cells import folded, tidied
from banshi.spreadsheets.fields import plain_header
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.read_table import CellProblem, ImportSheet
from banshi.spreadsheets.table_detection import DetectedTable, find_table
from banshi.spreadsheets.vocabulary import item_kind
from banshi.spreadsheets.workbook_reader import SourceSheet, SourceWorkbook

HEADERS = {
    "organ": ("单位", "实施主体", "实施单位", "部门", "责任单位", "权力主体"),
    "list": ("清单", "清单类别", "清单类型"),
    "name": ("名称", "权力名称", "权力事项", "事项名称", "项目名称", "职权名称", "责任事项名称", "权力事项名称"),
    "kind": ("类型", "权力类型", "职权类别", "事项类型", "类别", "权力类别", "职权类型"),
    "code": ("编码", "权力编码", "事项编码", "职权编码"),
    "basis": ("依据", "实施依据", "设定依据", "法律依据", "职权依据"),
    "duty": ("责任事项", "责任", "责任内容"),
    "liability": ("追责情形", "追责情形和依据", "追责依据", "问责情形"),
    "cancelled_on": ("取消日期", "取消时间"),
    "cancel_document": ("取消文件", "取消依据", "取消文件名称"),
    "cancel_doc_no": ("文号", "取消文件文号", "取消文号"),
    "instead": ("取消后", "取消后的管理方式", "替代方式", "后续管理"),
}
TARGETS = {folded(header): target for target, headers in HEADERS.items() for header in headers}
LOOK_AT = 40
DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
TEXTS = ("code", "basis", "duty", "liability", "cancel_document", "cancel_doc_no", "instead")
COMPARED = ("kind", *TEXTS, "cancelled_on")
"""What a row can change of a power already listed."""


@dataclass(frozen=True, slots=True)
class PowerRow:
    """A row that can be imported: `power` unsaved, or a stored one with the row's values on it."""

    power: Power
    is_new: bool


class PowerSheet(ImportSheet[PowerRow]):
    @property
    def counts(self) -> dict[str, int]:
        return super().counts | {"cancelled": sum(row.power.cancelled_on is not None for row in self.rows)}


def read_powers(book: SourceWorkbook, owners: Owners) -> PowerSheet:
    """Read all sheets that have a column of names.

    Raises BadInput where none has.
    """
    found = PowerSheet(book.digest)
    tables = [made for sheet in book.sheets if (made := _Table.of(sheet))]
    if not tables:
        raise BadInput(
            "没有找到权责清单：各工作表里都认不出“名称”和“类型”两列",
            where=book.name,
            remedy="请下载空白表，把内容贴进去再导入。",
        )
    lines = [line for table in tables for line in table.lines()]
    found.problems += [note for table in tables for note in table.left_out()]
    many = Counter(line.key for line in lines if line.texts["name"])
    for line in lines:
        if many[line.key] > 1:
            found.problems.append(line.problem("name", "同一单位、同一清单里有同名的几行", "请合并或改名"))
    organs = {line.organ_of(owners) for line in lines}
    stored = Power.objects.filter(organ__in=[each for each in organs if each])
    known = {(each.organ_id, each.list, each.name): each for each in stored}
    for line in lines:
        owner = owners.find(line.texts["organ"], "")
        problems = [line.problem("organ", each.message, each.proposal, each.severity) for each in owner.about_name]
        texts = line.texts
        values: dict[str, Any] = {name: texts[name] for name in ("name", *TEXTS)}
        values["kind"] = item_kind(texts["kind"]) or ""
        values["list"] = (
            next((each.value for each in PowerList if texts["list"] in each.label), "") or PowerList.POWER.value
        )
        values["cancelled_on"] = _day(texts["cancelled_on"])
        if not texts["name"]:
            problems.append(line.problem("name", "没有名称"))
        if not texts["kind"]:
            problems.append(line.problem("kind", "没有写类型", "如 行政许可、行政处罚"))
        elif not values["kind"]:
            problems.append(line.problem("kind", f"不认得类型“{texts['kind'][:20]}”", "如 行政许可、行政处罚"))
        elif values["kind"] == ItemKind.SERVICE:
            problems.append(line.problem("kind", "公共服务不列入权责清单", "请从“事项”里导入"))
        if texts["cancelled_on"] and values["cancelled_on"] is None:
            problems.append(line.problem("cancelled_on", "看不懂这个日期", "请写成 2026-11-25"))
        if owner.organ and not any(each.severity == "error" for each in problems):
            key = (owner.organ.pk, values["list"], values["name"])
            power = known.get(key) or Power(organ=owner.organ, list=values["list"], name=values["name"])
            before = [getattr(power, name) for name in COMPARED]
            for name in COMPARED:
                setattr(power, name, values[name])
            problems += _wrong(power, line)
            changed = power.pk is None or before != [getattr(power, name) for name in COMPARED]
            found.unchanged += not changed
            if changed:
                found.rows.append(PowerRow(power, is_new=power.pk is None))
        found.problems += problems
    found.problems.sort(key=lambda each: (each.sheet, each.row, each.column))
    return found


@dataclass(slots=True)
class _PowerRow:
    """One row: texts by target, and where each stands."""

    sheet: str
    row: int
    left: int
    columns: dict[str, int]
    texts: dict[str, str]

    @property
    def key(self) -> tuple[str, str, str]:
        return folded(self.texts["organ"]), folded(self.texts["list"]), folded(self.texts["name"])

    def problem(self, target: str, message: str, proposal: str = "", severity: str = "error") -> CellProblem:
        column = self.columns.get(target, self.left)
        text = self.texts.get(target, "")
        return CellProblem(self.sheet, self.row, column, severity, target, message, proposal, text)

    def organ_of(self, owners: Owners) -> Organ | None:
        return owners.find(self.texts["organ"], "").organ


@dataclass(slots=True)
class _Table:
    table: DetectedTable
    columns: dict[str, int]

    @classmethod
    def of(cls, sheet: SourceSheet) -> "_Table | None":
        """Find the table below the row that has most headers of ours, among them the name."""
        best = max(range(min(len(sheet.rows), LOOK_AT)), key=lambda r: len(_targets(sheet.rows[r])), default=None)
        if best is None or not {"name", "kind"} <= set(_targets(sheet.rows[best])):
            return None
        table = find_table(sheet, [best + sheet.top])
        return cls(table, _targets(table.headers)) if table else None

    def lines(self) -> Iterator[_PowerRow]:
        left = self.table.left
        places = {target: column + left for target, column in self.columns.items()}
        for number, cells in zip(self.table.numbers, self.table.rows, strict=True):
            texts = {target: tidied(cells[column]) for target, column in self.columns.items() if column < len(cells)}
            if any(texts.values()):
                blank = dict.fromkeys(HEADERS, "")
                yield _PowerRow(self.table.sheet, number, left, places, blank | texts)

    def left_out(self) -> Iterator[CellProblem]:
        """Find rows below the header that were taken for no power."""
        for each in self.table.skipped:
            if each.row < self.table.header_rows[-1]:
                continue
            told = f"这一行没有读：{each.reason}"
            yield CellProblem(self.table.sheet, each.row, self.table.left, "note", "skipped", told, "", each.text)


def _targets(cells: list[str]) -> dict[str, int]:
    """Map each target to the first column headed so."""
    found: dict[str, int] = {}
    for column, text in enumerate(cells):
        if target := TARGETS.get(plain_header(text)):
            found.setdefault(target, column)
    return found


def _day(text: str) -> date | None:
    found = DAY.match(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _wrong(power: Power, line: _PowerRow) -> Iterator[CellProblem]:
    """Yield the model's refusals, each at its cell."""
    try:
        power.clean_fields(exclude={"created_at", "organ"})
        if bool(power.cancelled_on) != bool(power.cancel_document):
            yield line.problem("cancelled_on", "取消的权力，日期和文件要一起写")
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield line.problem(name, " ".join(messages))
