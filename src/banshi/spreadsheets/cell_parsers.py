"""What a cell's text says, for each kind of element. Read once for each distinct text, then shared by all its cells.

A reader never refuses: what it can't place goes to `kept` (and from there to the item's notes) with a remark.
"""

import itertools
import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from annotated_types import MaxLen
from django.db.models import TextChoices
from pydantic import BaseModel, ValidationError

from banshi.catalog.enums import ConsultWay, CopyKind, StepKind, TimeUnit
from banshi.catalog.guide.document import (
    Basis,
    Condition,
    Contact,
    Faq,
    Fee,
    Material,
    Place,
    SpecialProcedure,
    Step,
    TimeLimit,
)
from banshi.catalog.guide.elements import LONG, Element
from banshi.law.citations import read_citations
from banshi.spreadsheets.cells import folded, is_damaged_number, is_failed_formula, is_filler, is_formula, tidied
from banshi.spreadsheets.fields import Field
from banshi.spreadsheets.vocabulary import choice_names

ERROR, DOUBT, NOTE = "error", "doubt", "note"


class CellRemark(NamedTuple):
    """Something to say about a cell. `code` groups remarks of one kind; `proposal` is a better text for the cell."""

    severity: str
    code: str
    message: str
    proposal: str = ""


class ParsedText(NamedTuple):
    """What a text says: `value` for the target (None: nothing), `more` for others, `kept` what could not be placed."""

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
    "category": "事项类别要核对",
    "organ": "实施主体要核对",
    "organ_code": "实施主体代码要核对",
    "new_organ": "将新建的单位",
    "foreign": "不是您单位的事项",
    "no_name": "没有事项名称",
    "no_organ": "没有实施主体",
    "no_category": "没有事项类别",
    "existing": "已有的事项",
    "state": "事项不在用",
    "orphan": "明细找不到事项",
    "column": "没有对应的列",
    "filled": "空白按上一行填写",
    "layout": "表格样式",
}


def read_text(text: str, field: Field, hint: str = "") -> ParsedText:
    """Read one cell's text for a guide element; `hint` is the unit its header names (工作日)."""
    if not text:
        return BLANK
    if is_failed_formula(text):
        return ParsedText(None, general_remarks(text))
    if is_filler(text) and field.target != "name":
        return _nothing(text, field)
    if len(text) > LONG:
        remark = CellRemark(
            DOUBT, "long", f"这一格有{len(text):,}字，超过{LONG:,}字，没有拆开读，全文放进备注", "请只写要点"
        )
        return ParsedText(None, (remark,), kept=text)
    reading = _reader(field)(text, field, hint)
    found = general_remarks(text)
    return reading._replace(remarks=(*found, *reading.remarks)) if found else reading


def _nothing(text: str, field: Field) -> ParsedText:
    """A filler is a blank, but where “none” is itself an answer (无 under 申请材料, 收费, 法定时限, 是否…)."""
    plain = folded(text)
    if plain.startswith(("无", "没有", "不涉及", "暂不涉及")) and plain != "无要求":
        leaf = field.leaf
        if field.target in ("fees", "fees.standard", "fees.name"):
            return ParsedText(None, more=(("charged", False),))
        if field.target == "materials":
            return ParsedText(None, more=(("no_materials", True),))
        if field.target == "statutory_limit" and plain in ("无", "没有"):
            return ParsedText(TimeLimit(text=text))
        if leaf is not None and leaf.kind == "yes_no":
            return ParsedText(False)
        if leaf is not None and leaf.kind in ("choice", "choices") and (found := find_choice(text, leaf)):
            return ParsedText(found if leaf.kind == "choice" else [found])
    return BLANK


def general_remarks(text: str) -> tuple[CellRemark, ...]:
    """What may be wrong with any cell."""
    if is_failed_formula(text):
        return (
            CellRemark(
                DOUBT, "formula", f"这一格的公式出错（{text}），没有内容可读", "请在原表里改好公式，或直接填写内容"
            ),
        )
    if text[0] in "=+-@" and is_formula(text):
        return (CellRemark(DOUBT, "formula", "这一格像是公式，没有执行，照文字保存；导出时也只作文字"),)
    if "<" in text and re.search(
        r"<\s*/?\s*(?:script|img|iframe|svg|a|style|object)\b|javascript:", text, re.IGNORECASE
    ):
        return (CellRemark(DOUBT, "script", "含有网页代码，照文字保存，不会当网页执行"),)
    if "E+" in text and is_damaged_number(text):
        return (DAMAGED,)
    return ()


