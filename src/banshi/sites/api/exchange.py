"""The gateway /exchange/v1: signed calls of registered systems for data of the city's organs, answered under a signature."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError
from banshi.core.rate_limits import within
from banshi.exchange.actions import LookUpResult, SignedAnswer, VerificationResult, answer_signed
from banshi.exchange.enums import CallKind
from banshi.exchange.gateway import SignedCall, answering_key, headers_of, jwk_of, own_public_key
from banshi.exchange.signatures import LABEL, HttpMessage, content_digest, sign
from banshi.sites.api.errors import TooMany, told

LONGEST_BODY = 64 * 1024
REFUSED_A_MINUTE = "120/minute"
"""Refusals recorded for one address, so that nobody fills the call log with what nobody signed."""
COVERED = ("@status", "content-type", "content-digest")


@csrf_exempt  # no session and no cookie is read: the signature is the proof
@require_POST
def call(request: HttpRequest, code: str, kind: CallKind) -> HttpResponse:
    """Answer a verification, or a record."""
    at = now()
    length = request.headers.get("Content-Length") or "0"
    if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > LONGEST_BODY:
        return told(request, BadInput("请求太长", remedy="一次只问一个人。"))
    if "\0" in code:
        return told(request, BadInput("地址里有不允许的字符", remedy="请写资源的代码。"))
    asked = HttpMessage(headers_of(request.headers), str(request.method), request.build_absolute_uri())
    answer = answer_signed(SignedCall(asked, request.body, code, kind), at=at)
    if answer.key is None and not within(REFUSED_A_MINUTE, "exchange", str(request.META.get("REMOTE_ADDR"))):
        return told(request, TooMany("请求太频繁", remedy="请一分钟后再试。"))
    match answer.result:
        case BanshiError() as error:
            response = told(request, error)
        case VerificationResult() as verdict:
            items = {name: str(each) for name, each in verdict.items.items()}
            response = _json({"outcome": str(verdict.outcome), "items": items, "call": verdict.call})
        case LookUpResult() as found:
            response = _json({"rows": found.rows, "call": found.call})
    response["Cache-Control"] = "no-store"
    return _signed(response, asked, answer, at)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Send the public key that signs answers, as a JSON Web Key Set (RFC 7517)."""
    return JsonResponse({"keys": [jwk_of(*own_public_key())]})


def _json(data: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False, default=str), content_type="application/json")


def _signed(response: HttpResponse, asked: HttpMessage, answer: SignedAnswer, at: datetime) -> HttpResponse:
    """Sign an answer together with the signature of its request, so that no other answer passes for it."""
    response["Content-Digest"] = content_digest(response.content)
    if answer.key is None:
        return response
    keyid, key = answering_key(answer.key)
    sent = HttpMessage(headers_of(response.headers), status=response.status_code, request=asked)
    label = answer.label
    covered = (*COVERED, f'"signature";req;key="{label}"')
    for name, value in sign(sent, covered, key, keyid=keyid, created=int(at.timestamp()), label=LABEL).items():
        response[name.title()] = value
    return response


urlpatterns = [
    path("resources/<str:code>/verifications", call, {"kind": CallKind.VERIFY}, name="exchange_verifications"),
    path("resources/<str:code>/records", call, {"kind": CallKind.LOOK_UP}, name="exchange_records"),
    path("keys", keys, name="exchange_keys"),
]
