"""Digital signatures of papers (PAdES by pyHanko), and the certificates they are made and judged with.

`settings.PAPER_CERTIFICATES` is a folder: `<统一社会信用代码>.pem` for an organ's own, `default.pem` for all others (private key, certificate,
chain, in one file), and `ca.pem`, the roots by which signatures are judged.
"""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from banshi.people.models import Organ

FIELD = "BanshiSignature"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class SignatureFinding:
    """The signature of a PDF: whose, whether the bytes are still the signed ones, whether its certificate is known."""

    signer: str = ""
    intact: bool = False
    trusted: bool = False


def certificate_of(organ: Organ) -> Path | None:
    """Find the file with the key and certificate that sign an organ's papers."""
    folder = Path(settings.PAPER_CERTIFICATES)
    names = [f"{organ.uscc}.pem"] if organ.uscc.isalnum() else []
    return next((folder / name for name in [*names, "default.pem"] if (folder / name).exists()), None)


def signed(document: bytes, *, organ: Organ, reason: str) -> bytes:
    """Sign a PDF as an incremental update.

    Without a certificate it stays unsigned.
    """
    file = certificate_of(organ)
    if file is None:
        return document
    from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    own, *chain = load_certs_from_pemder([str(file)])  # type: ignore[no-untyped-call]
    signer = signers.SimpleSigner(
        signing_cert=own,
        signing_key=load_private_key_from_pemder(str(file), passphrase=None),
        cert_registry=SimpleCertificateStore.from_certs(chain),  # type: ignore[no-untyped-call]
    )
    out = io.BytesIO()
    sign = partial(
        signers.sign_pdf,
        IncrementalPdfFileWriter(io.BytesIO(document)),
        signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            name=organ.name,
            reason=reason,
            subfilter=fields.SigSeedSubFilter.PADES,
        ),
        signer,
        new_field_spec=fields.SigFieldSpec(
            FIELD,
            readable_field_name=f"{organ.name}的数字签名",
            # Off the page: an annotation on it would have to stand in the structure of PDF/UA.
            invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
        ),
        output=out,
    )
    _in_thread(sign)
    return out.getvalue()


def _in_thread(call: Callable[[], Result]) -> Result:
    """Run a call of pyHanko, which begins an event loop, in a thread where none is running."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(call).result()


def signature_of(document: bytes) -> SignatureFinding | None:
    """Validate the signature of a PDF against our roots.

    None where there is none, or no PDF.
    """
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    try:
        found = PdfFileReader(io.BytesIO(document), strict=False).embedded_signatures
        if not found:
            return None
        roots = Path(settings.PAPER_CERTIFICATES) / "ca.pem"
        trusted = list(load_certs_from_pemder([str(roots)])) if roots.exists() else []  # type: ignore[no-untyped-call]
        context = ValidationContext(trust_roots=trusted, allow_fetching=False)
        status = _in_thread(partial(validate_pdf_signature, found[0], context))
    except (PdfError, ValueError, KeyError, TypeError, AttributeError):
        return None
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return SignatureFinding(
        signer=str(status.signing_cert.subject.native.get("common_name", "")),
        intact=bool(status.intact and status.valid and whole),
        trusted=bool(status.trusted),
    )