DAMAGED = CellRemark(
    DOUBT,
    "damaged",
    "这个编码被表格当成了数字，后面几位已经丢失",
    "请把这一列设为“文本”格式，再照原件重新填写",
)

Reader = Callable[[str, Field, str], ParsedText]


def _reader(field: Field) -> Reader:
    element = field.leaf
    if element is None:
        return _plain
    if field.target == "fees.standard":
        return _standard
    if field.inner is None and element.rows is not None and element.rows in _PARTS:
        return _PARTS[element.rows]
    return _BY_KIND.get(element.kind, _plain)


# Lines, numbers, choices


def _plain(text: str, field: Field, hint: str) -> ParsedText:
    limit = _limit_of(field.document, field.leaf.name) if field.leaf else 300
    if limit and len(text) > limit:
        remark = CellRemark(DOUBT, "long", f"超过{limit}字，全文放进备注，请把要点写在这里")
        return ParsedText(None, (remark,), kept=text)
    if field.leaf and field.leaf.kind == "text":
        return ParsedText(text)
    line = text.replace("\n", " ")
    return ParsedText(tidied(line) if field.target == "name" else line)


@cache
def _limit_of(document: type[BaseModel], name: str) -> int:
    info = document.model_fields.get(name)
    return next((each.max_length for each in info.metadata if isinstance(each, MaxLen)), 0) if info else 0


_YES = {
    "是",
    "有",
    "√",
    "✓",
    "✔",
    "☑",
    "y",
    "yes",
    "true",
    "1",
    "支持",
    "需要",
    "可以",
    "能",
    "可",
    "提供",
    "收费",
    "对",
    "已纳入",
    "纳入",
}
_NO = {
    "否",
    "无",
    "×",
    "x",
    "✗",
    "✘",
    "n",
    "no",
    "false",
    "0",
    "不支持",
    "不需要",
    "不可以",
    "不能",
    "不可",
    "不提供",
    "不收费",
    "免费",
    "没有",
    "未纳入",
    "不纳入",
    "/",
    "-",
    "—",
}


def _yes_no(text: str, field: Field, hint: str) -> ParsedText:
    plain = folded(text)
    if plain in _YES or plain in _NO:
        return ParsedText(plain in _YES)
    return ParsedText(
        None, (CellRemark(DOUBT, "yes_no", f"“{text[:40]}”看不出是或否，原文放进备注", "请填“是”或“否”"),), kept=text
    )


_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_COUNT = r"\d{1,9}|[零〇一二两三四五六七八九十百]{1,9}"
"""Longer runs are no number anybody meant; a million digits would hold up every search for one."""


def numeral(text: str) -> int:
    """20, 二十, 一百二十 → 20, 20, 120."""
    if text.isdigit():
        return int(text)
    total, current = 0, 0
    for sign in text:
        if sign in "十百":
            total += (current or 1) * (10 if sign == "十" else 100)
            current = 0
        else:
            current = _NUMERALS[sign]
    return total + current


_NUMBER = re.compile(rf"(?:最多|不超过|至多|跑|共|一式)*({_COUNT})(?:次|份|张|页|本|套|件|个)?")
_NEVER = {"一次都不用跑", "不用跑", "零跑动", "零次", "无需到场", "不需到场", "全程网办"}


def _number(text: str, field: Field, hint: str) -> ParsedText:
    plain = folded(text)
    if plain in _NEVER:
        return ParsedText(0)
    found = _NUMBER.fullmatch(plain)
    number = numeral(found[1]) if found else None
    top = 20 if field.target == "visits" else 999
    if number is not None and number <= top:
        return ParsedText(number)
    return ParsedText(
        None, (CellRemark(DOUBT, "number", f"“{text[:40]}”看不出是几，原文放进备注", "请只填数字"),), kept=text
    )


_CODE_PREFIX = re.compile(r"^\(?\d{1,2}\)?[-—–.、:\uff1a\s]*(?=[\u4e00-\u9fffⅠ-Ⅳ])")
_BETWEEN_LINES = re.compile(r"[\n\r\t]+|(?<=[\u4e00-\u9fff)\uff09])\s+")


