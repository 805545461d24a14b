"""Items that come as JSON records (as in data/samples/items.json) instead of a table, read into the same columns."""

import json
import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError

from banshi.catalog.enums import HandleForm, TimeUnit
from banshi.catalog.guide.document import ROWS_AT_MOST, Basis, Condition, Material, Step, TimeLimit
from banshi.catalog.guide.elements import element_named
from banshi.catalog.provenance import ALL, Provenance, Sources
from banshi.core.errors import BadInput
from banshi.core.json_types import JsonObject
from banshi.law.register import number_key
from banshi.spreadsheets.cell_parsers import read_text
from banshi.spreadsheets.cell_parsers.limits import read_limit
from banshi.spreadsheets.cell_parsers.parsed import BLANK, DOUBT, ERROR, CellRemark, ParsedText
from banshi.spreadsheets.cell_parsers.text import find_choice
from banshi.spreadsheets.cells import text_of
from banshi.spreadsheets.fields import fields
from banshi.spreadsheets.read_table import ReadColumn, ReadTable
from banshi.spreadsheets.workbook_reader import SourceWorkbook

RECORDS_AT_MOST = 100_000
_ITEM = {
    "name": "name",
    "category": "category",
    "dept": "organ",
    "item_type": "kind",
    "local_code": "code",
    "level": "level",
}
_PROVENANCE = {
    "id", "source", "source_kind", "region", "region_code", "confidence", "legal_basis_source", "category_inferred",
    "category_fit", "item_type_code", "base_code",
}  # fmt: skip
_GUIDE_PROVENANCE = {"looked_up_fields", "own_knowledge_fields", "guide_confidence"}
_SOURCES = {"real_list": "真实清单", "real_guide": "真实指南", "composed": "示例(按法律常识编写，不是某地的真实指南)"}
_SEEN = {
    "legal_basis": ("legal_basis",),
    "conditions": ("conditions",),
    "materials": ("materials",),
    "steps": ("steps",),
    "fee": ("fee",),
    "result": ("result",),
    "channels": ("channels",),
    "scope": ("cross_region_scope",),
    "promised": ("promised",),
    "statutory": ("statutory",),
    "time_limits": ("promised", "statutory"),
}
"""What a collector says to have read on a guide's page (`looked_up_fields`), and the elements it vouches for."""
_VOUCHED = {
    "legal_basis": ("bases",),
    "conditions": ("conditions",),
    "materials": ("materials", "no_materials"),
    "steps": ("steps",),
    "fee": ("fees", "charged"),
    "result": ("result_name",),
    "channels": ("handle_forms", "online"),
    "cross_region_scope": ("reach",),
    "promised": ("promised_limit",),
    "statutory": ("statutory_limit",),
}
"""Elements of a guide that each part of a page gives."""
_COLLECTORS_TITLE = re.compile(r"(?:文件|标准|政策|规定要求)$")
"""Ends of words in which a collector describes a document whose title the page did not give."""
_SEEN_OF_MATERIAL = ("name", "form", "copies", "necessity")
_NOT_KNOWN = re.compile(r"^(?:未取得|未查到|未找到|未公布|不详|待查|待定|待补|各地不一|因地而异)")
_COLLECTORS_NOTE = re.compile(r"\s*[(（][^()（）]*(?:本人知识|置信|未能确认|疑为)[^()（）]*[)）]")


