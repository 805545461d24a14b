"""Client of the gateway /exchange/v1: signs calls and verifies the signature of each answer.

Needs the standard library, cryptography and `signatures.py` beside it.
"""

import json
import secrets
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
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
    read_signature,
    sign,
    verify,
)

BOUND = ("exchange-item", "exchange-case", "exchange-clerk", "exchange-purpose")
COVERED = ("@method", "@target-uri", "content-digest", *BOUND)
ANSWERED = frozenset({'"@status"', '"content-digest"', f'"signature";req;key="{LABEL}"'})
LONGEST_ANSWER = 20 * 1024 * 1024


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
        return self._call(f"{quote(resource, safe='')}/verifications", matter, body)

    def record(self, resource: str, *, matter: Matter, number: str, name: str = "") -> dict[str, Any]:
        """Ask for the granted fields of a person."""
        return self._call(f"{quote(resource, safe='')}/records", matter, {"person": {"number": number, "name": name}})

    def _call(self, rest: str, matter: Matter, data: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(data, ensure_ascii=False).encode()
        uri = f"{self.site.rstrip('/')}/exchange/v1/resources/{rest}"
        headers = {"content-type": "application/json", "content-digest": content_digest(body), **matter.headers}
        asked = HttpMessage(headers, "POST", uri)
        nonce = secrets.token_urlsafe(18)
        headers |= sign(asked, COVERED, self.key, keyid=self.keyid, created=int(time.time()), nonce=nonce)
        status, told, content = self._send(Request(uri, body, headers, method="POST"))  # noqa: S310
        answer = json.loads(content)
        if told.get("signature-input"):
            self._require_theirs(HttpMessage(told, status=status, request=HttpMessage(headers, "POST", uri)), content)
        elif status == 200:
            raise BadSignature("the answer is not signed")
        if status != 200:
            raise CallRefused(answer)
        return dict(answer)

    def _require_theirs(self, answer: HttpMessage, content: bytes) -> None:
        given = read_signature(answer.headers)
        if lacking := ANSWERED - set(given.components):
            raise BadSignature(f"the answer does not cover {sorted(lacking)}")
        key: VerifyingKey = self.key if isinstance(self.key, SharedSecret) else self._public_key(given.keyid)
        verify(answer, given, key)
        check_content_digest(answer.headers.get("content-digest", ""), content)

    def _public_key(self, keyid: str) -> PublicKey:
        """Return a key the gateway has published, asked for once."""
        if keyid not in self._own:
            _, _, content = self._send(Request(f"{self.site.rstrip('/')}/exchange/v1/keys"))  # noqa: S310
            for each in json.loads(content)["keys"]:
                raw = urlsafe_b64decode(each["x"] + "=" * (-len(each["x"]) % 4))
                self._own[each["kid"]] = PublicKey(Ed25519PublicKey.from_public_bytes(raw))
        if keyid not in self._own:
            raise BadSignature("the answer is signed by a key the gateway has not published")
        return self._own[keyid]

    def _send(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Send, past any proxy."""
        opener = build_opener(ProxyHandler({}))
        try:
            with opener.open(request, timeout=self.seconds) as response:
                read = response.status, response.headers, response.read(LONGEST_ANSWER)
        except HTTPError as error:
            read = error.code, error.headers, error.read(LONGEST_ANSWER)
        status, headers, content = read
        return status, {name.lower(): value for name, value in headers.items()}, content
