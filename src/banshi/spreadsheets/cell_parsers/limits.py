"""Cells that hold a time limit."""

import re
from typing import Any

from banshi.catalog.enums import TimeUnit
from banshi.catalog.guide.document import (
    TimeLimit,
)
from banshi.spreadsheets.cell_parsers.parsed import DOUBT, NOTE, CellRemark, ParsedText
from banshi.spreadsheets.cell_parsers.text import COUNT, numeral
from banshi.spreadsheets.cells import folded
from banshi.spreadsheets.fields import Field

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
    rf"(?<![\d.点+/~～每当次第月周⁄末底初逢年零〇一二两三四五六七八九十百至到-])({COUNT})"
    r"(?:个?(工作日|自然日|小时|日|天)|(?:个)(月))(?!前|以前|之前|起|至|到|半|零|又|[\d-])"
)
_WHOLE_NUMBER = re.compile(r"(?<![\d.])(\d+)\.0+(?=个?(?:工作日|自然日|小时|日|天|月))")
_NUMBER_TWICE = re.compile(rf"({COUNT})\(({COUNT})\)(?=个?(?:工作日|自然日|小时|日|天|月))")
"""20（二十）个工作日."""
_UNIT_IN_BRACKETS = re.compile(rf"({COUNT})个?[日天](?:\((?:均?为?|按|指)?(工作日|自然日)(?:计算?)?\))")
_OTHER_WAYS = (
    (re.compile(r"法定工作日|工作曰"), "工作日"),
    (re.compile(r"日历[天日]"), "自然日"),
    (re.compile(r"(?<=\d)(?:个?钟头|h(?:ours?)?)(?![a-z])"), "小时"),
)
_RECURRING = re.compile(r"/(?:年|月|季|周)|每(?:[一个半]*)?(?:年|月|季|周|旬|学期)|学期|季[度末初]|农历")
"""What comes each year or month is a date, or counts from one."""
_UNIT_ALONE_IN_BRACKETS = re.compile(r"^(\d{1,4})\(个?(工作日|自然日|天|小时)\)$")
_UNIT_FIRST = re.compile(r"^(工作日|自然日)[:]?(\d{1,4})(?:天|日)?$")
_ONLY_AMOUNT = re.compile(
    rf"(?:自?(?:受理|收到申请|收件|材料齐全)(?:申请)?(?:之日)?(?:起|后)?)?(?:不超过|在)?({COUNT})(?:个?(工作日|自然日|小时|日|天)|个(月))(?:之内|以内|内)?(?:办结|办理)?"
)
_NO_LIMIT = re.compile(
    r"[/\\—-]+|无|没有|不限|无期限|无(?:法定)?(?:办理)?(?:时限|期限)(?:要求)?|(?:法律法规(?:规章)?)?(?:未|没有|无)(?:作)?(?:规定|要求|明确).*|按.*(?:规定|计划).*"
)


LIMIT_AT_MOST = 300


def read_limit(text: str, hint: str = "") -> tuple[TimeLimit, tuple[CellRemark, ...]]:
    """Read a time limit (20个工作日, 二十日内, 即办, or 15 with the header's unit), anything else as its own words, with a
    remark.
    """
    if len(text) > LIMIT_AT_MOST:
        return _words(text)
    whole = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", folded(text)).rstrip("。.,;、")
    whole = _UNIT_FIRST.sub(r"\2\1", _UNIT_ALONE_IN_BRACKETS.sub(r"\1\2", whole))
    for way, word in _OTHER_WAYS:
        whole = way.sub(word, whole)
    whole = _NUMBER_TWICE.sub(lambda found: found[1] if numeral(found[1]) == numeral(found[2]) else found[0], whole)
    plain = _UNIT_IN_BRACKETS.sub(r"\1\2", _WHOLE_NUMBER.sub(r"\1", whole))
    if _AT_ONCE.fullmatch(plain):
        return TimeLimit(immediate=True), ()
    if found := _ONLY_AMOUNT.fullmatch(plain):
        return _amount(text, found)
    if re.fullmatch(r"\d{1,4}", plain):
        unit = _UNITS.get(re.sub(r"^个|[以之]?内$", "", folded(hint)), TimeUnit.WORKING_DAY)
        said = () if hint else (CellRemark(DOUBT, "limit", f"只填了数字，按“{plain}个工作日”读", f"{plain}个工作日"),)
        return (TimeLimit(value=int(plain), unit=unit), said) if int(plain) <= 3650 else _words(text)
    if _NO_LIMIT.fullmatch(plain):
        return TimeLimit(text=text[:300]), ()
    if _RECURRING.search(plain):
        return _words(text)
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
                NOTE,
                "limit",
                f"“{text[:20]}”按自然日读（行政许可的按工作日）；是工作日的，请写明“{value}个工作日”",
                f"{value}个工作日",
            ),
        )
    return TimeLimit(value=value, unit=unit), ()


def _words(text: str) -> tuple[TimeLimit, tuple[CellRemark, ...]]:
    remark = CellRemark(
        DOUBT, "limit", f"“{text[:40]}”读不出一个确定的时限，照原文保存", "请写成“20个工作日”或“当场办结”"
    )
    return TimeLimit(text=text[:300]), (remark,)


_SAID_UNIT = re.compile("工作日|自然日|小时|日|天|个月")
_BOTH_LIMITS = re.compile(
    rf"(法定|承诺)[^,;、\d]{{0,8}}?((?:{COUNT})(?:个月|个?(?:工作日|自然日|小时|日|天)?))(?:内|以内|之内)?(?:办结)?"
)


def read_limit_cell(text: str, field: Field, hint: str) -> ParsedText:
    said = dict(_BOTH_LIMITS.findall(folded(text)))
    if len(said) == 2 and len(text) <= LIMIT_AT_MOST:
        own = said["法定" if field.target == "statutory_limit" else "承诺"]
        unit = next((found[0] for each in said.values() if (found := _SAID_UNIT.search(each))), "")
        limit, _ = read_limit(own if _SAID_UNIT.search(own) else own.rstrip("个") + unit, hint)
        if limit.value is not None:
            note = CellRemark(NOTE, "limit", f"法定和承诺时限写在一格，这里读作“{own}”")
            return ParsedText(limit, (note,), kept=text)
    limit, remarks = read_limit(text, hint)
    return ParsedText(limit, remarks, kept=text if len(text) > 300 else "")
