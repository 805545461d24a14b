"""Detection of a sheet's title, header, body and footers, with merged cells spread.

Nothing is guessed silently: every row left out of the body is listed with the reason.
"""

import re
from dataclasses import dataclass, field, replace

from banshi.core.json_types import JsonObject
from banshi.spreadsheets.cells import NARROW, folded, is_ditto
from banshi.spreadsheets.fields import all_headers, known_headers, plain_header, tables
from banshi.spreadsheets.labelled_cells import labelled_parts
from banshi.spreadsheets.workbook_reader import SourceSheet, SourceWorkbook

LOOK_AT = 80
"""A header stands within the first so many rows."""
HEADER_ROWS_AT_MOST = 3
_LISTS = frozenset(element.name for element in tables())
HEADER_LENGTH = 40
HIDDEN = "隐藏或被筛选掉的行，没有读"
FADED = "整行划掉了，或字与底色同色的行，没有读"
OWN_REPORT = ("工作表", "单元格", "程度")
"""How the sheets begin that we put in front of what we hand back."""

_TOTAL = re.compile(r"(?:合计|小计|总计|共计)(?:[:\uff1a].*|\d*项?)?")
_SIGNATURE = re.compile(
    r"(?:填报人|填表人|制表人?|审核人|复核人|经办人|负责人|单位负责人|分管领导|主要领导|联系人|填报日期|填表日期|填报时间"
    r"|报送日期|填报单位|单位\(盖章\)|\(盖章\)|盖章|签字|联系电话)(?:\([^)]*\))?(?:[:_].*|)"
)
_REMARK = re.compile(r"(?:注|备注|说明|填表说明|填报说明)(?:\d*[:\uff1a].*)")
_OWNER_LINE = re.compile(
    r"(?:填报单位|填表单位|报送单位|实施单位|单位名称|单位)(?:\([^)]*\))?[:\uff1a]\s*([^\s:\uff1a]{2,40}?)(?=\s|$|填报|填表|日期|\()"
)
_NUMBERING_ROW = re.compile(r"\(?(\d{1,3}|[甲乙丙丁戊己庚辛壬癸])\)?")
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{1,40}")
_HEADING = re.compile(r"^[(\uff08]?[一二三四五六七八九十百]+[)\uff09]?[、.\uff0e\s]*|^\d{1,3}[、.\uff0e]\s*")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row of the sheet that is no item, and why."""

    row: int
    reason: str
    text: str


@dataclass
class DetectedTable:
    """One table of a sheet. Row and column numbers are the sheet's own, from zero."""

    sheet: str
    header_rows: list[int]
    headers: list[str]
    left: int
    rows: list[list[str]]
    numbers: list[int]
    skipped: list[Skipped] = field(default_factory=list)
    title: str = ""
    owner_line: str = ""
    headings: dict[int, str] = field(default_factory=dict)
    filled: set[tuple[int, int]] = field(default_factory=set)
    dittos: dict[int, list[int]] = field(default_factory=dict)
    """Column → indices of rows in which 同上 was read as the text above."""
    hidden_rows: int = 0
    """So many rows with content are hidden, filtered away or faded. They are left out unless `reads_hidden`."""
    faded_rows: int = 0
    """So many of them are struck through, or of the colour of their ground."""
    faded_cells: list[tuple[int, int]] = field(default_factory=list)
    """Faded cells that were read, by the sheet's own numbers."""
    faded_parts: dict[tuple[int, int], str] = field(default_factory=dict)
    """What of such cells is faded, and was left out."""
    reads_hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    places: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """Where the value of a row and column stands in a sheet that is written downward."""

    @property
    def width(self) -> int:
        return len(self.headers)


