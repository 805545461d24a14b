"""From mapped tables to items: every distinct text of a column is read once, its cells share the reading.

A `ReadTable` is columns, not rows: fifty thousand rows of forty cells hold a few ten thousand distinct texts. What one
row becomes (`guide_of`) is put together only when it is asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import BaseModel

from banshi.catalog.guide.document import ROWS_AT_MOST, Guide
from banshi.catalog.provenance import Sources
from banshi.core.progress import Progress, no_progress
from banshi.spreadsheets.cell_format import cell_text, rows_text
from banshi.spreadsheets.cell_parsers import read_text
from banshi.spreadsheets.cell_parsers.parsed import BLANK, DOUBT, ERROR, CellRemark, ParsedText, general_remarks
from banshi.spreadsheets.cells import cell_name, folded
from banshi.spreadsheets.column_mapping import DETAILS, IGNORE, ITEMS, JOINED, KEEP, ColumnMatch, TableMapping
from banshi.spreadsheets.fields import ITEM_FIELDS, KEYS, Field, fields
from banshi.spreadsheets.table_detection import DetectedTable, Skipped

NOTES_AT_MOST = 20_000


class CellProblem(NamedTuple):
    """A remark at a cell. `row` is the sheet's own number from zero; `cell` as people name it (C17)."""

    sheet: str
    row: int
    column: int
    severity: str
    code: str
    message: str
    proposal: str
    value: str
    path: str = ""

    @property
    def cell(self) -> str:
        """C17; of a JSON record [16].legal_basis."""
        return cell_name(self.row, self.column) if self.column >= 0 else f"[{self.row}].{self.path}"

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "cell": self.cell,
            "severity": self.severity,
            "kind": self.code,
            "message": self.message,
            "proposal": self.proposal,
            "value": self.value[:200],
        }


@dataclass(frozen=True, slots=True)
class DetailPlaces:
    """Where a detail sheet's rows stand: the sheet's row of each row of an item (by the item's index), columns by target."""

    rows: Mapping[int, Sequence[int]]
    columns: Mapping[str, int]


@dataclass(slots=True)
class ReadColumn:
    """One column over all items of its table. `rows[i]` is the sheet's row of the cell (-1: no such row)."""

    target: str
    header: str
    sheet: str
    column: int
    texts: Sequence[str]
    rows: Sequence[int]
    readings: list[ParsedText] = field(default_factory=list)
    whole: bool = False
    """The values are complete in themselves (a detail sheet, JSON), not one cell's abridgement."""
    detail: "DetailPlaces | None" = None

    def problem(self, index: int, remark: CellRemark) -> CellProblem:
        return CellProblem(
            self.sheet,
            self.rows[index],
            self.column,
            remark.severity,
            remark.code,
            remark.message,
            remark.proposal,
            self.texts[index],
            self.header,
        )


@dataclass
class ReadTable:
    """One items table read, with what joined and detail sheets add to it. `found` are problems of no single column."""

    sheet: str
    numbers: Sequence[int]
    columns: list[ReadColumn]
    skipped: list[Skipped] = field(default_factory=list)
    headings: Mapping[int, str] = field(default_factory=dict)
    owner_line: str = ""
    left: int = 0
    found: list[CellProblem] = field(default_factory=list)
    sources: Sequence[str] = ()
    examples: Sequence[bool] = ()
    provenance: Sequence[Sources] = ()
    _by_target: dict[str, ReadColumn] = field(default_factory=dict)
    _known: int = -1
    _nothing: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, target: str) -> ReadColumn | None:
        if self._known != len(self.columns):
            self._by_target = {column.target: column for column in reversed(self.columns)}
            self._known = len(self.columns)
        return self._by_target.get(target)

    def texts(self, target: str) -> Sequence[str]:
        column = self.column(target)
        if column is None:
            self._nothing = self._nothing or [""] * len(self)
        return column.texts if column else self._nothing

    def cell(self, index: int, remark: CellRemark, target: str) -> CellProblem:
        """A remark at the cell of `target`, or at the row's first cell when there is no such column."""
        if column := self.column(target):
            return column.problem(index, remark)
        return CellProblem(
            self.sheet,
            self.numbers[index],
            self.left,
            remark.severity,
            remark.code,
            remark.message,
            remark.proposal,
            "",
        )


