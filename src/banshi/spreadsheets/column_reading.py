"""Cells of mapped tables, read column by column. Cells of one text share one reading."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from banshi.catalog.guide.document import ROWS_AT_MOST
from banshi.core.progress import Progress, no_progress
from banshi.spreadsheets.cell_format import rows_text
from banshi.spreadsheets.cell_parsers import read_text
from banshi.spreadsheets.cell_parsers.parsed import BLANK, DOUBT, ERROR, NOTE, CellRemark, ParsedText
from banshi.spreadsheets.cells import cell_name, folded
from banshi.spreadsheets.column_mapping import DETAILS, IGNORE, ITEMS, JOINED, KEEP, ColumnMatch, TableMapping
from banshi.spreadsheets.fields import ITEM_FIELDS, KEYS, Field, fields, known_headers, plain_header
from banshi.spreadsheets.read_table import CellProblem, DetailPlaces, ReadColumn, ReadTable
from banshi.spreadsheets.row_assembly import put_value
from banshi.spreadsheets.table_detection import DetectedTable


def read_tables(
    mappings: list[TableMapping], *, fill_blanks: bool, progress: Progress = no_progress
) -> list[ReadTable]:
    """Read all items tables of a book. `fill_blanks`: the format keeps no merged cells, so blank owners mean 'as above'."""
    mains = [mapping for mapping in mappings if mapping.role == ITEMS]
    others = [mapping for mapping in mappings if mapping.role == JOINED or mapping.role.startswith(DETAILS)]
    total, done = sum(len(m.choices) for m in mains) or 1, 0
    read: list[ReadTable] = []
    for mapping in mains:
        source = mapping.table
        table = ReadTable(
            source.sheet, source.numbers, [], source.skipped, source.headings, source.owner_line, source.left
        )
        columns = list(zip(*mapping.table.rows, strict=True)) if mapping.table.rows else [()] * mapping.table.width
        for choice in mapping.choices:
            if choice.target != IGNORE:
                texts: Sequence[str] = columns[choice.column - mapping.table.left]
                if fill_blanks and choice.target == "organ":
                    texts = _filled(texts, choice, mapping.table, table)
                column = ReadColumn(
                    choice.target, choice.header, mapping.table.sheet, choice.column, texts, mapping.table.numbers
                )
                column.readings = readings_of(texts, _reader_of(choice, mapping.known_fields))
                table.columns.append(column)
            done += 1
            progress(done, total, "检查各列")
        # A 主项 without 子项 is itself the item.
        name, main = table.column("name"), table.column("main_item")
        if not (name is None or main is None or all(name.texts)):
            name.texts = [own or above for own, above in zip(name.texts, main.texts, strict=True)]
            name.readings = readings_of(name.texts, lambda text: read_text(text, fields()["name"]))
        read.append(table)
    for mapping in others:
        _attach(mapping, read)
    for mapping in (*mains, *others) if read else ():
        read[0].found += _dittos(mapping.table)
        read[0].found += _hidden(mapping.table)
    return read


def _hidden(table: DetectedTable) -> Iterator[CellProblem]:
    """Say what of a table is hidden, and whether it was read."""
    header = table.header_rows[-1]
    if table.hidden_rows:
        said = "照样读了" if table.reads_hidden else "没有读；要读请勾选“读隐藏的行”"
        message = f"有{table.hidden_rows}行是隐藏的，或被筛选掉了，{said}"
        yield CellProblem(table.sheet, header, table.left, NOTE, "hidden", message, "", "")
    for column in sorted(table.hidden_columns):
        if 0 <= column - table.left < table.width and (title := table.headers[column - table.left]):
            message = f"“{title}”是隐藏的列，没有读作公开的要素，内容只留在导入记录里"
            if known_headers().get(plain_header(title)) not in ITEM_FIELDS:
                yield CellProblem(table.sheet, header, column, NOTE, "hidden", message, "", title, title)


def _dittos(table: DetectedTable) -> Iterator[CellProblem]:
    """Say of each column which cells were read as the one above."""
    for column, indices in table.dittos.items():
        cells = [cell_name(table.numbers[index], column + table.left) for index in indices]
        more = " 等" if len(cells) > 10 else ""
        message = (
            f"“{table.headers[column]}”列有{len(cells)}格写的是“同上”，按上一行的内容读：{'、'.join(cells[:10])}{more}"
        )
        place = table.sheet, table.numbers[indices[0]], column + table.left
        yield CellProblem(*place, NOTE, "filled", message, "", "同上", table.headers[column])


def _filled(texts: Sequence[str], choice: ColumnMatch, table: DetectedTable, into: ReadTable) -> list[str]:
    """Fill blanks with the text above them."""
    # Only of owners, and only where merges are not recorded.
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


def readings_of(texts: Sequence[str], read: Callable[[str], ParsedText]) -> list[ParsedText]:
    """Read each distinct text once, for all its cells."""
    known = {text: read(text) for text in set(texts)}
    return list(map(known.__getitem__, texts))


def _reader_of(choice: ColumnMatch, known: Mapping[str, Field]) -> Callable[[str], ParsedText]:
    target = choice.target
    if target == KEEP or target == "main_item":
        return _kept
    chosen = fields()["name"] if target == "name" else None if target in ITEM_FIELDS else known[target]
    return lambda text: read_text(text, chosen, choice.unit if chosen else "")


def _kept(text: str) -> ParsedText:
    return ParsedText(kept=text, remarks=read_text(text, None).remarks)


# Other sheets about the same items


def _attach(mapping: TableMapping, mains: list[ReadTable]) -> None:
    """Bring each row of a joined or detail sheet to its item, or say that it has none."""
    # Columns by which rows name their item, the surest first.
    keys = [choice for key in KEYS if (choice := mapping.column_of(key))]
    keys = [each for each in keys if each.target in ("guid", "code", "name")] or keys
    places: dict[tuple[str, str], tuple[int, int] | None] = {}  # None where several rows share the text
    for number, main in enumerate(mains):
        for choice in keys:
            for row, text in enumerate(main.texts(choice.target)):
                if text:
                    key = (choice.target, folded(text))
                    places[key] = None if key in places else (number, row)
    rows_of: list[dict[int, list[int]]] = [defaultdict(list) for _ in mains]
    for number, cells in enumerate(mapping.table.rows):
        named = [(each.target, text) for each in keys if (text := cells[each.column - mapping.table.left])]
        place = next((found for target, text in named if (found := places.get((target, folded(text))))), None)
        if place:
            rows_of[place[0]][place[1]].append(number)
        elif mains:
            column = next(iter(keys), mapping.choices[0])
            text = cells[column.column - mapping.table.left]
            message = f"这一行说的“{text[:40]}”在目录表里找不到，或有几个同名" if text else "这一行没有写属于哪个事项"
            orphan = CellRemark(ERROR, "orphan", message, "请照目录表填写事项名称或编码")
            mains[0].found.append(
                CellProblem(mapping.table.sheet, mapping.table.numbers[number], column.column, *orphan, text)
            )
    columns = list(zip(*mapping.table.rows, strict=True)) if mapping.table.rows else []
    for main, rows in zip(mains, rows_of, strict=True):
        if rows and mapping.role == JOINED:
            _join(mapping, main, columns, rows)
        elif rows:
            main.columns.append(_detail(mapping, main, rows))


def _join(
    mapping: TableMapping, main: ReadTable, columns: Sequence[Sequence[str]], rows_of: dict[int, list[int]]
) -> None:
    known = mapping.known_fields
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
    known = mapping.known_fields
    document = fields()[mapping.detail_of].element.rows  # type: ignore[union-attr]
    assert document is not None
    readings = [BLANK] * len(main)
    places: dict[int, list[int]] = {}
    for index, rows in rows_of.items():
        read = rows[:ROWS_AT_MOST]
        made = [_detail_row(mapping, known, document, row, main) for row in read]
        message = f"这个事项在“{mapping.table.sheet}”里有{len(rows):,}行，超过{ROWS_AT_MOST}行，只读前{ROWS_AT_MOST}行"
        too_many = () if read == rows else (CellRemark(ERROR, "long", message, "请合并或拆分"),)
        places[index] = [mapping.table.numbers[row] for row, (each, _) in zip(read, made, strict=True) if each]
        readings[index] = ParsedText(
            [each for each, _ in made if each] or None,
            too_many,
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
            main.found.append(
                CellProblem(mapping.table.sheet, mapping.table.numbers[row], choice.column, *remark, text)
            )
        put_value(values, choice.target.lstrip("."), reading.value)
        if reading.kept:
            kept.append(f"{choice.header}:{reading.kept}")
    if not values:
        return None, ";".join(kept)
    own = {name: value for name, value in values.items() if name in document.model_fields}
    return document.model_validate(own), ";".join(kept)