def read_structured(book: SourceWorkbook) -> ReadTable:
    """Return the records of a JSON file as one table of columns."""
    document = book.document
    if isinstance(document, dict):
        document = document.get("items", [document])
    if not isinstance(document, list) or not document or not all(isinstance(each, dict) for each in document):
        raise BadInput(
            "JSON 里没有事项记录", where=book.name, remedy="应是一个列表，每条是一个事项，至少有 name 和 dept。"
        )
    if len(document) > RECORDS_AT_MOST:
        raise BadInput(
            f"有 {len(document):,} 条，超过一次能导入的 {RECORDS_AT_MOST:,} 条",
            where=book.name,
            remedy="请拆成几个文件。",
        )
    if not any("name" in each for each in document):
        raise BadInput("JSON 的记录里没有 name(事项名称)", where=book.name, remedy="请照样例 items.json 的字段填写。")
    records = [_as_published(record) for record in document]
    table = ReadTable(book.name, range(len(records)), [], left=-1)
    table.sources = [_source(record) for record in records]
    table.examples = [record.get("source_kind") == "composed" for record in records]
    table.provenance = [_provenance(record) for record in records]
    for key, target in _ITEM.items():
        _add(table, key, target, [_item_reading(target, _text(record.get(key))) for record in records], records)
    _add(
        table,
        "legal_basis",
        "bases",
        [
            _rows(
                record.get("legal_basis"),
                lambda v: Basis(title=v["title"], doc_no=v.get("doc_no", ""), articles=v.get("articles", "")),
                "legal_basis",
            )
            for record in records
        ],
        records,
    )
    guides = [record["guide"] if isinstance(record.get("guide"), dict) else {} for record in records]
    for key, (target, read) in _GUIDE.items():
        _add(table, f"guide.{key}", target, [read(guide.get(key), guide) for guide in guides], guides, key)
    for key, target in (("statutory", "statutory_limit"), ("promised", "promised_limit")):
        limits = [guide["time_limits"] if isinstance(guide.get("time_limits"), dict) else {} for guide in guides]
        _add(table, f"guide.time_limits.{key}", target, [_limit(each.get(key)) for each in limits], limits, key)
        if column := table.column(target):
            # A limit's words, which a unit without any says as well (20 and 日).
            told = [each[key] if isinstance(each.get(key), dict) else {} for each in limits]
            column.said = [_text(each.get("text") or f"{each.get('value')}{each.get('unit')}") for each in told]
    _add_rest(table, records, set(_ITEM) | _PROVENANCE | {"legal_basis", "guide", "main_item"}, "")
    _add_rest(table, guides, set(_GUIDE) | _GUIDE_PROVENANCE | {"time_limits"}, "guide.")
    _add(
        table,
        "主项",
        "main_item",
        [ParsedText(kept=_text(r.get("main_item"))) if r.get("main_item") else BLANK for r in records],
        records,
        "main_item",
    )
    return table


def _text(value: Any) -> str:
    if value is None or isinstance(value, (str, int, float, bool)):
        return text_of(value)
    return json.dumps(value, ensure_ascii=False)


def _add(
    table: ReadTable, header: str, target: str, readings: list[ParsedText], records: list[JsonObject], key: str = ""
) -> None:
    if any(reading is not BLANK for reading in readings):
        texts = [_text(record.get(key or header)) for record in records]
        table.columns.append(ReadColumn(target, header, table.sheet, -1, texts, table.numbers, readings, whole=True))


def _item_reading(target: str, text: str) -> ParsedText:
    if not text:
        return BLANK
    return read_text(text, fields()[target]) if target in ("name", "level") else ParsedText(text)


def _as_published(record: JsonObject) -> JsonObject:
    """Keep of a real list or guide only what its page said."""
    # What its collector composed, judged or guessed is left out: the level is 县级 wherever nobody looked.
    if record.get("source_kind") not in ("real_list", "real_guide"):
        return record
    record = {**record, "level": ""}
    guide = record.get("guide")
    if not isinstance(guide, dict) or "looked_up_fields" not in guide:
        return record
    seen = _seen(record)
    kept = {key: value for key, value in guide.items() if key in seen or key in _GUIDE_PROVENANCE}
    if isinstance(kept.get("materials"), list):
        kept["materials"] = [
            {key: each[key] for key in _SEEN_OF_MATERIAL if key in each} if isinstance(each, dict) else each
            for each in kept["materials"]
        ]
    limits = guide.get("time_limits")
    kept["time_limits"] = (
        {key: limits[key] for key in seen & {"promised", "statutory"}} if isinstance(limits, dict) else {}
    )
    bases = record.get("legal_basis") if "legal_basis" in seen else None
    if isinstance(bases, list):
        guessed = "knowledge" in str(record.get("legal_basis_source"))
        bases = [_basis_seen(each, guessed) if isinstance(each, dict) else each for each in bases]
        bases = [each for each in bases if each]
    return {**record, "legal_basis": bases, "guide": kept}


