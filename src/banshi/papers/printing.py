"""Printing papers: typst templates of an office's own words, the seal's picture, a QR code, the digital signature."""

import io
import logging
import re
from datetime import date, datetime
from typing import Any

from django.db import transaction

from banshi.core.clock import CHINA
from banshi.core.errors import BadInput, BanshiError, Conflict, Problem
from banshi.core.models import StoredFile
from banshi.documents import pdf
from banshi.documents.official import title_lines
from banshi.documents.qr import qr_svg
from banshi.documents.sheet import printable
from banshi.files import keep, open_file
from banshi.ledger import System
from banshi.notifications.links import address_of
from banshi.papers.kinds import HAN, PaperKind, Value, kind_named, paper_facts
from banshi.papers.models import Paper
from banshi.papers.queries import letterhead_of, text_of
from banshi.papers.seals import seal_picture
from banshi.papers.signing import signed

log = logging.getLogger("banshi.papers")
LAYOUT = '#import "/paper.typ": *\n#show: sheet\n'
"""Before each office's text; what it says of lines is counted from its end."""
OUTSIDE = re.compile(
    r'[{}]|"@|#\s*(?:let|for|while|show|context|import|include)\b|\b(?:range|read|plugin|image|eval|json|csv|toml|yaml|xml)\s*\('
)
"""What a text of words and facts needs no more than its readers: programs, loops, other files."""
CITED = re.compile(rf"依据{HAN.pattern}")
WITHIN = re.compile(rf"{HAN.pattern}(?=[^\s\]])")
PRINTER = System("papers")


def print_paper(paper: Paper, *, at: datetime) -> StoredFile:
    """Print, sign and store a paper once.

    Of two at once the first counts.
    """
    if paper.file:
        return paper.file
    kind, seal = kind_named(paper.kind), letterhead_of(paper.organ).seal
    made = printed(
        kind,
        text_of(kind, paper.template),
        {key: value for key, value in paper.facts.items() if key in kind.facts},
        code=paper.code,
        seal=_bytes_of(seal) if seal else seal_picture(paper.organ),
        day=paper.issued_at.astimezone(CHINA).date(),
    )
    made = signed(made, organ=paper.organ, reason=str(paper))
    with transaction.atomic():
        locked = Paper.objects.select_for_update(of=("self",)).select_related("file").get(pk=paper.pk)
        if locked.file is None:
            name = f"{paper.number}{paper.title}.pdf"
            locked.file = keep(io.BytesIO(made), name=name, purpose="paper", organ=paper.organ, by=PRINTER, at=at)
            locked.print_error = ""
            locked.save(update_fields=["file", "print_error"])
    paper.file = locked.file
    return locked.file


def file_of(paper: Paper, *, at: datetime) -> StoredFile:
    """Return the file of a paper, printed now where nobody has printed it yet.

    Raises Conflict without the words of the typesetter, which are for whoever keeps the template.
    """
    try:
        return print_paper(paper, at=at)
    except (BanshiError, ValueError, OSError) as trouble:
        log.exception("paper %s could not be printed", paper.code)
        raise Conflict(
            f"“{paper.title}”现在打印不出来",
            remedy="它已经有文号，不会丢。请记下编号，过一会儿再打；单位的负责人已经看得到。",
        ) from trouble


def preview(kind: PaperKind, text: str, facts: dict[str, Value]) -> bytes:
    """Print a template with sample facts, unsigned and marked 样张."""
    return printed(kind, text, facts, code="XXXX-XXXX-XXXX", seal=b"", day=date(2026, 9, 18), mark="样张")


def printed(
    kind: PaperKind, text: str, facts: dict[str, Value], *, code: str, seal: bytes, day: date, mark: str = ""
) -> bytes:
    """Return the PDF of a paper.

    Raises BadInput with the line of the text that can't be printed.
    """
    known = paper_facts()
    address = address_of("verify", code)
    data: dict[str, Any] = {
        "facts": {known[key].label: _shown(known[key].columns, value) for key, value in facts.items()},
        "paper": {
            "title": kind.label,
            "title_lines": title_lines(kind.label),
            "addressee": facts["recipient"] if kind.addressed else "",
            "signature": kind.signature,
            "copies": kind.copies,
            "organ": facts["organ"],
            "number": facts["number"],
            "date": facts["date"],
            "code": code,
            "address": address,
            "qr": qr_svg(address),
            "seal": list(seal),
            "mark": mark,
        },
        "author": facts["organ"],
    }
    source = LAYOUT + typst_source(kind, text)
    try:
        return pdf.render_source(source, data, made=day)
    except pdf.TemplateError as wrong:
        line = wrong.line - LAYOUT.count("\n") if wrong.line else 0
        raise _wrong(line, f"排版程序说：{wrong.message}") from wrong


def typst_source(kind: PaperKind, text: str) -> str:
    """Replace each {要素} with a call that shows the fact, line by line.

    Raises BadInput for a fact the kind does not have and for what reaches outside the text.
    """
    labels = {paper_facts()[key].label for key in kind.facts}
    lines = text.replace("\r\n", "\n").split("\n")
    for place, line in enumerate(lines, 1):
        if found := next((each for each in HAN.findall(line) if each not in labels), ""):
            raise _wrong(place, f"{kind.label}没有“{found}”这个要素，可以用的有：{'、'.join(sorted(labels))}")
        if OUTSIDE.search(HAN.sub("", line)):
            raise _wrong(place, "模板里不能写程序、循环，也不能引用别的文件；花括号里只能写要素的名称")
    return "\n".join(_called(line) for line in lines)


def _called(line: str) -> str:
    """Call what shows each fact of a line."""
    line = CITED.sub(r'#within("\1", cited: true);', line)
    return HAN.sub(r'#fact("\1");', WITHIN.sub(r'#within("\1");', line))


def _wrong(line: int, words: str) -> BadInput:
    place = f"第{line}行" if line > 0 else "模板"
    return BadInput(
        f"{place}：{words}", [Problem(f"{place}：{words}", field="text")], remedy="请改好这一行，先预览再保存。"
    )


def _shown(columns: tuple[str, ...], value: Value) -> Any:
    if isinstance(value, str):
        return printable(value)
    if not columns:
        return [printable(each) for each in value]
    rows = [[printable(cell) for cell in row] for row in value]
    return {
        "head": list(columns),
        "rows": rows,
        "widths": [3 if n == 1 else 2 if n == 0 else 1 for n in range(len(columns))],
    }


def _bytes_of(stored: StoredFile) -> bytes:
    with open_file(stored) as file:
        return file.read()