def find_choice(text: str, element: Element) -> TextChoices | None:
    assert element.choices is not None
    names = choice_names(element.name, element.choices)
    plain = folded(text)
    return names.get(plain) or names.get(folded(_CODE_PREFIX.sub("", text.strip())))


def _choice(text: str, field: Field, hint: str) -> ParsedText:
    element = field.leaf
    assert element is not None
    if found := find_choice(text, element):
        return ParsedText(found)
    if found := find_choice(_WITHOUT_BRACKETS.sub("", text), element):
        return ParsedText(found, (_SURPLUS,), kept=text)
    return ParsedText(None, (_unknown_choice(text, element),), kept=text)


_WITHOUT_BRACKETS = re.compile(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]\s*$")
_SURPLUS = CellRemark(NOTE, "choice", "括号里的话选项里放不下，原文放进备注")


def _unknown_choice(text: str, element: Element) -> CellRemark:
    from rapidfuzz import fuzz, process

    assert element.choices is not None
    labels = [str(choice.label) for choice in element.choices]
    near = process.extractOne(text, labels, scorer=fuzz.WRatio, score_cutoff=60)
    shown = "、".join(labels[:9])
    return CellRemark(
        DOUBT, "choice", f"“{text[:40]}”不在“{element.label}”的选项里({shown}),原文放进备注", near[0] if near else ""
    )


REMARKED_AT_MOST = 10


def _choices(text: str, field: Field, hint: str) -> ParsedText:
    element = field.leaf
    assert element is not None
    if whole := find_choice(text, element):
        return ParsedText([whole])
    found: list[Any] = []
    unknown: list[str] = []
    surplus = False
    for part in _choice_parts(text):
        bare = _WITHOUT_BRACKETS.sub("", part)
        choice = find_choice(part, element) or find_choice(bare, element)
        surplus |= choice is not None and bare != part
        if choice is None:
            unknown.append(part)
        elif choice not in found:
            found.append(choice)
    remarks = tuple(_unknown_choice(part, element) for part in unknown[:REMARKED_AT_MOST]) or (
        (_SURPLUS,) if surplus else ()
    )
    return ParsedText(found or None, remarks, kept=text if remarks else "")


def _choice_parts(text: str) -> list[str]:
    lines = [
        line
        for piece in _BETWEEN_LINES.split(text)
        for line in _split_outside_brackets(piece, "、,\uff0c;\uff1b/\uff0f|")
    ]
    parts = [part.strip() for part in lines if part.strip()]
    return [
        piece for part in parts for piece in (re.split(r"[和及与]", part) if re.search(r".[和及与].", part) else [part])
    ]


def _lines(text: str, field: Field, hint: str) -> ParsedText:
    marks = "\n" if "\n" in text else "、,\uff0c;\uff1b"
    parts = [part.strip() for part in re.split(f"[{marks}]+", text) if part.strip()]
    if len(parts) > 30 or any(len(part) > 300 for part in parts):
        return ParsedText(None, (CellRemark(DOUBT, "long", "一格里超过30项，全文放进备注"),), kept=text)
    return ParsedText(parts)


# Time limits

_AT_ONCE = re.compile(
    r"(?:当场|即时|立即|现场|即来|马上|当即|随到|立等)(?:即?办(?:理|结)?(?:完毕)?|可取|办理|受理|告知|随办)?|即办(?:件|理)?|0"
)
_UNITS = {
    "工作日": TimeUnit.WORKING_DAY,
    "自然日": TimeUnit.DAY,
    "日": TimeUnit.DAY,
    "天": TimeUnit.DAY,
    "月": TimeUnit.MONTH,
    "小时": TimeUnit.HOUR,
}
_AMOUNT = re.compile(
    rf"(?<![\d.+/~～每当次第月周⁄零〇一二两三四五六七八九十百至到-])({_COUNT})"
    r"(?:个?(工作日|自然日|小时|日|天)|(?:个)(月))(?!前|以前|之前|起|至|到|[\d-])"
)
_WHOLE_NUMBER = re.compile(r"(?<![\d.])(\d+)\.0+(?=个?(?:工作日|自然日|小时|日|天|月))")
_UNIT_IN_BRACKETS = re.compile(rf"({_COUNT})个?[日天](?:\((?:均?为?|按|指)?(工作日|自然日)(?:计算?)?\))")
_ONLY_AMOUNT = re.compile(
    rf"(?:自?(?:受理|收到申请|收件|材料齐全)(?:申请)?(?:之日)?(?:起|后)?)?(?:不超过|在)?({_COUNT})(?:个?(工作日|自然日|小时|日|天)|个(月))(?:之内|以内|内)?(?:办结|办理)?"
)
_NO_LIMIT = re.compile(
    r"[/\\—-]+|无|没有|不限|无期限|无(?:法定)?(?:办理)?(?:时限|期限)(?:要求)?|(?:法律法规(?:规章)?)?(?:未|没有|无)(?:作)?(?:规定|要求|明确).*|按.*(?:规定|计划).*"
)


