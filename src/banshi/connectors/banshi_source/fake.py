"""Another banshi's gateway for tests: verifies what is signed, answers under its signature, and remembers for whom."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply
from banshi.exchange.gateway import BATCH_BOUND, BOUND, PURPOSE, jwk_of
from banshi.exchange.signatures import (
    LABEL,
    BadSignature,
    HttpMessage,
    PrivateKey,
    PublicKey,
    check_content_digest,
    content_digest,
    read_signature,
    sign,
    verify,
)

CALLER, OWN = (Ed25519PrivateKey.from_private_bytes(bytes([n] * 32)) for n in (1, 2))
COVERED = ("@status", "content-digest", f'"signature";req;key="{LABEL}"')
PERSON = "gmsfhm"


@dataclass
class FakeBanshi(Loopback):
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    masked: list[str] = field(default_factory=list)
    verify_only: bool = False
    signs: bool = True
    refuses: tuple[int, str] | None = None
    """Status and words of every answer."""
    problem: str = ""
    """Type of what it refuses."""

    @property
    def url(self) -> str:
        raw = urlsafe_b64encode(CALLER.private_bytes_raw()).decode()
        grants = "&".join(f"{table}={place}:{table}" for place, table in enumerate(self.tables, 1))
        return self.address.replace("://", f"://k-1:{raw}@") + f"?item=530100-X&{grants}"

    def answer(self, asked: ReceivedRequest) -> Reply:
        if asked.path == "/exchange/v1/keys":
            return 200, {"keys": [jwk_of("there", OWN.public_key())]}
        request = HttpMessage(asked.headers, asked.method, self.address + asked.path)
        try:
            given = read_signature(asked.headers)
            verify(request, given, PublicKey(CALLER.public_key()))
            check_content_digest(asked.headers["content-digest"], asked.body)
        except (BadSignature, KeyError):
            return 401, {"status": 401, "detail": "请求没有签名，或者签名读不懂"}
        bound = BOUND if asked.method == "POST" else BATCH_BOUND
        if lacking := {f'"{each}"' for each in bound} - set(given.components):
            return 401, {"status": 401, "detail": f"签名没有覆盖{lacking}"}
        status, told = self._told(asked)
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = {"content-digest": content_digest(body)}
        if self.signs:
            answer, created = HttpMessage(headers, status=status, request=request), int(time.time())
            headers |= sign(answer, COVERED, PrivateKey(OWN), keyid="there", created=created)
        return status, body, headers

    def _told(self, asked: ReceivedRequest) -> tuple[int, dict[str, Any]]:
        if self.refuses:
            status, detail = self.refuses
            return status, {"type": self.problem, "status": status, "detail": detail, "remedy": ""}
        table, _, kind = asked.path.removeprefix("/exchange/v1/resources/").partition("/")
        rows = self.tables.get(table)
        if rows is None or unquote(asked.headers[PURPOSE]) != str([*self.tables].index(table) + 1):
            return 404, {"status": 404, "detail": "本单位没有这个资源的这项授权", "remedy": ""}
        fields = sorted({name for row in rows for name in row})
        if not kind:
            more = {"in_batches": False, "until": "2027-12-31", "rows": len(rows)}
            return 200, {"fields": fields, "masked": self.masked, "verify_only": self.verify_only, **more}
        question = asked.json()
        wanted = question["fields"] or fields
        if set(wanted) - set(fields):
            return 403, {"status": 403, "detail": "超出了授权的信息项", "remedy": ""}
        found = [{name: row[name] for name in wanted} for row in rows if row[PERSON] == question["person"]["number"]]
        return 200, {"rows": found, "masked": [each for each in wanted if each in self.masked], "call": 1}
