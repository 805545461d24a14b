"""Mapping of columns to elements by header words, then by likeness, with score and reason.

A person may correct any of it: `Mapping` is plain data, shown in the preview and accepted back.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from banshi.catalog.codes import read_code
from banshi.catalog.enums import ItemKind
from banshi.core.errors import BadInput
from banshi.core.json_types import JsonObject
from banshi.core.phone_numbers import is_phone
from banshi.spreadsheets.cells import NARROW, column_index, column_letter, folded, is_filler
from banshi.spreadsheets.fields import (
    ITEM_FIELDS,
    KEYS,
    Field,
    detail_fields,
    fields,
    known_detail_headers,
    known_headers,
    plain_header,
    tables,
)
from banshi.spreadsheets.labelled_cells import (
    CONTACTS,
    HOURS,
    PARTS_OF_CONTACT,
    REACHED,
    LabelledPart,
    labelled_parts,
)
from banshi.spreadsheets.table_detection import DetectedTable
from banshi.spreadsheets.vocabulary import item_kind

KEEP, IGNORE = "", "-"
"""Targets that are no field: keep the column's text in the record of the import, out of public sight; leave the column out
(only a person says so)."""
ALIKE = 82
ASKED_OR_TOLD = re.compile(r"^(?:是否|能否|可否)(?:支持|开通|提供|可以?)?|(?:说明|描述|信息|情况)$")
"""What a header puts around the element: whether there is such a thing, or what is said of it."""
ITEMS, DETAILS, JOINED, NOTHING = "items", "details", "joined", "skip"
_CODE_WORDS = {
    "代码",
    "编码",
    "单位代码",
    "单位编码",
    "信用代码",
    "统一社会信用代码",
    "社会信用代码",
    "机构代码",
    "组织机构代码",
}
_NAME_WORDS = {"名称", "单位名称", "机构名称", "部门名称", "全称"}
INTERNAL = re.compile("内部(?!编码|代码|编号|标识|机构)|不公开|不对外|不予公开|保密|涉密|仅供(?:审核|参考|工作)")
"""Words of a header that keep its column out of public sight, whatever else it says."""
_UNIT = re.compile(r"\((工作日|自然日|天|日|小时|月)\)|(?<=单位[:\uff1a])(工作日|自然日|天|日|小时|月)")


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One column, and what it was taken for. `column` is the sheet's own number from zero. Score 0-100."""

    column: int
    header: str
    target: str
    score: int
    reason: str
    unit: str = ""


@dataclass(frozen=True)
class TableMapping:
    """One table: `role` is items, details:<table>, joined (more columns of items in another sheet) or skip."""

    table: DetectedTable
    role: str
    choices: list[ColumnMatch]

    def column_of(self, target: str) -> ColumnMatch | None:
        return next((choice for choice in self.choices if choice.target == target), None)

    @property
    def detail_of(self) -> str:
        return self.role.partition(":")[2] if self.role.startswith(DETAILS) else ""

    @property
    def known_fields(self) -> dict[str, Field]:
        return detail_fields(self.detail_of) if self.detail_of else fields()


def map_columns(found: Sequence[DetectedTable], corrected: JsonObject | None = None) -> list[TableMapping]:
    """Map the columns of every table.

    `corrected` (as `mapping_json` writes it) goes first.
    """
    given = {str(each.get("sheet")): each for each in (corrected or {}).get("tables", []) if isinstance(each, dict)}
    mappings = []
    for table in found:
        split_labelled_cells(table)
        mapping = _guess(table)
        mappings.append(_corrected(mapping, given[table.sheet]) if given.get(table.sheet) else mapping)
    if all(mapping.detail_of for mapping in mappings):
        # Without any other table, a table of materials or steps that names its items is their list.
        for place, mapping in enumerate(mappings):
            choices = _settled(mapping.table, choose(mapping.table, known_headers()))
            if mapping.table.sheet not in given and any(choice.target == "name" for choice in choices):
                mappings[place] = TableMapping(mapping.table, ITEMS, choices)
    # A later items table that names mostly the same items holds more columns of them, not other items.
    # And one that has nothing but their materials (or steps …) is a table of those.
    items = [mapping for mapping in mappings if mapping.role == ITEMS]
    first = next((mapping for mapping in items if not _only_list(mapping)), next(iter(items), None))
    names = _names(first) if first and len(items) > 1 else set()
    for place, mapping in enumerate(mappings):
        if mapping.role == ITEMS and mapping is not first and mapping.table.sheet not in given:
            own = _names(mapping)
            if own and len(own & names) * 2 > len(own):
                root = _only_list(mapping)
                choices = _by_content(mapping.table, choose(mapping.table, known_detail_headers(root))) if root else []
                mappings[place] = (
                    TableMapping(mapping.table, f"{DETAILS}:{root}", choices) if root else replace(mapping, role=JOINED)
                )
    return mappings


