"""Writes of the API: an Idempotency-Key makes sending one again harmless."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from ninja import Status
from ninja.utils import contribute_operation_callback
from pydantic_core import to_json

from banshi.clients.idempotency import answer_once
from banshi.clients.models import LONGEST_KEY
from banshi.core.clock import now
from banshi.core.crypto import digest
from banshi.sites.api.authentication import caller

Thing = TypeVar("Thing")
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "每次新的提交一个新的 UUID；断线后原样重发不会办两次",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
}


def _sent(request: HttpRequest) -> bytes:
    """Read the body, or of one in parts the name and digest of each file, because the boundary differs each time."""
    if request.content_type != "multipart/form-data":
        return request.body
    try:
        parts = [f"{name}={value}" for name, values in request.POST.lists() for value in values]
    except MultiPartParserError:
        return request.body  # called what it is not, and read by its own rules
    for name, files in request.FILES.lists():
        for each in files:
            parts.append(f"{name}:{each.name}:{digest(each.read())}")
            each.seek(0)
    return "\n".join(parts).encode()


def idempotent(view: Callable[..., Status[Any]]) -> Callable[..., Status[Any]]:
    """Answer a repeated Idempotency-Key with what was answered first, and act once."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **values: Any) -> Status[Any]:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(request, *args, **values)

        def act() -> tuple[int, str]:
            answered = view(request, *args, **values)
            return answered.status_code, to_json(answered.value).decode()

        fingerprint = digest(f"{request.method} {request.get_full_path()}\n".encode() + _sent(request))
        status, told = answer_once(caller(request).ledger_id, key, fingerprint, act, at=now())
        return Status(status, json.loads(told))

    contribute_operation_callback(answer, _describe)
    return answer


@dataclass(frozen=True, slots=True)
class Exposed(Generic[Thing]):
    """A kind of thing that writes find by its key, change, and answer with as it stands afterwards."""

    find: Callable[[HttpRequest, Any], Thing]
    out: Callable[[Thing], Any]

    def after(
        self, act: Callable[..., object], request: HttpRequest, key: Any, *args: Any, status: int = 200, **told: Any
    ) -> Status[Any]:
        act(self.find(request, key), *args, **told, by=caller(request), at=now())
        return Status(status, self.out(self.find(request, key)))


def _describe(operation: Any) -> None:
    operation.openapi_extra = {**(operation.openapi_extra or {}), "parameters": [IDEMPOTENCY_KEY]}