def find_tables(book: SourceWorkbook, corrected: JsonObject | None = None) -> list[DetectedTable]:
    """Find the table of each sheet.

    `corrected` may name header rows of a sheet.
    """
    named = {str(each.get("sheet")): each for each in (corrected or {}).get("tables", []) if isinstance(each, dict)}
    found = []
    for sheet in book.sheets:
        if is_report(sheet):
            continue
        given = named.get(sheet.name, {}).get("header_rows", [])
        rows = [int(r) - 1 for r in given if str(r).isdigit() and int(r) > 0]
        read_hidden = bool(named.get(sheet.name, {}).get("read_hidden", (corrected or {}).get("read_hidden")))
        table = None if rows else find_form(sheet, read_hidden) or find_labelled_form(sheet, read_hidden)
        table = table or find_table(sheet, rows or None, read_hidden=read_hidden)
        if table:
            found.append(table)
    return found


FORM_ROWS, FORM_COLUMNS, FORM_LABELS = 400, 40, 4
_INSTRUCTIONS = re.compile(r"填(?:写|表|报)|说明|须知|示例(?!市|省|县|区|州|镇|乡)|样例|模板|要求|(?<![申聘邀])请")


def find_form(sheet: SourceSheet, read_hidden: bool = False) -> DetectedTable | None:
    """Return the items of a sheet written downward, label and value side by side, or None."""
    rows = _full_rows(sheet, FORM_ROWS)
    known = {
        column: [known_headers()[plain] for row in rows if (plain := _label(row[column])) in known_headers()]
        for column in range(min(sheet.width, FORM_COLUMNS))
    }
    written = {column: sum(1 for row in rows if row[column]) for column in known}
    least = {column: 2 if len(known[column]) == written[column] else 3 for column in known}
    labelled = [column for column, targets in known.items() if len(set(targets)) >= least[column]]
    if labelled:
        # Beside it any column that holds hardly anything but labels, each with something at its right.
        for column in range(labelled[0] + 1, len(known)):
            before = max(each for each in labelled if each < column) if column not in labelled else column
            if known[column] and len(known[column]) * 2 >= written[column] and _labels(rows, before, column):
                labelled = sorted({*labelled, column})
    targets = {target for column in labelled for target in known[column]}
    across = max((len(set(map(_label, row)) & all_headers()) for row in rows[:LOOK_AT]), default=0)
    if "name" not in targets or len(targets) < FORM_LABELS or len(targets) <= across + 1:
        return None
    rows = _full_rows(sheet)
    told = _without_instructions(rows, labelled, sheet)
    items = _form_items(rows, labelled, sheet, read_hidden)
    named = [item for item in items if any(known_headers().get(_label(label)) == "name" for label in item)]
    if not named or _INSTRUCTIONS.search(sheet.name):
        return None
    headers = list(dict.fromkeys(label for item in named for label in item))
    name = next(n for n, label in enumerate(headers) if known_headers().get(_label(label)) == "name")
    table = DetectedTable(sheet.name, [], headers, 0, [], [], told, reads_hidden=read_hidden)
    for number, row in enumerate(rows):
        if number + sheet.top in sheet.unseen_rows:
            _is_left_out(table, sheet, number, row)
    for index, item in enumerate(named):
        values = [item.get(label, ("", (-1, -1))) for label in headers]
        if _INSTRUCTIONS.search(values[name][0]) and len(named) == 1:
            return None  # what a form tells of how to fill it in
        table.rows.append([text for text, _ in values])
        table.numbers.append(values[name][1][0])
        table.places |= {(index, column): place for column, (_, place) in enumerate(values)}
    return table


def find_labelled_form(sheet: SourceSheet, read_hidden: bool = False) -> DetectedTable | None:
    """Return the items of a sheet written downward with label and value in one cell, or None."""
    begun = replace(sheet, rows=sheet.rows[:FORM_ROWS])
    cells = (labelled_parts(text) for row in begun.rows for text in row if text)
    if sum(len(parts) for before, parts in cells if not before) < FORM_LABELS:
        return None
    return _labelled_form(begun, read_hidden) and _labelled_form(sheet, read_hidden)


