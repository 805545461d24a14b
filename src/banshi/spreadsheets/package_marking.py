"""Marks put into the user's own workbook by editing its package: `python -m banshi.spreadsheets.package_marking`.

Only what carries a mark is rewritten (cell styles, comments, the report's sheet); every other part keeps its bytes.
"""

import copy
import io
import pickle
import posixpath
import re
import sys
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from banshi.core.capped_process import cap_memory
from banshi.core.file_types import TYPES
from banshi.spreadsheets.cells import cell_name, column_index, column_letter, is_formula
from banshi.spreadsheets.marks import AUTHOR, FILLS, Mark, ReportSheet

DIVIDER = "――办事检查――"
"""Between a person's comment and ours, which the next marking replaces."""
SOLVED = "【已改】上次标出的问题，这次没有再发现。"
SHEET_AT_MOST, PART_AT_MOST = 400 * 2**20, 64 * 2**20
"""Parts larger than these are not opened (a workbook of three million styles is no table anybody made)."""
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OFFICE = TYPES["xlsx"].media_type.removesuffix("sheet")
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": True}
_AFTER_LEGACY_DRAWING = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_STYLE_PARTS = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst",
)  # fmt: skip


class CannotMark(Exception):
    """The package is not as the marking knows it."""


class _Package:
    """A zip of parts, each by its name without case, leading slash or backslashes."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.entries = {self._plain(entry.filename): entry for entry in self.archive.infolist()}
        self.names = {name.lower(): name for name in self.entries}
        self.written: dict[str, bytes] = {}
        self.dropped: set[str] = set()

    @staticmethod
    def _plain(name: str) -> str:
        return posixpath.normpath(name.replace("\\", "/").lstrip("/"))

    def has(self, part: str) -> bool:
        return part.lower() in self.names

    def read(self, part: str, at_most: int = PART_AT_MOST) -> bytes:
        name = self.names.get(part.lower(), part)
        if name in self.written:
            return self.written[name]
        if name not in self.entries:
            raise CannotMark(f"no part {part}")
        if self.entries[name].file_size > at_most:
            raise CannotMark(f"{part} is too large")
        with self.archive.open(self.entries[name]) as file:
            return file.read(at_most + 1)

    def tree(self, part: str, at_most: int = PART_AT_MOST) -> Any:
        return etree.fromstring(self.read(part, at_most), etree.XMLParser(**_PARSER))

    def write(self, part: str, content: bytes | Any) -> None:
        name = self.names.setdefault(part.lower(), part)
        if not isinstance(content, bytes):
            content = etree.tostring(content, xml_declaration=True, encoding="UTF-8", standalone=True)
        self.written[name] = content

    def drop(self, prefix: str) -> bool:
        found = {name for name in self.entries if name.lower().startswith(prefix)}
        self.dropped |= found
        return bool(found)

    def relations(self, part: str) -> "_Relations":
        folder, name = posixpath.split(part)
        return _Relations(self, part, posixpath.join(folder, "_rels", f"{name}.rels"))

    def free(self, pattern: str) -> str:
        """Return the first name of the pattern that no part has."""
        return next(name for n in range(1, 100_000) if not self.has(name := pattern.format(n)))

    def bytes_of(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name, entry in self.entries.items():
                if name in self.dropped:
                    continue
                if name in self.written:
                    target.writestr(name, self.written[name])
                elif not entry.is_dir():
                    with self.archive.open(entry) as source, target.open(name, "w", force_zip64=True) as copied:
                        while piece := source.read(1 << 20):
                            copied.write(piece)
            for name in self.written.keys() - self.entries.keys():
                target.writestr(name, self.written[name])
        return out.getvalue()


class _Relations:
    """The relations of one part."""

    def __init__(self, package: _Package, part: str, place: str) -> None:
        self.package, self.part, self.place = package, part, place
        self.root = package.tree(place) if package.has(place) else etree.Element(f"{_PACKAGE}Relationships")

    def of_type(self, ending: str) -> Iterator[tuple[str, str]]:
        """Yield id and target of the relations whose type ends so."""
        for each in self.root:
            if isinstance(each.tag, str) and each.get("Type", "").endswith(f"/{ending}") and each.get("Target"):
                yield each.get("Id", ""), self._part(each.get("Target", ""))

    def _part(self, target: str) -> str:
        target = target.replace("\\", "/")
        base = "" if target.startswith("/") else posixpath.dirname(self.part)
        return posixpath.normpath(posixpath.join(base, target.lstrip("/")))

    def target(self, id: str) -> str:
        return next((self._part(each.get("Target", "")) for each in self.root if each.get("Id") == id), "")

    def add(self, type: str, target: str) -> str:
        taken = {each.get("Id") for each in self.root}
        id = next(name for n in range(1, 100_000) if (name := f"rIdBanshi{n}") not in taken)
        etree.SubElement(self.root, f"{_PACKAGE}Relationship", Id=id, Type=type, Target=f"/{target}")
        self.package.write(self.place, self.root)
        return id

    def remove(self, ending: str) -> None:
        for each in list(self.root):
            if each.get("Type", "").endswith(ending):
                self.root.remove(each)
        self.package.write(self.place, self.root)


class _Book:
    """A workbook's package, with the parts that a marking touches."""

    def __init__(self, data: bytes) -> None:
        self.package = _Package(data)
        self.types = self.package.tree("[Content_Types].xml")
        start = self.package.relations("")
        start.place = "_rels/.rels"
        start.root = self.package.tree(start.place)
        self.start = start
        self.part = next((part for _, part in start.of_type("officeDocument")), "")
        self.root = self.package.tree(self.part)
        self.ns = etree.QName(self.root).namespace or ""
        self.relations = self.package.relations(self.part)
        self.rel_ns = _STRICT if self.ns.startswith("http://purl.oclc.org") else _TRANSITIONAL
        self.sheets: dict[str, str] = {}
        for sheet in self.root.iterfind(f"{{{self.ns}}}sheets/{{{self.ns}}}sheet"):
            id = next((value for name, value in sheet.attrib.items() if etree.QName(name).localname == "id"), "")
            self.sheets[sheet.get("name", "")] = self.relations.target(id)
        self.styles = _Styles(self)

    def tag(self, name: str) -> str:
        return f"{{{self.ns}}}{name}"

    def declare(self, part: str, type: str) -> None:
        """Name the part's content type."""
        for each in self.types.iterfind(f"{_TYPES}Override"):
            if each.get("PartName", "").lower() == f"/{part}".lower():
                each.set("ContentType", type)
                return
        etree.SubElement(self.types, f"{_TYPES}Override", PartName=f"/{part}", ContentType=type)

    def declare_extension(self, extension: str, type: str) -> None:
        known = (each.get("Extension", "").lower() for each in self.types.iterfind(f"{_TYPES}Default"))
        if extension not in known:
            self.types.insert(0, etree.Element(f"{_TYPES}Default", Extension=extension, ContentType=type))

    def bytes_of(self) -> bytes:
        self.styles.write()
        self.package.write(self.part, self.root)
        self.package.write("[Content_Types].xml", self.types)
        return self.package.bytes_of()


