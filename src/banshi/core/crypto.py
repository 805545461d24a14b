"""Digests and encryption behind one small interface: SM3, SM4-GCM.

The algorithms are the national ones (GB/T 32905, GB/T 32907); this software is no certified 密码产品. Keys come from
`BANSHI_SECRET` by HKDF, one key per purpose, so that one secret in the environment is all an office keeps.
"""

import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE, TAG = 12, 16


def digest(data: bytes) -> str:
    """Compute the SM3 digest of `data`, 64 hex digits."""
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(data)
    return sm3.finalize().hex()


@cache
def derived_key(secret: str, *, purpose: str) -> bytes:
    """Extract the key for one purpose (HKDF)."""
    return HKDF(hashes.SHA256(), length=16, salt=None, info=purpose.encode()).derive(secret.encode())


def encrypt(text: str, *, purpose: str) -> bytes:
    """Encrypt to nonce, ciphertext and tag.

    "" stays empty.
    """
    if not text:
        return b""
    nonce = os.urandom(NONCE)
    return nonce + seal_bytes(text.encode(), key=derived_key(settings.SECRET_KEY, purpose=purpose), nonce=nonce)


def decrypt(sealed: bytes, *, purpose: str) -> str:
    """Decrypt.

    Raises cryptography.exceptions.InvalidTag when the bytes were altered.
    """
    if not sealed:
        return ""
    key = derived_key(settings.SECRET_KEY, purpose=purpose)
    return open_bytes(sealed[NONCE:], key=key, nonce=sealed[:NONCE]).decode()


def seal_bytes(content: bytes, *, key: bytes, nonce: bytes, bound_to: bytes = b"") -> bytes:
    """Encrypt to ciphertext and tag (AEAD), authenticating what it is bound to."""
    sealer = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(bound_to)
    return sealer.update(content) + sealer.finalize() + sealer.tag


def open_bytes(sealed: bytes, *, key: bytes, nonce: bytes, bound_to: bytes = b"") -> bytes:
    """Decrypt what `seal_bytes` has sealed, raising InvalidTag for anything else."""
    body, tag = sealed[:-TAG], sealed[-TAG:]
    if len(tag) < TAG:
        raise InvalidTag
    opener = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    opener.authenticate_additional_data(bound_to)
    return opener.update(body) + opener.finalize()


def blind_index(text: str, *, purpose: str) -> str:
    """Return a keyed digest by which an encrypted value can be found again without being readable."""
    return hmac.new(derived_key(settings.SECRET_KEY, purpose=purpose), text.encode(), "sha256").hexdigest()