def _labelled_form(sheet: SourceSheet, read_hidden: bool) -> DetectedTable | None:
    rows: list[list[str]] = []
    places: list[tuple[int, int]] = []
    hidden = set()
    labels = 0
    for number, row in enumerate(sheet.rows):
        filled = [(column, text) for column, text in enumerate(row) if text]
        while filled:
            column, text = filled.pop(0)
            before, parts = labelled_parts(text)
            if parts and not before:
                labels += len(parts)
                made = [[part.title, part.text] for part in parts]
            elif filled and plain_header(text.rstrip(":：")) in known_headers():
                made, column = [[text, filled[0][1]]], filled.pop(0)[0]
            else:
                made = [["", text] if labels else [text, ""]]
            if number + sheet.top in sheet.unseen_rows:
                hidden |= set(range(len(rows), len(rows) + len(made)))
            rows += made
            places += [(number + sheet.top, column + sheet.left)] * len(made)
    if labels < FORM_LABELS:
        return None
    apart = SourceSheet(sheet.name, rows, hidden_rows=frozenset(hidden), hidden_columns=sheet.hidden_columns)
    table = find_form(apart, read_hidden)
    if table is None:
        return None
    table.numbers = [places[number][0] for number in table.numbers]
    table.skipped = [replace(each, row=places[each.row][0]) for each in table.skipped]
    table.hidden_rows = len({places[row][0] for row in hidden})
    table.places = {cell: places[row] if row >= 0 else (-1, -1) for cell, (row, _) in table.places.items()}
    return table


def _full_rows(sheet: SourceSheet, most: int | None = None) -> list[list[str]]:
    width = sheet.width
    return [[*row, *[""] * (width - len(row))] for row in sheet.rows[:most]]


def _label(text: str) -> str:
    return plain_header(text.rstrip(":\uff1a")) if 0 < len(text) <= 20 else ""


def _labels(rows: list[list[str]], before: int, column: int) -> bool:
    """Tell a column of labels from one of values of the labels `before` that are called like some (其他, 网上办理)."""
    named = [row for row in rows if _label(row[column]) in known_headers()]
    return all(any(row[column + 1 :]) and (not row[before] or any(row[before + 1 : column])) for row in named)


_ABOUT_FILLING_IN = re.compile(r"(?:填写|填表|填报)?(?:说明|要求|须知|示例|注意事项|备注)|怎么填|如何填写")


def _without_instructions(rows: list[list[str]], labelled: list[int], sheet: SourceSheet) -> list[Skipped]:
    """Blank the columns beside the values that tell how to fill them in, and list what they say."""
    told = []
    for column in range(labelled[0] + 1, sheet.width):
        texts = [(number, row[column]) for number, row in enumerate(rows) if row[column]]
        if column in labelled or not texts or not _ABOUT_FILLING_IN.fullmatch(texts[0][1]):
            continue
        told.append(Skipped(texts[0][0] + sheet.top, "填写说明", " ".join(text for _, text in texts)[:200]))
        for row in rows:
            row[column] = ""
    return told


_FormItem = dict[str, tuple[str, tuple[int, int]]]


def _form_items(rows: list[list[str]], labelled: list[int], sheet: SourceSheet, read_hidden: bool) -> list[_FormItem]:
    """Collect value and place of each label, for each item, whether below one another or in columns of their own."""
    lanes: dict[int, list[_FormItem]] = {}
    last: dict[int, str] = {}
    columns = _item_columns(rows, labelled)
    if len(columns) > 1:
        rows = _spread(sheet, range(len(rows)))
    for number, row in enumerate(rows):
        if number + sheet.top in sheet.unseen_rows and not read_hidden:
            continue
        for column, end in zip(labelled, [*labelled[1:], len(row)], strict=True):
            values = [place for place in range(column + 1, end) if row[place] and row[place] != row[column]]
            if label := row[column] if len(row[column]) <= 20 else "":
                last[column] = label
            elif not row[column] and values and column in last:
                label = last[column]  # a value that goes on under its label
            for place in values if label else ():
                if len(columns) > 1 and place not in columns:
                    continue
                lane = lanes.setdefault(place if len(columns) > 1 else 0, [{}])
                if label in lane[-1] and row[column] and known_headers().get(_label(label)) == "name":
                    lane.append({})
                text, at = lane[-1].get(label, ("", (number + sheet.top, place + sheet.left)))
                joint = " " if place != values[0] and len(columns) < 2 else "\n"
                lane[-1][label] = (f"{text}{joint}{row[place]}" if text else row[place], at)
    return [item for place in sorted(lanes) for item in lanes[place]]