class _Styles:
    """The cell formats (cellXfs), to which coloured copies are added."""

    def __init__(self, book: _Book) -> None:
        self.book = book
        self.part = next((part for _, part in book.relations.of_type("styles")), "")
        if self.part and book.package.has(self.part):
            self.root = book.package.tree(self.part)
        else:
            self.part = book.package.free("xl/banshiStyles{}.xml")
            self.root = etree.Element(book.tag("styleSheet"), nsmap={None: book.ns})
            book.relations.add(f"{book.rel_ns}/styles", self.part)
            book.declare(self.part, f"{_OFFICE}styles+xml")
        self.fonts, self.fills = self._list("fonts", "<font/>"), self._list("fills", "<fill/><fill/>")
        self._list("borders", "<border/>")
        self._list("cellStyleXfs", "<xf/>")
        self.formats = self._list("cellXfs", '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>')
        self.known: dict[tuple[int, str], int] = {}
        self.fill_ids: dict[str, int] = {}
        colours = {argb: severity for severity, argb in FILLS.items()}
        own_fills = {
            number
            for number, fill in enumerate(self.fills)
            for colour in fill.iter(book.tag("fgColor"))
            if colour.get("rgb") in colours
        }
        self.own = {n for n, each in enumerate(self.formats) if int(each.get("fillId", 0)) in own_fills}

    def _list(self, name: str, content: str) -> Any:
        found = self.root.find(self.book.tag(name))
        if found is None:
            found = etree.fromstring(f"<{name} xmlns={quoteattr(self.book.ns)}>{content}</{name}>")
            later = _STYLE_PARTS[_STYLE_PARTS.index(name) + 1 :]
            place = next(
                (n for n, each in enumerate(self.root) if etree.QName(each).localname in later), len(self.root)
            )
            self.root.insert(place, found)
        return found

    def add(self, base: int, **changes: str) -> int:
        """Add a copy of a format (the first, where there is no such number) with these changes."""
        source = self.formats[base if 0 <= base < len(self.formats) else 0]
        made = copy.deepcopy(source)
        for name, value in changes.items():
            made.set(name, value)
        self.formats.append(made)
        return len(self.formats) - 1

    def marked(self, base: int, severity: str) -> int:
        """Return the format's copy in the colour of the severity."""
        if base in self.own:
            base = self.unmarked(base)
        if (base, severity) not in self.known:
            if severity not in self.fill_ids:
                fill = f'<fill xmlns={quoteattr(self.book.ns)}><patternFill patternType="solid"><fgColor rgb="{FILLS[severity]}"/><bgColor indexed="64"/></patternFill></fill>'
                self.fills.append(etree.fromstring(fill))
                self.fill_ids[severity] = len(self.fills) - 1
            self.known[base, severity] = self.add(base, fillId=str(self.fill_ids[severity]), applyFill="1")
        return self.known[base, severity]

    def unmarked(self, style: int) -> int:
        """Return the format a coloured copy was made of, as far as the list tells."""

        def apart_from_fill(each: Any) -> Any:
            kept = sorted((k, v) for k, v in each.attrib.items() if k not in ("fillId", "applyFill"))
            return kept, [etree.tostring(inner) for inner in each]

        wanted = apart_from_fill(self.formats[style])
        alike = [n for n, each in enumerate(self.formats) if n not in self.own and apart_from_fill(each) == wanted]
        plain = [n for n in alike if self.formats[n].get("fillId", "0") == "0"]
        return (plain or alike or [0])[0]

    def font(self, inner: str) -> int:
        self.fonts.append(etree.fromstring(f"<font xmlns={quoteattr(self.book.ns)}>{inner}</font>"))
        return len(self.fonts) - 1

    def write(self) -> None:
        for each in (self.fonts, self.fills, self.formats):
            each.set("count", str(len(each)))
        self.book.package.write(self.part, self.root)


