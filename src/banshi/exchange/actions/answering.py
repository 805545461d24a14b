"""Calls of registered systems: refused or answered, and recorded either way before the answer leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, BanshiError, Missing
from banshi.core.rate_limits import within
from banshi.exchange.actions.batching import count_batch, take_batch
from banshi.exchange.actions.using import LookUpResult, VerificationResult, look_up, verify
from banshi.exchange.batch_files import require_in_force
from banshi.exchange.call_log import append
from banshi.exchange.enums import CallKind, CallOutcome
from banshi.exchange.gateway import (
    BATCH_BOUND,
    BOUND,
    CASE,
    CLERK,
    PARTY,
    PURPOSE,
    SIGNED,
    AskedBody,
    GrantedResource,
    ListedBatches,
    NamedByCall,
    NotSigned,
    SignedCall,
    SignedMatter,
    asked_of,
    bound_to,
    clerk_named_by,
    counted_of,
    named_by,
    replayed,
    require_signed,
    use_nonce,
)
from banshi.exchange.models import CallerKey, CallRecord, DataBatch, Grant, Resource

T = TypeVar("T")
BATCHES_AT_ONCE = 100
UNPROVEN_A_MINUTE = "60/minute"
"""Calls recorded under a key that did not prove to be its holder's."""


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """The outcome of a call. `key` is None where nobody known has signed it, `label` the name its signature goes by."""

    key: CallerKey | None
    result: VerificationResult | LookUpResult | GrantedResource | ListedBatches | DataBatch | BanshiError
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Admitted(Generic[T]):
    """A call that a known key signed whole and now, under a grant of its organ."""

    named: NamedByCall
    told: dict[str, str]
    grant: Grant
    asked: T

    @property
    def key(self) -> CallerKey:
        return self.named.key

    @property
    def label(self) -> str:
        return self.named.signature.label


def _admit(
    call: SignedCall, read: Callable[[SignedCall], T], *, bound: Sequence[str] = BOUND, at: datetime
) -> _Admitted[T] | SignedAnswer:
    """Let a call in, or answer why not, which is recorded where its key is known."""
    # What serves one case uses up its nonce with its record, what takes batches at once.
    try:
        asked: T | BanshiError = read(call)
    except BanshiError as unreadable:
        asked = unreadable  # told to nobody whose signature does not fit
    try:
        named = named_by(call, asked if isinstance(asked, AskedBody) else None, at)
    except BanshiError as stranger:
        return SignedAnswer(None, stranger)
    key, given = named.key, named.signature
    try:
        require_signed(call, named, bound=bound, at=at)
        if bound is BATCH_BOUND and not use_nonce(key, given.nonce, at):
            raise replayed()
        told = bound_to(call, bound)
        if isinstance(asked, BanshiError):
            raise asked
        grant = _granted(call, named)
    except NotSigned as refused:
        # A keyid is no secret: whoever has seen one could otherwise fill the log without the key.
        if not within(UNPROVEN_A_MINUTE, "exchange-key", key.keyid):
            return SignedAnswer(None, refused)
        _refuse(call, key, at)
        return SignedAnswer(key, refused, given.label)
    except BanshiError as refused:
        _refuse(call, key, at, nonce=given.nonce)
        return SignedAnswer(key, refused, given.label)
    return _Admitted(named, told, grant, asked)


def answer_signed(call: SignedCall, *, at: datetime) -> SignedAnswer:
    """Answer the call of a system, within a grant of its organ and for the matter it signed."""
    come = _admit(call, asked_of, at=at)
    if isinstance(come, SignedAnswer):
        return come
    told, client, grant = come.told, come.key.client, come.grant
    matter = SignedMatter(come.named.item, told[CASE], told[CLERK], come.asked.person, client, come.named.matter)
    asked_for: dict[str, Any] = {
        "kind": SIGNED,
        "key": matter,
        "role": PARTY,
        "named": come.named,
        "by": client,
        "at": at,
    }
    result: VerificationResult | LookUpResult | BanshiError
    try:
        if call.kind is CallKind.VERIFY:
            result = verify(grant, claims=come.asked.claims, **asked_for)
        else:
            result = look_up(grant, fields=come.asked.fields, **asked_for)
    except BanshiError as refused:
        result = refused
    except Exception:
        use_nonce(come.key, come.named.signature.nonce, at)  # what could not be recorded is not answered another time
        raise
    return SignedAnswer(come.key, result, come.label)


