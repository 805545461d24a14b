"""The gateway /exchange/v1: signed calls of registered systems for data of the city's organs, answered under a signature."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from banshi.core.clock import now
from banshi.core.errors import BadInput, BanshiError
from banshi.core.models import StoredFile
from banshi.core.rate_limits import within
from banshi.exchange.actions import (
    LookUpResult,
    SignedAnswer,
    VerificationResult,
    answer_signed,
    count_batch_signed,
    describe_signed,
    list_batches_signed,
    parts_in_force,
    take_batch_signed,
)
from banshi.exchange.enums import CallKind
from banshi.exchange.gateway import (
    GrantedResource,
    ListedBatches,
    SignedCall,
    answering_key,
    jwk_of,
    own_public_key,
)
from banshi.exchange.models import DataBatch
from banshi.exchange.signatures import LABEL, HttpMessage, content_digest, content_digest_of, sign
from banshi.sites.api.errors import TooMany, told
from banshi.sites.kit.downloads import send_parts

LONGEST_BODY = 64 * 1024
REFUSED_A_MINUTE = "120/minute"
"""Refusals recorded for one address, so that nobody fills the call log with what nobody signed."""
SIGNED = ("content-type", "content-digest")
"""Headers of an answer under its signature, with its status."""


@csrf_exempt  # no session and no cookie is read: the signature is the proof
@require_POST
def call(request: HttpRequest, code: str, kind: CallKind) -> HttpResponseBase:
    """Answer a verification, or a record."""
    return _answered(request, code, kind, answer_signed)


@require_safe
def describe(request: HttpRequest, code: str) -> HttpResponseBase:
    """Tell what the grant of a call gives."""
    return _answered(request, code, CallKind.BATCH, describe_signed)


@require_safe
def batches(request: HttpRequest, code: str) -> HttpResponseBase:
    """List the batches after the one a system has, oldest first."""
    after = request.GET.get("after", "0")
    known = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    return _answered(request, code, CallKind.BATCH, partial(list_batches_signed, after=known))


@require_safe
def batch_file(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Send a batch as it is read."""
    return _answered(request, code, CallKind.BATCH, partial(take_batch_signed, number=number), streams=True)


@csrf_exempt  # no session and no cookie is read: the signature is the proof
@require_POST
def batch_count(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Take down what a system counted in a batch."""
    return _answered(request, code, CallKind.BATCH, partial(count_batch_signed, number=number))


def _answered(
    request: HttpRequest,
    code: str,
    kind: CallKind,
    answering: Callable[..., SignedAnswer],
    *,
    streams: bool = False,
) -> HttpResponseBase:
    at = now()
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > LONGEST_BODY:
        return told(request, BadInput("请求太长", remedy="一次只问一个人。"))
    if "\0" in code:
        return told(request, BadInput("地址里有不允许的字符", remedy="请写资源的代码。"))
    asked = HttpMessage(_headers_of(request), str(request.method), request.build_absolute_uri())
    answer = answering(SignedCall(asked, request.body, code, kind), at=at)
    if answer.key is None and not within(REFUSED_A_MINUTE, "exchange", str(request.META.get("REMOTE_ADDR"))):
        return told(request, TooMany("请求太频繁", remedy="请一分钟后再试。"))
    response: HttpResponseBase
    match answer.result:
        case BanshiError() as error:
            response = told(request, error)
        case VerificationResult() as verdict:
            items = {name: str(each) for name, each in verdict.items.items()}
            response = _json({"outcome": str(verdict.outcome), "items": items, "call": verdict.call})
        case LookUpResult() as found:
            response = _json({"rows": found.rows, "masked": found.masked, "call": found.call})
        case GrantedResource() as given:
            response = _json(asdict(given))
        case ListedBatches() as page:
            response = _json({"batches": [_batch(each) for each in page.batches], "more": page.more})
        case DataBatch(file=StoredFile() as file) as batch if streams:
            response = send_parts(parts_in_force(batch, clock=now), file)
            response["Content-Digest"] = content_digest_of(bytes.fromhex(batch.sha256))
        case DataBatch() as batch:
            response = _json(_batch(batch))
    response["Cache-Control"] = "no-store"
    return _signed(response, asked, answer, at)


def _headers_of(request: HttpRequest) -> dict[str, str]:
    """Read the headers as WSGI hands them on, each once."""
    told_apart = ("CONTENT_TYPE", "CONTENT_LENGTH")
    return {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in request.META.items()
        if name.startswith("HTTP_") or name in told_apart
    }


def _batch(one: DataBatch) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "rows": one.rows,
        "total": one.total,
        "since": one.cursor_from,
        "until": one.cursor_to,
        "made_at": one.made_at.isoformat(),
        "file": one.file and {"name": one.file.name, "size": one.file.size, "sha256": one.sha256},
        "counted": one.counted,
        "differs": one.differs,
    }


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Send the public key that signs answers, as a JSON Web Key Set (RFC 7517)."""
    return JsonResponse({"keys": [jwk_of(*own_public_key())]})


def _json(data: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False, default=str), content_type="application/json")


def _signed(response: HttpResponseBase, asked: HttpMessage, answer: SignedAnswer, at: datetime) -> HttpResponseBase:
    """Sign an answer together with the signature of its request, so that no other answer passes for it."""
    if isinstance(response, HttpResponse):
        response["Content-Digest"] = content_digest(response.content)
    if answer.key is None:
        return response
    keyid, key = answering_key(answer.key)
    sent = HttpMessage({name: response[name] for name in SIGNED}, status=response.status_code, request=asked)
    label = answer.label
    covered = ("@status", *SIGNED, f'"signature";req;key="{label}"')
    for name, value in sign(sent, covered, key, keyid=keyid, created=int(at.timestamp()), label=LABEL).items():
        response[name.title()] = value
    return response


urlpatterns = [  # a code of 政务信息资源目录编制指南 has a slash in it
    path("resources/<path:code>/verifications", call, {"kind": CallKind.VERIFY}, name="exchange_verifications"),
    path("resources/<path:code>/records", call, {"kind": CallKind.LOOK_UP}, name="exchange_records"),
    path("resources/<path:code>/batches/<int:number>/counts", batch_count, name="exchange_batch_counts"),
    path("resources/<path:code>/batches/<int:number>", batch_file, name="exchange_batch"),
    path("resources/<path:code>/batches", batches, name="exchange_batches"),
    path("resources/<path:code>", describe, name="exchange_resource"),
    path("keys", keys, name="exchange_keys"),
]