def _guess(table: DetectedTable) -> TableMapping:
    """Map to an items table unless its headers fit one of the guide's tables better (材料名称, 环节名称 …)."""
    items = choose(table, known_headers())
    found = {each.name: choose(table, known_detail_headers(each.name)) for each in tables()}
    scores = {name: _detail_score(choices, name, table.sheet) for name, choices in found.items()}
    best = max(scores, key=lambda name: scores[name])
    item_score = sum(1 for choice in items if choice.target and choice.target not in KEYS and choice.score >= 95)
    nameless = not any(choice.target == "name" for choice in items)
    if scores[best] > item_score or (nameless and scores[best] > 1):
        return TableMapping(table, f"{DETAILS}:{best}", _by_content(table, found[best]))
    items = _settled(table, items)
    role = ITEMS if any(c.target == "name" for c in items) else NOTHING
    return TableMapping(table, role, items)


def _detail_score(choices: list[ColumnMatch], name: str, sheet: str) -> int:
    """Count detail columns known exactly, where the sheet says which item each row belongs to."""
    # Its name counts too.
    keyed = any(choice.target in KEYS for choice in choices)
    own = [choice for choice in choices if choice.target.startswith(".") and choice.score >= 95]
    element = fields()[name].element
    named = element is not None and any(word in sheet for word in (element.label, *element.aliases))
    return len(own) + named if keyed and own else 0


def choose(table: DetectedTable, known: dict[str, str]) -> list[ColumnMatch]:
    """Choose a target for every column that has a header or any text, none twice (but notes)."""
    choices: list[ColumnMatch] = []
    best: dict[str, ColumnMatch] = {}
    for column, header in enumerate(table.headers):
        if not header and not any(row[column] for row in table.rows):
            continue
        target, score, reason = match(header, known)
        if column + table.left in table.hidden_columns and target and target not in ITEM_FIELDS:
            target, score, reason = KEEP, 0, f"隐藏的列，没有读作“{header}”；要用请改选"
        found = _UNIT.search(header.translate(NARROW))
        unit = (found[1] or found[2]) if found else ""
        choice = ColumnMatch(column + table.left, header, target, score, reason, unit)
        choices.append(choice)
        if target and (target not in best or score > best[target].score):
            best[target] = choice
    for place, choice in enumerate(choices):
        first = best.get(choice.target, choice)
        if first is not choice and choice.target not in SEVERAL:
            other = first if _second(first, table) not in best and _second(first, table) else choice
            target = _second(other, table)
            if target and (target not in best or target in SEVERAL) and target in known.values():
                named = choices.index(other)
                best[target] = choices[named] = replace(
                    other, target=target, score=90, reason="两列同一要素，按内容分开"
                )
                best[first.target] = choice if other is first else first
                continue
            reason = f"与{column_letter(first.column)}列“{first.header}”意思相同，这一列留在导入记录里"
            choices[place] = replace(choice, target=KEEP, score=0, reason=reason)
    return choices


SEVERAL = ("places", "conditions", "consult.phone", "complaint.phone")
"""Lists that columns may fill together (受理地点, 办理地点; 咨询电话, 手机)."""


