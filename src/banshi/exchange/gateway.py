"""The gateway's profile of HTTP Message Signatures: what a call covers, how old it may be, and who signed it."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connections
from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from banshi.catalog.models import Item
from banshi.clients.models import Client
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, Refused
from banshi.core.id_numbers import plain_number
from banshi.core.prepared import PreparedRows, Statement, insert_if
from banshi.core.validation_errors import in_words
from banshi.exchange.call_log import NextNumber
from banshi.exchange.comparison import person_index
from banshi.exchange.declarations import Identifier, declared_resources
from banshi.exchange.enums import CallKind, CallOutcome, InformationKind
from banshi.exchange.models import CallerKey, CallRecord, DataBatch, DataSystem, Grant, GrantDay, UsedNonce
from banshi.exchange.policy import exchange_policy
from banshi.exchange.purposes import Concerned, NumberedMatter, Purpose, finders, register_purpose, subject_of
from banshi.exchange.signatures import (
    BadSignature,
    HttpMessage,
    PrivateKey,
    SignatureInput,
    SigningKey,
    check_content_digest,
    read_signature,
    verify,
)
from banshi.exchange.sources.base import LONGEST_VALUE, SHAPES
from banshi.ledger import Actor

WINDOW = timedelta(minutes=5)
ITEM, CASE, CLERK, PURPOSE = "exchange-item", "exchange-case", "exchange-clerk", "exchange-purpose"
BOUND = (ITEM, CASE, CLERK, PURPOSE)
BATCH_BOUND = (CLERK, PURPOSE)
"""Batches serve no one case."""
COVERED = frozenset(f'"{each}"' for each in ("@method", "@target-uri", "content-digest"))
"""Components every call signs, beside those that bind it."""
LONGEST_HEADER, LONGEST_NONCE, LONGEST_KEY = 120, 64, 18
EXTERNAL, PARTY = "external", "当事人"
SIGNED = "signed"
AGAIN = "请按接入说明重新签名再发；仍然不行的，请联系数据主管部门核对密钥。"


class NotSigned(BanshiError):
    """A call that isn't, or is no longer, the one a registered system signed."""

    status = 401


Key = Annotated[str, Identifier]
Claim = Annotated[str, Field(max_length=LONGEST_VALUE, pattern=r"^[^\x00]*$")]