def mark(data: bytes, marks: Mapping[str, Mapping[tuple[int, int], Mark]], report: ReportSheet) -> bytes:
    """Return the workbook with coloured, commented cells and the report in front."""
    book = _Book(data)
    if not book.sheets:
        raise CannotMark("no sheets")
    missing = set(marks) - set(book.sheets)
    if missing:
        raise CannotMark(f"no sheet {missing}")
    for name, part in book.sheets.items():
        if name != report.replaces and (marks.get(name) or book.styles.own):
            _mark_sheet(book, part, marks.get(name, {}))
    if book.package.drop("_xmlsignatures/"):
        book.start.remove("/digital-signature/origin")
        report.notes.append("原文件的数字签名没有带过来：内容标注过，签名不再有效。")
    _without_macros(book, report)
    _add_report(book, report)
    return book.bytes_of()


def _without_macros(book: _Book, report: ReportSheet) -> None:
    """Turn a workbook with macros, or a template, into a plain one, since that is what the file's name will say."""
    kind = next((e for e in book.types if e.get("PartName", "").lower() == f"/{book.part}".lower()), None)
    if kind is not None and not kind.get("ContentType", "").endswith("spreadsheetml.sheet.main+xml"):
        kind.set("ContentType", f"{_OFFICE}sheet.main+xml")
    for _, part in list(book.relations.of_type("vbaProject")):
        book.package.drop(part.lower())
        book.relations.remove("/vbaProject")
        for each in list(book.types):
            if each.get("PartName", "").lower() == f"/{part}".lower():
                book.types.remove(each)
        report.notes.append("原文件里的宏没有带过来，其余照原样。")


# Cells