def read_tables(
    mappings: list[TableMapping], *, fill_blanks: bool, progress: Progress = no_progress
) -> list[ReadTable]:
    """Read all items tables of a book. `fill_blanks`: the format keeps no merged cells, so blank owners mean 'as above'."""
    mains = [mapping for mapping in mappings if mapping.role == ITEMS]
    others = [mapping for mapping in mappings if mapping.role == JOINED or mapping.role.startswith(DETAILS)]
    total, done = sum(len(m.choices) for m in mains) or 1, 0
    read: list[ReadTable] = []
    for mapping in mains:
        table = _start(mapping)
        columns = list(zip(*mapping.table.rows, strict=True)) if mapping.table.rows else [()] * mapping.table.width
        for choice in mapping.choices:
            if choice.target != IGNORE:
                table.columns.append(_read_column(mapping, choice, columns, fill_blanks, table))
            done += 1
            progress(done, total)
        _name_after_main_items(table)
        read.append(table)
    for mapping in others:
        _attach(mapping, read, fill_blanks)
    return read


def _start(mapping: TableMapping) -> ReadTable:
    table = mapping.table
    return ReadTable(table.sheet, table.numbers, [], table.skipped, table.headings, table.owner_line, table.left)


def _read_column(
    mapping: TableMapping, choice: ColumnMatch, columns: Sequence[Sequence[str]], fill_blanks: bool, into: ReadTable
) -> ReadColumn:
    texts = columns[choice.column - mapping.table.left]
    if fill_blanks and choice.target == "organ":
        texts = _filled(texts, choice, mapping.table, into)
    column = ReadColumn(choice.target, choice.header, mapping.table.sheet, choice.column, texts, mapping.table.numbers)
    column.readings = readings_of(texts, _reader_of(choice, mapping.known_fields()))
    return column


def _filled(texts: Sequence[str], choice: ColumnMatch, table: DetectedTable, into: ReadTable) -> list[str]:
    """Blanks as the text above them; only of owners, and only where merges are not recorded."""
    filled, last, count = [], "", 0
    for text in texts:
        last = text or last
        count += bool(last and not text)
        filled.append(last)
    if count:
        message = f"这种文件不记合并单元格：“{choice.header}”列有 {count} 个空白，按上一行填写，请核对"
        row = table.header_rows[-1]
        into.found.append(CellProblem(table.sheet, row, choice.column, DOUBT, "filled", message, "", choice.header))
    return filled


def _name_after_main_items(table: ReadTable) -> None:
    """A 主项 without 子项 is itself the item."""
    name, main = table.column("name"), table.column("main_item")
    if name is None or main is None or all(name.texts):
        return
    name.texts = [own or above for own, above in zip(name.texts, main.texts, strict=True)]
    name.readings = readings_of(name.texts, _read_name)


def readings_of(texts: Sequence[str], read: Callable[[str], ParsedText]) -> list[ParsedText]:
    """A reading per cell, made once per distinct text."""
    known = {text: read(text) for text in set(texts)}
    return list(map(known.__getitem__, texts))


def _reader_of(choice: ColumnMatch, known: Mapping[str, Field]) -> Callable[[str], ParsedText]:
    target = choice.target
    if target == KEEP or target == "main_item":
        return _kept
    if target in ITEM_FIELDS:
        return _read_name if target == "name" else _remarked
    chosen = known[target]
    return lambda text: read_text(text, chosen, choice.unit)


def _kept(text: str) -> ParsedText:
    return ParsedText(kept=text, remarks=general_remarks(text)) if text else BLANK


def _remarked(text: str) -> ParsedText:
    """The item's own fields are read later, with what the database knows; here only what concerns any cell."""
    return ParsedText(text, general_remarks(text)) if text else BLANK


def _read_name(text: str) -> ParsedText:
    return read_text(text, fields()["name"]) if text else BLANK


# Other sheets about the same items


def _attach(mapping: TableMapping, mains: list[ReadTable], fill_blanks: bool) -> None:
    keys = _keys(mapping)
    columns = list(zip(*mapping.table.rows, strict=True)) if mapping.table.rows else []
    places = _places(mains, keys)
    owners = [_place_of(row, keys, places, mapping.table.left) for row in mapping.table.rows]
    found = [_orphan(mapping, place) for place, owner in enumerate(owners) if owner is None]
    if mains:
        mains[0].found += found
    for number, main in enumerate(mains):
        rows_of: dict[int, list[int]] = defaultdict(list)
        for row, owner in enumerate(owners):
            if owner and owner[0] == number:
                rows_of[owner[1]].append(row)
        if not rows_of:
            continue
        if mapping.role == JOINED:
            _join(mapping, main, columns, rows_of)
        else:
            main.columns.append(_detail(mapping, main, rows_of))