def _item_columns(rows: list[list[str]], labelled: list[int]) -> list[int]:
    """Return the columns that hold an item each, under several names in the row of names."""
    if len(labelled) > 1:
        return []
    names = (row for row in rows if known_headers().get(_label(row[labelled[0]])) == "name")
    found = [[place for place in range(labelled[0] + 1, len(row)) if row[place]] for row in names]
    return max(found, key=len, default=[])


def is_report(sheet: SourceSheet) -> bool:
    """Tell a list of findings that an earlier check or import put into the workbook."""
    return bool(sheet.rows) and tuple(sheet.rows[0][:3]) == OWN_REPORT


def find_table(
    sheet: SourceSheet, header_rows: list[int] | None = None, *, read_hidden: bool = False
) -> DetectedTable | None:
    """Return the table of a sheet, or None.

    `header_rows` (the sheet's own row numbers) corrects the choice.
    """
    rows = _spread(sheet, range(min(len(sheet.rows), LOOK_AT + HEADER_ROWS_AT_MOST)))
    chosen = [r - sheet.top for r in header_rows] if header_rows else _header_rows(sheet, rows)
    chosen = [r for r in chosen if 0 <= r < len(sheet.rows)]
    if not chosen:
        return None
    # One title per column: 实施单位·单位代码. Without merges a group's title is carried to the blanks at its right.
    rows = rows if chosen[-1] < len(rows) else _spread(sheet, range(chosen[-1] + 1))
    stacked = [_carried(rows[r], rows[chosen[-1]] if r != chosen[-1] else None) for r in chosen]
    headers = []
    for column in range(sheet.width):
        parts = list(dict.fromkeys(" ".join(level[column].split()) for level in stacked if level[column]))
        headers.append("·".join(parts))
    table = DetectedTable(sheet.name, [r + sheet.top for r in chosen], headers, sheet.left, [], [])
    table.reads_hidden, table.hidden_columns = read_hidden, sheet.hidden_columns
    for number, row in enumerate(sheet.rows[: chosen[0]]):
        text = " ".join(cell for cell in row if cell)
        if not text:
            continue
        table.title = table.title or text
        if found := _OWNER_LINE.search(text.translate(NARROW)):
            table.owner_line = found[1]
        table.skipped.append(Skipped(number + sheet.top, "标题或说明", text[:200]))
    start = chosen[-1] + 1
    merged = [m for m in sheet.merges if m[1][0] >= start + sheet.top]
    whole = {top for (top, left), (bottom, right) in merged if right - left + 1 >= max(2, table.width - 1)}
    reached = {row for (top, left), (bottom, right) in merged if left == right for row in range(top + 1, bottom + 1)}
    listed = {
        column
        for column, header in enumerate(headers)
        if known_headers().get(_label(header.split("·")[-1]), "").partition(".")[0] in _LISTS
    }
    header, width, unseen = folded("".join(table.headers)), table.width, sheet.unseen_rows
    for number in range(start, len(sheet.rows)):
        row = sheet.rows[number]
        if number + sheet.top in unseen and _is_left_out(table, sheet, number, row):
            continue
        reason = _reason_to_skip(row, number == start, number + sheet.top in whole, header, width)
        alone = next((column for column, text in enumerate(row) if text), -1)
        if reason == "小标题" and (number + sheet.top in reached or (alone in listed and alone > 0)):
            reason = ""  # a row whose other cells are merged with those above, or one more material of the item above
        if reason:
            if reason != "空行":
                text = " ".join(cell for cell in row if cell)
                if reason == "小标题":
                    table.headings[len(table.rows)] = _HEADING.sub("", text).strip()
                table.skipped.append(Skipped(number + sheet.top, reason, text[:200]))
            continue
        table.rows.append(row if len(row) == width else (row + [""] * width)[:width])
        table.numbers.append(number + sheet.top)
    read = set(table.numbers)
    table.faded_cells = sorted(cell for cell in sheet.faded if cell[0] in read and cell[0] not in sheet.faded_rows)
    header_and_rows = read | set(table.header_rows)
    table.faded_parts = {cell: text for cell, text in sorted(sheet.faded_parts.items()) if cell[0] in header_and_rows}
    if merged:
        place = {number: index for index, number in enumerate(table.numbers)}
        for (top, left), (bottom, right) in merged:
            text = _cell(sheet, top - sheet.top, left - sheet.left)
            left = left - sheet.left
            right = min(right - sheet.left, table.width - 1)
            cells = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            for number, column in cells:
                index = place.get(number)
                if text and index is not None and not table.rows[index][column]:
                    if table.rows[index] is sheet.rows[number - sheet.top]:
                        table.rows[index] = list(table.rows[index])  # the sheet stays as it was read
                    table.rows[index][column] = text
                    table.filled.add((index, column))
    dittos = {text for text in set().union(*table.rows) if is_ditto(text)}
    for index in range(1, len(table.rows)) if dittos else ():
        if not dittos.isdisjoint(table.rows[index]):
            above, row = table.rows[index - 1], list(table.rows[index])
            for column, text in enumerate(row):
                if text in dittos and above[column] and above[column] not in dittos:
                    row[column] = above[column]
                    table.dittos.setdefault(column, []).append(index)
            table.rows[index] = row
    return table


