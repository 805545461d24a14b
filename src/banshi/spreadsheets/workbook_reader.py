"""From a file's bytes to sheets of text. Everything that can be wrong with a file is said here, in Chinese.

What a file is, its bytes say, not its name. Workbooks are read apart (see `capped_process`), CSV and JSON here.
"""

import csv
import io
import json
import pickle
import re
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

from banshi.core.capped_process import SECONDS_AT_MOST, run_capped
from banshi.core.crypto import digest
from banshi.core.errors import BadInput
from banshi.core.gc_pause import uncollected
from banshi.core.json_types import JsonObject
from banshi.core.text_decoding import is_likely_chinese, undecoded
from banshi.spreadsheets.cells import text_of, unguarded, without_markup
from banshi.spreadsheets.reader_process import CELLS_AT_MOST, ROWS_AT_MOST

BYTES_AT_MOST = 50 * 2**20
UNPACKED_AT_MOST = 1_200 * 2**20
RATIO_AT_MOST = 400
"""Real workbooks unpack to 5-30 times their size; the most even text can (deflate) is 1,032."""
COLUMNS_AT_MOST = 16_384

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SPLIT = "请按单位或按类别拆成几个文件，每个不超过 300,000 行，分别导入。"
SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”后再导入。"


@dataclass(frozen=True)
class SourceSheet:
    """One sheet.

    `rows` may be ragged. `top`, `left` say where its first cell stands. Merges are absolute, inclusive, and so are
    hidden rows and columns, and cells that are faded: struck through, or of the colour of their ground.
    """

    name: str
    rows: list[list[str]]
    top: int = 0
    left: int = 0
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    faded: frozenset[tuple[int, int]] = frozenset()
    faded_parts: dict[tuple[int, int], str] = field(default_factory=dict)
    """What is faded of a cell that has more to it. It is left out of the cell's text."""

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    @cached_property
    def faded_rows(self) -> frozenset[int]:
        """Rows all of whose texts are faded, but perhaps a number of the row."""
        there = range(self.top, self.top + len(self.rows))
        return frozenset(row for row in {row for row, _ in self.faded} if row in there and self._is_faded(row))

    def _is_faded(self, row: int) -> bool:
        texts = {column + self.left: text for column, text in enumerate(self.rows[row - self.top]) if text}
        left = [text for column, text in texts.items() if (row, column) not in self.faded]
        return len(left) < len(texts) and (not left or (len(left) == 1 and len(texts) > 2 and left[0].isdigit()))

    @cached_property
    def unseen_rows(self) -> frozenset[int]:
        return self.hidden_rows | self.faded_rows