def _second(choice: ColumnMatch, table: DetectedTable) -> str:
    """Name the part a column tells of an element that another column tells as well."""
    texts = [text for row in table.rows[:2000] if (text := row[choice.column - table.left])]
    if choice.target in ("consult", "complaint"):
        part = next((part for word, part in PARTS_OF_CONTACT.items() if word in choice.header), "")
        part = part or ("phone" if texts and all(map(is_phone, texts)) else "")
        return f"{choice.target}.{part}" if part else ""
    if choice.target == "faqs":
        return "faqs.answer" if "答" in choice.header else ""
    if choice.target == "number":
        return "code" if _are_codes(texts) else ""
    hours = choice.target == "promised_limit" and "时间" in choice.header and any(map(HOURS.search, texts))
    return "places.hours" if hours else ""


def match(header: str, known: dict[str, str]) -> tuple[str, int, str]:
    """Match a header to target, score and reason.

    A two-row header is tried whole, turned round, then by its parts.
    """
    if not header:
        return KEEP, 0, "没有表头，内容留在导入记录里"
    if INTERNAL.search(header):
        return KEEP, 100, "写明不公开，内容留在导入记录里"
    if folded(header) in known:
        return known[folded(header)], 100, "与表头一致"
    parts = [plain_header(part) for part in header.split("·")]
    if len(parts) > 1 and known.get(parts[-2]) in ("organ", "undertaker"):
        if parts[-1] in _CODE_WORDS:
            return "organ_code", 98, "合并表头下的名称和代码"
        if parts[-1] in _NAME_WORDS:
            return known[parts[-2]], 98, "合并表头下的名称和代码"
        part = (
            f"{known.get(parts[-2], '')}.{next((p for word, p in PARTS_OF_CONTACT.items() if word in parts[-1]), '')}"
        )
        if part in known.values():
            return part, 96, "合并表头下的一部分"
    for score, text in _wordings(parts):
        if text in known:
            return known[text], score, "与表头一致" if score == 100 else f"按“{text}”认出"
    bare = re.sub(r"\([^)]*\)", "", "".join(parts))
    if bare in known:
        return known[bare], 93, f"按“{bare}”认出"
    for core in (ASKED_OR_TOLD.sub("", bare), re.sub(r"[\d一二三四五]$", "", bare)):
        if core in known:
            return known[core], 90, f"按“{core}”认出"
    if part := _part_of_an_element(bare, known):
        return part, 91, f"按“{bare}”认出，是其中的一部分"
    from rapidfuzz import fuzz, process

    near = process.extractOne(bare, known.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE) if len(bare) >= 3 else None
    if near:
        return known[near[0]], round(near[1]), f"与“{near[0]}”相近"
    return KEEP, 0, "没有对应的要素，内容留在导入记录里"


def _part_of_an_element(header: str, known: dict[str, str]) -> str:
    """Name the part that the element's word and the part's own word make (依据条款 is the 条款 of a 依据)."""
    for table, word in _ELEMENT_WORDS.items():
        if (begun := word.match(header)) and f"{table}." in "".join(known.values()):
            target = known_detail_headers(table).get(header[begun.end() :], "")
            if target.startswith(".") and f"{table}{target}" in known.values():
                return f"{table}{target}"
    return ""


_ELEMENT_WORDS = {
    table: re.compile(f"(?:{words})[的之:/-]?")
    for table, words in {
        "bases": "(?:设定|法律|办理|实施|法定|主要|政策)?依据",
        "materials": "(?:申请|申报|提交|所需|办理|办事)?材料",
        "fees": "收费(?:项目)?",
        "steps": "(?:办理|流程|办事)?环节|(?:办理|办事)?(?:步骤|流程)",
        "conditions": "(?:受理|申请|办理)?条件",
        "faqs": "常见问题|问题",
    }.items()
}


def _wordings(parts: list[str]) -> list[tuple[int, str]]:
    whole = [(100, "".join(parts))]
    if len(parts) == 1:
        return whole
    return [
        *whole,
        (98, "".join(reversed(parts))),
        (97, parts[-2] + parts[-1]),
        (96, parts[-1] + parts[-2]),
        (95, parts[-1]),
        (85, parts[0]),
    ]


# What the headers alone don't settle


