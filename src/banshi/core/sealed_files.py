"""Files encrypted at rest: an envelope for each, its bytes in chunks by STREAM over SM4-GCM.

Each file has a key of its own, wrapped by the office's (`BANSHI_FILE_KEYS`, else `BANSHI_SECRET`). A rotation wraps those
keys anew and leaves the bytes. Chunks can't be altered, exchanged between files, moved, left out or cut off unseen.
"""

import io
import os
import secrets
from dataclasses import dataclass
from typing import IO

from cryptography.exceptions import InvalidTag
from django.conf import settings

from banshi.core.crypto import NONCE, TAG, derived_key, digest, open_bytes, seal_bytes
from banshi.core.errors import Missing

CHUNK = 64 * 1024
KEY = 16
PURPOSE = "core.sealed_files"


class AlteredFile(Missing):
    """The bytes are not those that were sealed."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """`place` is the name the bytes are bound to, `key_sealed` their key, wrapped by the office's key `key_id`."""

    place: str
    key_id: str
    key_sealed: bytes

    @property
    def rewrapped(self) -> "Envelope":
        """Wrap its key by the newest key of the office."""
        return _wrapped(self.place, _unwrapped(self))


def office_keys() -> dict[str, bytes]:
    """Map the office's keys by their ids, newest first."""
    keys = [derived_key(each, purpose=PURPOSE) for each in (*settings.FILE_KEYS, settings.SECRET_KEY)]
    return {digest(key)[:8]: key for key in keys}


def newest_key_id() -> str:
    return next(iter(office_keys()))


def seal_stream(source: IO[bytes], target: IO[bytes]) -> Envelope:
    """Encrypt `source` chunk by chunk into `target`."""
    key, place = os.urandom(KEY), secrets.token_hex(32)
    number, chunk = 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK) if len(chunk) == CHUNK else b""
        nonce = _nonce(number, last=not following)
        target.write(seal_bytes(chunk, key=key, nonce=nonce, bound_to=place.encode()))
        if not following:
            return _wrapped(place, key)
        number, chunk = number + 1, following


class SealedReader(io.RawIOBase):
    """A sealed file as one reads a plain one, each chunk verified before it is given out."""

    def __init__(self, sealed: IO[bytes], envelope: Envelope, *, size: int, name: str) -> None:
        self.sealed, self.place, self.size, self.shown_name = sealed, envelope.place.encode(), size, name
        self.key = _unwrapped(envelope)
        self.last = max(0, (size - 1) // CHUNK)
        self.position = 0
        self.held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.position = max(0, {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.size}[whence] + offset)
        return self.position

    def tell(self) -> int:
        return self.position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.position >= self.size:
            return 0
        number, start = divmod(self.position, CHUNK)
        if self.held[0] != number:
            self.held = number, self._chunk(number)
        some = self.held[1][start : start + len(buffer)]
        buffer[: len(some)] = some
        self.position += len(some)
        return len(some)

    def _chunk(self, number: int) -> bytes:
        self.sealed.seek(number * (CHUNK + TAG))
        # One byte more than the last chunk has shows what was put behind it.
        sealed = self.sealed.read(CHUNK + TAG if number < self.last else self.size - number * CHUNK + TAG + 1)
        try:
            nonce = _nonce(number, last=number == self.last)
            return open_bytes(sealed, key=self.key, nonce=nonce, bound_to=self.place)
        except InvalidTag as altered:
            remedy = "请联系系统管理员从备份中恢复。"
            raise AlteredFile("文件在存储里被改动过，打不开", where=self.shown_name, remedy=remedy) from altered

    def close(self) -> None:
        self.sealed.close()
        super().close()


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE - 1, "big") + bytes([last])


def _wrapped(place: str, key: bytes) -> Envelope:
    key_id, office = next(iter(office_keys().items()))
    nonce = os.urandom(NONCE)
    return Envelope(place, key_id, nonce + seal_bytes(key, key=office, nonce=nonce, bound_to=place.encode()))


def _unwrapped(envelope: Envelope) -> bytes:
    office = office_keys().get(envelope.key_id)
    if office is None:
        raise Missing(
            "打开这份文件的密钥不在", remedy="请系统管理员把当时的密钥放回 BANSHI_FILE_KEYS（或 BANSHI_SECRET）。"
        )
    sealed = envelope.key_sealed
    try:
        return open_bytes(sealed[NONCE:], key=office, nonce=sealed[:NONCE], bound_to=envelope.place.encode())
    except InvalidTag as altered:
        raise AlteredFile("文件的密钥被改动过，打不开", remedy="请联系系统管理员从备份中恢复。") from altered