def _seen(record: JsonObject) -> set[str]:
    """List the parts of a guide that its collector says to have read on the page."""
    guide = record.get("guide")
    named = guide.get("looked_up_fields") if isinstance(guide, dict) else None
    return {key for name in named for key in _SEEN.get(str(name), ())} if isinstance(named, list) else set()


def _basis_seen(basis: JsonObject, guessed: bool) -> JsonObject | None:
    """Take the number alone of a document that the collector described, and no article he added."""
    title, number = _text(basis.get("title")), _text(basis.get("doc_no"))
    if _COLLECTORS_TITLE.search(title):
        title = number if number_key(number) else ""
    return {**basis, "title": title, "articles": "" if guessed else basis.get("articles", "")} if title else None


def _provenance(record: JsonObject) -> Sources:
    """Tell the columns a collector matched (legal basis of a real list, category) from those of the page."""
    # Of a real guide each element is named that its page gave, and none else has a source of its own.
    kind = record.get("source_kind")
    if kind not in ("real_list", "real_guide"):
        return {}
    matched = {
        "bases": kind == "real_list" and "knowledge" in str(record.get("legal_basis_source")),
        "category": bool(record.get("category_inferred")),
        "kind": kind == "real_guide",
    }
    given = ["name"] if kind == "real_guide" else []
    given += [element for part in sorted(_seen(record)) for element in _VOUCHED[part]]
    page, by_hand = str(Provenance.PAGE), str(Provenance.MATCHED)
    return {ALL: page} | dict.fromkeys(given, page) | {name: by_hand for name, is_so in matched.items() if is_so}


def _source(record: JsonObject) -> str:
    """Say whence a record comes, without its collector's notes to himself."""
    source = _COLLECTORS_NOTE.sub("", _text(record.get("source")))
    region = _COLLECTORS_NOTE.sub("", _text(record.get("region")))
    kind = _SOURCES.get(str(record.get("source_kind")), "")
    return "；".join(part for part in (source, region, kind) if part)[:400]


def _rows(value: Any, make: Callable[[Any], BaseModel], label: str) -> ParsedText:
    """Read a list of records as rows of the guide."""
    # What does not fit is kept as text.
    if not isinstance(value, list) or not value:
        return BLANK if not value else ParsedText(kept=_text(value), remarks=(_odd(label),))
    rows, kept = [], []
    for each in value[:ROWS_AT_MOST]:
        try:
            rows.append(make(each))
        except (ValidationError, AttributeError, TypeError, ValueError, KeyError, OverflowError):
            kept.append(_text(each))
    said = (_odd(label),) if kept else ()
    if len(value) > ROWS_AT_MOST:
        message = f"“{label}”有{len(value):,}条，超过{ROWS_AT_MOST}条，只读前{ROWS_AT_MOST}条"
        said = (*said, CellRemark(ERROR, "long", message, "请合并或拆分"))
    return ParsedText(rows or None, said, kept="\n".join(kept))


def _odd(label: str) -> CellRemark:
    return CellRemark(DOUBT, "layout", f"“{label}”的写法认不出，原文留在导入记录里")


def _conditions(value: Any, guide: JsonObject) -> ParsedText:
    return _rows(value, lambda v: Condition(text=v), "conditions")


def _choice(document: type[BaseModel], name: str, text: Any) -> Any:
    return (find_choice(_text(text), element_named(document, name)) or "") if text else ""


