"""Calls of registered systems: refused or answered, and recorded either way before the answer leaves."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from banshi.core.errors import BanshiError, Missing
from banshi.core.rate_limits import within
from banshi.events import emit
from banshi.exchange.actions.using import LookUpResult, VerificationResult, look_up, verify
from banshi.exchange.call_log import append
from banshi.exchange.enums import CallKind, CallOutcome
from banshi.exchange.events import CALLED
from banshi.exchange.gateway import (
    CASE,
    CLERK,
    ITEM,
    PARTY,
    PURPOSE,
    SIGNED,
    NotSigned,
    SignedCall,
    SignedMatter,
    asked_of,
    bound_to,
    require_signed,
    signature_of,
)
from banshi.exchange.models import CallerKey, CallRecord, Grant, Resource
from banshi.ledger import record

UNPROVEN_A_MINUTE = "60/minute"
"""Calls recorded under a key that did not prove to be its holder's."""


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """The outcome of a call. `key` is None where nobody known has signed it, `label` the name its signature goes by."""

    key: CallerKey | None
    result: VerificationResult | LookUpResult | BanshiError
    label: str = ""


def answer_signed(call: SignedCall, *, at: datetime) -> SignedAnswer:
    """Answer the call of a system, within a grant of its organ and for the matter it signed."""
    try:
        given, key = signature_of(call)
    except BanshiError as stranger:
        return SignedAnswer(None, stranger)
    try:
        require_signed(call, given, key, at=at)
        told, asked = bound_to(call), asked_of(call)
        grant = _granted(call, key, told[PURPOSE])
    except BanshiError as refused:
        # A keyid is no secret: whoever has seen one could otherwise fill the log without the key.
        if isinstance(refused, NotSigned) and not within(UNPROVEN_A_MINUTE, "exchange-key", key.keyid):
            return SignedAnswer(None, refused)
        _refuse(call, key, at)
        return SignedAnswer(key, refused, given.label)
    matter = SignedMatter(told[ITEM], told[CASE], told[CLERK], asked.person, key.client)
    client = key.client
    try:
        if call.kind is CallKind.VERIFY:
            return SignedAnswer(
                key,
                verify(grant, kind=SIGNED, key=matter, role=PARTY, claims=asked.claims, by=client, at=at),
                given.label,
            )
        return SignedAnswer(key, look_up(grant, kind=SIGNED, key=matter, role=PARTY, by=client, at=at), given.label)
    except BanshiError as refused:
        return SignedAnswer(key, refused, given.label)


def _granted(call: SignedCall, key: CallerKey, purpose: str) -> Grant:
    """Return the grant of this organ and resource that the call names as its purpose, or raise Missing."""
    found = Grant.objects.filter(request__organ=key.client.organ_id, request__resource__code=call.resource)
    grant = found.filter(pk=purpose).first() if purpose.isascii() and purpose.isdigit() and len(purpose) < 19 else None
    if grant is None:
        raise Missing("本单位没有这个资源的这项授权", where=PURPOSE, remedy="请写授权的编号，它在共享申请的页面上。")
    return grant


@transaction.atomic
def _refuse(call: SignedCall, key: CallerKey, at: datetime) -> None:
    """Record a call that came under a known key and was not let in."""
    case = call.message.headers.get(CASE, "")
    written = append(
        CallRecord(
            at=at,
            resource=Resource.objects.filter(code=call.resource[:60]).first(),
            organ=key.client.organ,
            clerk=key.client.ledger_id,
            clerk_name=key.client.ledger_name[:150],
            purpose="",
            purpose_number=case[:60] if case.isprintable() else "",
            kind=call.kind,
            outcome=CallOutcome.REFUSED,
        )
    )
    record("exchange.call", key, by=key.client, at=at, facts={"call": written.number})
    emit(CALLED, key, by=key.client, at=at, call=written.number, outcome=str(written.outcome))
