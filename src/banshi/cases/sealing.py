"""Sealed columns of cases: JSON encrypted with a key for each kind of row."""

import json
from typing import Any

from banshi.core.crypto import decrypt, encrypt

ANSWERS, CONTENT, APPLICANT, CODE = "cases.Application", "cases.CaseAct", "cases.Case", "cases.query_code"
FETCHED = "cases.FetchedMaterial"


def seal(content: Any, *, purpose: str) -> bytes:
    """Encrypt what JSON can hold.

    Nothing stays empty.
    """
    return encrypt(json.dumps(content, ensure_ascii=False, separators=(",", ":")), purpose=purpose) if content else b""


def opened(sealed: bytes | memoryview, *, purpose: str) -> Any:
    """Decrypt what `seal` has sealed.

    {} of nothing.
    """
    text = decrypt(bytes(sealed), purpose=purpose)
    return json.loads(text) if text else {}
