"""Many sheets as one book: cover, contents, a chapter each, bookmarks.

Up to `AT_ONCE` chapters the book is one tagged PDF, set in one go. The compiler keeps some 4 MB a chapter while it
works, so larger books are set in parts, each forgotten before the next, and joined; joining keeps bookmarks and loses
tags.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, islice

from banshi.documents import pdf
from banshi.documents.sheet import Sheet

AT_ONCE = 40
WHOLE = {"front": True, "contents": None, "first_page": 1}


@dataclass(frozen=True, slots=True)
class Cover:
    """`total` is the number of chapters, `without` of what has none, `on` the day of printing in words, `qr` an SVG.

    `note` stands on every page.
    """

    title: str
    subtitle: str
    on: str
    qr: str
    total: int
    without: int = 0
    note: str = "以网上最新公布为准"


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A line of the contents: chapter, owner, page as numbered."""

    title: str
    owner: str
    page: int


def render(cover: Cover, sheets: Iterable[Sheet]) -> bytes:
    """Return the book.

    Pages are numbered from the first chapter on.
    """
    parts = _parts(sheets)
    first = next(parts, [])
    if cover.total <= AT_ONCE:
        return _set(cover, first, **WHOLE)
    from pypdf import PdfReader, PdfWriter  # here, because every request process would carry its 16 MB
    from pypdf.generic import Destination

    entries: list[ContentsLine] = []
    chapters: list[bytes] = []
    page = 1
    for part in chain([first], parts):
        made = _set(cover, part, front=False, contents=None, first_page=page)
        reader = PdfReader(io.BytesIO(made))
        # Chapters begin on the pages of the outline's top level.
        tops = [each for each in reader.outline if isinstance(each, Destination)]
        starts = [int(reader.get_destination_page_number(each) or 0) for each in tops]
        entries += [ContentsLine(s.title, s.owner, page + at) for s, at in zip(part, starts, strict=True)]
        page += len(reader.pages)
        chapters.append(made)
        pdf.forget()
    contents = [[each.title, each.owner, str(each.page)] for each in entries]
    front = _set(cover, [], front=True, contents=contents, first_page=1)
    from pypdf.generic import NameObject, TextStringObject

    writer = PdfWriter()
    for piece in [front, *chapters]:
        writer.append(io.BytesIO(piece))
    writer.add_metadata({"/Title": cover.title})
    writer.root_object[NameObject("/Lang")] = TextStringObject("zh-CN")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _parts(sheets: Iterable[Sheet]) -> Iterator[list[Sheet]]:
    left = iter(sheets)
    while part := list(islice(left, AT_ONCE)):
        yield part


def _set(cover: Cover, sheets: Sequence[Sheet], **how: object) -> bytes:
    return pdf.render("book", {**asdict(cover), "sheets": [sheet.plain() for sheet in sheets], **how})