def _mark_sheet(book: _Book, part: str, marks: Mapping[tuple[int, int], Mark]) -> None:
    root = book.package.tree(part, SHEET_AT_MOST)
    tag = book.tag
    data = root.find(tag("sheetData"))
    if data is None:
        raise CannotMark("no cells")
    places = _of_merged(root, tag, marks)
    columns = {
        number: int(each.get("style", 0))
        for each in root.iterfind(f"{tag('cols')}/{tag('col')}")
        for number in range(int(each.get("min", 1)) - 1, min(int(each.get("max", 1)), 16_384))
    }
    wanted: dict[int, dict[int, Mark]] = {}
    for (number, column), each in places.items():
        wanted.setdefault(number, {})[column] = each
    changed, number = False, -1
    rows: dict[int, Any] = {}
    for row in data.iterchildren(tag("row")):
        number = int(row.get("r", number + 2)) - 1
        rows[number] = row
        if book.styles.own:
            here = wanted.get(number, {})
            for column, cell in _cells(row, tag):
                if (style := int(cell.get("s", 0))) in book.styles.own and column not in here:
                    cell.set("s", str(book.styles.unmarked(style)))
                    changed = True
    for number in sorted(wanted):
        if (row := rows.get(number)) is None:
            row = etree.Element(tag("row"), r=str(number + 1))
            later = [each for each in sorted(rows) if each > number]
            data.insert(data.index(rows[later[0]]) if later else len(data), row)
            rows[number] = row
        cells = dict(_cells(row, tag))
        for column, each in wanted[number].items():
            cell = cells.get(column)
            if cell is None:
                cell = etree.Element(tag("c"), r=cell_name(number, column))
                style = int(row.get("s", 0)) if row.get("customFormat") in ("1", "true") else columns.get(column, 0)
                later = [n for n in sorted(cells) if n > column]
                row.insert(row.index(cells[later[0]]) if later else len(row), cell)
                cells[column] = cell
            else:
                style = int(cell.get("s", 0))
            cell.set("s", str(book.styles.marked(style, each.severity)))
        changed = True
    if _comment(book, part, root, places) or changed:
        book.package.write(part, root)


def _cells(row: Any, tag: Any) -> Iterator[tuple[int, Any]]:
    """Yield a row's cells with their columns, which they may leave unsaid."""
    column = -1
    for cell in row.iterchildren(tag("c")):
        place = re.match(r"[A-Za-z]+", cell.get("r", ""))
        column = column_index(place[0]) if place else column + 1
        yield column, cell


def _of_merged(root: Any, tag: Any, marks: Mapping[tuple[int, int], Mark]) -> dict[tuple[int, int], Mark]:
    """Return the marks, those within merged cells at the merge's first cell."""
    found = dict(marks)
    rows = sorted({row for row, _ in marks})
    for merged in root.iterfind(f"{tag('mergeCells')}/{tag('mergeCell')}") if marks else ():
        area = re.fullmatch(r"\$?([A-Za-z]+)\$?(\d+):\$?([A-Za-z]+)\$?(\d+)", merged.get("ref", ""))
        if not area:
            continue
        left, top, right, bottom = column_index(area[1]), int(area[2]) - 1, column_index(area[3]), int(area[4]) - 1
        for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
            for column in range(left, right + 1):
                if (row, column) != (top, left) and (each := found.pop((row, column), None)):
                    first = found.get((top, left))
                    text = (
                        first.text
                        if first and each.text in first.text
                        else f"{first.text}\n{each.text}"
                        if first
                        else each.text
                    )
                    worst = min((m.severity for m in (first, each) if m), key=list(FILLS).index)
                    found[top, left] = Mark(worst, text)
    return found


# Comments


def _comment(book: _Book, part: str, root: Any, marks: Mapping[tuple[int, int], Mark]) -> bool:
    """Put texts into comments after what people wrote there, and tell whether the sheet changed."""
    relations = book.package.relations(part)
    tag = book.tag
    place = next((target for _, target in relations.of_type("comments")), "")
    if not place and not marks:
        return False
    if place and book.package.has(place):
        comments = book.package.tree(place)
    else:
        place = book.package.free("xl/banshiComments{}.xml")
        comments = etree.fromstring(f"<comments xmlns={quoteattr(book.ns)}><authors/><commentList/></comments>")
        relations.add(f"{book.rel_ns}/comments", place)
        book.declare(place, f"{_OFFICE}comments+xml")
    authors, listed = comments.find(tag("authors")), comments.find(tag("commentList"))
    if authors is None or listed is None:
        raise CannotMark("comments without list")
    names = [each.text or "" for each in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, tag("author")).text = AUTHOR
        names.append(AUTHOR)
    own, there = str(names.index(AUTHOR)), {}
    for each in listed.iterchildren(tag("comment")):
        there[each.get("ref", "").replace("$", "").upper()] = each
        _strip_own(each, tag, own)
    fresh = []
    for (row, column), mark in sorted(marks.items()):
        name = cell_name(row, column)
        if (each := there.get(name)) is None:
            each = etree.SubElement(listed, tag("comment"), ref=name, authorId=own)
            etree.SubElement(each, tag("text"))
            fresh.append((row, column, mark.text))
        _append(each, tag, mark.text)
    for each in listed.iterchildren(tag("comment")):
        text = each.find(tag("text"))
        if text is not None and not len(text) and each.get("authorId") == own:
            _append(each, tag, SOLVED)
    book.package.write(place, comments)
    return bool(fresh) and _draw_notes(book, part, root, relations, fresh)


