"""Signatures by the RFC's own examples, and as another implementation makes and reads them."""

import subprocess
from base64 import b64decode
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms
from hypothesis import given
from hypothesis import strategies as st

from banshi.exchange.actions.registering import _sm2_point
from banshi.exchange.signatures import (
    BadSignature,
    HttpMessage,
    PrivateKey,
    PublicKey,
    SharedSecret,
    Sm2PrivateKey,
    Sm2PublicKey,
    check_content_digest,
    content_digest,
    read_signature,
    sign,
    signature_base,
    verify,
)

BODY = b'{"hello": "world"}'
DIGEST = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"
REQUEST = HttpMessage(
    {
        "host": "example.com",
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-digest": DIGEST,
        "content-length": "18",
    },
    "POST",
    "https://example.com/foo?param=Value&Pet=dog",
)
"""The test request of RFC 9421, appendix B.2."""
CREATED = 1618884473
SECRET = SharedSecret(
    b64decode("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==")
)
ED25519 = PrivateKey(
    load_der_private_key(b64decode("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF"), None)  # type: ignore[arg-type]
)
ED25519_PUBLIC = PublicKey(
    load_der_public_key(b64decode("MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="))  # type: ignore[arg-type]
)
EXAMPLES = {
    "B.2.5 HMAC-SHA256": (
        SECRET,
        SECRET,
        "test-shared-secret",
        ("date", "@authority", "content-type"),
        "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
    ),
    "B.2.6 Ed25519": (
        ED25519,
        ED25519_PUBLIC,
        "test-key-ed25519",
        ("date", "@method", "@path", "@authority", "content-type", "content-length"),
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
    ),
}


def signed(message: HttpMessage, headers: dict[str, str]) -> HttpMessage:
    return HttpMessage({**message.headers, **headers}, message.method, message.uri, message.status, message.request)


@pytest.mark.parametrize("private, public, keyid, components, signature", EXAMPLES.values(), ids=list(EXAMPLES))
def test_the_examples_of_the_rfc(private: Any, public: Any, keyid: str, components: Any, signature: str) -> None:
    headers = sign(REQUEST, components, private, keyid=keyid, created=CREATED, label="sig-b2")
    assert headers["signature"] == f"sig-b2=:{signature}:"
    given = read_signature(headers)
    assert (given.keyid, given.created, given.components) == (keyid, CREATED, tuple(f'"{each}"' for each in components))
    verify(signed(REQUEST, headers), given, public)


def test_the_digest_of_the_rfc() -> None:
    check_content_digest(DIGEST, BODY)
    check_content_digest(content_digest(BODY), BODY)
    for header in (DIGEST, "", "md5=:abc=:", f"{content_digest(BODY)}, {content_digest(b'')}"):
        with pytest.raises(BadSignature):
            check_content_digest(header, BODY + b" " if header == DIGEST else BODY)


def test_an_answer_is_bound_to_its_request() -> None:
    headers = sign(REQUEST, ["@method"], ED25519, keyid="k", created=CREATED)
    answer = HttpMessage({"content-digest": content_digest(b"{}")}, status=200, request=signed(REQUEST, headers))
    covered = ["@status", "content-digest", '"signature";req;key="sig1"']
    told = sign(answer, covered, ED25519, keyid="k", created=CREATED)
    verify(answer, read_signature(told), ED25519_PUBLIC)
    other = signed(REQUEST, {"signature": "sig1=:AAAA:"})
    with pytest.raises(BadSignature):
        verify(HttpMessage(answer.headers, status=200, request=other), read_signature(told), ED25519_PUBLIC)


def test_hmac_with_sm3_is_another_algorithm() -> None:
    sm3 = SharedSecret(SECRET.secret, "hmac-sm3")
    headers = sign(REQUEST, ["@method", "date"], sm3, keyid="k", created=CREATED)
    verify(REQUEST, read_signature(headers), sm3)
    with pytest.raises(BadSignature):
        verify(REQUEST, read_signature(headers), SECRET)


@pytest.mark.parametrize(
    "signature_input, signature",
    [
        ("", ""),
        ('sig1=("@method");created=1', ""),
        ('sig1=("@method");created=1', "other=:AAAA:"),
        ('sig1=("@method" "@method");created=1', "sig1=:AAAA:"),
        ('sig1=("@method"), sig2=("date");created=1', "sig1=:AAAA:"),
        ('sig1=("Date");created=1', "sig1=:AAAA:"),
        ('sig1=("@method");created=x', "sig1=:AAAA:"),
        ('sig1=("@method");created=1', "sig1=:A:"),
        ('sig1=("@method"\n"date");created=1', "sig1=:AAAA:"),
    ],
)
def test_what_is_no_single_signature_is_none(signature_input: str, signature: str) -> None:
    with pytest.raises(BadSignature):
        read_signature({"signature-input": signature_input, "signature": signature})


