"""The digital signature, judged by pyHanko's own validator."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pdfua import validate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter

from banshi.core.clock import now
from banshi.files import open_file
from banshi.papers.demo_authority import make_demo_certificates
from banshi.papers.models import Paper
from banshi.papers.printing import print_paper
from banshi.papers.signing import SignatureFinding, signature_of, signed
from banshi.people.models import Organ
from tests.factories import NOON, a_uscc
from tests.papers.issued import paper


@pytest.fixture
def authority(settings) -> Path:  # type: ignore[no-untyped-def]
    make_demo_certificates(city="示例市", at=now())
    return Path(settings.PAPER_CERTIFICATES)


def document(made: Paper | None = None) -> bytes:
    with open_file(print_paper(made or paper(), at=NOON)) as file:
        return file.read()


@pytest.mark.django_db
def test_a_paper_bears_a_pades_signature_over_the_whole_file(authority: Path) -> None:
    (found,) = PdfFileReader(io.BytesIO(document())).embedded_signatures
    assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    root = PdfFileReader(io.BytesIO(document())).embedded_signatures[0].other_embedded_certs
    status = validate_pdf_signature(found, ValidationContext(trust_roots=root, allow_fetching=False))
    assert status.bottom_line, status.pretty_print_details()
    said = signature_of(document())
    assert said and (said.intact, said.trusted, said.signer) == (True, True, "示例市政务服务（仅供演示）")


@pytest.mark.django_db
def test_a_signed_paper_can_still_be_read_aloud(authority: Path, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(document())
    assert [str(finding) for finding in validate(file).findings] == []


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0.1, 0.4, 0.7])
def test_one_changed_byte_is_found(authority: Path, place: float) -> None:
    made = bytearray(document())
    made[int(len(made) * place)] ^= 1
    said = signature_of(bytes(made))
    assert said is None or not said.intact


@pytest.mark.django_db
def test_something_put_behind_the_signature_is_found(authority: Path) -> None:
    made = PdfWriter(io.BytesIO(document()), incremental=True)
    made.add_blank_page(100, 100)
    out = io.BytesIO()
    made.write(out)
    said = signature_of(out.getvalue())
    assert said is not None and not said.intact


@pytest.mark.django_db
def test_the_signature_of_a_stranger_is_whole_but_not_trusted(authority: Path, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.PAPER_CERTIFICATES = tmp_path / "another"
    make_demo_certificates(city="别的市", at=now())
    made = document()
    settings.PAPER_CERTIFICATES = authority
    said = signature_of(made)
    assert said and (said.intact, said.trusted) == (True, False)


def test_an_organ_signs_with_a_certificate_of_its_own(authority: Path, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    own = Organ(name="示例教育局", uscc=a_uscc(7))
    settings.PAPER_CERTIFICATES = tmp_path / "another"
    make_demo_certificates(city="教育局", at=now())
    (authority / f"{own.uscc}.pem").write_bytes((tmp_path / "another" / "default.pem").read_bytes())
    settings.PAPER_CERTIFICATES = authority
    assert b"ETSI" in signed(blank(), organ=own, reason="")
    said = signature_of(signed(blank(), organ=own, reason=""))
    assert said and said.signer == "教育局政务服务（仅供演示）"


def test_it_is_signed_and_judged_where_an_event_loop_is_running(authority: Path) -> None:
    async def inside() -> SignatureFinding | None:
        return signature_of(signed(blank(), organ=Organ(name="示例教育局", uscc=a_uscc(7)), reason=""))

    with ThreadPoolExecutor(1) as fresh:  # the browser's loop may be running in the thread of the test
        said = fresh.submit(asyncio.run, inside()).result()
    assert said and said.intact


@pytest.mark.django_db
def test_without_a_certificate_a_paper_is_made_unsigned() -> None:
    assert signature_of(document()) is None


def test_what_is_no_pdf_has_no_signature() -> None:
    assert signature_of(b"") is None
    assert signature_of(b"%PDF-1.7\nno") is None


def blank() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()
