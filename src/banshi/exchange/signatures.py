"""HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530).

Needs the standard library and cryptography alone, so that a caller takes this file and `client.py` as they are. SM2 needs gmssl-pyx.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256, sha512
from hmac import compare_digest
from typing import Protocol
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hmac import HMAC

LABEL = "sig1"
LONGEST = 4096
SM2_HALF = 32
HASHES: dict[str, type[hashes.HashAlgorithm]] = {"hmac-sha256": hashes.SHA256, "hmac-sm3": hashes.SM3}
DIGESTS = {"sha-256": sha256, "sha-512": sha512}
_STRING = r'"(?:[^"\\]|\\["\\])*"'
_PARAMETERS = rf"(?:;[a-z*][a-z0-9_.*-]*(?:=(?:{_STRING}|-?\d{{1,15}}|[A-Za-z*][^\s;,)\"]*))?)*"
_COMPONENT = re.compile(rf'"(@?[a-z0-9_-]+)"({_PARAMETERS})')
_INPUT = re.compile(rf"([a-z*][a-z0-9_.*-]*)=(\(((?:{_STRING}{_PARAMETERS}(?: |(?=\))))*)\)({_PARAMETERS}))")
_PARAMETER = re.compile(rf";([a-z*][a-z0-9_.*-]*)(?:=({_STRING}|[^;]*))?")
_ITEM = re.compile(rf"{_STRING}{_PARAMETERS}")
_SENT = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):")
_KEPT = 512
"""Texts remembered as they were read, of those that come again with every call of a system."""


class BadSignature(Exception):
    """A signature that is missing, unreadable or not of this message."""


class SigningKey(Protocol):
    @property
    def algorithm(self) -> str: ...

    def sign(self, base: bytes) -> bytes: ...


class VerifyingKey(Protocol):
    @property
    def algorithm(self) -> str: ...

    def verify(self, base: bytes, signature: bytes) -> None:
        """Raise BadSignature unless the signature is this key's over the base."""


@dataclass(frozen=True, slots=True)
class SharedSecret:
    """A secret both sides have: HMAC with SHA-256, or with the national SM3."""

    secret: bytes
    algorithm: str = "hmac-sha256"

    def sign(self, base: bytes) -> bytes:
        mac = HMAC(self.secret, HASHES[self.algorithm]())
        mac.update(base)
        return mac.finalize()

    def verify(self, base: bytes, signature: bytes) -> None:
        if not compare_digest(self.sign(base), signature):
            raise BadSignature("the signature does not fit")


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key of Ed25519."""

    key: Ed25519PrivateKey
    algorithm: str = field(default="ed25519", init=False)

    def sign(self, base: bytes) -> bytes:
        return self.key.sign(base)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key of Ed25519."""

    key: Ed25519PublicKey
    algorithm: str = field(default="ed25519", init=False)

    def verify(self, base: bytes, signature: bytes) -> None:
        try:
            self.key.verify(signature, base)
        except InvalidSignature as wrong:
            raise BadSignature("the signature does not fit") from wrong


@dataclass(frozen=True, slots=True)
class Sm2PrivateKey:
    """A private key of SM2 (GB/T 32918.2), with its public half, 32 and 64 bytes."""

    key: bytes = field(repr=False)
    public: bytes
    algorithm: str = field(default="sm2", init=False)

    def sign(self, base: bytes) -> bytes:
        from gmssl_pyx import sm2_sign  # for whoever uses SM2 only

        r, s = decode_dss_signature(sm2_sign(self.key, self.public, base))
        return r.to_bytes(SM2_HALF) + s.to_bytes(SM2_HALF)


@dataclass(frozen=True, slots=True)
class Sm2PublicKey:
    """A public key of SM2: x and y of its point. The signature is r and s, the identity that of GM/T 0009."""

    key: bytes
    algorithm: str = field(default="sm2", init=False)

    def verify(self, base: bytes, signature: bytes) -> None:
        from gmssl_pyx import GmsslInnerError, sm2_verify

        if len(signature) != 2 * SM2_HALF:
            raise BadSignature("the signature does not fit")
        r, s = int.from_bytes(signature[:SM2_HALF]), int.from_bytes(signature[SM2_HALF:])
        try:
            fits = sm2_verify(self.key, base, encode_dss_signature(r, s))
        except GmsslInnerError as wrong:
            raise BadSignature("the signature does not fit") from wrong
        if not fits:
            raise BadSignature("the signature does not fit")


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """A request, or an answer with its request. Names of headers are in lower case."""

    headers: Mapping[str, str]
    method: str = ""
    uri: str = ""
    status: int = 0
    request: "HttpMessage | None" = None


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """A signature as its two headers tell it. `parameters` is the text under the signature."""

    label: str
    components: tuple[str, ...]
    parameters: str
    signature: bytes
    created: int | None = None
    expires: int | None = None
    nonce: str = ""
    keyid: str = ""
    algorithm: str = ""


def content_digest(body: bytes) -> str:
    return content_digest_of(sha256(body).digest())