@pytest.mark.parametrize("component", ["x-gone", '"date";bs', "@query-param", '"date";req', "no component"])
def test_a_component_that_is_not_there_is_no_empty_one(component: str) -> None:
    with pytest.raises(BadSignature):
        sign(REQUEST, [component], ED25519, keyid="k", created=CREATED)


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_a_stranger_sends_breaks_the_reading(described: str, text: str) -> None:
    with suppress(BadSignature):
        read_signature({"signature-input": f"sig1=({described});{text}", "signature": f"sig1=:{text}:"})


class _Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Any:
        return ED25519_PUBLIC.key

    def resolve_private_key(self, key_id: str) -> Any:
        return ED25519.key


COVERED = ("@method", "@target-uri", "content-digest", "exchange-case")


def _prepared(**headers: str) -> requests.PreparedRequest:
    given = {"Content-Digest": content_digest(BODY), "Exchange-Case": "2026-1-000001", **headers}
    return requests.Request("POST", "https://example.com/exchange/v1/x", headers=given, data=BODY).prepare()


def _as_message(request: requests.PreparedRequest) -> HttpMessage:
    return HttpMessage({name.lower(): str(value) for name, value in request.headers.items()}, "POST", str(request.url))


def test_another_implementation_reads_what_we_sign() -> None:
    now = int(datetime.now(UTC).timestamp())
    request = _prepared()
    request.headers.update(sign(_as_message(request), COVERED, ED25519, keyid="k", created=now, nonce="n"))
    [read] = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys()).verify(request)
    assert [each for each in read.covered_components if "@signature-params" not in each] == [
        f'"{each}"' for each in COVERED
    ]


def test_we_read_what_another_implementation_signs() -> None:
    request = _prepared()
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Keys())
    signer.sign(request, key_id="k", covered_component_ids=COVERED, label="sig1", nonce="n", use_existing_digest=True)
    message = _as_message(request)
    given_ = read_signature(message.headers)
    verify(message, given_, ED25519_PUBLIC)
    assert (given_.keyid, given_.nonce) == ("k", "n")
    tampered = signed(message, {"exchange-case": "2026-1-000002"})
    with pytest.raises(BadSignature):
        verify(tampered, given_, ED25519_PUBLIC)
    assert b"2026-1-000002" in signature_base(tampered, given_.components, given_.parameters)
    with pytest.raises(BadSignature):
        verify(message, given_, PublicKey(Ed25519PrivateKey.generate().public_key()))


SM2_PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
SM2_PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SM2_SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
"""The example of the national standard (GB/T 32918.5, annex A): "message digest" signed on the recommended curve."""


def test_the_standards_own_sm2_signature_fits_and_no_other() -> None:
    key = Sm2PublicKey(SM2_PUBLIC)
    key.verify(b"message digest", SM2_SIGNATURE)
    for base, signature in (
        (b"message digesT", SM2_SIGNATURE),
        (b"message digest", SM2_SIGNATURE[::-1]),
        (b"message digest", SM2_SIGNATURE[:-1]),
        (b"message digest", bytes(64)),
        (b"message digest", b"\xff" * 64),
        (b"message digest", b""),
    ):
        with pytest.raises(BadSignature):
            key.verify(base, signature)


def test_sm2_signs_a_message_as_the_other_algorithms_do() -> None:
    key = Sm2PrivateKey(SM2_PRIVATE, SM2_PUBLIC)
    headers = sign(REQUEST, ("@method", "content-digest"), key, keyid="k", created=CREATED)
    message = signed(REQUEST, headers)
    verify(message, read_signature(message.headers), Sm2PublicKey(SM2_PUBLIC))
    other = HttpMessage(message.headers, "GET", message.uri)
    with pytest.raises(BadSignature):
        verify(other, read_signature(message.headers), Sm2PublicKey(SM2_PUBLIC))


def test_sm2_is_verified_by_openssl_too(tmp_path: Path) -> None:
    """A key and a signature by another implementation, in the PEM a caller hands over."""
    pem, base = tmp_path / "key.pem", tmp_path / "base"
    base.write_bytes(b"message digest")

    def openssl(*arguments: str) -> bytes:
        return subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60).stdout

    openssl("genpkey", "-algorithm", "SM2", "-out", str(pem))
    public = _sm2_point(openssl("pkey", "-in", str(pem), "-pubout").decode())
    options = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")
    made = openssl("pkeyutl", "-sign", "-inkey", str(pem), "-in", str(base), *options)
    r, s = decode_dss_signature(made)
    Sm2PublicKey(public).verify(base.read_bytes(), r.to_bytes(32) + s.to_bytes(32))
