"""Cells that hold a table: materials, steps, legal bases, fees, places, contacts, questions."""

import itertools
import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError

from banshi.catalog.enums import ConsultWay, CopyKind, StepKind
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
from banshi.law.citations import read_citations
from banshi.spreadsheets.cell_parsers.limits import read_limit
from banshi.spreadsheets.cell_parsers.parsed import DOUBT, NOTE, CellRemark, ParsedText
from banshi.spreadsheets.cell_parsers.text import COUNT, _choice_parts, numeral, read_plain, split_outside_brackets
from banshi.spreadsheets.cells import folded, tidied
from banshi.spreadsheets.fields import Field
from banshi.spreadsheets.vocabulary import choice_names

_EDGES = " \t\n\u3000。;\uff1b"
_NUMBERED = re.compile(
    r"^\s*(?:[(\uff08]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)\uff09]|[\d\uff10-\uff19]{1,2}[.、\uff0e](?!\d)|[一二三四五六七八九十]{1,3}、|[①-⑳]|第[一二三四五六七八九十\d]+步[:\uff1a]?)\s*"
)
_INLINE_NUMBER = re.compile(
    r"(?<=[\s;\uff1b。,\uff0c、)\uff09])(?=(?:\d{1,2}[.、.](?!\d)|[(\uff08]\d{1,2}[)\uff09]|[①-⑳])\s*[^\s\d])"
)


def pieces(text: str, *more: str) -> list[str]:
    """Split a list in one cell by lines, numbered parts of a line, or parts between. (or one of `more`)."""
    parts = [part for line in text.split("\n") for piece in _counted(line) for part in _INLINE_NUMBER.split(piece)]
    for mark in (";\uff1b", *more):
        if len([part for part in parts if part.strip()]) > 1:
            break
        parts = split_outside_brackets(text, mark)
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


def _at_colon(piece: str) -> tuple[str, str, str]:
    """Before and after the first colon, half-width or full-width."""
    found = re.search(r"[:\uff1a]", piece)
    return (piece[: found.start()], found[0], piece[found.end() :]) if found else (piece, "", "")


def _rows(text: str, make: Callable[[str], BaseModel], found: list[str], label: str) -> ParsedText:
    """Make a row of each piece."""
    # Pieces that do not fit (too long) are kept whole.
    rows, bad = [], []
    for piece in found[:500]:
        try:
            rows.append(make(piece))
        except ValidationError:
            bad.append(piece)
    if bad or len(found) > 500:
        return ParsedText(
            rows or None,
            (CellRemark(DOUBT, "long", f"{label}中有一条过长（超过300字），全文留在导入记录里"),),
            kept=text,
        )
    return ParsedText(rows or None)


_NO_MATERIALS = re.compile(r"(?:无|无需|不需要?|免)(?:提供|提交|要)?(?:任何)?(?:申请)?(?:材料|资料)?|零材料|[/—-]+")
_COPIES = re.compile(
    rf"[,\uff0c\s]*[(\uff08]?\s*(?:提供|提交|交)?(?P<kind>原件(?:[和及与、+]复印件)?|复印件|影印件|正本)?[,\uff0c\s]*(?:各)?(?:一式)?(?:(?P<copies>{COUNT})[份张页套])?\s*[)\uff09]?[。.]?$"
)


def read_materials(text: str, field: Field, hint: str) -> ParsedText:
    if _NO_MATERIALS.fullmatch(folded(text)):
        return ParsedText(None, more=(("no_materials", True),))
    return _rows(text, _material, pieces(text, "、"), "材料")


_BOTH = re.compile(
    rf"[,\uff0c\s]*[(\uff08]?\s*原件(?:({COUNT})[份张页套])?[,\uff0c、和及与+\s]+复印件(?:({COUNT})[份张页套])?\s*[)\uff09]?[。.]?$"
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
    rf"[(\uff08]([^()\uff08\uff09]*(?:{COUNT})个?(?:工作日|自然日|小时|日|天|月)[^()\uff08\uff09]*|当场|即时|即办)[)\uff09]$"
)


def read_steps(text: str, field: Field, hint: str) -> ParsedText:
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


def read_bases(text: str, field: Field, hint: str) -> ParsedText:
    if folded(text) in ("无", "/", "-", "—", "暂无"):
        return ParsedText(None)
    rows: list[Basis] = []
    for each in read_citations(text)[:500]:
        try:
            rows.append(Basis(title=each.title, doc_no=each.doc_no, articles=each.articles, text=each.text))
        except ValidationError:
            rows.append(Basis(title=each.title[:40] or text[:40], text=text[:20_000]))
    return ParsedText(rows or None)


def read_conditions(text: str, field: Field, hint: str) -> ParsedText:
    if folded(text) in ("无", "/", "-", "—"):
        return ParsedText(None)
    return _rows(text, lambda piece: Condition(text=piece), pieces(text), "条件")


_FREE = re.compile(
    r"(?:(?:此项|本项|该项|本事项)?(?:不收费|免费|不收取(?:任何)?(?:费用)?|零收费|免收(?:费用)?|无收费|无需缴费|不涉及收费)|无|否|0元?)[。.]?"
)
_FREE_BEGINNING = re.compile(r"(?:不收费|免费|不收取(?:任何)?费用)[(,;。:]")


def read_fees(text: str, field: Field, hint: str) -> ParsedText:
    plain = folded(text)
    if _FREE.fullmatch(plain):
        return ParsedText(None, more=(("charged", False),))
    if _FREE_BEGINNING.match(plain):
        return ParsedText(
            None,
            (CellRemark(NOTE, "fee", "读作“不收费”，括号里的话留在导入记录里"),),
            kept=text,
            more=(("charged", False),),
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


def read_fee_standard(text: str, field: Field, hint: str) -> ParsedText:
    """Read a column 收费标准 beside 收费依据, with what it says of charging."""
    if _FREE.fullmatch(folded(text)):
        return ParsedText(None, more=(("charged", False),))
    reading = read_plain(text, field, hint)
    return reading._replace(more=(("charged", True),)) if re.search(r"\d元", folded(text)) else reading


_PLACE_NAME = re.compile(r"^(.{2,40}?(?:中心|大厅|窗口|服务站|局|所|馆|院|处|分局))")


def read_places(text: str, field: Field, hint: str) -> ParsedText:
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


def read_contact(text: str, field: Field, hint: str) -> ParsedText:
    urls = _URL.findall(text)
    if len(text) > 300:
        return ParsedText(None, (CellRemark(DOUBT, "long", "超过300字，全文留在导入记录里"),), kept=text)
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


def read_faqs(text: str, field: Field, hint: str) -> ParsedText:
    pairs = _QUESTION.findall(text)
    if not pairs:
        return ParsedText(
            None, (CellRemark(DOUBT, "faq", "看不出问和答，原文留在导入记录里", "请写成“问:…”换行“答:…”"),), kept=text
        )
    try:
        return ParsedText([Faq(question=q.strip()[:300], answer=a.strip()) for q, a in pairs])
    except ValidationError:
        return ParsedText(None, (CellRemark(DOUBT, "long", "文字过长，全文留在导入记录里"),), kept=text)


def read_special_procedures(text: str, field: Field, hint: str) -> ParsedText:
    if folded(text) in ("无", "/", "-", "—", "否"):
        return ParsedText(None)
    return _rows(text, lambda piece: SpecialProcedure(name=piece), pieces(text, "、"), "特别程序")