def describe_signed(call: SignedCall, *, at: datetime) -> SignedAnswer:
    """Tell a system what its organ's grant gives, and how many rows there were when they were last counted."""
    come = _admit(call, _nothing, bound=BATCH_BOUND, at=at)
    if isinstance(come, SignedAnswer):
        return come
    try:
        authorize(come.key.client, Permission.EXCHANGE_USE, come.grant, at=at)
    except BanshiError as refused:
        return _refused(call, come, refused, at)
    return SignedAnswer(come.key, GrantedResource.of(come.grant, on=day_of(at)), come.label)


def list_batches_signed(call: SignedCall, *, after: int, at: datetime) -> SignedAnswer:
    """List the batches after the number a system has, the oldest first."""
    come = _admit(call, _nothing, bound=BATCH_BOUND, at=at)
    if isinstance(come, SignedAnswer):
        return come
    try:
        authorize(come.key.client, Permission.EXCHANGE_USE, come.grant, at=at)
        require_in_force(come.grant, at)
    except BanshiError as refused:
        return _refused(call, come, refused, at)
    rows = DataBatch.objects.filter(subscription__grant=come.grant, number__gt=after).select_related("file")
    some = list(rows.order_by("number")[: BATCHES_AT_ONCE + 1])
    return SignedAnswer(come.key, ListedBatches(some[:BATCHES_AT_ONCE], len(some) > BATCHES_AT_ONCE), come.label)


def take_batch_signed(call: SignedCall, *, number: int, at: datetime) -> SignedAnswer:
    """Give a system a batch, on record before the file leaves."""
    come = _admit(call, _nothing, bound=BATCH_BOUND, at=at)
    if isinstance(come, SignedAnswer):
        return come
    try:
        batch = take_batch(_batch_of(come.grant, number), clerk=come.told[CLERK], by=come.key.client, at=at)
    except BanshiError as refused:
        return _refused(call, come, refused, at)
    return SignedAnswer(come.key, batch, come.label)


def count_batch_signed(call: SignedCall, *, number: int, at: datetime) -> SignedAnswer:
    """Take down what a system counted in a batch."""
    come = _admit(call, counted_of, bound=BATCH_BOUND, at=at)
    if isinstance(come, SignedAnswer):
        return come
    told = come.asked
    try:
        batch = _batch_of(come.grant, number)
        batch = count_batch(batch, rows=told.rows, total=told.total, by=come.key.client, at=at)
    except BanshiError as refused:
        return _refused(call, come, refused, at)
    return SignedAnswer(come.key, batch, come.label)


def _nothing(call: SignedCall) -> None:
    if call.body:
        raise BadInput("这个请求不带内容", remedy="请按接入说明，不带请求体。")


def _refused(call: SignedCall, come: _Admitted[Any], refused: BanshiError, at: datetime) -> SignedAnswer:
    _refuse(call, come.key, at, nonce=come.named.signature.nonce)
    return SignedAnswer(come.key, refused, come.label)


def _batch_of(grant: Grant, number: int) -> DataBatch:
    """Return a batch of the grant's subscription, or raise Missing."""
    batch = DataBatch.objects.filter(subscription__grant=grant, number=number).first() if number < 2**31 else None
    if batch is None:
        raise Missing("没有这一批", remedy="请先列出批次，按列出的编号取。")
    return batch


def _granted(call: SignedCall, named: NamedByCall) -> Grant:
    """Return the grant of this organ and resource that the call names as its purpose, or raise Missing."""
    grant, organ = named.grant, named.key.client.organ_id
    if grant is None or (grant.request.organ_id, grant.request.resource.code) != (organ, call.resource):
        raise Missing("本单位没有这个资源的这项授权", where=PURPOSE, remedy="请写授权的编号，它在共享申请的页面上。")
    return grant


@transaction.atomic
def _refuse(call: SignedCall, key: CallerKey, at: datetime, *, nonce: str = "") -> None:
    """Record a call that came under a known key and was not let in."""
    # Of what proved to be signed the nonce is used up, and the clerk it names is on record.
    case, clerk = call.binding[CASE], ""
    if nonce:
        use_nonce(key, nonce, at)
        clerk = clerk_named_by(call)
    append(
        CallRecord(
            at=at,
            resource=Resource.objects.filter(code=call.resource[:60]).first(),
            organ=key.client.organ,
            clerk=f"{key.client.ledger_id}/{clerk}"[:150] if clerk else key.client.ledger_id,
            clerk_name=f"{key.client.ledger_name} {clerk}".strip()[:150],
            purpose="",
            purpose_number=case[:60] if case.isprintable() else "",
            kind=call.kind,
            outcome=CallOutcome.REFUSED,
        ),
        key,
        by=key.client,
    )