def _is_left_out(table: DetectedTable, sheet: SourceSheet, number: int, row: list[str]) -> bool:
    """Count a row that is hidden or faded, and tell whether it is left out."""
    if not any(row):
        return False
    faded = number + sheet.top not in sheet.hidden_rows
    table.hidden_rows += 1
    table.faded_rows += faded
    if not table.reads_hidden:
        text = " ".join(cell for cell in row if cell)
        table.skipped.append(Skipped(number + sheet.top, FADED if faded else HIDDEN, text[:200]))
    return not table.reads_hidden


# Header


def _spread(sheet: SourceSheet, wanted: range) -> list[list[str]]:
    """Pad the wanted rows to full width, and fill each merged range with its first cell's text."""
    width = sheet.width
    rows = [row + [""] * (width - len(row)) for row in sheet.rows[wanted.start : wanted.stop]]
    for (top, left), (bottom, right) in sheet.merges:
        first, last = max(top - sheet.top, wanted.start), min(bottom - sheet.top, wanted.stop - 1)
        text = _cell(sheet, top - sheet.top, left - sheet.left)
        for r in range(first, last + 1):
            for c in range(left - sheet.left, min(right - sheet.left, width - 1) + 1):
                rows[r - wanted.start][c] = text
    return rows


def _cell(sheet: SourceSheet, row: int, column: int) -> str:
    return sheet.rows[row][column] if 0 <= row < len(sheet.rows) and 0 <= column < len(sheet.rows[row]) else ""


def _header_rows(sheet: SourceSheet, rows: list[list[str]]) -> list[int]:
    """Find the row with the most known headers, and those that belong to it above (group titles) and below."""
    titles = [[plain_header(text) if len(text) <= HEADER_LENGTH else "" for text in row] for row in rows]
    scores = []
    for row, plain in zip(rows[:LOOK_AT], titles, strict=False):
        longest = max(map(len, row), default=0)
        scores.append(len(set(plain) & all_headers()) - (0.5 if longest > HEADER_LENGTH else 0))
    best = max(range(len(scores)), key=lambda r: (scores[r], -r), default=None)
    if best is None or scores[best] < 2:
        return []
    chosen = [best]
    while chosen[0] > 0 and len(chosen) < HEADER_ROWS_AT_MOST and _is_group_row(sheet, rows, chosen[0] - 1):
        chosen.insert(0, chosen[0] - 1)
    while len(chosen) < HEADER_ROWS_AT_MOST and chosen[-1] + 1 < len(rows) and _goes_on(sheet, rows, titles, chosen):
        chosen.append(chosen[-1] + 1)
    return chosen


