"""Word documents from sheets, in the manner of GB/T 9704-2012 (党政机关公文格式).

Margins, sizes and font names are the standard's (小标宋 for the title, 黑体 for headings, 仿宋 for text); a machine without
them takes the substitutes named in the font table. Headings are real headings and tables have header rows that repeat,
so that the document can be navigated, restyled and read aloud.
"""

import io
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.table import _Row
from docx.text.paragraph import Paragraph

from banshi.documents import pdf
from banshi.documents.sheet import (
    Block,
    Checklist,
    Facts,
    Lines,
    Picture,
    Questions,
    Sheet,
    Stages,
    Table,
    numeral,
    printable,
)

TITLE, HEADING, BODY, SONG = "方正小标宋简体", "黑体", "仿宋_GB2312", "宋体"
LATIN = "Times New Roman"
# What a machine without the standard's fonts takes instead (Word reads it from the font table).
SUBSTITUTES = {TITLE: "宋体", BODY: "仿宋", HEADING: "SimHei", SONG: "SimSun"}
MARGINS = {"top_margin": Mm(37), "bottom_margin": Mm(35), "left_margin": Mm(28), "right_margin": Mm(26)}
PITCH = 28.95  # 22 lines in 225 mm
LINE = Mm(156)  # what the margins leave of A4
KEPT = {"Normal", "Title", "Heading 1", "Heading 2", "Header", "Footer", "Normal Table", "Table Grid", "No List"}
LEFTOVERS = ("/thumbnail", "/stylesWithEffects")
KEPT_TOGETHER = 6
"""Rows of a table that never breaks across pages."""
SPLIT_FROM = 600  # letters in a row from which it may break across pages


def render(sheet: Sheet, *, made: datetime) -> bytes:
    """Return the sheet as .docx, made at that moment."""
    sheet = printable(sheet)
    document = bare_document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(page, side, width)
    _styles(document)
    _font_table(document)
    known = document.core_properties
    known.title, known.author, known.language = f"{sheet.title} 办事指南", sheet.owner, "zh-CN"
    known.comments = sheet.url
    known.created = known.modified = made.astimezone(UTC)
    _page_number(page.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.CENTER)
    if sheet.mark:
        paragraph = page.header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.add_run(sheet.mark)
    document.add_paragraph(sheet.title, style="Title")
    for text in (sheet.owner, sheet.status, sheet.mark_note):
        if text:
            document.add_paragraph(text, style="Note").alignment = WD_ALIGN_PARAGRAPH.CENTER
    if sheet.answers:
        _grid(document, (), sheet.answers, (1, 3))
    paragraph = document.add_paragraph(style="Note")
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _picture(paragraph, sheet.qr, Mm(26), f"二维码：在网上打开“{sheet.title}”的最新办事指南")
    document.add_paragraph(f"扫码看最新：{sheet.url}", style="Note").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, section in enumerate(sheet.sections, 1):
        document.add_heading(f"{numeral(number)}、{section.title}", 1)
        for block in section.blocks:
            WRITERS[type(block)](document, block)
    document.add_paragraph(sheet.closing, style="Note")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bare_document() -> Document:
    """Open python-docx's template without what Word left in it (a picture of its first page, styles for Word 2007)."""
    document = docx.Document()
    for part in (document.part.package, document.part):
        for number, relation in list(part.rels.items()):
            if relation.reltype.endswith(LEFTOVERS):
                del part.rels[number]
    return document


def _styles(document: Document) -> None:
    """Drop unused styles, of which python-docx's template brings 160 that slow each paragraph."""
    styles = document.styles
    for style in [each for each in styles if each.name not in KEPT and not each.name.startswith("Default")]:
        style.delete()
    _set_style(styles["Normal"], BODY, 16, exactly=PITCH)
    _set_style(styles["Title"], TITLE, 22, exactly=36, centred=True)
    _set_style(styles["Heading 1"], HEADING, 16, exactly=32, before=8)
    _set_style(styles["Heading 2"], HEADING, 14, exactly=28, before=4)
    for name, size, exactly in (("Cell", 12, 18), ("Note", 12, 20), ("Step note", 14, 24)):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        _set_style(style, BODY, size, exactly=exactly)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    styles["Normal"].element.get_or_add_rPr().append(language)