@dataclass(frozen=True)
class SourceWorkbook:
    """A file read. `knows_merges`: the format records merged cells. Where it does not, blanks may stand for them."""

    name: str
    digest: str
    format: str
    sheets: list[SourceSheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    knows_merges: bool = False
    document: Any = None


def read_file(path: Path, *, name: str = "") -> SourceWorkbook:
    """Read the spreadsheet (or JSON) at `path`.

    Raises BadInput with what to do, and nothing else.
    """
    name = name or path.name
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= BYTES_AT_MOST else b""
    except OSError as error:
        raise BadInput("打不开这个文件", where=name, remedy="请检查文件是否存在、是否有权限读取。") from error
    if size > BYTES_AT_MOST:
        raise BadInput(f"文件有 {size // 2**20} MB，超过 50 MB", where=name, remedy=SPLIT)
    return read_bytes(data, name=name, path=path)


def read_bytes(data: bytes, *, name: str, path: Path | None = None) -> SourceWorkbook:
    """Read a workbook from bytes in hand, as `read_file` does."""
    if not data.strip(b"\x00 \r\n\t"):
        raise BadInput("文件是空的", where=name, remedy="请检查上传的是不是填好的那一份。")
    if len(data) > BYTES_AT_MOST:
        raise BadInput(f"文件有 {len(data) // 2**20} MB，超过 50 MB", where=name, remedy=SPLIT)
    if data.startswith(ZIP):
        return _read_workbook(data, name, path, _zip_kind(data, name))
    if data.startswith(OLE):
        head = data[: 4 * 2**20]
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _encrypted(name)
        if "WordDocument".encode("utf-16-le") in head and "SourceWorkbook".encode("utf-16-le") not in head:
            raise BadInput(
                "这是 Word 文件，不是表格", where=name, remedy="请把其中的表格复制到 Excel 里，存为 .xlsx 再导入。"
            )
        return _read_workbook(data, name, path, "xls")
    for magic, words in _OTHER_TYPES:
        if data.startswith(magic):
            raise BadInput(f"这是{words}，不是表格", where=name, remedy="能导入的有 xlsx、xls、ods、csv 和 json。")
    start = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml")):
        raise BadInput("这是网页或 XML，不是表格（有的系统导出的 .xls 其实是网页）", where=name, remedy=SAVE_AGAIN)
    # UTF-8 (with or without mark), UTF-16, else GB18030, which every older Chinese office program writes.
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _try(data, ("utf-16",), name)
    elif b"\x00" in data[:200]:
        little = data[1:200:2].count(0) >= data[0:200:2].count(0)
        text = _try(data, ("utf-16-le" if little else "utf-16-be",), name)
    else:
        text = _try(data, ("utf-8-sig", "gb18030"), name)
    if text.lstrip("\ufeff \r\n\t")[:1] in ("[", "{"):
        try:
            document = _plain(json.loads(text.lstrip("\ufeff"), parse_constant=str))
        except (ValueError, RecursionError) as error:
            line = f"第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) else ""
            raise BadInput(f"JSON 格式有误 {line}".strip(), where=name, remedy="请检查文件是否完整。") from error
        return SourceWorkbook(name, digest(data), "json", document=document)
    return SourceWorkbook(name, digest(data), "csv", sheets=[SourceSheet(Path(name).stem or "表", _csv(text, name))])


# What the bytes are


def _zip_kind(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            declared = sum(entry.file_size for entry in entries)
            packed = sum(entry.compress_size for entry in entries)
            too_large = declared > UNPACKED_AT_MOST or (
                declared > 64 * 2**20 and declared > RATIO_AT_MOST * max(packed, 1)
            )
            if too_large or len(entries) > 10_000:
                raise _bomb(name, declared)
            if len(data) * 1_032 > UNPACKED_AT_MOST:
                _measure(entries, data, name)
            kind = _kind_of_entries({entry.filename for entry in entries}, archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise BadInput("文件已损坏，读不出来", where=name, remedy=SAVE_AGAIN) from error
    if not kind:
        raise BadInput("这不是表格文件（是压缩包）", where=name, remedy="请解压后导入其中的表格。")
    if kind in ("docx", "pptx", "odt"):
        raise BadInput(
            "这是 Word 或演示文稿，不是表格", where=name, remedy="请把其中的表格复制到 Excel 里，存为 .xlsx 再导入。"
        )
    return kind


def _kind_of_entries(names: set[str], archive: zipfile.ZipFile) -> str:
    if "mimetype" in names:
        with archive.open("mimetype") as file:
            declared = file.read(100)
        return "ods" if b"opendocument.spreadsheet" in declared else "odt"
    for marker, kind in (("xl/workbook.bin", "xlsb"), ("word/", "docx"), ("ppt/", "pptx")):
        if any(each.startswith(marker) for each in names):
            return kind
    return "xlsx" if any(each.lower().replace("\\", "/").startswith("xl/") for each in names) else ""


def _measure(entries: list[zipfile.ZipInfo], data: bytes, name: str) -> None:
    """Unpack without keeping: a lying header can't hide how large an entry really is."""
    total = 0
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            continue
        local_lengths = (
            int.from_bytes(data[entry.header_offset + 26 : entry.header_offset + 28], "little"),
            int.from_bytes(data[entry.header_offset + 28 : entry.header_offset + 30], "little"),
        )
        start = entry.header_offset + 30 + sum(local_lengths)
        unpacker, rest = zlib.decompressobj(-15), data[start : start + entry.compress_size]
        while rest and not unpacker.eof:
            total += len(unpacker.decompress(rest, 1 << 20))
            rest = unpacker.unconsumed_tail
            if total > UNPACKED_AT_MOST:
                raise _bomb(name, total)


def _bomb(name: str, size: int) -> BadInput:
    return BadInput(
        f"文件解开后有 {size // 2**20:,} MB，大得不像一张表格，没有打开它",
        where=name,
        remedy="请检查文件来源；确是正常表格的，" + SPLIT,
    )


def _encrypted(name: str) -> BadInput:
    return BadInput(
        "文件设有打开密码，读不出来",
        where=name,
        remedy="请在 Excel 或 WPS 里打开，在“文件—信息—保护工作簿”里去掉密码，保存后再导入。",
    )


_OTHER_TYPES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "图片(PNG)"),
    (b"\xff\xd8\xff", "图片(JPEG)"),
    (b"GIF8", "图片(GIF)"),
    (b"Rar!", "压缩包(RAR)"),
    (b"7z\xbc\xaf", "压缩包(7z)"),
    (b"\x1f\x8b", "压缩包(gzip)"),
    (b"{\\rtf", "RTF 文档"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"SQLite format 3", "数据库"),
)


# Workbooks


def _read_workbook(data: bytes, name: str, path: Path | None, kind: str) -> SourceWorkbook:
    found = _apart(data, name, path, kind)
    if error := found.get("error"):
        raise _unreadable(error, found.get("detail", ""), name)
    texts = [unguarded(text) if text[:1] in ("=", "'") else text for text in found["texts"]]
    texts = [without_markup(text) if "&" in text or "<" in text else text for text in texts]
    with uncollected():
        sheets = [_sheet(texts, **each) for each in found["sheets"]]
    return SourceWorkbook(name, digest(data), kind, sheets, found["hidden"], knows_merges=True)


def _sheet(texts: list[str], *, cells: Any, width: int, **more: Any) -> SourceSheet:
    rows = [list(map(texts.__getitem__, cells[at : at + width])) for at in range(0, len(cells), width or 1)]
    return SourceSheet(rows=rows, **more)


def _apart(data: bytes, name: str, path: Path | None, kind: str) -> JsonObject:
    with tempfile.TemporaryDirectory(prefix="banshi-sheet-") as folder:
        # The reader goes by the name's ending; the bytes decide it, whatever the file was called.
        copy = Path(folder) / f"book.{kind}"
        copy.write_bytes(data)
        try:
            told = run_capped("banshi.spreadsheets.reader_process", str(copy))
        except TimeoutError as error:
            raise BadInput(f"读了 {SECONDS_AT_MOST // 60} 分钟还没有读完，已停下", where=name, remedy=SPLIT) from error
    if told is None:
        raise BadInput("文件太大或已损坏，读到一半停下了", where=name, remedy=SAVE_AGAIN)
    found: JsonObject = pickle.loads(told)  # noqa: S301 - written by our own process a moment ago
    return found


def _unreadable(error: str, detail: str, name: str) -> BadInput:
    if error == "encrypted":
        return _encrypted(name)
    if error == "rows":
        sheet, _, size = detail.partition("\t")
        rows, _, columns = size.partition("\t")
        said = f"工作表“{sheet}”有 {int(rows):,} 行 × {int(columns):,} 列" if columns else "表格大得内存放不下"
        return BadInput(
            f"{said}，超过一次能导入的 {ROWS_AT_MOST:,} 行（共 {CELLS_AT_MOST:,} 格）", where=name, remedy=SPLIT
        )
    return BadInput("文件已损坏，读不出来", where=name, remedy=SAVE_AGAIN)


# CSV and JSON


def _try(data: bytes, encodings: Iterable[str], name: str) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Hardly any control or private-use characters: random bytes decode as GB18030, but not to words.
        sample = text[:20_000]
        odd = sum(1 for c in sample if (c < " " and c not in "\r\n\t") or "\ue000" <= c <= "\uf8ff" or c == "\ufffd")
        if odd <= len(sample) // 100 and (encoding != "gb18030" or is_likely_chinese(sample)):
            return text
    said, _, remedy = undecoded(data).partition("。")
    raise BadInput(
        f"{said}，或者不是表格", where=name, remedy=f"{remedy}；或另存为“CSV UTF-8(逗号分隔)”、.xlsx 后再导入。"
    )


def _csv(text: str, name: str) -> list[list[str]]:
    text = text.lstrip("\ufeff").rstrip()
    delimiter = _delimiter(text)
    try:
        return _csv_rows(text, delimiter, name)
    except _UnpairedQuote:
        # Blanks between a closing quote and the delimiter are no text: nothing is lost with them.
        plain = re.sub(rf'"[ \t]+(?={re.escape(delimiter)}|[\r\n]|\Z)', '"', text) if delimiter != "\t" else text
        if plain == text:
            raise
        return _csv_rows(plain, delimiter, name)


def _csv_rows(text: str, delimiter: str, name: str) -> list[list[str]]:
    """Read strictly by RFC 4180, so that a stray quote never swallows rows in silence."""
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    spanning: dict[int, int] = {}
    begun, held = 1, 0
    try:
        for row in reader:
            held += len(row)
            if len(rows) >= ROWS_AT_MOST or held > CELLS_AT_MOST or len(row) > COLUMNS_AT_MOST:
                raise BadInput(
                    f"表格超过一次能导入的 {ROWS_AT_MOST:,} 行（共 {CELLS_AT_MOST:,} 格）", where=name, remedy=SPLIT
                )
            if reader.line_num > begun and any(delimiter in cell and "\n" in cell for cell in row):
                spanning[len(rows)] = begun
            rows.append([_cell_of(cell) for cell in row])
            begun = reader.line_num + 1
    except csv.Error as error:
        if "limit" in str(error):
            raise BadInput(f"第{begun}行有一格过长", where=name, remedy=SAVE_AGAIN) from error
        raise _unpaired(begun, name) from error
    for number, line in spanning.items():
        if _swallows_rows(number, rows, delimiter):
            raise _unpaired(line, name)
    return rows


class _UnpairedQuote(BadInput):
    """A quote that is not closed, or closed before the text ends."""


def _unpaired(line: int, name: str) -> BadInput:
    remedy = "请在这一行补上或删去引号（格里要写引号的，写两个）；或另存为 .xlsx 后再导入。"
    return _UnpairedQuote(f"第{line}行的引号没有成对，后面的行都被并到了这一行", where=name, remedy=remedy)


def _swallows_rows(number: int, rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Tell a row with a cell that holds the rows around it from one with a cell of lines and delimiters of its own."""
    row, width = rows[number], Counter(map(len, rows)).most_common(1)[0][0]
    for place, cell in enumerate(row):
        first, *between = [line.split(delimiter) for line in cell.split("\n")]
        if not between or width < 2:
            continue
        last = between.pop()
        fits = place + len(first) == width == len(last) + len(row) - place - 1
        if not fits or any(len(line) != width for line in between):
            continue
        held = [*enumerate(first, place), *enumerate(last)]
        held += [each for line in between for each in enumerate(line)]
        # Lines of so many parts are rows, surely so where a column of theirs says what it says elsewhere.
        others = [other for index, other in enumerate(rows) if index != number and len(other) == width]
        if width > 4 or any(text and any(o[column] == text for o in others) for column, text in held):
            return True
    return False


def _cell_of(cell: str) -> str:
    plain = text_of(unguarded(cell))
    return without_markup(plain) if "&" in plain or "<" in plain else plain


def _delimiter(text: str) -> str:
    """Return the candidate that, outside quotes, cuts the most lines into the same number of cells, the header among them."""
    lines = [line for line in _QUOTED.sub("", text[:20_000]).splitlines() if line.strip()][:30]

    def cells(line: str, mark: str) -> int:
        return sum(bool(cell.strip()) for cell in line.split(mark))

    def steadiness(mark: str) -> int:
        counts = Counter(min(line.count(mark), 50) for line in lines)
        return max((count * times for count, times in counts.items()), default=0)

    # A header of short cells is cut by the delimiter alone; longer texts hold the other marks too.
    header = next((line for line in lines if any(cells(line, mark) > 2 for mark in _DELIMITERS)), "")
    found = [mark for mark in _DELIMITERS if cells(header, mark) > 2]
    return max(found or _DELIMITERS, key=steadiness)


_DELIMITERS = ",\t;|"
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def _plain(value: Any) -> Any:
    """Return the document without signs no text may hold, and without numbers that are none (1e999)."""
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, dict):
        return {text_of(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
