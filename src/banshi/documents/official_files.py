"""公文 as files. Word's library takes 10 MB, so it is imported when a Word file is first asked for."""

from banshi.documents import pdf
from banshi.documents.official import Official


def as_pdf(paper: Official) -> bytes:
    return pdf.render("official", {"paper": paper.plain(), "author": paper.signer}, made=paper.on)


def as_docx(paper: Official) -> bytes:
    from banshi.documents import official_docx

    return official_docx.as_docx(paper)
