"""Papers as a kept validator of PDF/UA reads them, and as archives want them."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pdfua import validate
from tests.documents.sheets import sheet
from tests.documents.test_official import paper

from banshi.documents import pdf
from banshi.documents.official_files import as_pdf


def guide(**how: Any) -> bytes:
    return pdf.render("guide", {"sheet": sheet().plain()}, **how)


@pytest.mark.parametrize("made", [guide, lambda: as_pdf(paper())], ids=["guide", "official"])
def test_no_paper_has_what_a_screen_reader_stumbles_on(made: Callable[[], bytes], tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(made())
    assert [str(finding) for finding in validate(file).findings] == []


def test_a_paper_with_its_day_is_fit_for_archives() -> None:
    made = guide(made=date(2026, 11, 28))
    assert b"pdfaid" in made and b"/OutputIntents" in made
    assert b"pdfaid" in as_pdf(paper())
    assert b"pdfaid" not in guide()


FORBIDDEN = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState"}
"""Actions that ISO 19005-2, 6.5.1 keeps out."""


def against_archives(content: bytes) -> Iterator[str]:
    """Yield what ISO 19005-2 objects to, as far as the file's own objects show it (no validator of it can be had)."""
    with pikepdf.open(io.BytesIO(content)) as file:
        intents = [each for each in file.Root.get("/OutputIntents", []) if each.S == "/GTS_PDFA1"]
        if not (intents and int(intents[0].DestOutputProfile.N) == 3):
            yield "no output intent with a profile"
        with file.open_metadata() as said:
            if (said.get("pdfaid:part"), said.get("pdfaid:conformance")) != ("2", "A"):
                yield "not called PDF/A-2a"
        if file.is_encrypted or "/ID" not in file.trailer:
            yield "encrypted, or without an identifier"
        if not (file.Root.MarkInfo.Marked and "/StructTreeRoot" in file.Root and "/Lang" in file.Root):
            yield "not tagged"
        for each in file.objects:
            if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                continue
            if each.get("/Type") == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(
                each.keys()
            ):
                yield f"font {each.FontName} is not in the file"
            if each.get("/Type") == "/Font" and each.get("/Subtype") == "/Type0" and "/ToUnicode" not in each:
                yield f"font {each.BaseFont} tells no characters"
            if each.get("/Type") == "/Action" and str(each.get("/S")) in FORBIDDEN:
                yield f"action {each.S}"
            if isinstance(each, pikepdf.Stream) and "/LZWDecode" in str(each.get("/Filter", "")):
                yield "LZW"


@pytest.mark.parametrize(
    "made", [lambda: guide(made=date(2026, 11, 28)), lambda: as_pdf(paper())], ids=["guide", "official"]
)
def test_a_paper_holds_all_that_archives_need(made: Callable[[], bytes]) -> None:
    assert list(against_archives(made())) == []


def test_a_paper_without_its_day_is_none_for_archives() -> None:
    assert "not called PDF/A-2a" in list(against_archives(guide()))
