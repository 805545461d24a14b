"""Cells of mapped tables, read column by column. Cells of one text share one reading."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from banshi.catalog.guide.document import ROWS_AT_MOST
from banshi.catalog.guide.elements import elements
from banshi.core.json_types import JsonObject
from banshi.core.progress import Progress, no_progress
from banshi.spreadsheets.cell_format import rows_text
from banshi.spreadsheets.cell_parsers import read_text, read_texts, read_with_unit
from banshi.spreadsheets.cell_parsers.parsed import BLANK, DOUBT, ERROR, NOTE, CellRemark, ParsedText
from banshi.spreadsheets.cell_parsers.rows import numbered_as, pieces
from banshi.spreadsheets.cells import cell_name, folded
from banshi.spreadsheets.column_mapping import DETAILS, IGNORE, ITEMS, JOINED, KEEP, ColumnMatch, TableMapping
from banshi.spreadsheets.fields import ITEM_FIELDS, KEYS, Field, fields, known_headers, plain_header
from banshi.spreadsheets.read_table import CellProblem, DetailPlaces, ReadColumn, ReadTable
from banshi.spreadsheets.row_assembly import put_value
from banshi.spreadsheets.row_grouping import group_rows, listed_columns
from banshi.spreadsheets.table_detection import DetectedTable


def read_tables(
    mappings: list[TableMapping], *, fill_blanks: bool, progress: Progress = no_progress
) -> list[ReadTable]:
    """Read all items tables of a book.

    `fill_blanks`: the format keeps no merged cells, so blank owners mean 'as above'.
    """
    mains = [mapping for mapping in mappings if mapping.role == ITEMS]
    others = [mapping for mapping in mappings if mapping.role == JOINED or mapping.role.startswith(DETAILS)]
    total, done = sum(len(m.choices) for m in mains) or 1, 0
    read: list[ReadTable] = []
    for mapping in mains:
        source = mapping.table
        groups = group_rows(mapping)
        folded_rows = len(groups) < len(source.rows)
        firsts = [group[0] for group in groups]
        table = ReadTable(
            source.sheet,
            [source.numbers[n] for n in firsts],
            [],
            source.skipped,
            {
                next(k for k, g in enumerate(groups) if g[-1] >= n): text
                for n, text in source.headings.items()
                if groups and groups[-1][-1] >= n
            },
            source.owner_line,
            source.left,
        )
        columns = list(zip(*mapping.table.rows, strict=True)) if mapping.table.rows else [()] * mapping.table.width
        in_rows = listed_columns(mapping) if folded_rows else {}
        units = {c.target.removesuffix(".unit"): c for c in mapping.choices if c.target.endswith(".unit")}
        for choice in mapping.choices:
            if choice.target != IGNORE and choice.target.partition(".")[0] not in in_rows:
                place = choice.column - mapping.table.left
                texts: Sequence[str] = columns[place]
                if fill_blanks and choice.target == "organ" and not folded_rows:
                    texts = _filled(texts, choice, mapping.table, table)
                if folded_rows:
                    texts = [_of_group(texts, group, choice) for group in groups]
                column = ReadColumn(
                    choice.target, choice.header, mapping.table.sheet, choice.column, texts, table.numbers
                )
                column.places = {n: source.places[n, place] for n in range(len(groups)) if (n, place) in source.places}
                unit = units.get(choice.target)
                if unit is None:
                    column.readings = _readings_of(texts, choice, mapping.known_fields)
                else:
                    named: Sequence[str] = columns[unit.column - mapping.table.left]
                    named = [_of_group(named, group, unit) for group in groups] if folded_rows else named
                    limits = fields()[choice.target]
                    column.readings = [read_with_unit(*each, limits) for each in zip(texts, named, strict=True)]
                table.columns.append(column)
            done += 1
            progress(done, total, "检查各列")
        for root in () if folded_rows else listed_columns(mapping):
            split_together(root, table, {choice.column: choice.unit for choice in mapping.choices})
        table.columns += [_in_rows(mapping, table, root, groups) for root in in_rows]
        if folded_rows:
            several = [group for group in groups if len(group) > 1]
            rows = "、".join(f"{source.numbers[g[0]] + 1}–{source.numbers[g[-1]] + 1}" for g in several[:5])
            message = f"有{len(several)}个事项写成了几行（第{rows}行{'等' if len(several) > 5 else ''}），每个读作一项，材料等逐行收下"
            table.found.append(
                CellProblem(source.sheet, source.numbers[several[0][0]], source.left, NOTE, "rows", message, "", "")
            )
        # A 主项 without 子项 is itself the item.
        name, main = table.column("name"), table.column("main_item")
        if not (name is None or main is None or all(name.texts)):
            name.texts = [own or above for own, above in zip(name.texts, main.texts, strict=True)]
            name.readings = read_texts(name.texts, fields()["name"])
        if name is not None:
            _point_out_other_items(table, name)
        read.append(table)
    for mapping in others:
        _attach(mapping, read)
    for mapping in (*mains, *others) if read else ():
        read[0].found += _dittos(mapping.table)
        read[0].found += _hidden(mapping.table)
    return read


def _point_out_other_items(table: ReadTable, name: ReadColumn) -> None:
    """Leave cells unread that only name another item of the table (同结婚登记, 与教师资格认定相同)."""
    names = {folded(text) for text in name.texts if text}
    for column in table.columns:
        referring = {
            text
            for text in set(column.texts if column is not name else ())
            if text[:1] in _REFERRING and (found := _SAME_AS.fullmatch(text)) and folded(found[1]) in names
        }
        for index, text in enumerate(column.texts if referring else ()):
            if text in referring:
                said = f"“{text[:40]}”指的是别处的内容，没有照填，按没有填读"
                column.readings[index] = ParsedText(None, (CellRemark(DOUBT, "filled", said, "请写出内容"),), kept=text)


_REFERRING = frozenset("同与见按参比")
_SAME_AS = re.compile(
    r"(?:同|与|见|按|参照|参见|比照|按照)[“\"《「]?(.{2,60}?)[”\"》」]?(?:事项)?(?:相同|一致|一样)?[。.]?"
)


def split_together(root: str, table: ReadTable, units: Mapping[int, str]) -> None:
    """Split lists that stand side by side in cells (甲费；乙费 beside 1元；2元) into rows, where they count alike."""
    document = fields()[root].element.rows  # type: ignore[union-attr]
    assert document is not None
    first = elements(document)[0].name
    by_target = {column.target: column for column in reversed(table.columns)}
    whole = by_target.get(root) or by_target.get(f"{root}.{first}")
    parts = [c for c in table.columns if c.target.startswith(f"{root}.") and c is not whole]
    if whole is None or not parts:
        return
    if whole.target != root and any(len(pieces(text)) > 1 for text in whole.texts):
        listed = {
            text: [document.model_validate({first: piece[:300]}) for piece in pieces(text)] for text in whole.texts
        }
        read = zip(whole.texts, whole.readings, strict=True)
        whole.target = root
        whole.readings = [each._replace(value=listed[text] or None) if each.value else each for text, each in read]
    for index, reading in enumerate(whole.readings):
        rows = reading.value
        if not isinstance(rows, list) or not rows:
            continue
        for column in parts:
            field, unit = fields()[column.target], units.get(column.column, "")
            said = [piece for piece in re.split(r"[;\uff1b\n]", column.texts[index]) if piece.strip()]
            if len(said) != len(rows):
                said = pieces(column.texts[index])
            if len(said) != len(rows):
                said = numbered_as(column.texts[index], len(rows)) or said
            if len(said) < 2 or (len(rows) == 1 and field.leaf and field.leaf.kind == "text"):
                continue
            if len(said) != len(rows):
                message = f"这里写了{len(said)}项，“{whole.header}”是{len(rows)}项，对不上，原文留在导入记录里"
                remark = CellRemark(DOUBT, "layout", message, "请一项对一项地写")
                column.readings[index] = ParsedText(None, (remark,), kept=column.texts[index])
                continue
            told = [read_text(piece.strip(), field, unit) for piece in said]
            name = column.target.partition(".")[2]
            rows = [
                row if each.value is None else row.model_copy(update={name: each.value})
                for row, each in zip(rows, told, strict=True)
            ]
            kept = "\n".join(each.kept for each in told if each.kept)
            more = tuple(pair for each in told for pair in each.more)
            column.readings[index] = ParsedText(None, tuple(r for each in told for r in each.remarks), kept, more)
        whole.readings[index] = reading._replace(value=rows)


def _of_group(texts: Sequence[str], group: Sequence[int], choice: ColumnMatch) -> str:
    """Return what an item's rows say in a column that is no list, with all that differs where it is only kept."""
    said = list(dict.fromkeys(text for row in group if (text := texts[row])))
    return "\n".join(said) if choice.target in (KEEP, "notes") else next(iter(said), "")