def _strip_own(comment: Any, tag: Any, own: str) -> None:
    """Take an earlier marking's words off a comment."""
    text = comment.find(tag("text"))
    if text is None:
        text = etree.SubElement(comment, tag("text"))
    if comment.get("authorId") == own:
        for each in list(text):
            text.remove(each)
        return
    ours = False
    for each in list(text):
        words = "".join(each.itertext())
        if ours:
            text.remove(each)
        elif DIVIDER in words:
            ours = True
            kept = words.split(DIVIDER)[0].rstrip("\n")
            if not kept:
                text.remove(each)
                continue
            for inner in each.iter(tag("t")):
                inner.text = kept


def _append(comment: Any, tag: Any, words: str) -> None:
    text = comment.find(tag("text"))
    plain = text.find(tag("t"))
    if plain is not None:
        run = etree.Element(tag("r"))
        text.replace(plain, run)
        run.append(plain)
    run = etree.SubElement(text, tag("r"))
    said = etree.SubElement(run, tag("t"))
    said.text = f"\n{DIVIDER}\n{words}" if len(text) > 1 else words
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


_VML = "urn:schemas-microsoft-com:vml"
_SPACES = f'xmlns:v="{_VML}" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"'
_NOTE_TYPE = f'<v:shapetype {_SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'


