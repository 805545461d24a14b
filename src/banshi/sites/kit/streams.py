"""Server-sent events: topics that sites register, read once a second however many look on.

`banshi serve --streams PORT` tells them by a stream that lasts (stream_server.py). The site itself answers at the same address with what
is new and asks to come again (`retry`), so that pages work without that port, and hold no thread of the site.
"""

import json
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from banshi.core.clock import now
from banshi.core.errors import Missing

PREFIX = "/streams/"
RETRY_MILLISECONDS = 1500
FRESH = timedelta(seconds=1)
TOPICS_KEPT = 256
SIGNER = Signer(salt="kit.streams", sep="~")


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """Something that happened, told once to each viewer. Later ones have greater ids."""

    id: int
    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StreamReading:
    """A topic now: the state that is shown to whoever comes, and the newest of what happened, oldest first."""

    state: Mapping[str, Any]
    told: tuple[StreamEvent, ...] = ()

    @property
    def newest(self) -> int:
        return max((each.id for each in self.told), default=0)


Read = Callable[[str, datetime], StreamReading]
_readers: dict[str, Read] = {}


@dataclass(frozen=True, slots=True)
class StreamTopic:
    """A kind of stream and the subject it is about, such as the calls of a hall."""

    kind: str
    key: str

    def read(self, *, at: datetime) -> StreamReading:
        return _readers[self.kind](self.key, at)


@dataclass(frozen=True, slots=True)
class StreamAddress:
    """The two addresses of a stream: `lasting` on the port of streams where there is one, `here` on the site."""

    lasting: str
    here: str


def register(kind: str, read: Read) -> None:
    """Register a kind of topic, in the module `streams` of a site, which the stream server imports."""
    _readers[kind] = read


def stream_address(kind: str, key: str, *, until: datetime | None = None) -> StreamAddress:
    """Sign the address of a stream.

    Whoever makes the page has asked whether one may see it; with `until` the address ends then, as a right may.
    """
    ends = int(until.timestamp()) if until else 0
    here = f"{PREFIX}{SIGNER.sign(f'{kind}.{key}.{ends}')}/"
    return StreamAddress(f"{settings.STREAMS_URL}{here}" if settings.STREAMS_URL else "", here)


def topic_of(token: str, *, at: datetime) -> StreamTopic:
    """Return the topic of an address.

    Raises Missing.
    """
    try:
        kind, _, rest = SIGNER.unsign(token).partition(".")
    except BadSignature:
        raise Missing("没有这个地址", remedy="请刷新页面。") from None
    key, _, ends = rest.rpartition(".")
    if kind not in _readers or 0 < int(ends) < at.timestamp():
        raise Missing("这个地址已经过期", remedy="请刷新页面。")
    return StreamTopic(kind, key)


def end_of(token: str) -> float:
    """Return until when a signed address holds, in seconds of the epoch."""
    return int(SIGNER.unsign(token).rpartition(".")[2]) or math.inf


def frames(reading: StreamReading, *, seen: int | None, state: bool = True) -> bytes:
    """Write what happened since `seen`, and the state, as an event stream.

    A viewer that has just come (`seen` None) is told the state alone.
    """
    fresh = [each for each in reading.told if seen is not None and each.id > seen]
    parts = [_frame(each.id, each.name, each.data) for each in fresh]
    if state:
        parts.append(_frame(max(reading.newest, seen or 0), "state", reading.state))
    return "".join(parts).encode()


def _frame(number: int, name: str, data: Mapping[str, Any]) -> str:
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def seen_in(told: str) -> int | None:
    """Read `Last-Event-ID`, None of a viewer that has just come."""
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else None


@dataclass(slots=True)
class _KeptReading:
    lock: Lock = field(default_factory=Lock)
    at: datetime | None = None
    reading: StreamReading | None = None


class SharedReader:
    """Read-through cache of topics: each is read at most once a second in this process however many ask."""

    def __init__(self) -> None:
        self._kept: OrderedDict[StreamTopic, _KeptReading] = OrderedDict()
        self._lock = Lock()

    def read(self, topic: StreamTopic, *, at: datetime) -> StreamReading:
        with self._lock:
            kept = self._kept.setdefault(topic, _KeptReading())
            self._kept.move_to_end(topic)
            if len(self._kept) > TOPICS_KEPT:
                self._kept.popitem(last=False)
        with kept.lock:
            if kept.reading is None or kept.at is None or not at - FRESH < kept.at <= at:
                kept.reading, kept.at = topic.read(at=at), at
            return kept.reading

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


reader = SharedReader()


@require_safe
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Answer what is new since `Last-Event-ID`, and end."""
    at = now()
    told = frames(reader.read(topic_of(token, at=at), at=at), seen=seen_in(request.headers.get("Last-Event-ID", "")))
    body = f"retry: {RETRY_MILLISECONDS}\n\n".encode() + told
    response = HttpResponse(body, content_type="text/event-stream; charset=utf-8")
    response["X-Accel-Buffering"] = "no"
    return response
