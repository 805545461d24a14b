"""Cells that hold a line, a number, yes or no, or choices."""

import re
from functools import cache
from typing import Any

from annotated_types import MaxLen
from django.db.models import TextChoices
from pydantic import BaseModel

from banshi.catalog.guide.elements import Element
from banshi.spreadsheets.cell_parsers.parsed import DOUBT, NOTE, CellRemark, ParsedText
from banshi.spreadsheets.cells import folded, tidied
from banshi.spreadsheets.fields import Field
from banshi.spreadsheets.vocabulary import choice_names, column_names


def read_plain(text: str, field: Field, hint: str) -> ParsedText:
    limit = _limit_of(field.document, field.leaf.name) if field.leaf else 300
    if limit and len(text) > limit:
        remark = CellRemark(DOUBT, "long", f"超过{limit}字，全文留在导入记录里，请把要点写在这里")
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
    "全程网办",
    "全流程网办",
    "可网办",
    "可以网办",
    "网办",
    "支持网办",
    "已开通",
    "开通",
    "收取",
    "需缴费",
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
    "不可网办",
    "不能网办",
    "不支持网办",
    "未开通",
    "不收取",
    "不收",
    "免收",
    "免缴",
    "/",
    "-",
    "—",
}


def read_yes_no(text: str, field: Field, hint: str) -> ParsedText:
    plain = folded(text).rstrip("。.")
    if field.target == "charged" and FREE.fullmatch(plain):
        return ParsedText(False)
    if plain in _YES or plain in _NO:
        return ParsedText(plain in _YES)
    aside = re.fullmatch(r"([^()]+)\(([^()]+)\)", plain)
    if aside and aside[1] in _YES | _NO:
        opposite = _NO if aside[1] in _YES else _YES
        if aside[2] in opposite or re.search(r"部分|除外|除.+外", aside[2]):
            return ParsedText(None, (_unclear(text),), kept=text)
    if (said := _said_in_words(plain, field)) is not None:
        return ParsedText(said, kept="" if len(text) <= BRIEF else text)
    return ParsedText(None, (_unclear(text),), kept=text)


def _unclear(text: str) -> CellRemark:
    return CellRemark(DOUBT, "yes_no", f"“{text[:40]}”看不出是或否，原文留在导入记录里", "请填“是”或“否”")


FREE = re.compile(
    r"(?:无偿(?:提供|办理|服务)?|零元|(?:全额|全部)?免征|(?:(?:此|本|该)(?:项|事项|项业务|业务|服务)?)?(?:均|暂)?(?:不收费|免费(?:办理|提供|服务)?|不收取?(?:任何|其他)?(?:费用)?|零收费|免收(?:费用)?|无收费|无需缴费|不涉及收费|不收费?用?|免收?费?用?|(?:暂|目前|现)不收(?:费|取)(?:费用)?)|无|否|0元?)[。.]?"
)


BRIEF = 8
"""Signs up to which an answer in words says no more than yes or no."""
_ANSWER = re.compile(
    r"(?P<no>否|(?:暂|尚)?(?:不|未|无|没)(?:可以|可|能够|能|支持|需要|需|用|必|提供|允许|得|予|有|须|开通|实行|实施)?)"
    r"|(?P<yes>是(?!否)|可以|可|能够|能|支持|需要|需|必须|须|应当|应|提供|允许|已(?:开通|实现|经)?|有|开通|实行|纳入)"
)


def _said_in_words(plain: str, field: Field) -> bool | None:
    """Read yes or no out of an answer that names what is asked (可代办, 不支持邮寄, 可电话预约), None where it says both."""
    # What stands in brackets says where or when, and changes nothing.
    core = re.sub(r"\([^()]*\)|[。.!！]$", "", plain)
    answer = _ANSWER.match(core)
    if answer is None or len(core) > 12 or re.search(r"[,，;；、?？]|但|除|部分|视|或", core):
        return None
    rest = core[answer.end() :]
    if rest and not any(word in rest for word in _asked_about(field)):
        return None
    if _ANSWER.search(rest) and re.search("[不未无]", rest):
        return None
    asked_in_the_negative = field.label.startswith("无")  # 无需提交材料
    return (answer["yes"] is not None) is not asked_in_the_negative