def _in_rows(mapping: TableMapping, into: ReadTable, root: str, groups: Sequence[Sequence[int]]) -> ReadColumn:
    """Read a table of the guide (materials, steps …) that an item's rows hold, as one column of tables."""
    table, chosen = mapping.table, listed_columns(mapping)[root]
    document = fields()[root].element.rows  # type: ignore[union-attr]
    assert document is not None
    readings, places, said = [], {}, []
    for index, group in enumerate(groups):
        lines = (" ".join(table.rows[row][c.column - table.left] for c in chosen) for row in group)
        said.append("\n".join(line.replace("\n", " ") for line in lines))
        made: list[BaseModel] = []
        numbers: list[int] = []
        seen: set[tuple[str, ...]] = set()
        kept: list[str] = []
        more: JsonObject = {}
        for row in group:
            texts = tuple(
                ""
                if row != group[0] and (row, c.column - table.left) in table.filled
                else table.rows[row][c.column - table.left]
                for c in chosen
            )
            if texts in seen or not any(texts):
                continue
            seen.add(texts)
            values: JsonObject = {}
            for choice, text in zip(chosen, texts, strict=True):
                if not text:
                    continue
                reading = read_text(text, mapping.known_fields[choice.target], choice.unit)
                problems = (
                    CellProblem(table.sheet, table.numbers[row], choice.column, *remark, text)
                    for remark in reading.remarks
                )
                into.found += problems
                put_value(values, choice.target, reading.value)
                more |= dict(reading.more)
                kept += [f"{choice.header}:{reading.kept}"] if reading.kept else []
            read = values.get(root) or []
            rows = [document.model_validate(read)] if isinstance(read, dict) else read
            made += rows
            numbers += [table.numbers[row]] * len(rows)
        places[index] = numbers[:ROWS_AT_MOST]
        readings.append(ParsedText(made[:ROWS_AT_MOST] or None, kept="\n".join(kept), more=tuple(more.items())))
    columns = {
        f".{c.target.partition('.')[2] or each}": c.column
        for c in chosen
        for each in document.model_fields
        if "." in c.target or each in _TOLD_BY_ONE_CELL
    }
    return ReadColumn(
        root,
        "、".join(choice.header for choice in chosen),
        table.sheet,
        chosen[0].column,
        [rows_text(reading.value) for reading in readings],
        into.numbers,
        readings,
        detail=DetailPlaces(places, columns),
        said=said,
    )