class AskedPerson(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = Field("", max_length=100, pattern=r"^[^\x00]*$")
    number: str = Field(pattern=rf"^{SHAPES[InformationKind.ID_NUMBER].pattern}$")


class AskedBody(BaseModel):
    """The body of a call: of whom, what is claimed, by key of the item, or which granted fields are wanted (all)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: AskedPerson
    claims: dict[Key, Claim] = Field(default_factory=dict, max_length=50)
    fields: tuple[Key, ...] = Field((), max_length=100)


class CountedBody(BaseModel):
    """The body by which a system says what it counted in a batch, and in all once it was taken in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: int = Field(ge=0, le=10**12)
    total: int | None = Field(None, ge=0, le=10**12)


@dataclass(frozen=True, slots=True)
class GrantedResource:
    """Terms of a grant, by key of the item, how it stands, and how many rows there were when they were last counted."""

    state: str
    fields: list[str]
    masked: list[str]
    verify_only: bool
    in_batches: bool
    until: date
    rows: int | None

    @classmethod
    def of(cls, grant: Grant, *, on: date) -> "GrantedResource":
        resource, plain = grant.request.resource, {*grant.unmasked}
        levels = {each["key"]: each.get("level", 1) for each in resource.items}
        least = exchange_policy().masking.level
        hidden = [each for each in grant.fields if each not in plain and levels.get(each, least) >= least]
        rows = resource.measures.filter(trouble="").values_list("rows", flat=True).first()
        state = str(grant.state_on(on))
        return cls(state, [*grant.fields], hidden, grant.verify_only, grant.in_batches, grant.until, rows)


@dataclass(frozen=True, slots=True)
class ListedBatches:
    """Batches in their order, and whether there are more."""

    batches: list[DataBatch]
    more: bool


@dataclass(frozen=True)
class SignedCall:
    """A call as it came in by HTTP."""

    message: HttpMessage
    body: bytes
    resource: str
    kind: CallKind

    @cached_property
    def binding(self) -> dict[str, str]:
        """Headers that bind a call (percent-encoded UTF-8), as far as they can be read."""
        given = self.message.headers
        return {each: unquote(given.get(each, ""), errors="replace").strip() for each in BOUND}


@dataclass(frozen=True, slots=True)
class SignedMatter:
    """The matter a system says it asks for, under its signature, and the one handled here of that number.

    `item` is None where its organ has none of that name.
    """

    item: Item | None
    case: str
    clerk: str
    person: AskedPerson
    client: Client = field(repr=False)
    handled: NumberedMatter | None

    def __str__(self) -> str:
        return f"{self.client.pk}/{self.case}"


@dataclass(frozen=True, slots=True)
class InVain:
    """Counts of a day's calls in vain, by a clerk and about a person."""

    clerk: str
    person_index: str
    mismatches: int
    absences: int
    about_person: int


@dataclass(frozen=True, slots=True)
class NamedByCall:
    """Rows a call names, as they stand now, whoever may have sent it, and what is counted of such calls.

    `matter` is the case handled here that it names, `number` what its record gets where the database gives that before.
    """

    signature: SignatureInput
    key: CallerKey
    used: bool
    grant: Grant | None
    system: DataSystem | None
    item: Item | None
    matter: NumberedMatter | None
    number: int | None
    in_vain: InVain


def named_by(call: SignedCall, asked: AskedBody | None, at: datetime) -> NamedByCall:
    """Read what a call names, by one statement, which proves nothing yet.

    Raises NotSigned where nobody known says to have signed.
    """
    try:
        given = read_signature(call.message.headers)
    except BadSignature as wrong:
        raise NotSigned("请求没有签名，或者签名读不懂", remedy=AGAIN) from wrong
    item, case, clerk, purpose = (call.binding[each] for each in BOUND)
    grant = int(purpose) if purpose.isascii() and purpose.isdigit() and len(purpose) <= LONGEST_KEY else 0
    declared = declared_resources().get(call.resource)
    system = declared.source.system if declared and declared.source else ""
    person = person_index(asked.person.number) if asked else ""
    key, state, found, used_today, read, of, *matters = NAMED(
        given.keyid.replace("\0", ""),
        given.nonce.replace("\0", ""),
        grant,
        system,
        _guid_or_code(item),
        case if "\0" not in case else "",
        clerk.replace("\0", ""),
        person,
        at - timedelta(days=1),
        day_of(at),
    )
    if key is None:
        raise NotSigned("没有登记过这个签名密钥", remedy="请单位的系统管理员在“接入应用”里登记密钥。")
    if of is not None and of.organ_id != key.client.organ_id:
        of = None
    if found is not None:
        found.used_on, found.used = day_of(at), used_today or 0
    used, number, *times = state
    matter = next((each.read(row) for each, row in zip(finders(), matters, strict=True) if row is not None), None)
    in_vain = InVain(f"{key.client.ledger_id}/{clerk}", person, *(each or 0 for each in times))
    return NamedByCall(given, key, bool(used), found, read, of, matter, number, in_vain)


def _guid_or_code(named: str) -> UUID | str:
    try:
        return UUID(named)
    except ValueError:
        return named.replace("\0", "")


def _named(
    keyid: str,
    nonce: str,
    grant: int,
    system: str,
    item: UUID | str,
    case: str,
    clerk: str,
    person: str,
    since: datetime,
    day: date,
) -> tuple[QuerySet[Any], ...]:
    keys = CallerKey.objects.filter(keyid=keyid).order_by()
    come_before = UsedNonce.objects.filter(key=OuterRef("pk"), nonce=nonce)
    whose = Concat(Value("client:"), Cast(OuterRef("client_id"), CharField()), Value("/"), Value(clerk))
    by_clerk = CallRecord.objects.filter(clerk=whose, at__gte=since)
    granted = Grant.objects.filter(pk=grant)
    about_person = CallRecord.objects.filter(person_index=person, at__gte=since, outcome=CallOutcome.MISMATCH).filter(
        resource_id__in=granted.values("request__resource_id"), organ_id__in=granted.values("request__organ_id")
    )
    items = Item.objects.filter(organ__clients__exchange_keys__keyid=keyid, code=item).order_by("id")[:1]
    return (
        keys.select_related("client__organ").only(*OF_KEY),
        keys.values_list(
            Exists(come_before),
            NextNumber(),
            _times(by_clerk.filter(outcome=CallOutcome.MISMATCH)),
            _times(by_clerk.filter(outcome=CallOutcome.NONE)),
            _times(about_person),
        ),
        granted.select_related("request__resource").only(*OF_GRANT).order_by(),
        GrantDay.objects.filter(grant=grant, day=day).order_by().values_list("calls", flat=True),
        DataSystem.objects.filter(code=system).only(*OF_SYSTEM).order_by(),
        (Item.objects.filter(guid=item).order_by() if isinstance(item, UUID) else items).only("organ"),
        *(each.rows(case) for each in finders()),
    )


def _times(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(times=Count("*")).values("times"))


OF_KEY = (
    *("keyid", "algorithm", "public", "secret_sealed", "since", "until", "revoked_at"),
    *("client__name", "client__permissions", "client__ended_at", "client__authorization_grant_type"),
    *("client__organ__name", "client__organ__short_name", "client__organ__active"),
)
OF_GRANT = (
    *("fields", "conditions", "unmasked", "verify_only", "in_batches", "daily_quota", "since", "until", "revoked_at"),
    *("request__organ", "request__item", "request__delivered_at", "request__resource__code"),
    *("request__resource__name", "request__resource__organ", "request__resource__items"),
    *("request__resource__sharing", "request__resource__state"),
)
OF_SYSTEM = ("code", "kind", "address_sealed", "active", "failures", "resting_until")
"""Columns a call is judged by; another is fetched by a statement of its own."""
NAMED = PreparedRows(_named)
ONCE = """
INSERT INTO exchange_usednonce (key_id, nonce, at) SELECT %s, %s, %s {after} WHERE TRUE ON CONFLICT DO NOTHING RETURNING 1
"""


def nonce_once(key: CallerKey, nonce: str, at: datetime) -> Statement:
    """Build the statement that uses up a nonce, which inserts a row for the first call that does.

    In the transaction that records the call, so that of two at once one is answered.
    """
    return ONCE, (key.pk, nonce, connections["default"].ops.adapt_datetimefield_value(at))


def use_nonce(key: CallerKey, nonce: str, at: datetime) -> bool:
    """Use up a nonce by itself, and tell whether this call was the first to."""
    return insert_if([nonce_once(key, nonce, at)], []) == 1


def replayed() -> NotSigned:
    return NotSigned("这个请求已经收到过，不能重放", remedy="每次调用用一个新的随机数（nonce）重新签名。")


def require_signed(call: SignedCall, named: NamedByCall, *, bound: Sequence[str] = BOUND, at: datetime) -> None:
    """Refuse what the key did not sign whole, now, and what has come before."""
    given, key, client = named.signature, named.key, named.key.client
    if key.revoked_at or not key.since <= at <= key.until or client.ended_at or not client.organ.active:
        raise NotSigned("这个签名密钥已经收回或到期", remedy="请单位的系统管理员登记新的密钥。")
    if lacking := sorted({*COVERED, *(f'"{each}"' for each in bound)} - set(given.components)):
        raise NotSigned(f"签名没有覆盖{'、'.join(lacking)}", remedy=AGAIN)
    readable = given.nonce.isascii() and given.nonce.isprintable()
    if given.created is None or not 1 <= len(given.nonce) <= LONGEST_NONCE or not readable:
        raise NotSigned("签名里没有写时间（created）或一次性的随机数（nonce）", remedy=AGAIN)
    if abs(at.timestamp() - given.created) > WINDOW.total_seconds() or (
        given.expires is not None and given.expires < at.timestamp()
    ):
        raise NotSigned(
            "签名的时间和这里相差超过5分钟",
            remedy=f"请校准对方服务器的时钟；这里现在是{at.isoformat(timespec='seconds')}。",
        )
    try:
        verify(call.message, given, key.verifying_key)
        check_content_digest(call.message.headers["content-digest"], call.body)
    except BadSignature as wrong:
        raise NotSigned("签名和收到的内容对不上", remedy=AGAIN) from wrong
    if named.used:
        raise replayed()


def bound_to(call: SignedCall, bound: Sequence[str] = BOUND) -> dict[str, str]:
    """Read what binds a call: item, case, clerk and purpose.

    Raises BadInput.
    """
    told = {}
    for each in bound:
        text = call.binding[each]
        if not 1 <= len(text) <= LONGEST_HEADER or not text.isprintable() or "\ufffd" in text:
            raise BadInput(f"请求头 {each} 没有写，或者太长、读不懂", where=each, remedy="请按接入说明填写。")
        told[each] = text
    return told


def clerk_named_by(call: SignedCall) -> str:
    """Return the clerk a signed call names, or "" where that can't be read."""
    try:
        return bound_to(call, (CLERK,))[CLERK]
    except BadInput:
        return ""


def asked_of(call: SignedCall) -> AskedBody:
    try:
        asked = AskedBody.model_validate_json(call.body)
    except ValidationError as wrong:
        raise BadInput(f"请求的内容读不懂：{in_words(wrong)}", remedy="请按接入说明填写。") from wrong
    if asked.fields and call.kind is CallKind.VERIFY:
        raise BadInput("核验不取信息项（fields）", remedy="要核对的写在 claims 里。")
    return asked


def counted_of(call: SignedCall) -> CountedBody:
    try:
        return CountedBody.model_validate_json(call.body)
    except ValidationError as wrong:
        raise BadInput(f"请求的内容读不懂：{in_words(wrong)}", remedy="请按接入说明填写。") from wrong


def purpose_of_signed(key: Any, by: Actor, at: datetime) -> Purpose:
    """Read what a system asks for as a purpose: a case here, which is read itself, or one of its own.

    Raises where the case is not open, not its organ's or not about the person.
    """
    matter: SignedMatter = key
    client, number = matter.client, plain_number(matter.person.number)
    item = matter.item
    if item is None:
        raise Missing("本单位没有这个事项", where=ITEM, remedy="请写事项编码，或事项的 guid。")
    found = matter.handled
    if found is None:
        concerned = Concerned(PARTY, matter.person.name, number)
        subject = subject_of(SIGNED, matter)
        return Purpose(subject, matter.case[:60], item.pk, frozenset({client.organ_id}), (concerned,), matter.clerk)
    if found.organ_id != client.organ_id or found.item_id != item.pk:
        raise Refused("这件办件不是本单位这个事项的，不能为它调用", remedy="只能为本单位正在办的事调用。")
    if not found.open:
        raise Conflict("办件已经结束，不能再为它调用", remedy="只能为正在办的事调用。")
    about = [each for each in found.concerned if plain_number(each.number) == number]
    if not about:
        raise Refused("这件办件里没有这个人", remedy="只能核验办件涉及的人。")
    said = Concerned(PARTY, about[0].name, number)
    return Purpose(found.subject, matter.case, item.pk, frozenset({client.organ_id}), (said,), matter.clerk)


register_purpose(SIGNED, purpose_of_signed, label=EXTERNAL, people=lambda key: set())


@cache
def _own_key(secret: str) -> tuple[str, Ed25519PrivateKey]:
    seed = HKDF(hashes.SHA256(), length=32, salt=None, info=b"exchange.gateway").derive(secret.encode())
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"banshi-{digest(public)[:16]}", key


def own_public_key() -> tuple[str, Ed25519PublicKey]:
    """Return the key by which callers verify answers, with its keyid."""
    keyid, key = _own_key(settings.SECRET_KEY)
    return keyid, key.public_key()


def jwk_of(keyid: str, public: Ed25519PublicKey) -> dict[str, str]:
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "kid": keyid, "x": urlsafe_b64encode(raw).rstrip(b"=").decode()}


def answering_key(key: CallerKey) -> tuple[str, SigningKey]:
    """Return the key an answer is signed with: the caller's own secret, else the gateway's key."""
    if (secret := key.secret) is not None:
        return key.keyid, secret
    keyid, own = _own_key(settings.SECRET_KEY)
    return keyid, PrivateKey(own)
