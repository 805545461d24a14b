"""公文 as Word. Apart from its data, because the library takes 10 MB that a process serving pages seldom needs."""

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from banshi.documents.docx import MARGINS, _font_table, _footer, _grid, _paragraph, _styles
from banshi.documents.official import Official
from banshi.documents.sheet import Table, numeral, printable


def as_docx(paper: Official) -> bytes:
    paper = printable(paper)
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(page, side, width)
    _styles(document)
    _font_table(document)
    known = document.core_properties
    known.title, known.author, known.language = paper.title, paper.signer, "zh-CN"
    known.created = known.modified = datetime(2000, 1, 1, tzinfo=UTC)
    _footer(document.sections[0])
    _body(document, paper)
    for place, annex in enumerate(paper.annexes, 1):
        page = document.add_section()
        if len(annex.table.widths) > 5:
            page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
        document.add_paragraph(f"附件{place}")
        document.add_paragraph(annex.title, style="Title")
        if annex.note:
            document.add_paragraph(annex.note, style="Note").paragraph_format.space_after = Pt(6)
        _grid(document, annex.table.head, annex.table.rows, tuple(width or 0.5 for width in annex.table.widths))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _body(document: Any, paper: Official) -> None:
    if paper.mark:
        _aligned(document, paper.mark, WD_ALIGN_PARAGRAPH.RIGHT, "Note")
    document.add_paragraph(paper.title, style="Title")
    if paper.number:
        _aligned(document, paper.number, WD_ALIGN_PARAGRAPH.CENTER)
    if paper.addressee:
        document.add_paragraph(f"{paper.addressee}：")
    for text in paper.opening:
        _paragraph(document, text)
    for place, section in enumerate(paper.sections, 1):
        document.add_heading(f"{numeral(place)}、{section.title}", 1)
        for block in section.blocks:
            _block(document, block)
    for place, annex in enumerate(paper.annexes, 1):
        _paragraph(document, f"附件{place}：{annex.title}")
    _aligned(document, paper.signer, WD_ALIGN_PARAGRAPH.RIGHT)
    _aligned(document, f"{paper.on.year}年{paper.on.month}月{paper.on.day}日", WD_ALIGN_PARAGRAPH.RIGHT)


def _block(document: Any, block: Any) -> None:
    if isinstance(block, Table):
        _grid(document, block.head, block.rows, tuple(width or 0.5 for width in block.widths))
        return
    for place, item in enumerate(block.items, 1):
        _paragraph(document, f"{place}. {item}" if block.numbered else item)


def _aligned(document: Any, text: str, how: Any, style: str = "Normal") -> None:
    document.add_paragraph(text, style=style).alignment = how