def _draw_notes(
    book: _Book, part: str, root: Any, relations: _Relations, fresh: Iterable[tuple[int, int, str]]
) -> bool:
    """Draw the boxes of new comments (VML), and tell whether these are the sheet's first."""
    legacy = root.find(book.tag("legacyDrawing"))
    id = (
        next((v for k, v in legacy.attrib.items() if etree.QName(k).localname == "id"), "")
        if legacy is not None
        else ""
    )
    place = relations.target(id) if id else ""
    drawn = place and book.package.has(place)
    vml = book.package.read(place) if drawn else f"<xml {_SPACES}></xml>".encode()
    end = vml.rfind(b"</xml>")
    if end < 0:
        raise CannotMark("drawing without end")
    last = max((int(n) for n in re.findall(rb"_x0000_s(\d{1,9})", vml)), default=1025)
    shapes = [] if b'"_x0000_t202"' in vml or b"'_x0000_t202'" in vml else [_NOTE_TYPE]
    for number, (row, column, text) in enumerate(fresh, last + 1):
        lines = sum(1 + len(line) // 22 for line in text.split("\n"))
        height = min(4 + lines, 16)
        anchor = f"{column + 1}, 15, {max(row - 1, 0)}, 10, {column + 4}, 15, {max(row - 1, 0) + height}, 4"
        shapes.append(
            f'<v:shape {_SPACES} id="_x0000_s{number}" type="#_x0000_t202" fillcolor="#ffffe1" o:insetmode="auto"'
            ' style="position:absolute;margin-left:60pt;margin-top:2pt;width:240pt;height:90pt;z-index:1;visibility:hidden">'
            '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
            '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
            f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
            f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        )
    if not drawn:
        place = book.package.free("xl/drawings/banshiNotes{}.vml")
    book.package.write(place, vml[:end] + "".join(shapes).encode() + vml[end:])
    book.declare_extension("vml", _OFFICE.replace("spreadsheetml.", "vmlDrawing"))
    if drawn:
        return False
    id = relations.add(f"{book.rel_ns}/vmlDrawing", place)
    if legacy is None:
        legacy = etree.Element(book.tag("legacyDrawing"), nsmap={"r": book.rel_ns})
        at = next((n for n, e in enumerate(root) if etree.QName(e).localname in _AFTER_LEGACY_DRAWING), len(root))
        root.insert(at, legacy)
    legacy.attrib.clear()
    legacy.set(f"{{{book.rel_ns}}}id", id)
    return True


# The report


def _add_report(book: _Book, report: ReportSheet) -> None:
    xml = _report_xml(book, report).encode()
    if report.replaces in book.sheets:
        book.package.write(book.sheets[report.replaces], xml)
        return
    part = book.package.free("xl/worksheets/banshiReport{}.xml")
    book.package.write(part, xml)
    book.declare(part, f"{_OFFICE}worksheet+xml")
    id = book.relations.add(f"{book.rel_ns}/worksheet", part)
    listed = book.root.find(book.tag("sheets"))
    taken = {each.get("name", "").lower() for each in listed}
    free = (
        name
        for name in (*report.names, *(f"{report.names[0]}{n}" for n in range(2, 1000)))
        if name.lower() not in taken
    )
    number = max((int(each.get("sheetId", 0)) for each in listed), default=0) + 1
    sheet = etree.Element(book.tag("sheet"), name=next(free), sheetId=str(number), nsmap={"r": book.rel_ns})
    sheet.set(f"{{{book.rel_ns}}}id", id)
    listed.insert(0, sheet)
    # What counts sheets by their order moves on by one.
    for name in book.root.iterfind(f"{book.tag('definedNames')}/{book.tag('definedName')}"):
        if name.get("localSheetId", "").isdigit():
            name.set("localSheetId", str(int(name.get("localSheetId")) + 1))
    for view in book.root.iterfind(f"{book.tag('bookViews')}/{book.tag('workbookView')}"):
        view.attrib.pop("firstSheet", None)
        view.set("activeTab", "0")
    for part in book.sheets.values():
        # Two selected sheets would be edited together.
        xml_of = book.package.read(part, SHEET_AT_MOST)
        head, body = xml_of[:20_000], xml_of[20_000:]
        if b"tabSelected" in head:
            book.package.write(
                part, re.sub(rb"\btabSelected\s*=\s*[\"'](?:1|true)[\"']", b'tabSelected="0"', head) + body
            )


def _report_xml(book: _Book, report: ReportSheet) -> str:
    styles = book.styles
    base = styles.add(0, numFmtId="0", fillId="0", borderId="0", fontId="0")
    wrapped = styles.add(base, applyAlignment="1")
    for each in styles.formats[base], styles.formats[wrapped]:
        for inner in list(each):
            each.remove(inner)
    etree.SubElement(styles.formats[wrapped], book.tag("alignment"), wrapText="1", vertical="top")
    quoted = [styles.add(each, quotePrefix="1") for each in (base, wrapped)]
    bold = styles.add(base, fontId=str(styles.font('<b/><sz val="11"/>')), applyFont="1")
    link_font = styles.font('<u/><sz val="11"/><color rgb="FF0B57B7"/>')
    link = styles.add(base, fontId=str(link_font), applyFont="1")

    def cell(row: int, column: int, text: str, style: int) -> str:
        text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text[:32_000])
        return f'<c r="{cell_name(row, column)}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    width = len(report.columns)
    out = [
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns={quoteattr(book.ns)}>'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
    ]
    out += [f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, (_, w) in enumerate(report.columns, 1)]
    out.append('</cols><sheetData><row r="1">')
    out += [cell(0, column, title, bold) for column, (title, _) in enumerate(report.columns)]
    out.append("</row>")
    links: list[str] = []
    for row, texts in enumerate(report.lines(), 1):
        out.append(f'<row r="{row + 1}">')
        cells = re.fullmatch(r"[A-Z]{1,3}[1-9]\d*", texts[1])
        place = bool(cells) and texts[0] in book.sheets and len(links) < report.linked
        for column, text in enumerate(texts):
            long = column in report.wrapped
            style = link if place and column == 1 else quoted[long] if is_formula(text) else wrapped if long else base
            if text:
                out.append(cell(row, column, text, style))
        if place:
            target = f"'{texts[0].replace(chr(39), chr(39) * 2)}'!{texts[1]}"
            links.append(f'<hyperlink ref="B{row + 1}" location={quoteattr(target)}/>')
        out.append("</row>")
    out.append(
        f'</sheetData><autoFilter ref="A1:{column_letter(width - 1)}{len(report.rows) + len(report.notes) + 1}"/>'
    )
    if links:
        out += ["<hyperlinks>", *links, "</hyperlinks>"]
    out.append("</worksheet>")
    return "".join(out)


def main() -> None:
    cap_memory()
    given = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own process a moment ago
    try:
        made = mark(*given)
    except Exception as error:  # whatever a broken or hostile package makes of it, the copy is written instead
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
