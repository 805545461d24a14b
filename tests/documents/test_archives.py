"""Papers as a kept validator of PDF/UA reads them, and as archives want them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pdfua import validate
from tests.documents.sheets import sheet
from tests.documents.test_official import paper

from banshi.documents import pdf
from banshi.documents.official import as_pdf


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
