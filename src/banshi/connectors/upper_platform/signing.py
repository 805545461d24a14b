"""HMAC signatures of requests over method, path, time and body."""

from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

ALGORITHMS: dict[str, type[hashes.HashAlgorithm]] = {"hmac-sha256": hashes.SHA256, "hmac-sm3": hashes.SM3}


def signed(
    method: str, path: str, body: bytes, *, app: str, secret: str, algorithm: str, at: datetime
) -> dict[str, str]:
    """Return the headers of a signed request."""
    moment = str(int(at.timestamp() * 1000))
    return {
        "X-App": app,
        "X-Time": moment,
        "X-Sign-Algorithm": algorithm,
        "X-Sign": signature(method, path, moment, body, secret=secret, algorithm=algorithm),
    }


def signature(method: str, path: str, moment: str, body: bytes, *, secret: str, algorithm: str) -> str:
    mac = HMAC(secret.encode(), ALGORITHMS[algorithm]())
    mac.update("\n".join([method, path, moment, ""]).encode() + body)
    return mac.finalize().hex()