def _set_style(style: Any, font: str, size: float, *, exactly: float, before: float = 0, centred: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(exactly)
    if centred:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if style.name != "Normal":  # lines of another height would take two of the page's lines each
        off = OxmlElement("w:snapToGrid")
        off.set(qn("w:val"), "0")
        shape._element.pPr.find(qn("w:spacing")).addprevious(off)
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _font_table(document: Document) -> None:
    """Name substitutes."""
    # Python-docx carries the font table as a part it does not read.
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in SUBSTITUTES.items()
    )
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            part = relation.target_part
            part._blob = part.blob.replace(b"</w:fonts>", f"{entries}</w:fonts>".encode())


def _page_number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.alignment = side
    paragraph.add_run("— ")
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        paragraph.add_run()._r.append(mark)
    paragraph.add_run(" —")
    for run in paragraph.runs:
        run.font.name, run.font.size = SONG, Pt(14)


def _facts(document: Document, block: Facts) -> None:
    _grid(document, (), block.rows, (1, 3))


def _table(document: Document, block: Table) -> None:
    _grid(document, block.head, block.rows, tuple(width or 0.5 for width in block.widths))


def _lines(document: Document, block: Lines) -> None:
    for number, item in enumerate(block.items, 1):
        _paragraph(document, f"{number}. {item}" if block.numbered else item)


def _stages(document: Document, block: Stages) -> None:
    for stage in block.items:
        _paragraph(document, f"{stage.number} {stage.text}")
        for note in stage.notes:
            document.add_paragraph(f"· {note}", style="Step note").paragraph_format.left_indent = Pt(48)


def _checklist(document: Document, block: Checklist) -> None:
    rows = [
        (
            f"{'□' if each.box else '✓'} {each.label}",
            each.name,
            "\n".join(part for part in (each.detail, each.why) if part),
        )
        for each in block.items
    ]
    _grid(document, ("带不带", "材料", "说明"), rows, (1.1, 3, 2.6))


def _questions(document: Document, block: Questions) -> None:
    for question, answer in block.rows:
        document.add_heading(f"问：{question}", 2)
        _paragraph(document, f"答：{answer}")


def _figure(document: Document, block: Picture) -> None:
    paragraph = document.add_paragraph(style="Note")
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True  # the closing line never stands alone on a page
    share = min(1.0, 400 / block.width, 530 / block.height)
    _picture(paragraph, block.svg, Pt(block.width * share), block.alt, points=block.width)


WRITERS: dict[type[Block], Callable[[Any, Any], None]] = {
    Facts: _facts,
    Table: _table,
    Lines: _lines,
    Stages: _stages,
    Checklist: _checklist,
    Questions: _questions,
    Picture: _figure,
}


def _paragraph(document: Document, text: str) -> None:
    """Write text as paragraphs indented by two characters."""
    for part in filter(str.strip, text.split("\n")):
        document.add_paragraph(part).paragraph_format.first_line_indent = Pt(32)


def _grid(
    document: Document,
    head: Iterable[str],
    rows: Iterable[tuple[str, ...]],
    widths: tuple[float, ...],
    line: int = LINE,
) -> None:
    head, rows = tuple(head), list(rows)
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(int(line * width / sum(widths)))
    for place, row in enumerate([head, *rows] if head else rows):
        _row(table.add_row(), row, is_head=bool(head) and place == 0)
    # A head alone at the end of a page looks cheap, and some word processors then lose the rows that should follow.
    for written in table.rows[:-1] if len(rows) <= KEPT_TOGETHER else table.rows[: bool(head)]:
        for cell in written.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    document.add_paragraph(style="Note").paragraph_format.line_spacing = Pt(8)


def _row(row: _Row, texts: tuple[str, ...], *, is_head: bool) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = "Cell"
        run = paragraph.add_run(text)
        run.bold = is_head
    settings = row._tr.get_or_add_trPr()
    if sum(map(len, texts)) < SPLIT_FROM:
        settings.append(OxmlElement("w:cantSplit"))
    if is_head:
        settings.append(OxmlElement("w:tblHeader"))


def _picture(paragraph: Paragraph, svg: str, width: int, alt: str, points: float = 120) -> None:
    """Insert the SVG as PNG, with its words for readers who cannot see it."""
    image = paragraph.add_run().add_picture(io.BytesIO(pdf.png(svg, width=points)), width=Emu(width))
    image._inline.docPr.set("descr", alt)
