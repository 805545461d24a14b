"""Time stamps (RFC 3161) of anchors: an authority outside the house says when an anchor was there, and what it said."""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from banshi.core.errors import BadInput
from banshi.ledger.anchors import message_of
from banshi.ledger.models import Anchor, TimeStamp

ASKED_WITHIN = timedelta(days=1)
"""An anchor is stamped by then or never: one that was stamped much later than it says was made up later."""
AT_ONCE = 24
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class StampFinding:
    """A token as it was judged. `trusted` is None where no roots are kept to judge its authority by."""

    intact: bool
    trusted: bool | None
    at: datetime
    authority: str


def stamped_message(note: Anchor) -> bytes:
    """Write what the authority stamps: the anchor with our signature, so that neither can be written anew."""
    return message_of(note) + b"\x1f" + note.signature.encode()


def digest_to_stamp(note: Anchor) -> bytes:
    return hashlib.sha256(stamped_message(note)).digest()


def waiting_for_stamps(*, at: datetime) -> list[Anchor]:
    """List the anchors of the last day that have none, the newest first."""
    stamped = TimeStamp.objects.values("serial")
    newest = Anchor.objects.exclude(serial__in=stamped).order_by("-serial")[:AT_ONCE]
    return [note for note in newest if at - datetime.fromisoformat(note.at) < ASKED_WITHIN]


def keep_stamp(note: Anchor, token: bytes, *, at: datetime) -> TimeStamp:
    """Keep a token once it was judged: what proves nothing is not kept."""
    found = judged([(digest_to_stamp(note), token)])[0]
    if found is None or not found.intact or found.trusted is False:
        raise BadInput("时间戳证明不了这个留底，没有保存")
    return TimeStamp.objects.create(serial=note.serial, token=token, at=at)


def judged(tokens: Sequence[tuple[bytes, bytes]]) -> list[StampFinding | None]:
    """Validate tokens by their SHA-256 imprints and our roots, None for what is no token."""
    if not tokens:
        return []
    with ThreadPoolExecutor(max_workers=1) as pool:  # pyHanko begins an event loop, so where none is running
        return pool.submit(asyncio.run, _judge_all(tokens)).result()


async def _judge_all(tokens: Sequence[tuple[bytes, bytes]]) -> list[StampFinding | None]:
    from pyhanko.keys import load_certs_from_pemder

    path = Path(settings.TIMESTAMP_ROOTS)
    roots = list(load_certs_from_pemder([str(path)])) if path.exists() else []  # type: ignore[no-untyped-call]
    return [await _judge(imprint, token, roots) for imprint, token in tokens]


async def _judge(imprint: bytes, token: bytes, roots: list[Any]) -> StampFinding | None:
    from asn1crypto import cms
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus
    from pyhanko_certvalidator import ValidationContext

    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        told = signed["encap_content_info"]["content"].parsed
        at = told["gen_time"].native
        # Judged by the moment it tells, so that it serves on after the certificate has ended.
        context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at, best_signature_time=at)
        facts = await validate_tst_signed_data(signed, context, lambda how: imprint if how == "sha256" else b"")
        status = TimestampSignatureStatus(**facts)
    except (*UNREADABLE, SignatureValidationError):
        return None
    return StampFinding(
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted) if roots else None,
        at=at,
        authority=str(status.signing_cert.subject.native.get("common_name", "")),
    )
