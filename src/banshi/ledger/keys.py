"""The Ed25519 key that signs anchors, kept apart from the database."""

import logging
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from banshi.core.crypto import digest
from banshi.core.errors import Missing

logger = logging.getLogger("banshi.ledger")


def signing_key() -> Ed25519PrivateKey:
    """Read the private key.

    Make one at first use, but only in its default place in BANSHI_HOME.
    """
    path = Path(settings.LEDGER_KEY)
    if not path.exists():
        if not is_in_home():
            raise Missing(
                "签名用的密钥文件不在",
                where=str(path),
                remedy="核对 BANSHI_LEDGER_KEY；还没有密钥的，用 banshi make-ledger-key 生成。",
            )
        make_key(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Missing("签名用的密钥不是 Ed25519 密钥", where=str(path), remedy="用 banshi make-ledger-key 另外生成。")
    return key


def make_key(path: Path) -> None:
    """Write a new private key, readable by its owner only, and beside it the public key (`.pub`)."""
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.with_suffix(".pub").write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    logger.warning("ledger key made at %s, fingerprint %s", path, fingerprint_of(key.public_key()))


def trusted_keys() -> dict[str, Ed25519PublicKey]:
    """List public keys by fingerprint.

    The file may hold several, one after the other, when the key was changed.
    """
    path = Path(settings.LEDGER_PUBLIC_KEY)
    if not path.exists():
        return {}
    end = "-----END PUBLIC KEY-----\n"
    keys = [load_pem_public_key((part + end).encode()) for part in path.read_text().split(end) if part.strip()]
    return {fingerprint_of(key): key for key in keys if isinstance(key, Ed25519PublicKey)}


def fingerprint_of(key: Ed25519PublicKey) -> str:
    return digest(key.public_bytes(Encoding.Raw, PublicFormat.Raw))[:16]


def is_signed(message: bytes, signature: str, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_in_home() -> bool:
    """Tell whether the private key lies in the data folder, where whoever takes the database takes it too."""
    return Path(settings.LEDGER_KEY).resolve().is_relative_to(Path(settings.HOME).resolve())