def _settled(table: DetectedTable, choices: list[ColumnMatch]) -> list[ColumnMatch]:
    choices = _by_content(table, _kind_or_category(table, choices))
    if not any(choice.target == "name" for choice in choices):
        bare = next((c for c in choices if c.target == KEEP and folded(c.header.split("·")[0]) in _ONLY_NAMES), None)
        choices = [
            replace(c, target="name", score=80, reason="没有事项名称一列，用这一列作名称") if c is bare else c
            for c in choices
        ]
    if not any(choice.target == "organ" for choice in choices):
        choices = [
            replace(c, target="organ", score=80, reason="表中没有实施主体一列，用这一列作实施主体")
            if c.target == "undertaker"
            else c
            for c in choices
        ]
    return choices


def _kind_by_cells(table: DetectedTable, choices: list[ColumnMatch]) -> list[ColumnMatch]:
    """Take a column that nothing else claims for the kind when most of its cells are kinds."""
    for choice in choices:
        if choice.target not in (KEEP, "notes"):
            continue
        texts = [t for row in table.rows[:2000] if (t := folded(row[choice.column - table.left])) and not is_filler(t)]
        kinds = sum(1 for text in texts if item_kind(text) and text not in ItemKind.values)
        if len(texts) > 1 and kinds * 5 > len(texts) * 4:
            changed = replace(choice, target="kind", score=90, reason="按列里的内容认出")
            return [changed if each is choice else each for each in choices]
    return choices


_ONLY_NAMES = ("标题", "名称", "title", "清单名称")
_LIMIT = re.compile(r"\d+个?(?:工作日|自然日|日|天)|当场|即办|即时")
_COPIES = ("原件", "复印件", "原件和复印件", "原件及复印件", "原件、复印件")


def _names_a_place_beside(window: ColumnMatch, choices: list[ColumnMatch]) -> bool:
    """Tell whether another column says where the window is (办理窗口 beside 办理地点)."""
    others = (each for each in choices if each is not window and "窗口" not in each.header)
    return any(each.target in ("places", "places.name", "places.address") for each in others)


def _by_content(table: DetectedTable, choices: list[ColumnMatch]) -> list[ColumnMatch]:
    """Disambiguate by cells 办理时间 (opening hours or a limit), 材料类型 (original or copy) and 编号 (of the row or of the item)."""
    held = {choice.target for choice in choices}
    named = next((choice.column - table.left for choice in choices if choice.target == "name"), None)
    changed: list[ColumnMatch] = []
    for choice in choices:
        target = choice.target
        if target == "promised_limit" and "时间" in choice.header and "places.hours" not in held:
            texts = _filled_cells(table, choice)
            hours = sum(bool(HOURS.search(text)) for text in texts)
            target = "places.hours" if hours > sum(bool(_LIMIT.search(text)) for text in texts) else target
        elif (
            (target == "promised_limit" and "steps.limit" not in held and not _OF_THE_WHOLE.search(choice.header))
            and (changed and changed[-1].target in ("steps", "steps.name"))
            and named is not None
            and _differs_within_items(table, named, choice.column - table.left)
        ):
            target = "steps.limit"
        elif target == "places" and "窗口" in choice.header and _names_a_place_beside(choice, choices):
            target = "places.window"
        elif target == "materials.requirement" and "填报说明" in choice.header and not held & _PAPERS:
            # What it says is of the form, not of a paper.
            changed.append(replace(choice, target=KEEP, score=0, reason="表里没有材料，内容留在导入记录里"))
            continue
        elif target.endswith("places.hours") and "promised_limit" not in held:
            texts = _filled_cells(table, choice)
            limits = sum(bool(_LIMIT.fullmatch(folded(text))) for text in texts)
            target = "promised_limit" if texts and limits * 2 > len(texts) else target
        elif target == "bases.text" and "bases.articles" not in held:
            texts = _filled_cells(table, choice)
            target = "bases.articles" if texts and all(map(_ARTICLE.fullmatch, texts)) else target
        elif target == "number" and "code" not in held:
            target = "code" if _are_codes(_filled_cells(table, choice)) else target
        elif target == "faqs" and "faqs.answer" in held and "faqs.question" not in held:
            target = "faqs.question"
        elif target in (".type", "materials.type") and (other := target.replace("type", "copy_kind")) not in held:
            texts = _filled_cells(table, choice)
            target = other if texts and all(text in _COPIES for text in texts) else target
        changed.append(
            choice if target == choice.target else replace(choice, target=target, score=90, reason="按列里的内容认出")
        )
    return changed