LIMIT_AT_MOST = 300


def read_limit(text: str, hint: str = "") -> tuple[TimeLimit, tuple[CellRemark, ...]]:
    """20个工作日 · 二十日内 · 即办 · 15 (with the header's unit) · anything else as its own words, with a remark."""
    if len(text) > LIMIT_AT_MOST:
        return _words(text)
    plain = _UNIT_IN_BRACKETS.sub(r"\1\2", _WHOLE_NUMBER.sub(r"\1", folded(text)))
    if _AT_ONCE.fullmatch(plain):
        return TimeLimit(immediate=True), ()
    if found := _ONLY_AMOUNT.fullmatch(plain):
        return _amount(text, found)
    if re.fullmatch(r"\d{1,4}", plain):
        unit = _UNITS.get(hint, TimeUnit.WORKING_DAY)
        said = () if hint else (CellRemark(DOUBT, "limit", f"只填了数字，按“{plain}个工作日”读", f"{plain}个工作日"),)
        return (TimeLimit(value=int(plain), unit=unit), said) if int(plain) <= 3650 else _words(text)
    if _NO_LIMIT.fullmatch(plain):
        return TimeLimit(text=text[:300]), ()
    amounts = _AMOUNT.findall(plain)
    if len(amounts) == 1:
        limit, _ = _amount(text, _AMOUNT.search(plain))
        if limit.value is None:
            return _words(text)
        limit.text = text
        return limit, (CellRemark(NOTE, "limit", "时限里还有别的话，数字和原文都保留"),)
    return _words(text)


def _amount(text: str, found: Any) -> tuple[TimeLimit, tuple[CellRemark, ...]]:
    said = found[2] or found[3]
    value, unit = numeral(found[1]), _UNITS[said]
    if value > 3650:
        return _words(text)
    if unit is TimeUnit.DAY and said == "日":
        return TimeLimit(value=value, unit=unit), (
            CellRemark(
                NOTE, "limit", f"“{text[:20]}”按自然日读；如果是工作日，请写明“{value}个工作日”", f"{value}个工作日"
            ),
        )
    return TimeLimit(value=value, unit=unit), ()


def _words(text: str) -> tuple[TimeLimit, tuple[CellRemark, ...]]:
    remark = CellRemark(
        DOUBT, "limit", f"“{text[:40]}”读不出一个确定的时限，照原文保存", "请写成“20个工作日”或“当场办结”"
    )
    return TimeLimit(text=text[:300]), (remark,)


def _limit(text: str, field: Field, hint: str) -> ParsedText:
    limit, remarks = read_limit(text, hint)
    return ParsedText(limit, remarks, kept=text if len(text) > 300 else "")


# Tables written into one cell

_EDGES = " \t\n\u3000。;\uff1b"
_NUMBERED = re.compile(
    r"^\s*(?:[(\uff08]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)\uff09]|[\d\uff10-\uff19]{1,2}[.、\uff0e](?!\d)|[一二三四五六七八九十]{1,3}、|[①-⑳]|第[一二三四五六七八九十\d]+步[:\uff1a]?)\s*"
)
_INLINE_NUMBER = re.compile(
    r"(?<=[\s;\uff1b。,\uff0c、)\uff09])(?=(?:\d{1,2}[.、.](?!\d)|[(\uff08]\d{1,2}[)\uff09]|[①-⑳])\s*[^\s\d])"
)


