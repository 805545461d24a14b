"""Digests and encryption behind one small interface: SM3, SM4-GCM.

The algorithms are the national ones (GB/T 32905, GB/T 32907); this software is no certified 密码产品. Keys come from
`BANSHI_SECRET` by HKDF, one key per purpose, so that one secret in the environment is all an office keeps.
"""

import hmac
import os
from functools import cache

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
def _key(purpose: str, secret: str) -> bytes:
    return HKDF(hashes.SHA256(), length=16, salt=None, info=purpose.encode()).derive(secret.encode())


def encrypt(text: str, *, purpose: str) -> bytes:
    """Encrypt to nonce, ciphertext and tag.

    "" stays empty.
    """
    if not text:
        return b""
    nonce = os.urandom(NONCE)
    sealer = Cipher(algorithms.SM4(_key(purpose, settings.SECRET_KEY)), modes.GCM(nonce)).encryptor()
    return nonce + sealer.update(text.encode()) + sealer.finalize() + sealer.tag


def decrypt(sealed: bytes, *, purpose: str) -> str:
    """Decrypt.

    Raises cryptography.exceptions.InvalidTag when the bytes were altered.
    """
    if not sealed:
        return ""
    nonce, body, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
    opener = Cipher(algorithms.SM4(_key(purpose, settings.SECRET_KEY)), modes.GCM(nonce, tag)).decryptor()
    return (opener.update(body) + opener.finalize()).decode()


def blind_index(text: str, *, purpose: str) -> str:
    """Return a keyed digest by which an encrypted value can be found again without being readable."""
    return hmac.new(_key(purpose, settings.SECRET_KEY), text.encode(), "sha256").hexdigest()
