"""Cells of text, parsed for each kind of element. Once for each distinct text, then shared by all its cells.

A parser never refuses: what it can't place goes to `kept` (and from there to the item's notes) with a remark.
"""

import re
from collections.abc import Callable, Sequence

from pydantic import BaseModel

from banshi.catalog.guide.document import (
    Basis,
    Condition,
    Contact,
    DeclaredField,
    Faq,
    Fee,
    Material,
    Place,
    SpecialProcedure,
    Step,
    TimeLimit,
)
from banshi.catalog.guide.elements import LONG
from banshi.spreadsheets.cell_parsers.limits import read_limit_cell
from banshi.spreadsheets.cell_parsers.parsed import (
    BLANK,
    DOUBT,
    FAILED,
    CellRemark,
    ParsedText,
    Reader,
    general_remarks,
)
from banshi.spreadsheets.cell_parsers.rows import (
    read_bases,
    read_conditions,
    read_contact,
    read_faqs,
    read_fee_standard,
    read_fees,
    read_form_fields,
    read_materials,
    read_places,
    read_special_procedures,
    read_steps,
)
from banshi.spreadsheets.cell_parsers.text import (
    FREE,
    find_choice,
    read_choice,
    read_choices,
    read_lines,
    read_number,
    read_plain,
    read_yes_no,
)
from banshi.spreadsheets.cells import bare, folded, stand_in
from banshi.spreadsheets.fields import Field, fields


def read_text(text: str, field: Field | None, hint: str = "") -> ParsedText:
    """Read one cell's text for a guide element, as `text_reader` does."""
    return text_reader(field, hint)(text)


def read_texts(texts: Sequence[str], field: Field | None, hint: str = "") -> list[ParsedText]:
    """Read a column's cells for a guide element, each distinct text once for all its cells."""
    read = text_reader(field, hint)
    known = {text: read(text) for text in set(texts)}
    return list(map(known.__getitem__, texts))


def text_reader(field: Field | None, hint: str = "") -> Callable[[str], ParsedText]:
    """Make the reader of a column's cells for a guide element, deciding once what the element decides.

    `hint` is the unit its header names (工作日).

    Without a field remark only on what concerns any cell: the item's own fields are read later, with the database.
    """

    def read_own(text: str) -> ParsedText:
        if not text:
            return BLANK
        failed = len(text) <= REFERENCE_AT_MOST and stand_in(text) == "failed"
        return ParsedText(text, (_failed(text),) if failed else general_remarks(text))

    if field is None:
        return read_own
    reader, is_name, is_text = _reader_of(field), field.target == "name", _is_text(field)
    free = _NO_CHARGE.get(field.target)

    def read(text: str) -> ParsedText:
        if not text:
            return BLANK
        brief = len(text) <= REFERENCE_AT_MOST
        instead = stand_in(text) if brief else ""
        if instead == "failed":
            return ParsedText(None, (_failed(text),))
        if instead == "ditto":
            said = f"“{text}”上面没有内容可照填，按没有填读"
            return ParsedText(None, (CellRemark(DOUBT, "filled", said, "请写出内容"),))
        if brief and _ELSEWHERE.fullmatch(folded(text)):
            said = f"“{text}”指的是别处的内容，没有照填，按没有填读"
            return ParsedText(None, (CellRemark(DOUBT, "filled", said, "请写出内容"),), kept=text)
        if brief and is_text and not is_name and folded(text) in NO_TEXT:
            return BLANK
        if instead == "filler" and not is_name:
            return _nothing(text, field)
        if len(text) > LONG:
            said = f"这一格有{len(text):,}字，超过{LONG:,}字，没有拆开读，全文留在导入记录里"
            return ParsedText(None, (CellRemark(DOUBT, "long", said, "请只写要点"),), kept=text)
        if free and FREE.fullmatch(folded(text)):
            return free
        reading, found = reader(text, field, hint), general_remarks(text)
        if text[0] == "同" and _DITTO_AND_MORE.match(text):
            found = (*found, CellRemark(DOUBT, "filled", "“同上”后面还有别的话，上面的内容没有照填", "请把内容写全"))
        return reading._replace(remarks=(*found, *reading.remarks)) if found else reading

    return read


def _failed(text: str) -> CellRemark:
    return FAILED._replace(message=FAILED.message.format(text))


def _reader_of(field: Field) -> Reader:
    element = field.leaf
    if element is None:
        return read_plain
    if field.target in ("fees.standard", "fees.name"):
        return read_fee_standard
    if element.rows is not None and element.rows in _PARTS:
        return _PARTS[element.rows]
    return _BY_KIND.get(element.kind, read_plain)


_NO_CHARGE = {"fees.basis": ParsedText(None, more=(("charged", False),)), "charged": ParsedText(False)}
"""What a cell says in which there is nothing but that nothing is charged."""


def read_with_unit(text: str, unit: str, field: Field) -> ParsedText:
    """Read a limit whose unit stands in a column of its own, which gives way to a unit in the cell itself."""
    reading = read_text(text, field, unit)
    limit = reading.value
    if not isinstance(limit, TimeLimit) or limit.value is None or folded(text).isdigit():
        return reading
    beside = read_text(unit, fields()[f"{field.target}.unit"]).value
    if beside and beside != limit.unit and re.search(r"工作日|自然日|小时|月", text):
        said = f"“{text[:20]}”和单位一列的“{unit[:10]}”不一样，按单位一列读"
        return reading._replace(remarks=(*reading.remarks, CellRemark(DOUBT, "limit", said, "请核对")))
    return reading


REFERENCE_AT_MOST = 30
"""Longer is no mark for nothing and no bare reference to another cell."""
_ELSEWHERE = re.compile(
    r"(?:同|见|与)(?:第?\d{1,4}(?:项|条|行|号)?|序号\d{1,4}|左|右|下|左侧|右侧)(?:相同|一致)?[。.]?|下同"
    r"|(?:请|详|另)?(?:见|参见|按)(?:附[件表录后]|清单|目录|指南|网站|网页|官网|说明|通知|文件|另页)\d{0,3}[。.]?|另附[。.]?|附后[。.]?"
)
"""By which people refer to what stands elsewhere than in the cell above."""
_DITTO_AND_MORE = re.compile(r"(?:同上|同前)[(\uff08,\uff0c、;\uff1b]")
NO_TEXT = frozenset(["0", "x", "×", "不限", "不需要", "不用", "无需"])
"""Answers to whether and how many, which as a text say nothing."""


def _is_text(field: Field) -> bool:
    leaf = field.leaf
    if leaf is None or field.target.startswith(("materials", "fees", "conditions", "audience")):
        return False
    return leaf.kind in ("line", "text") or (leaf.rows is not None and leaf.rows is not TimeLimit)


def _nothing(text: str, field: Field) -> ParsedText:
    """Read a filler as blank, but where “none” is itself an answer (无 under 申请材料, 收费, 法定时限, 是否…)."""
    plain = bare(text)
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


_BY_KIND: dict[str, Reader] = {
    "yes_no": read_yes_no,
    "number": read_number,
    "choice": read_choice,
    "choices": read_choices,
    "lines": read_lines,
    "line": read_plain,
    "text": read_plain,
}
_PARTS: dict[type[BaseModel], Reader] = {
    TimeLimit: read_limit_cell,
    Contact: read_contact,
    Basis: read_bases,
    Condition: read_conditions,
    Material: read_materials,
    Step: read_steps,
    SpecialProcedure: read_special_procedures,
    DeclaredField: read_form_fields,
    Fee: read_fees,
    Place: read_places,
    Faq: read_faqs,
}