def pieces(text: str, *more: str) -> list[str]:
    """The entries of a list in one cell: lines, or numbered parts of a line, or parts between ; (or one of `more`)."""
    parts = [part for line in text.split("\n") for piece in _counted(line) for part in _INLINE_NUMBER.split(piece)]
    for mark in (";\uff1b", *more):
        if len([part for part in parts if part.strip()]) > 1:
            break
        parts = _split_outside_brackets(text, mark)
    cleaned = [_NUMBERED.sub("", part).strip(_EDGES) for part in parts]
    return [part for part in cleaned if part]


_COUNTED: tuple[tuple[re.Pattern[str], Callable[[str], int]], ...] = (
    (re.compile(r"[①-⑳]"), lambda mark: ord(mark) - ord("①") + 1),
    (re.compile(r"[(\uff08](\d{1,2}|[一二三四五六七八九十]{1,3})[)\uff09]"), lambda mark: numeral(mark[1:-1])),
    (re.compile(r"(?<![\d.\uff0e])[\d\uff10-\uff19]{1,2}[.、\uff0e](?!\d)"), lambda mark: int(mark[:-1])),
    (
        re.compile(r"第[一二三四五六七八九十\d]{1,3}步[:\uff1a、,\uff0c]?"),
        lambda mark: numeral(mark[1 : mark.index("步")]),
    ),
)


def _counted(line: str) -> list[str]:
    """Cut a line at marks of one kind that count 1, 2, 3 …, with or without anything between the entries."""
    for pattern, number in _COUNTED:
        starts = [found.start() for found in pattern.finditer(line) if number(found[0])]
        counts = [number(found[0]) for found in pattern.finditer(line)]
        if len(counts) > 1 and counts == list(range(1, len(counts) + 1)):
            edges = [0, *starts, len(line)] if line[: starts[0]].strip() else [*starts, len(line)]
            return [line[a:b] for a, b in itertools.pairwise(edges)]
    return [line]


def _split_outside_brackets(text: str, marks: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "(\uff08《“[【〔") - (sign in ")\uff09》”]】〕")
        if depth <= 0 and sign in marks:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def _at_colon(piece: str) -> tuple[str, str, str]:
    """Before and after the first colon, half-width or full-width."""
    found = re.search(r"[:\uff1a]", piece)
    return (piece[: found.start()], found[0], piece[found.end() :]) if found else (piece, "", "")


def _rows(text: str, make: Callable[[str], BaseModel], found: list[str], label: str) -> ParsedText:
    """Make a row of each piece; pieces that do not fit (too long) are kept whole."""
    rows, bad = [], []
    for piece in found[:500]:
        try:
            rows.append(make(piece))
        except ValidationError:
            bad.append(piece)
    if bad or len(found) > 500:
        return ParsedText(
            rows or None, (CellRemark(DOUBT, "long", f"{label}中有一条过长（超过300字），全文放进备注"),), kept=text
        )
    return ParsedText(rows or None)


_NO_MATERIALS = re.compile(r"(?:无|无需|不需要?|免)(?:提供|提交|要)?(?:任何)?(?:申请)?(?:材料|资料)?|零材料|[/—-]+")
_COPIES = re.compile(
    rf"[,\uff0c\s]*[(\uff08]?\s*(?:提供|提交|交)?(?P<kind>原件(?:[和及与、+]复印件)?|复印件|影印件|正本)?[,\uff0c\s]*(?:各)?(?:一式)?(?:(?P<copies>{_COUNT})[份张页套])?\s*[)\uff09]?[。.]?$"
)


def _materials(text: str, field: Field, hint: str) -> ParsedText:
    if _NO_MATERIALS.fullmatch(folded(text)):
        return ParsedText(None, more=(("no_materials", True),))
    return _rows(text, _material, pieces(text, "、"), "材料")


_BOTH = re.compile(
    rf"[,\uff0c\s]*[(\uff08]?\s*原件(?:({_COUNT})[份张页套])?[,\uff0c、和及与+\s]+复印件(?:({_COUNT})[份张页套])?\s*[)\uff09]?[。.]?$"
)