def _keys(mapping: TableMapping) -> list[ColumnMatch]:
    """The columns by which rows name their item, the surest first."""
    found = [choice for key in KEYS if (choice := mapping.column_of(key))]
    return [choice for choice in found if choice.target in ("guid", "code", "name")] or found


def _places(mains: list[ReadTable], keys: list[ColumnMatch]) -> dict[tuple[str, str], tuple[int, int] | None]:
    """(key, text) → which table and row; None when several rows share it."""
    places: dict[tuple[str, str], tuple[int, int] | None] = {}
    for number, main in enumerate(mains):
        for choice in keys:
            for row, text in enumerate(main.texts(choice.target)):
                if text:
                    key = (choice.target, folded(text))
                    places[key] = None if key in places else (number, row)
    return places


def _place_of(
    row: list[str], keys: list[ColumnMatch], places: dict[tuple[str, str], tuple[int, int] | None], left: int
) -> tuple[int, int] | None:
    for choice in keys:
        if (text := row[choice.column - left]) and (place := places.get((choice.target, folded(text)))):
            return place
    return None


def _orphan(mapping: TableMapping, place: int) -> CellProblem:
    column = next(iter(_keys(mapping)), mapping.choices[0])
    text = mapping.table.rows[place][column.column - mapping.table.left]
    message = f"这一行说的“{text[:40]}”在目录表里找不到，或有几个同名" if text else "这一行没有写属于哪个事项"
    return CellProblem(
        mapping.table.sheet,
        mapping.table.numbers[place],
        column.column,
        ERROR,
        "orphan",
        message,
        "请照目录表填写事项名称或编码",
        text,
    )


def _join(
    mapping: TableMapping, main: ReadTable, columns: Sequence[Sequence[str]], rows_of: dict[int, list[int]]
) -> None:
    known = mapping.known_fields()
    held = {column.target for column in main.columns}
    numbers = [mapping.table.numbers[rows_of[i][0]] if i in rows_of else -1 for i in range(len(main))]
    for choice in mapping.choices:
        if choice.target == IGNORE or choice.target in KEYS or (choice.target in held and choice.target != KEEP):
            continue
        source = columns[choice.column - mapping.table.left]
        texts = [source[rows_of[i][0]] if i in rows_of else "" for i in range(len(main))]
        column = ReadColumn(choice.target, choice.header, mapping.table.sheet, choice.column, texts, numbers)
        column.readings = readings_of(texts, _reader_of(choice, known))
        main.columns.append(column)


def _detail(mapping: TableMapping, main: ReadTable, rows_of: dict[int, list[int]]) -> ReadColumn:
    """All rows of a detail sheet as one column of tables: item → [Material, Material …]."""
    known = mapping.known_fields()
    document = fields()[mapping.detail_of].element.rows  # type: ignore[union-attr]
    assert document is not None
    readings = [BLANK] * len(main)
    places: dict[int, list[int]] = {}
    for index, rows in rows_of.items():
        read = rows[:ROWS_AT_MOST]
        made = [_detail_row(mapping, known, document, row, main) for row in read]
        places[index] = [mapping.table.numbers[row] for row, (each, _) in zip(read, made, strict=True) if each]
        readings[index] = ParsedText(
            [each for each, _ in made if each] or None,
            () if read == rows else (_too_many(len(rows), mapping.table.sheet),),
            kept="\n".join(kept for _, kept in made if kept),
        )
    texts = [rows_text(reading.value) for reading in readings]
    numbers = [mapping.table.numbers[rows_of[i][0]] if i in rows_of else -1 for i in range(len(main))]
    return ReadColumn(
        mapping.detail_of,
        mapping.table.sheet,
        mapping.table.sheet,
        mapping.table.left,
        texts,
        numbers,
        readings,
        whole=True,
        detail=DetailPlaces(places, {choice.target: choice.column for choice in mapping.choices if choice.target}),
    )


def _too_many(count: int, sheet: str) -> CellRemark:
    return CellRemark(
        ERROR,
        "long",
        f"这个事项在“{sheet}”里有{count:,}行，超过{ROWS_AT_MOST}行，只读前{ROWS_AT_MOST}行",
        "请合并或拆分",
    )


