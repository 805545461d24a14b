"""Results of parsing a cell, and remarks that any cell may get."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from banshi.spreadsheets.cells import is_damaged_number, is_formula
from banshi.spreadsheets.fields import Field

ERROR, DOUBT, NOTE = "error", "doubt", "note"


class CellRemark(NamedTuple):
    """Something to say about a cell. `code` groups remarks of one kind. `proposal` is a better text for the cell."""

    severity: str
    code: str
    message: str
    proposal: str = ""


class ParsedText(NamedTuple):
    """The reading of a text, with `value` for the target, `more` for others, and `kept` for what could not be placed."""

    value: Any = None
    remarks: tuple[CellRemark, ...] = ()
    kept: str = ""
    more: tuple[tuple[str, Any], ...] = ()


BLANK = ParsedText()
REMARK_WORDS = {
    "formula": "公式",
    "script": "含网页代码",
    "damaged": "长编码变成了数字",
    "choice": "不在代码表里的写法",
    "yes_no": "看不出是或否",
    "number": "看不出数字",
    "limit": "时限要核对",
    "long": "文字过长",
    "fee": "收费情况要核对",
    "faq": "常见问题认不出",
    "power": "行政权力事项",
    "kind": "事项类型要核对",
    "code": "编码要核对",
    "old_code": "旧编码",
    "duplicate_code": "编码重复",
    "duplicate": "同一事项写了两行",
    "twice": "同名事项编码不同",
    "alike": "可能与别的事项重复",
    "taken": "编码像是别人的",
    "category": "事项类别要核对",
    "organ": "实施主体要核对",
    "organ_code": "实施主体代码要核对",
    "new_organ": "将新建的单位",
    "foreign": "不是您单位的事项",
    "no_name": "没有事项名称",
    "no_organ": "没有实施主体",
    "no_category": "没有事项类别",
    "existing": "已有的事项",
    "identity": "要申请调整才能改的",
    "state": "事项不在用",
    "orphan": "明细找不到事项",
    "column": "没有对应的列",
    "rows": "一个事项写成几行",
    "hidden": "隐藏的行和列",
    "filled": "空白按上一行填写",
    "layout": "表格样式",
}


FAILED = CellRemark(DOUBT, "formula", "这一格的公式出错（{}），没有内容可读", "请在原表里改好公式，或直接填写内容")
DAMAGED = CellRemark(
    DOUBT,
    "damaged",
    "这个编码被表格当成了数字，后面几位已经丢失",
    "请把这一列设为“文本”格式，再照原件重新填写",
)

Reader = Callable[[str, Field, str], ParsedText]


def general_remarks(text: str) -> tuple[CellRemark, ...]:
    """Remark on what may be wrong with any cell."""
    if text[0] in "=+-@" and is_formula(text):
        return (CellRemark(DOUBT, "formula", "这一格像是公式，没有执行，照文字保存；导出时也只作文字"),)
    if "<" in text and re.search(
        r"<\s*/?\s*(?:script|img|iframe|svg|a|style|object)\b|javascript:", text, re.IGNORECASE
    ):
        return (CellRemark(DOUBT, "script", "含有网页代码，照文字保存，不会当网页执行"),)
    if "E+" in text and is_damaged_number(text):
        return (DAMAGED,)
    return ()