@cache
def _asked_about(field: Field) -> frozenset[str]:
    """List what a question is about: each two characters of its names, without those by which it asks."""
    leaf = field.leaf
    names = [field.label.rpartition("·")[2], *(leaf.aliases if leaf else ()), *column_names().get(field.target, ())]
    cores = [re.sub("是否|能否|可否|支持|可以|可|需要|办理|服务|提供|方式|是|否", "", folded(name)) for name in names]
    return frozenset(core[at : at + 2] for core in cores for at in range(len(core) - 1))


_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
COUNT = r"\d{1,9}|[零〇一二两三四五六七八九十百]{1,9}"
"""Longer runs are no number anybody meant; a million digits would hold up every search for one."""


def numeral(text: str) -> int:
    """Read a number (20, 二十, 一百二十)."""
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


_NUMBER = re.compile(rf"(?:最多|不超过|至多|跑|共|一式)*({COUNT})(?:次|份|张|页|本|套|件|个)?")
_NEVER = {"一次都不用跑", "不用跑", "零跑动", "零次", "无需到场", "不需到场", "全程网办"}


def read_number(text: str, field: Field, hint: str) -> ParsedText:
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d)\.0+(?!\d)", "", folded(text))
    if plain in _NEVER:
        return ParsedText(0)
    found = _NUMBER.fullmatch(plain)
    number = numeral(found[1]) if found else None
    top = 20 if field.target == "visits" else 999
    if number is not None and number <= top:
        return ParsedText(number)
    return ParsedText(
        None, (CellRemark(DOUBT, "number", f"“{text[:40]}”看不出是几，原文留在导入记录里", "请只填数字"),), kept=text
    )


_CODE_PREFIX = re.compile(r"^\(?\d{1,2}\)?[-—–.、:\uff1a\s]*(?=[\u4e00-\u9fffⅠ-Ⅳ])")
_BETWEEN_LINES = re.compile(r"[\n\r\t]+|(?<=[\u4e00-\u9fff)\uff09])\s+")


def find_choice(text: str, element: Element) -> TextChoices | None:
    assert element.choices is not None
    names = choice_names(element.name, element.choices)
    plain = folded(text)
    return (
        names.get(plain)
        or names.get(re.sub(r"[,、/;+]", "", plain))
        or names.get(folded(_CODE_PREFIX.sub("", text.strip())))
    )


def read_choice(text: str, field: Field, hint: str) -> ParsedText:
    element = field.leaf
    assert element is not None
    if found := find_choice(text, element):
        return ParsedText(found)
    if found := find_choice(_WITHOUT_BRACKETS.sub("", text), element):
        return ParsedText(found, (_SURPLUS,), kept=text)
    return ParsedText(None, (_unknown_choice(text, element),), kept=text)


_WITHOUT_BRACKETS = re.compile(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]\s*$")
_SURPLUS = CellRemark(NOTE, "choice", "括号里的话选项里放不下，原文留在导入记录里")


def _unknown_choice(text: str, element: Element) -> CellRemark:
    from rapidfuzz import fuzz, process

    assert element.choices is not None
    labels = [str(choice.label) for choice in element.choices]
    near = process.extractOne(text, labels, scorer=fuzz.WRatio, score_cutoff=60)
    shown = "、".join(labels[:9])
    return CellRemark(
        DOUBT,
        "choice",
        f"“{text[:40]}”不在“{element.label}”的选项里({shown}),原文留在导入记录里",
        near[0] if near else "",
    )


REMARKED_AT_MOST = 10


def read_choices(text: str, field: Field, hint: str) -> ParsedText:
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
        for line in split_outside_brackets(piece, "、,\uff0c;\uff1b/\uff0f|")
    ]
    parts = [part.strip() for part in lines if part.strip()]
    return [
        piece for part in parts for piece in (re.split(r"[和及与]", part) if re.search(r".[和及与].", part) else [part])
    ]


def read_lines(text: str, field: Field, hint: str) -> ParsedText:
    marks = "\n" if "\n" in text else "、,\uff0c;\uff1b"
    parts = [part.strip() for part in re.split(f"[{marks}]+", text) if part.strip()]
    if len(parts) > 30 or any(len(part) > 300 for part in parts):
        return ParsedText(None, (CellRemark(DOUBT, "long", "一格里超过30项，全文留在导入记录里"),), kept=text)
    return ParsedText(parts)


def split_outside_brackets(text: str, marks: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "(\uff08《“[【〔") - (sign in ")\uff09》”]】〕")
        if depth <= 0 and sign in marks:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]