def _detail_row(
    mapping: TableMapping, known: Mapping[str, Field], document: type[BaseModel], row: int, main: ReadTable
) -> tuple[BaseModel | None, str]:
    values: dict[str, Any] = {}
    kept: list[str] = []
    for choice in mapping.choices:
        text = mapping.table.rows[row][choice.column - mapping.table.left]
        if not text or choice.target in KEYS or choice.target == IGNORE:
            continue
        reading = _kept(text) if choice.target == KEEP else read_text(text, known[choice.target], choice.unit)
        for remark in reading.remarks:
            main.found.append(_at(mapping, row, choice, remark, text))
        _put(values, choice.target.lstrip("."), reading.value)
        if reading.kept:
            kept.append(f"{choice.header}:{reading.kept}")
    return (document.model_validate(_documents(document, values)) if values else None), ";".join(kept)


def _at(mapping: TableMapping, row: int, choice: ColumnMatch, remark: CellRemark, text: str) -> CellProblem:
    return CellProblem(
        mapping.table.sheet,
        mapping.table.numbers[row],
        choice.column,
        remark.severity,
        remark.code,
        remark.message,
        remark.proposal,
        text,
    )


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    """Set `limit` or `limit.text` among the values; a whole and its parts are merged whichever comes first."""
    if value is None:
        return
    name, _, inner = path.partition(".")
    held = values.get(name)
    if inner and isinstance(held, list):
        values[name] = _with_part(held, {inner: value})
    elif inner:
        part = held.model_dump(exclude_defaults=True) if isinstance(held, BaseModel) else held or {}
        values[name] = {**part, inner: value}
    elif isinstance(held, dict) and isinstance(value, BaseModel):
        values[name] = value.model_dump(exclude_defaults=True) | held
    elif isinstance(held, dict) and isinstance(value, list):
        values[name] = _with_part(value, held)
    else:
        values[name] = value


def _with_part(rows: list[Any], part: dict[str, Any]) -> list[Any]:
    """Rows read from one column with what another says of them: of a single row it decides, of several it fills gaps."""
    return [
        row.model_copy(update=part if len(rows) == 1 else {k: v for k, v in part.items() if not getattr(row, k)})
        if isinstance(row, BaseModel)
        else row
        for row in rows
    ]


def _documents(document: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in document.model_fields}


# One item put together


def guide_of(table: ReadTable, index: int, existing: Guide | None = None) -> Guide:
    """The guide row `index` makes: the existing one (or an empty) with what the row says. Blank cells change nothing."""
    values: dict[str, Any] = {}
    kept: list[str] = []
    for column in table.columns:
        reading = column.readings[index]
        if reading is BLANK:
            continue
        if reading.kept:
            kept.append(f"{column.header or '无表头的一列'}:{reading.kept}")
        if column.target in ITEM_FIELDS and column.target != "name":
            continue
        for target, value in reading.more:
            _put(values, target, value)
        if reading.value is not None and (
            column.whole or not _says_the_same(existing, column.target, column.texts[index])
        ):
            _put(values, column.target, reading.value)
    return _completed(values, kept, existing)


def _says_the_same(existing: Guide | None, target: str, text: str) -> bool:
    """A cell that reads like the present content leaves it as it is, with all that one cell can't show."""
    if existing is None or not target:
        return False
    return folded(cell_text(existing, target)) == folded(text)


def _completed(values: dict[str, Any], kept: list[str], existing: Guide | None) -> Guide:
    base = {name: getattr(existing, name) for name in Guide.model_fields} if existing else {}
    for name, value in values.items():
        if isinstance(value, dict):
            values[name] = _part(name, value, base.get(name))
    merged = {**base, **{name: value for name, value in values.items() if name}}
    notes = merged.get("notes") or ""
    for line in kept:
        if line not in notes:
            notes = f"{notes}\n{line}" if notes else line
    merged["notes"] = notes[:NOTES_AT_MOST]
    return Guide.model_validate(merged)


def _part(name: str, inner: dict[str, Any], present: Any) -> Any:
    """Fields of a part (consult.phone), or of the first row of a table (fees.standard), over what is there."""
    element = fields()[name].element
    assert element is not None
    assert element.rows is not None
    if element.kind == "part":
        return element.rows.model_validate({**(present.model_dump() if present else {}), **inner})
    first = present[0].model_dump() if present else {}
    return [element.rows.model_validate({**first, **inner}), *(present or [])[1:]]


def column_problems(table: ReadTable) -> Iterator[CellProblem]:
    """Every remark of every cell, column by column."""
    for column in table.columns:
        for index, reading in enumerate(column.readings):
            for remark in reading.remarks:
                yield column.problem(index, remark)
