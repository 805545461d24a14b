"""Call screens: who is called where, told by a stream and read aloud by the browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from banshi.core.clock import now
from banshi.sites.counter.access import public_hall
from banshi.sites.counter.streams import CALLS
from banshi.sites.kit.offline import kept_offline
from banshi.sites.kit.streams import StreamTopic, reader, stream_address


@require_safe
@kept_offline
def screen(request: HttpRequest, code: str) -> HttpResponse:
    hall = public_hall(code)
    state = reader.read(StreamTopic(CALLS, code), at=now()).state
    return render(request, "counter/screen.html", {"hall": hall, "stream": stream_address(CALLS, code), **state})