def content_digest_of(digest: bytes) -> str:
    """Write the SHA-256 digest of a body that was read part by part."""
    return f"sha-256=:{b64encode(digest).decode()}:"


def check_content_digest(header: str, body: bytes) -> None:
    """Compare the body with every digest of a known algorithm, of which there has to be one.

    Raises BadSignature.
    """
    found = re.findall(r"([a-z0-9-]+)=:([A-Za-z0-9+/=]*):", header[:LONGEST])
    known = [(name, text) for name, text in found if name in DIGESTS]
    if not known or any(text != b64encode(DIGESTS[name](body).digest()).decode() for name, text in known):
        raise BadSignature("the content is not the one that was signed")


def read_signature(headers: Mapping[str, str]) -> SignatureInput:
    """Parse the one signature a message carries.

    Raises BadSignature.
    """
    described, given = headers.get("signature-input", "").strip(), headers.get("signature", "").strip()
    read = _INPUT.fullmatch(described) if len(described) <= LONGEST else None
    sent = _SENT.fullmatch(given[:LONGEST])
    if read is None or sent is None or read[1] != sent[1]:
        raise BadSignature("there has to be one signature, with its input")
    components = _components(read[3])
    told = {name: value.strip('"') for name, value in _PARAMETER.findall(read[4])}
    try:
        return SignatureInput(
            label=read[1],
            components=components,
            parameters=read[2],
            signature=b64decode(sent[2], validate=True),
            created=int(told["created"]) if "created" in told else None,
            expires=int(told["expires"]) if "expires" in told else None,
            nonce=told.get("nonce", ""),
            keyid=told.get("keyid", ""),
            algorithm=told.get("alg", ""),
        )
    except (NotBase64, ValueError) as wrong:
        raise BadSignature("the signature can't be read") from wrong


@lru_cache(_KEPT)
def _components(listed: str) -> tuple[str, ...]:
    found = tuple(_ITEM.findall(listed))
    if len(set(found)) != len(found) or not all(_COMPONENT.fullmatch(each) for each in found):
        raise BadSignature("the covered components can't be read")
    return found


def sign(
    message: HttpMessage,
    components: Sequence[str],
    key: SigningKey,
    *,
    keyid: str,
    created: int,
    nonce: str = "",
    label: str = LABEL,
) -> dict[str, str]:
    """Return the two headers that sign these components of the message."""
    identifiers = [each if each.startswith('"') else f'"{each}"' for each in components]
    parameters = f'({" ".join(identifiers)});created={created};keyid="{keyid}"'
    if nonce:
        parameters += f';nonce="{nonce}"'
    signature = key.sign(signature_base(message, identifiers, parameters))
    return {"signature-input": f"{label}={parameters}", "signature": f"{label}=:{b64encode(signature).decode()}:"}


def verify(message: HttpMessage, given: SignatureInput, key: VerifyingKey) -> None:
    """Raise BadSignature unless the signature is the key's over the message."""
    if given.algorithm and given.algorithm != key.algorithm:
        raise BadSignature("the algorithm is not the key's")
    key.verify(signature_base(message, given.components, given.parameters), given.signature)


def signature_base(message: HttpMessage, components: Sequence[str], parameters: str) -> bytes:
    """Write the text under a signature (RFC 9421 §2.5)."""
    lines = [f"{each}: {_value(message, each)}" for each in components]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


@lru_cache(_KEPT)
def _component(identifier: str) -> tuple[str, Mapping[str, str]]:
    """Read the name and the parameters of a component."""
    read = _COMPONENT.fullmatch(identifier)
    if read is None:
        raise BadSignature(f"{identifier} is no component")
    parameters = dict(_PARAMETER.findall(read[2]))
    if set(parameters) - {"req", "key"}:
        raise BadSignature(f"{identifier} is not supported")
    return read[1], parameters


def _value(message: HttpMessage, identifier: str) -> str:
    name, parameters = _component(identifier)
    of = message
    if "req" in parameters:
        if message.request is None:
            raise BadSignature("there is no request")
        of = message.request
    if name.startswith("@"):
        return _derived(of, name)
    if name not in of.headers:
        raise BadSignature(f"{name} is covered and not there")
    value = " ".join(of.headers[name].split()) if "\n" in of.headers[name] else of.headers[name].strip()
    if "key" in parameters:
        member = re.search(rf"(?:^|,\s*){re.escape(parameters['key'].strip(chr(34)))}=(:[A-Za-z0-9+/=]*:)", value)
        if member is None:
            raise BadSignature(f"{identifier} is not there")
        return member[1]
    return value


def _derived(of: HttpMessage, name: str) -> str:
    match name:
        case "@method":
            return of.method
        case "@target-uri":
            return of.uri
        case "@status" if of.status:
            return str(of.status)
    parts = urlsplit(of.uri)
    match name:
        case "@authority":
            default = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
            return parts.netloc.rpartition("@")[2].lower().removesuffix(default)
        case "@scheme":
            return parts.scheme.lower()
        case "@path":
            return parts.path or "/"
        case "@query":
            return f"?{parts.query}"
        case "@request-target":
            return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    raise BadSignature(f"{name} is not supported")
