"""Keys by which registered systems sign their calls. A shared secret is told once and goes into no ledger."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes, token_hex

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)
from django.db import transaction

from banshi.access import Permission, authorize
from banshi.clients.models import Client
from banshi.core.crypto import encrypt
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.repeats import A_CLICK, refuse_repeated
from banshi.exchange.enums import KeyAlgorithm
from banshi.exchange.models import PUBLIC_KEYS, CallerKey
from banshi.ledger import Actor, record

LONGEST_LIFE = timedelta(days=2 * 366)
RAW = 32
SM2_FRAME = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
"""What DER puts before an SM2 point: SubjectPublicKeyInfo of the curve sm2p256v1 (GM/T 0010)."""


@dataclass(frozen=True, slots=True)
class RegisteredKey:
    """A key, and its secret in base64 where there is one, which is told only now."""

    key: CallerKey
    secret: str = ""


@transaction.atomic
def register_key(
    client: Client, *, algorithm: str, public: str = "", until: datetime, by: Actor, at: datetime
) -> RegisteredKey:
    """Register a key of a system that may use shared data: its public key, or a secret that is made here."""
    by = authorize(by, Permission.CLIENT_MANAGE, client, at=at)
    if client.ended_at or not client.is_system:
        raise Conflict(f"“{client}”不是在用的单位系统，不能登记签名密钥", remedy="请先登记单位的系统。")
    if Permission.EXCHANGE_USE not in client.permissions:
        raise Conflict(f"“{client}”没有使用共享数据的授权", remedy="请先在“修改”里勾选核验、取用共享数据。")
    if not at < until <= at + LONGEST_LIFE:
        raise BadInput("密钥没有登记", [Problem("要晚于今天，最长两年", where="用到哪一天", field="until")])
    chosen, secret = KeyAlgorithm(algorithm), ""
    key = CallerKey(client=client, keyid=f"k-{token_hex(8)}", algorithm=chosen, since=at, until=until)
    if chosen in PUBLIC_KEYS:
        read = _public_bytes if chosen is KeyAlgorithm.ED25519 else _sm2_point
        key.public = b64encode(read(public)).decode()
        if CallerKey.objects.filter(public=key.public, revoked_at=None).exists():
            raise BadInput("密钥没有登记", [Problem("这把公钥已经登记过，请另外生成一对", field="public")])
    else:
        same = CallerKey.objects.filter(client=client, algorithm=chosen, until=until, since__gt=at - A_CLICK)
        refuse_repeated(client, same, "这样的密钥刚刚登记过", remedy="密钥显示在系统的页面上，只显示一次。")
        secret = b64encode(token_bytes(RAW)).decode()
        key.secret_sealed = encrypt(secret, purpose=CallerKey.SEALED)
    key.save(force_insert=True)
    facts = {"keyid": key.keyid, "algorithm": str(chosen), "until": until.isoformat()}
    record("exchange.register_key", key, by=by, at=at, facts=facts)
    return RegisteredKey(key, secret)


@transaction.atomic
def revoke_key(key: CallerKey, *, reason: str, by: Actor, at: datetime) -> CallerKey:
    """Take a key back, at once and for good."""
    now = CallerKey.objects.select_for_update(of=("self",)).select_related("client__organ").get(pk=key.pk)
    by = authorize(by, Permission.CLIENT_MANAGE, now.client, at=at)
    if now.revoked_at:
        raise Conflict("这个密钥已经收回", remedy="请刷新页面查看。")
    if not reason.strip():
        raise BadInput("没有写收回的原因", remedy="例如：密钥外泄、人员变动、系统停用。")
    now.revoked_at, now.revoke_reason = at, reason.strip()[:300]
    now.save(update_fields=["revoked_at", "revoke_reason"])
    record("exchange.revoke_key", now, by=by, at=at, facts={"keyid": now.keyid})
    return now


def _public_bytes(text: str) -> bytes:
    """Read an Ed25519 public key, in PEM or in base64 with or without its DER frame."""
    try:
        if "BEGIN" in text:
            key = load_pem_public_key(text.strip().encode())
        elif len(raw := b64decode("".join(text.split()), validate=True)) == RAW:
            key = Ed25519PublicKey.from_public_bytes(raw)
        else:
            key = load_der_public_key(raw)
    except (ValueError, NotBase64, UnsupportedAlgorithm) as wrong:
        raise BadInput("密钥没有登记", [Problem("读不懂这把公钥，要 PEM 或 base64", field="public")]) from wrong
    if not isinstance(key, Ed25519PublicKey):
        raise BadInput("密钥没有登记", [Problem("要 Ed25519 的公钥", field="public")])
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _sm2_point(text: str) -> bytes:
    """Read an SM2 public key, in PEM or in base64 with or without its DER frame: the 64 bytes of its point, on the curve."""
    try:
        from gmssl_pyx import GmsslInnerError, normalize_sm2_public_key
    except ModuleNotFoundError as lacking:
        said = Problem("这里没有装国密 SM2 的库，请系统管理员安装 banshi[sm2]", field="public")
        raise BadInput("密钥没有登记", [said]) from lacking
    lines = [each for each in text.split("\n") if not each.strip().startswith("-----")]
    try:
        raw = b64decode("".join("".join(lines).split()), validate=True)
        framed = raw.removeprefix(SM2_FRAME)
        return bytes(normalize_sm2_public_key(framed))
    except (ValueError, NotBase64, GmsslInnerError) as wrong:
        raise BadInput("密钥没有登记", [Problem("读不懂这把公钥，要 SM2 的 PEM 或 base64", field="public")]) from wrong