def _filled_cells(table: DetectedTable, choice: ColumnMatch) -> list[str]:
    return [t for row in table.rows[:2000] if (t := row[choice.column - table.left]) and not is_filler(t)]


def _are_codes(texts: list[str]) -> bool:
    return sum(read_code(text).form not in ("empty", "unknown") for text in texts) * 2 > len(texts)


_ARTICLE = re.compile(
    r"(?:第?[\d一二三四五六七八九十百千零〇]{1,7}[条款项目章节](?:之[一二三四五六七八九十])?[、,，及和;；\s]*)+"
)
_PAPERS = frozenset(["materials", "materials.name"])
_OF_THE_WHOLE = re.compile("承诺|法定|总")


def _differs_within_items(table: DetectedTable, named: int, column: int) -> bool:
    """Tell whether rows of one item, its name blank, merged or repeated, say different things in a column."""
    rows = itertools.pairwise(table.rows)
    return any(row[named] in ("", above[named]) and row[column] not in ("", above[column]) for above, row in rows)


def _kind_or_category(table: DetectedTable, choices: list[ColumnMatch]) -> list[ColumnMatch]:
    """Disambiguate 事项类别 by its cells (行政许可 … or 公共教育 …)."""
    held = {choice.target for choice in choices}
    if "kind" not in held and "category" not in held:
        return _kind_by_cells(table, choices)
    if "kind" in held and "category" in held:
        return choices
    here, other = ("kind", "category") if "kind" in held else ("category", "kind")
    choice = next(choice for choice in choices if choice.target == here)
    texts = {folded(row[choice.column - table.left]) for row in table.rows[:2000]} - {"", "其他", "其它"}
    kinds = {text for text in texts if item_kind(text) and text not in ItemKind.values}
    says_kind = len(kinds) * 2 > len(texts)
    if not texts or says_kind == (here == "kind") or (here == "kind" and kinds):
        return choices
    changed = replace(choice, target=other, score=90, reason="按列里的内容认出")
    return [changed if each is choice else each for each in choices]


# Cells with labels of their own


def split_labelled_cells(table: DetectedTable) -> None:
    """Give parts with labels of other elements columns of their own, which keep their place in the sheet."""
    targets = [match(header, known_headers())[0] for header in table.headers]
    known = {target: column for column, target in reversed(list(enumerate(targets))) if target}
    for column, target in enumerate(targets):
        root = target.partition(".")[0]
        hidden = column + table.left in table.hidden_columns or INTERNAL.search(table.headers[column])
        if hidden or root not in (KEEP, "notes", *REACHED):
            continue
        for index, row in enumerate(table.rows):
            text = row[column]
            if not ("：" in text or ":" in text or "】" in text):
                continue
            before, parts = labelled_parts(text, root)
            parts = [part for part in parts if part.target not in ITEM_FIELDS]
            if not _is_apart(target, before, parts):
                continue
            row = table.rows[index] = list(row)
            kept = [before, *(part.text for part in parts if part.target == target)]
            row[column] = "\n".join(filter(None, kept))
            for part in parts:
                if part.target == target or not part.text:
                    continue
                there = known.get(part.target)
                if there is None:
                    there = known[part.target] = len(table.headers)
                    table.headers.append(
                        f"{fields()[part.target].label.replace('·', '')}（写在“{table.headers[column] or '无表头'}”一格里）"
                    )
                    targets.append(part.target)
                    for number, other in enumerate(table.rows):
                        table.rows[number] = [*other, ""]
                    row = table.rows[index]
                if row[there] and (index, there) not in table.places:
                    row[column] = "\n".join(filter(None, [row[column], f"{part.label}：{part.text}"]))
                    continue
                row[there] = "\n".join(filter(None, [row[there], part.text]))
                table.places.setdefault((index, there), (table.numbers[index], column + table.left))