def _material(piece: str) -> Material:
    found = _COPIES.search(piece)
    given: dict[str, Any] = {}
    name = piece
    if (both := _BOTH.search(piece)) and both.start() > 1:
        name = piece[: both.start()]
        copies = both[2] or both[1]
        given = {"copy_kind": CopyKind.BOTH, "copies": numeral(copies) if copies else None}
    elif found and found.start() > 1 and (found["kind"] or found["copies"]):
        name = piece[: found.start()]
        kind = (found["kind"] or "").replace("及", "和").replace("与", "和").replace("、", "和").replace("+", "和")
        given["copy_kind"] = {
            "原件": CopyKind.ORIGINAL,
            "正本": CopyKind.ORIGINAL,
            "原件和复印件": CopyKind.BOTH,
            "": "",
        }.get(kind, CopyKind.COPY)
        given["copies"] = numeral(found["copies"]) if found["copies"] else None
    return Material(name=tidied(name), **given)


_STEP_ARROWS = re.compile(r"\s*(?:→|⇒|➔|>>|—+>|-+>|=+>|——|↓)\s*")
_STEP_LIMIT = re.compile(
    rf"[(\uff08]([^()\uff08\uff09]*(?:{_COUNT})个?(?:工作日|自然日|小时|日|天|月)[^()\uff08\uff09]*|当场|即时|即办)[)\uff09]$"
)


def _steps(text: str, field: Field, hint: str) -> ParsedText:
    by_arrow = [_NUMBERED.sub("", part).strip(_EDGES) for part in _STEP_ARROWS.split(text)]
    found = [part for part in by_arrow if part] if len(by_arrow) > 1 else pieces(text)
    return _rows(text, _step, found, "流程")


def _step(piece: str) -> Step:
    limit, piece_left = TimeLimit(), piece
    if found := _STEP_LIMIT.search(piece):
        limit, piece_left = read_limit(found[1])[0], piece[: found.start()].strip()
    name, mark, rest = _at_colon(piece_left)
    if not mark or len(name) > 20:
        name, rest = piece_left, ""
    elif limit.is_blank():
        timed, remarks = read_limit(rest.strip())
        if not remarks or (timed.value is not None and not timed.text):
            limit, rest = timed, ""
    kind = choice_names("kind", StepKind).get(folded(name), "")
    return Step(name=tidied(name), kind=kind, limit=limit, note=rest.strip())


def _bases(text: str, field: Field, hint: str) -> ParsedText:
    if folded(text) in ("无", "/", "-", "—", "暂无"):
        return ParsedText(None)
    rows: list[Basis] = []
    for each in read_citations(text)[:500]:
        try:
            rows.append(Basis(title=each.title, doc_no=each.doc_no, articles=each.articles, text=each.text))
        except ValidationError:
            rows.append(Basis(title=each.title[:40] or text[:40], text=text[:20_000]))
    return ParsedText(rows or None)


def _conditions(text: str, field: Field, hint: str) -> ParsedText:
    if folded(text) in ("无", "/", "-", "—"):
        return ParsedText(None)
    return _rows(text, lambda piece: Condition(text=piece), pieces(text), "条件")


_FREE = re.compile(
    r"(?:(?:此项|本项|该项|本事项)?(?:不收费|免费|不收取(?:任何)?(?:费用)?|零收费|免收(?:费用)?|无收费|无需缴费|不涉及收费)|无|否|0元?)[。.]?"
)
_FREE_BEGINNING = re.compile(r"(?:不收费|免费|不收取(?:任何)?费用)[(,;。:]")


def _fees(text: str, field: Field, hint: str) -> ParsedText:
    plain = folded(text)
    if _FREE.fullmatch(plain):
        return ParsedText(None, more=(("charged", False),))
    if _FREE_BEGINNING.match(plain):
        return ParsedText(
            None, (CellRemark(NOTE, "fee", "读作“不收费”，括号里的话放进备注"),), kept=text, more=(("charged", False),)
        )
    if plain in ("是", "收费", "有"):
        return ParsedText(None, (CellRemark(DOUBT, "fee", "只写了收费，没有写标准和依据"),), more=(("charged", True),))
    mixed = re.search(r"免费|不收费|免收|减免", plain) and not re.search(r"\d元|元/", plain)
    reading = _rows(text, _fee, pieces(text), "收费")
    if mixed:
        return reading._replace(
            remarks=(*reading.remarks, CellRemark(DOUBT, "fee", "看不出收不收费，原文已存，请核对“是否收费”"))
        )
    return reading._replace(more=(("charged", True),))


