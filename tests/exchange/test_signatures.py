"""Signatures by the RFC's own examples, and as another implementation makes and reads them."""

from base64 import b64decode
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms
from hypothesis import given
from hypothesis import strategies as st

from banshi.exchange.signatures import (
    BadSignature,
    HttpMessage,
    PrivateKey,
    PublicKey,
    SharedSecret,
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