def _material(value: JsonObject) -> Material:
    """Read a material, whose `shareable` (somebody's judgement) never becomes 免交."""
    return Material(
        name=value["name"],
        type=_choice(Material, "type", value.get("type")),
        copy_kind=_choice(Material, "copy_kind", value.get("form")),
        copies=value.get("copies"),
        necessity=_choice(Material, "necessity", value.get("necessity")) or "1",
        source=_choice(Material, "source", value.get("source_channel")),
        issuer=_text(value.get("issuing_dept")),
        basis=_text(value.get("legal_basis")),
        commitment_ok=bool(value.get("commitment_ok")),
        note=_text(value.get("note")),
    )


def _step(value: JsonObject) -> Step:
    limit, _ = read_limit(_text(value["limit"])) if value.get("limit") else (TimeLimit(), ())
    kind = _choice(Step, "kind", value.get("name"))
    return Step(
        name=value["name"], kind=kind, actor=_text(value.get("actor")), limit=limit, note=_text(value.get("note"))
    )


def _known(text: str) -> str:
    """Blank where the text only says that nobody found out."""
    return "" if _NOT_KNOWN.match(text) else text


def _limit(value: Any) -> ParsedText:
    if not isinstance(value, dict):
        return BLANK
    unit = TimeUnit.DAY if value.get("unit") in ("日", "天", "自然日") else TimeUnit.WORKING_DAY
    text, basis = _known(_text(value.get("text"))), _known(_text(value.get("basis")))
    amount = value.get("value") if text or not value.get("text") else None
    given: JsonObject = {"text": text[:300], "basis": basis[:300]}
    if value.get("immediate") or amount == 0:
        given["immediate"] = True
    elif isinstance(amount, (int, float)):
        given |= {"value": int(amount), "unit": unit}
    try:
        limit = TimeLimit(**given)
    except ValidationError:
        return ParsedText(kept=_text(value), remarks=(_odd("time_limits"),))
    return BLANK if limit.is_blank() else ParsedText(limit)


def _field(target: str) -> Callable[[Any, JsonObject], ParsedText]:
    """Read a value as a table's cell would be."""
    # Lists are joined as people join them.

    def read(value: Any, guide: JsonObject) -> ParsedText:
        text = _known("、".join(map(_text, value)) if isinstance(value, list) else _text(value))
        return read_text(text, fields()[target]) if text else BLANK

    return read


def _channels(value: Any, guide: JsonObject) -> ParsedText:
    reading = _field("handle_forms")(value, guide)
    forms = reading.value or []
    online = bool({HandleForm.ONLINE, HandleForm.MOBILE} & set(forms))
    return ParsedText(reading.value, reading.remarks, reading.kept, (("online", online),)) if forms else reading


_GUIDE: dict[str, tuple[str, Callable[[Any, JsonObject], ParsedText]]] = {
    "audience": ("audience", _field("audience")),
    "conditions": ("conditions", _conditions),
    "materials": ("materials", lambda value, guide: _rows(value, _material, "materials")),
    "steps": ("steps", lambda value, guide: _rows(value, _step, "steps")),
    "fee": ("fees", _field("fees")),
    "case_type": ("case_type", _field("case_type")),
    "result": ("result_name", _field("result_name")),
    "channels": ("handle_forms", _channels),
    "cross_region_scope": ("reach", _field("reach")),
    "notes": ("notes", _field("notes")),
}


def _add_rest(table: ReadTable, records: list[JsonObject], known: set[str], prefix: str) -> None:
    """Keep fields nobody knows, like a column without a meaning."""
    for key in dict.fromkeys(key for record in records for key in record if key not in known):
        readings = [ParsedText(kept=_text(r[key])) if r.get(key) not in (None, "", [], {}) else BLANK for r in records]
        _add(table, f"{prefix}{key}", "", readings, records, key)
