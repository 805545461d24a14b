"""公文 as Word."""

import io
import math
from datetime import UTC, datetime
from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt

from banshi.core.clock import chinese_date
from banshi.documents.docx import (
    LINE,
    MARGINS,
    PITCH,
    _figure,
    _font_table,
    _grid,
    _page_number,
    _paragraph,
    _styles,
    bare_document,
)
from banshi.documents.official import Official, title_lines
from banshi.documents.sheet import Picture, Table, numeral, printable


def as_docx(paper: Official) -> bytes:
    paper = printable(paper)
    document = bare_document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(page, side, width)
    _styles(document)
    _letters(document)
    _font_table(document)
    known = document.core_properties
    known.title, known.author, known.language = paper.title, paper.signer, "zh-CN"
    known.created = known.modified = datetime(2000, 1, 1, tzinfo=UTC)
    _grid_of_lines(page)
    _page_numbers(document)
    _body(document, paper)
    for place, annex in enumerate(paper.annexes, 1):
        page = document.add_section()
        lies = len(annex.table.widths) > 5
        page.orientation = WD_ORIENT.LANDSCAPE if lies else WD_ORIENT.PORTRAIT
        page.page_width, page.page_height = (Mm(297), Mm(210)) if lies else (Mm(210), Mm(297))
        line = page.page_width - MARGINS["left_margin"] - MARGINS["right_margin"]
        document.add_paragraph(f"附件{place if len(paper.annexes) > 1 else ''}", style="Heading 1")
        document.add_paragraph(annex.title, style="Title").paragraph_format.space_before = Pt(PITCH)
        if annex.note:
            document.add_paragraph(annex.note, style="Note").paragraph_format.space_after = Pt(6)
        _grid(document, annex.table.head, annex.table.rows, tuple(width or 0.5 for width in annex.table.widths), line)
        # What has to follow a table takes no page of its own.
        document.paragraphs[-1].paragraph_format.line_spacing = Pt(1)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _letters(document: Document) -> None:
    """Set 28 letters to a line (GB/T 9704-2012 5.2.2) by their distance, and headings on the lines of the text."""
    # A grid of letters, each smaller than the letter it holds, gives every letter two cells in some word processors.
    body = document.styles["Normal"]
    tracking = OxmlElement("w:spacing")
    tracking.set(qn("w:val"), str(-math.ceil((16 - LINE.pt / 28) * 20)))
    body.element.rPr.find(qn("w:sz")).addprevious(tracking)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    document.styles["Cell"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    heading = document.styles["Heading 1"].paragraph_format
    heading.space_before, heading.line_spacing = Pt(0), Pt(PITCH)


def _grid_of_lines(page: Section) -> None:
    """Lay 22 lines on the page."""
    grid = page._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        page._sectPr.append(grid)
    for name, value in {"type": "lines", "linePitch": round(PITCH * 20)}.items():
        grid.set(qn(f"w:{name}"), str(value))


def _page_numbers(document: Document) -> None:
    """Number odd pages outside right, even pages outside left, one letter in (GB/T 9704-2012 7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    page = document.sections[0]
    for footer, side in ((page.footer, WD_ALIGN_PARAGRAPH.RIGHT), (page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        _page_number(footer.paragraphs[0], side)
        indent = footer.paragraphs[0].paragraph_format
        indent.left_indent = indent.right_indent = Pt(14)
    page.footer_distance = Mm(35 - 7 - 5)


def _body(document: Document, paper: Official) -> None:
    if paper.mark:
        _aligned(document, paper.mark, WD_ALIGN_PARAGRAPH.RIGHT, "Note")
    document.add_paragraph("\n".join(title_lines(paper.title)), style="Title").paragraph_format.space_after = Pt(PITCH)
    if paper.number:
        _aligned(document, paper.number, WD_ALIGN_PARAGRAPH.CENTER)
    if paper.addressee:
        document.add_paragraph(f"{paper.addressee}：")
    for text in paper.opening:
        _paragraph(document, text)
    for place, section in enumerate(paper.sections, 1):
        heading = document.add_heading(f"{numeral(place)}、{section.title}", 1)
        heading.paragraph_format.first_line_indent = Pt(32)
        for block in section.blocks:
            _block(document, block)
    if paper.annexes:
        document.add_paragraph()
    for place, annex in enumerate(paper.annexes, 1):
        number = f"{place}. " if len(paper.annexes) > 1 else ""
        listed = document.add_paragraph(f"{'附件：' if place == 1 else ''}{number}{annex.title}")
        listed.paragraph_format.left_indent = Pt(32 + 48)
        listed.paragraph_format.first_line_indent = Pt(-48 if place == 1 else 0)
    document.add_paragraph()
    day = chinese_date(paper.on)
    letters = {text: sum(0.5 if letter.isascii() else 1 for letter in text) for text in (paper.signer, day)}
    left = max(0, 28 - 2 - max(letters[paper.signer], letters[day] + 2))
    for text, further in ((paper.signer, 0), (day, 2)):
        document.add_paragraph(text).paragraph_format.left_indent = Pt(16 * (left + further))


def _block(document: Document, block: Any) -> None:
    if isinstance(block, Picture):
        _figure(document, block)
        return
    if isinstance(block, Table):
        _grid(document, block.head, block.rows, tuple(width or 0.5 for width in block.widths))
        return
    for place, item in enumerate(block.items, 1):
        _paragraph(document, f"（{numeral(place)}）{item}" if block.numbered else item)


def _aligned(document: Document, text: str, how: WD_ALIGN_PARAGRAPH, style: str = "Normal") -> None:
    document.add_paragraph(text, style=style).alignment = how