def _fee(piece: str) -> Fee:
    name, mark, standard = _at_colon(piece)
    if not mark or len(name) > 30:
        amount = re.match(r"([\u4e00-\u9fff]{2,20}?)\s*(?=\d+(?:\.\d+)?\s*元)", piece)
        name, standard = (amount[1], piece[amount.end() :]) if amount else ("收费", piece)
    return Fee(name=name.strip(), standard=standard.strip())


def _standard(text: str, field: Field, hint: str) -> ParsedText:
    """A column 收费标准 beside 收费依据: what it says of charging goes with it."""
    if _FREE.fullmatch(folded(text)):
        return ParsedText(None, more=(("charged", False),))
    reading = _plain(text, field, hint)
    return reading._replace(more=(("charged", True),)) if re.search(r"\d元", folded(text)) else reading


_PLACE_NAME = re.compile(r"^(.{2,40}?(?:中心|大厅|窗口|服务站|局|所|馆|院|处|分局))")


def _places(text: str, field: Field, hint: str) -> ParsedText:
    return _rows(text, _place, pieces(text), "地点")


def _place(piece: str) -> Place:
    name, mark, address = _at_colon(piece)
    if mark and len(name) <= 40 and address.strip():
        return Place(name=name.strip(), address=address.strip())
    if not re.search(r"[路街巷道镇乡村]\S{0,60}\d|\d楼|\d号", piece):
        return Place(name=piece)
    found = _PLACE_NAME.match(piece)
    return Place(name=found[1] if found else piece, address=piece)


_PHONE = re.compile(r"(?:\d{3,4}[-—–\s]?)?\d{5,8}(?:[-—–]\d{1,5})?|1\d{10}|400[-\d]{7,9}")
_URL = re.compile(r"https?://[^\s,\uff0c;\uff1b)\uff09]+|www\.[^\s,\uff0c;\uff1b)\uff09]+")


def _contact(text: str, field: Field, hint: str) -> ParsedText:
    urls = _URL.findall(text)
    if len(text) > 300:
        return ParsedText(None, (CellRemark(DOUBT, "long", "超过300字，全文放进备注"),), kept=text)
    if len(urls) == 1 and urls[0] == text.strip():
        return ParsedText(Contact(url=text.strip()))
    if _PHONE.search(text):
        return ParsedText(Contact(phone=text.replace("\n", " ")))
    ways = [find for part in _choice_parts(text) if (find := choice_names("ways", ConsultWay).get(folded(part)))]
    if ways and len(ways) == len(_choice_parts(text)):
        return ParsedText(Contact(ways=ways))
    return ParsedText(Contact(address=text.replace("\n", " ")))


_QUESTION = re.compile(
    r"(?:^|\n)\s*(?:\d{1,2}[.、])?\s*问\s*\d{0,2}[:\uff1a]\s*(.+?)\s*答\s*\d{0,2}[:\uff1a]\s*(.+?)(?=\n\s*(?:\d{1,2}[.、])?\s*问\s*\d{0,2}[:\uff1a]|\Z)",
    re.DOTALL,
)


def _faqs(text: str, field: Field, hint: str) -> ParsedText:
    pairs = _QUESTION.findall(text)
    if not pairs:
        return ParsedText(
            None, (CellRemark(DOUBT, "faq", "看不出问和答，原文放进备注", "请写成“问:…”换行“答:…”"),), kept=text
        )
    try:
        return ParsedText([Faq(question=q.strip()[:300], answer=a.strip()) for q, a in pairs])
    except ValidationError:
        return ParsedText(None, (CellRemark(DOUBT, "long", "文字过长，全文放进备注"),), kept=text)


def _special(text: str, field: Field, hint: str) -> ParsedText:
    if folded(text) in ("无", "/", "-", "—", "否"):
        return ParsedText(None)
    return _rows(text, lambda piece: SpecialProcedure(name=piece), pieces(text, "、"), "特别程序")


_BY_KIND: dict[str, Reader] = {
    "yes_no": _yes_no,
    "number": _number,
    "choice": _choice,
    "choices": _choices,
    "lines": _lines,
    "line": _plain,
    "text": _plain,
}
_PARTS: dict[type[BaseModel], Reader] = {
    TimeLimit: _limit,
    Contact: _contact,
    Basis: _bases,
    Condition: _conditions,
    Material: _materials,
    Step: _steps,
    SpecialProcedure: _special,
    Fee: _fees,
    Place: _places,
    Faq: _faqs,
}