_TOLD_BY_ONE_CELL = ("name", "text", "title", "doc_no", "articles", "standard", "address", "question", "answer")


def _hidden(table: DetectedTable) -> Iterator[CellProblem]:
    """Say what of a table is hidden, and whether it was read."""
    header = table.header_rows[-1] if table.header_rows else 0
    said = "照样读了" if table.reads_hidden else "没有读；要读请勾选“读隐藏的行”"
    for count, why in (
        (table.hidden_rows - table.faded_rows, "是隐藏的，或被筛选掉了"),
        (table.faded_rows, "整行划掉了，或字与底色同色"),
    ):
        if count:
            message = f"有{count}行{why}，{said}"
            yield CellProblem(table.sheet, header, table.left, NOTE, "hidden", message, "", "")
    if cells := table.faded_cells:
        names = "、".join(cell_name(*cell) for cell in cells[:10]) + (" 等" if len(cells) > 10 else "")
        message = f"有{len(cells)}格的字划掉了，或与底色同色，照样读了，请核对：{names}"
        yield CellProblem(table.sheet, *cells[0], DOUBT, "hidden", message, "", "")
    if table.faded_parts:
        first, parts = next(iter(table.faded_parts)), list(table.faded_parts.items())
        names = "、".join(f"{cell_name(*cell)}的“{text[:20]}”" for cell, text in parts[:10])
        message = f"有{len(parts)}格里一部分字划掉了，或与底色同色，这部分没有读，请核对：{names}" + (
            " 等" if len(parts) > 10 else ""
        )
        yield CellProblem(table.sheet, *first, DOUBT, "hidden", message, "", "")
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
        row = table.header_rows[-1] if table.header_rows else 0
        into.found.append(CellProblem(table.sheet, row, choice.column, DOUBT, "filled", message, "", choice.header))
    return filled


def _readings_of(texts: Sequence[str], choice: ColumnMatch, known: Mapping[str, Field]) -> list[ParsedText]:
    target = choice.target
    if target == KEEP or target == "main_item":
        kept = {text: _kept(text) for text in set(texts)}
        return list(map(kept.__getitem__, texts))
    chosen = fields()["name"] if target == "name" else None if target in ITEM_FIELDS else known[target]
    return read_texts(texts, chosen, choice.unit)


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
        at = {i: (rows[0], choice.column - mapping.table.left) for i, rows in rows_of.items()}
        column.places = {i: mapping.table.places[place] for i, place in at.items() if place in mapping.table.places}
        column.readings = _readings_of(texts, choice, known)
        main.columns.append(column)


def _detail(mapping: TableMapping, main: ReadTable, rows_of: dict[int, list[int]]) -> ReadColumn:
    """Read all rows of a detail sheet as one column of tables (item → [Material, Material …])."""
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
    lines = {i: [" ".join(mapping.table.rows[row]).replace("\n", " ") for row in rows] for i, rows in rows_of.items()}
    said = ["\n".join(lines.get(i, ())) for i in range(len(main))]
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
        said=said,
    )


def _detail_row(
    mapping: TableMapping, known: Mapping[str, Field], document: type[BaseModel], row: int, main: ReadTable
) -> tuple[BaseModel | None, str]:
    values: JsonObject = {}
    kept: list[str] = []
    for choice in mapping.choices:
        text = mapping.table.rows[row][choice.column - mapping.table.left]
        if not text or choice.target in KEYS or choice.target == IGNORE:
            continue
        beside = mapping.column_of(f"{choice.target}.unit") if choice.target else None
        unit = (mapping.table.rows[row][beside.column - mapping.table.left] if beside else "") or choice.unit
        reading = _kept(text) if choice.target == KEEP else read_text(text, known[choice.target], unit)
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