def _is_apart(target: str, before: str, parts: list[LabelledPart]) -> bool:
    """Tell whether the labels in a cell are of elements, and of others than its column tells of."""
    root = target.partition(".")[0]
    roots = {part.target.partition(".")[0] for part in parts}
    if root in CONTACTS:
        return bool(roots - {root})
    if root == "places":
        return bool(parts)
    return len({part.target for part in parts}) > 1 or (not before and bool(roots) and roots <= set(REACHED))


# Several sheets


def _only_list(mapping: TableMapping) -> str:
    """Return the table of the guide (materials …) to which all columns of a sheet belong, but those that name the item."""
    told = {choice.target for choice in mapping.choices} - {KEEP, IGNORE, "notes", "organ", *KEYS}
    roots = {target.partition(".")[0] for target in told} & {each.name for each in tables()}
    return roots.pop() if len(roots) == 1 and len(told) > 1 and all(t.partition(".")[0] in roots for t in told) else ""


def _names(mapping: TableMapping) -> set[str]:
    choice = mapping.column_of("name")
    return {folded(row[choice.column - mapping.table.left]) for row in mapping.table.rows} - {""} if choice else set()


# Correction


def _corrected(mapping: TableMapping, given: JsonObject) -> TableMapping:
    role = str(given.get("role") or mapping.role)
    table_name = role.partition(":")[2] if role.startswith(DETAILS) else ""
    if role not in (ITEMS, JOINED, NOTHING) and table_name not in {each.name for each in tables()}:
        raise BadInput(f"“{role}”不是认识的表格用途", where=mapping.table.sheet, remedy="请重新选择。")
    if role != mapping.role:
        if role.startswith(DETAILS):
            choices = choose(mapping.table, known_detail_headers(role.partition(":")[2]))
        else:
            choices = _settled(mapping.table, choose(mapping.table, known_headers()))
        mapping = TableMapping(mapping.table, role, choices)
    columns = given.get("columns", {})
    chosen = {
        column_index(letter): str(target) for letter, target in columns.items() if re.fullmatch("[A-Za-z]{1,3}", letter)
    }
    choices = [_correct(choice, chosen.get(choice.column, choice.target), mapping) for choice in mapping.choices]
    _refuse_twice(choices, mapping.table.sheet)
    return replace(mapping, choices=choices)


def refuse_contradictions(corrected: JsonObject) -> None:
    """Refuse a corrected mapping with an element from two columns, or a table of items without a name."""
    for given in corrected.get("tables", []):
        columns = given.get("columns")
        if columns is None or given.get("role") == NOTHING:
            continue
        choices = [ColumnMatch(column_index(letter), "", target, 100, "") for letter, target in columns.items()]
        _refuse_twice(choices, given["sheet"])
        if given.get("role") == ITEMS and "name" not in columns.values():
            raise BadInput(
                "没有哪一列读作“事项名称”",
                where=given["sheet"],
                remedy="请指定一列；这张表不是事项的，改为“不读这张表”。",
            )


def _correct(choice: ColumnMatch, target: str, mapping: TableMapping) -> ColumnMatch:
    if target == choice.target:
        return choice
    if target not in (KEEP, IGNORE) and target not in mapping.known_fields:
        raise BadInput(
            f"没有“{target}”这个要素",
            where=f"{mapping.table.sheet}!{column_letter(choice.column)}",
            remedy="请重新选择。",
        )
    if target not in (KEEP, IGNORE) and target not in ITEM_FIELDS and INTERNAL.search(choice.header):
        raise BadInput(
            f"“{choice.header}”写明不公开，不能放进要公布的指南",
            where=f"{mapping.table.sheet}!{column_letter(choice.column)}",
            remedy="请选“留在导入记录里”；确要公开的，先在原表改表头。",
        )
    return replace(choice, target=target, score=100, reason="人工指定")


def _refuse_twice(choices: Sequence[ColumnMatch], sheet: str) -> None:
    seen: dict[str, ColumnMatch] = {}
    for choice in choices:
        if choice.target in (KEEP, IGNORE, *SEVERAL):
            continue
        if choice.target in seen:
            both = f"{column_letter(seen[choice.target].column)}、{column_letter(choice.column)}"
            raise BadInput(
                f"{both}两列都指定为同一个要素", where=sheet, remedy="请把其中一列改为其他要素或“留在导入记录里”。"
            )
        seen[choice.target] = choice
