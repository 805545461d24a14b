"""Reading papers back."""

import io

from pypdf import PdfReader


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    """All text, without the spaces that setting puts between Chinese and Latin letters."""
    return "".join("".join(page.extract_text() for page in opened(pdf).pages).split())
