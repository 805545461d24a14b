"""Call screens: who is called where, by server-sent events that the browser reads aloud.

An answer ends as soon as it has told what is new and asks the browser to come again (`retry`), so that hundreds of screens hold no thread.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from banshi.core.clock import CHINA, day_of, now
from banshi.sites.counter.access import public_hall
from banshi.window.models import Call, Hall
from banshi.window.queries import last_calls, waiting_in

RETRY_MILLISECONDS = 1500
FRESH = timedelta(seconds=1)
HALLS_KEPT = 64


class SharedReader:
    """Last calls of each hall, read at most once a second in this process however many screens ask."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, date], tuple[datetime, list[dict[str, Any]], int]] = {}
        self._lock = Lock()

    def read(self, code: str, *, at: datetime) -> tuple[list[dict[str, Any]], int]:
        """Return the newest calls, newest first, and how many wait."""
        key = (code, day_of(at))
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or not at - FRESH < kept[0] <= at:
                hall = public_hall(code)
                calls = [_told(each) for each in last_calls(hall, day=day_of(at))]
                kept = at, calls, waiting_in(hall, day=day_of(at)).count()
                if len(self._kept) >= HALLS_KEPT:
                    self._kept.clear()
                self._kept[key] = kept
        return kept[1], kept[2]

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


reader = SharedReader()


def _told(call: Call) -> dict[str, Any]:
    return {
        "id": call.pk,
        "ticket": call.ticket.label,
        "counter": call.counter.number,
        "at": call.at.astimezone(CHINA).strftime("%H:%M"),
    }


def lines_of(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """List each ticket once, where it was called last."""
    return list({each["ticket"]: each for each in reversed(calls)}.values())[::-1]


@require_safe
def screen(request: HttpRequest, code: str) -> HttpResponse:
    hall: Hall = public_hall(code)
    calls, waiting = reader.read(code, at=now())
    return render(request, "counter/screen.html", {"hall": hall, "calls": lines_of(calls), "waiting": waiting})


@require_safe
@never_cache
def calls(request: HttpRequest, code: str) -> HttpResponse:
    """Answer what was called since `Last-Event-ID` as server-sent events, oldest first."""
    found, waiting = reader.read(code, at=now())
    seen = _seen(request.headers)
    fresh = [each for each in reversed(found) if each["id"] > seen] if seen is not None else []
    events = [f"id: {each['id']}\nevent: call\ndata: {json.dumps(each, ensure_ascii=False)}\n\n" for each in fresh]
    newest = found[0]["id"] if found else 0
    state = json.dumps({"calls": lines_of(found), "waiting": waiting}, ensure_ascii=False)
    body = (
        f"retry: {RETRY_MILLISECONDS}\n\n{''.join(events)}id: {max(newest, seen or 0)}\nevent: state\ndata: {state}\n\n"
    )
    response = HttpResponse(body, content_type="text/event-stream; charset=utf-8")
    response["X-Accel-Buffering"] = "no"
    return response


def _seen(headers: Mapping[str, str]) -> int | None:
    """Read the last event a screen has, None for one that has just been turned on."""
    told = headers.get("Last-Event-ID", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else None
