"""Client of the gateway /exchange/v1: signs calls and verifies the signature of each answer.

Needs the standard library, cryptography and `signatures.py` beside it.
"""

import json
import secrets
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .signatures import (
    LABEL,
    BadSignature,
    HttpMessage,
    PrivateKey,
    PublicKey,
    SharedSecret,
    VerifyingKey,
    check_content_digest,
    content_digest,
    content_digest_of,
    read_signature,
    sign,
    verify,
)

BOUND = ("exchange-item", "exchange-case", "exchange-clerk", "exchange-purpose")
COVERED = ("@method", "@target-uri", "content-digest")
ANSWERED = frozenset({'"@status"', '"content-digest"', f'"signature";req;key="{LABEL}"'})
LONGEST_ANSWER = 20 * 1024 * 1024
PART = 1024 * 1024


class CallRefused(Exception):
    """An answer that is an error, as problem details (RFC 9457)."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{problem.get('detail', '')}{problem.get('remedy', '')}")
        self.problem = dict(problem)


@dataclass(frozen=True, slots=True)
class Matter:
    """The matter a call is made for: item code, case number, clerk, and the number of the grant."""

    item: str
    case: str
    clerk: str
    grant: int

    @property
    def headers(self) -> dict[str, str]:
        values = (self.item, self.case, self.clerk, str(self.grant))
        return {name: quote(value, safe="") for name, value in zip(BOUND, values, strict=True)}


@dataclass
class Gateway:
    """A gateway at `site` (https://…), called under the key `keyid`."""

    site: str
    keyid: str
    key: PrivateKey | SharedSecret
    seconds: float = 10.0
    _own: dict[str, PublicKey] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def with_private_key(cls, site: str, keyid: str, raw: bytes) -> "Gateway":
        return cls(site, keyid, PrivateKey(Ed25519PrivateKey.from_private_bytes(raw)))

    def verify(
        self, resource: str, *, matter: Matter, number: str, name: str = "", claims: Mapping[str, str]
    ) -> dict[str, Any]:
        """Ask whether what is claimed of a person agrees with the register."""
        body = {"person": {"number": number, "name": name}, "claims": dict(claims)}
        return self._call("POST", f"{quote(resource)}/verifications", matter.headers, body)

    def record(
        self, resource: str, *, matter: Matter, number: str, name: str = "", fields: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Ask for the granted fields of a person, or some of them."""
        body = {"person": {"number": number, "name": name}, "fields": list(fields)}
        return self._call("POST", f"{quote(resource)}/records", matter.headers, body)

    def describe(self, resource: str, *, clerk: str, grant: int) -> dict[str, Any]:
        """Ask what the grant gives."""
        return self._call("GET", quote(resource), _of_batches(clerk, grant))

    def batches(self, resource: str, *, clerk: str, grant: int, after: int = 0) -> dict[str, Any]:
        """List the batches after the newest one has, oldest first."""
        return self._call("GET", f"{quote(resource)}/batches?after={after}", _of_batches(clerk, grant))

    def take_batch(self, resource: str, number: int, to: IO[bytes], *, clerk: str, grant: int) -> int:
        """Write a batch to a file and return its size.

        Raises BadSignature unless all of it came as it was signed: throw the file away then, and take it again.
        """
        asked = self._signed("GET", f"{quote(resource)}/batches/{number}", _of_batches(clerk, grant), b"")
        with self._open(Request(asked.uri, headers=dict(asked.headers), method="GET")) as (status, told, answer):  # noqa: S310
            if status != 200:
                raise self._refusal(asked, status, told, answer.read(LONGEST_ANSWER))
            self._require_theirs(HttpMessage(told, status=status, request=asked))
            hashed, size = sha256(), 0
            while part := answer.read(PART):
                hashed.update(part)
                size += to.write(part)
        if content_digest_of(hashed.digest()) != told.get("content-digest"):
            raise BadSignature("the file did not come whole")
        return size

    def count_batch(
        self, resource: str, number: int, *, rows: int, total: int | None = None, clerk: str, grant: int
    ) -> dict[str, Any]:
        """Say how many rows came, and how many there are in all once they were taken in."""
        told = {"rows": rows, "total": total}
        return self._call("POST", f"{quote(resource)}/batches/{number}/counts", _of_batches(clerk, grant), told)

    def _call(
        self, method: str, rest: str, bound: Mapping[str, str], data: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        body = b"" if data is None else json.dumps(data, ensure_ascii=False).encode()
        asked = self._signed(method, rest, bound, body)
        request = Request(asked.uri, body or None, dict(asked.headers), method=method)  # noqa: S310
        with self._open(request) as (status, told, answer):
            content = answer.read(LONGEST_ANSWER)
        if status != 200:
            raise self._refusal(asked, status, told, content)
        self._require_theirs(HttpMessage(told, status=status, request=asked))
        check_content_digest(told.get("content-digest", ""), content)
        return dict(json.loads(content))

    def _signed(self, method: str, rest: str, bound: Mapping[str, str], body: bytes) -> HttpMessage:
        uri = f"{self.site.rstrip('/')}/exchange/v1/resources/{rest}"
        headers = {"content-type": "application/json", "content-digest": content_digest(body), **bound}
        nonce, covered = secrets.token_urlsafe(18), (*COVERED, *bound)
        message = HttpMessage(headers, method, uri)
        headers |= sign(message, covered, self.key, keyid=self.keyid, created=int(time.time()), nonce=nonce)
        return HttpMessage(headers, method, uri)

    def _refusal(self, asked: HttpMessage, status: int, told: Mapping[str, str], content: bytes) -> CallRefused:
        """Read an error, which has to be theirs where it is signed."""
        if told.get("signature-input"):
            self._require_theirs(HttpMessage(told, status=status, request=asked))
            check_content_digest(told.get("content-digest", ""), content)
        return CallRefused(json.loads(content))

    def _require_theirs(self, answer: HttpMessage) -> None:
        if not answer.headers.get("signature-input"):
            raise BadSignature("the answer is not signed")
        given = read_signature(answer.headers)
        if lacking := ANSWERED - set(given.components):
            raise BadSignature(f"the answer does not cover {sorted(lacking)}")
        key: VerifyingKey = self.key if isinstance(self.key, SharedSecret) else self._public_key(given.keyid)
        verify(answer, given, key)

    def _public_key(self, keyid: str) -> PublicKey:
        """Return a key the gateway has published, asked for once."""
        if keyid not in self._own:
            with self._open(Request(f"{self.site.rstrip('/')}/exchange/v1/keys")) as (_, _, answer):  # noqa: S310
                keys = json.loads(answer.read(LONGEST_ANSWER))["keys"]
            for each in keys:
                raw = urlsafe_b64decode(each["x"] + "=" * (-len(each["x"]) % 4))
                self._own[each["kid"]] = PublicKey(Ed25519PublicKey.from_public_bytes(raw))
        if keyid not in self._own:
            raise BadSignature("the answer is signed by a key the gateway has not published")
        return self._own[keyid]

    @contextmanager
    def _open(self, request: Request) -> Iterator[tuple[int, dict[str, str], IO[bytes]]]:
        """Send, past any proxy."""
        opener = build_opener(ProxyHandler({}))
        try:
            answer = opener.open(request, timeout=self.seconds)
            status = answer.status
        except HTTPError as error:
            answer, status = error, error.code
        with answer:
            yield status, {name.lower(): value for name, value in answer.headers.items()}, answer


def _of_batches(clerk: str, grant: int) -> dict[str, str]:
    return {"exchange-clerk": quote(clerk, safe=""), "exchange-purpose": str(grant)}