def _is_group_row(sheet: SourceSheet, rows: list[list[str]], row: int) -> bool:
    """Tell whether a row above groups columns, some of its merged cells reaching into the row below."""
    below = row + 1 + sheet.top
    if any(
        top == row + sheet.top and bottom >= below and left != right for (top, left), (bottom, right) in sheet.merges
    ):
        return False
    return any(top == row + sheet.top and bottom == below for (top, _), (bottom, _) in sheet.merges)


def _goes_on(sheet: SourceSheet, rows: list[list[str]], titles: list[list[str]], chosen: list[int]) -> bool:
    """Tell whether the header goes on in the next row."""
    # Merged cells say so. Without them, a row of short titles under blanks.
    last, following = chosen[-1], chosen[-1] + 1
    tall = any(top <= last + sheet.top < bottom for (top, _), (bottom, _) in sheet.merges if top - sheet.top in chosen)
    if tall:
        return True
    if sheet.merges and any(top == last + sheet.top and left != right for (top, left), (_, right) in sheet.merges):
        return _looks_like_subtitles(rows[following])
    above, below = rows[last], rows[following]
    under_blank = any(b and not a for a, b in zip(above, below, strict=True))
    columns = zip(titles[last], below, strict=True)
    under_name = next((text for title, text in columns if known_headers().get(title) == "name"), "?")
    return under_blank and _looks_like_subtitles(below) and under_name == ""


def _looks_like_subtitles(row: list[str]) -> bool:
    texts = [text for text in row if text]
    return bool(texts) and all(len(text) <= 15 and not text.isdigit() for text in texts)


def _carried(row: list[str], below: list[str] | None) -> list[str]:
    if below is None:
        return row
    carried, last = [], ""
    for text, under in zip(row, below, strict=True):
        last = text or (last if under else "")
        carried.append(last)
    return carried


# Above and within


def _reason_to_skip(row: list[str], first: bool, whole: bool, header: str, width: int) -> str:
    """Say why a row is no item, or ""."""
    # Most rows are decided by how many of their cells are filled.
    blanks = row.count("")
    filled = len(row) - blanks
    if filled == 0:
        return "空行"
    if filled > 6 and not first:
        return "重复的表头" if row[0] and row[0] in header[:60] and _is_header_again(row, header) else ""
    texts = [text for text in row if text]
    if _is_header_again(row, header):
        return "重复的表头"
    if first and (
        len(texts) >= 3
        and all(_NUMBERING_ROW.fullmatch(folded(text)) for text in texts)
        and len(set(texts)) == len(texts)
    ):
        return "栏号行"
    if first and len(texts) >= 3 and all(_FIELD_NAME.fullmatch(text) for text in texts):
        return "字段名行"
    plain = [folded(text) for text in texts]
    if any(_TOTAL.fullmatch(text) for text in plain[:3]) and len(plain) <= max(3, width // 2):
        footer = "合计行"
    else:
        signed = sum(1 for text in plain if _SIGNATURE.fullmatch(text))
        if signed and signed * 2 >= len(plain):
            footer = "填报人等落款"
        else:
            footer = "表下说明" if _REMARK.match(plain[0]) and len(plain) <= 2 else ""
    if reason := footer:
        return reason
    if (whole or filled == 1) and width >= 4 and len(texts[0]) <= HEADER_LENGTH and not texts[0].isdigit():
        return "小标题"
    return ""


def _is_header_again(row: list[str], header: str) -> bool:
    texts = [folded(text) for text in row if text]
    return len(texts) >= 2 and all(len(text) <= HEADER_LENGTH and text in header for text in texts)
