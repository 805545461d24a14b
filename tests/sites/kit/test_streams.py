"""Streams: one reading for all viewers, bounded queues, signed addresses, the same news answer by answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.factories import NOON

from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.sites.kit import stream_server, streams
from banshi.sites.kit.stream_server import BEHIND, FanOut, StreamServer
from banshi.sites.kit.streams import StreamEvent, StreamReading, StreamTopic, frames, stream_address, topic_of


def run_alone(told: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own, as a browser's event loop may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, told).result()


class Source:
    """Something that happens as often as it is asked, until it is `gone`."""

    asked = 0
    still = gone = False

    def read(self, key: str, at: datetime) -> StreamReading:
        if self.gone:
            raise Missing("没有了")
        self.asked += not (self.still and self.asked)
        return StreamReading({"of": key, "n": self.asked}, (StreamEvent(self.asked, "tick", {"n": self.asked}),))


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    made = Source()
    monkeypatch.setitem(streams._readers, "ticks", made.read)
    monkeypatch.setattr(stream_server, "EVERY", 0)
    streams.reader.forget()
    yield made
    streams.reader.forget()


TICKS = StreamTopic("ticks", "hall.one")


@contextlib.asynccontextmanager
async def following(server: StreamServer, seen: int | None = None) -> AsyncIterator[Any]:
    stream = server.follow(TICKS, seen)
    try:
        yield stream
    finally:
        await stream.aclose()  # type: ignore[attr-defined]


def test_all_viewers_are_told_by_one_reader_that_ends_with_the_last_of_them(source: Source) -> None:
    async def look() -> tuple[list[bytes], set[bytes]]:
        server = StreamServer()
        async with contextlib.AsyncExitStack() as stack:
            viewers = [await stack.enter_async_context(following(server)) for _ in range(300)]
            first = [await anext(each) for each in viewers]
            assert len(server._channels) == 1
            then = {await anext(each) for each in viewers}
        assert not server._channels
        return first, then

    first, then = run_alone(look())
    assert all(each.endswith(b"\n\n") and b"event: state" in each and b"event: tick" not in each for each in first)
    assert len(then) == 1, "each is told the same next thing"
    assert source.asked < 300


def test_a_viewer_that_reads_too_slowly_is_ended_and_holds_no_more_than_the_bound(source: Source) -> None:
    async def look() -> tuple[int, int]:
        with ThreadPoolExecutor(1) as pool:
            channel = FanOut(TICKS, pool)
            _, queue = await channel.join(None)
            most = 0
            while channel.viewers:
                most = max(most, queue.qsize())
                await asyncio.sleep(0)
            channel.end()
            told = queue.get_nowait()
            assert told is None
            return most, queue.qsize()

    most, left = run_alone(look())
    assert (most, left) == (BEHIND, 0)


def test_who_comes_again_is_told_what_was_missed_and_nothing_twice(source: Source) -> None:
    reading = StreamReading({"n": 3}, tuple(StreamEvent(n, "tick", {"n": n}) for n in (1, 2, 3)))
    told = frames(reading, seen=1).decode()
    assert told.count("event: tick") == 2 and "id: 3\nevent: state" in told
    assert b"tick" not in frames(reading, seen=None) and b"tick" not in frames(reading, seen=3)
    assert frames(reading, seen=3, state=False) == b""


def test_a_topic_that_is_no_more_ends_its_streams(source: Source) -> None:
    async def look() -> None:
        async with following(StreamServer()) as stream:
            await anext(stream)
            source.gone = True
            with contextlib.suppress(StopAsyncIteration):
                while True:
                    await anext(stream)

    run_alone(asyncio.wait_for(look(), 60))


def test_an_address_is_signed_and_ends(source: Source, client: Any) -> None:
    here = stream_address("ticks", "hall.one").here
    token = here.removeprefix("/streams/").rstrip("/")
    assert topic_of(token, at=NOON) == TICKS
    with pytest.raises(Missing):
        topic_of(f"{token}x", at=NOON)
    for_an_hour = stream_address("ticks", "hall.one", until=NOON + timedelta(hours=1)).here
    token = for_an_hour.removeprefix("/streams/").rstrip("/")
    assert topic_of(token, at=NOON) == TICKS
    with pytest.raises(Missing, match="过期"):
        topic_of(token, at=NOON + timedelta(hours=2))
    assert client.get(here.replace("ticks", "other")).status_code == 404


def test_the_server_speaks_to_event_sources_and_to_nobody_else(source: Source) -> None:
    source.still = True
    here = stream_address("ticks", "hall.one").here

    async def ask(port: int, line: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"{line} HTTP/1.1\r\nHost: here\r\nLast-Event-ID: 0\r\n\r\n".encode())
        told = await (reader.readuntil(b"event: state") if here in line and "GET" in line else reader.read())
        writer.close()
        return told

    async def look() -> list[bytes]:
        listening = await asyncio.start_server(StreamServer().serve_viewer, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        asked = [f"GET {here}", f"POST {here}", "GET /", "GET /streams/made-up/", "nonsense"]
        told = [await ask(port, each) for each in asked]
        listening.close()
        return told

    good, *bad = run_alone(look())
    assert good.startswith(b"HTTP/1.1 200 OK") and b"text/event-stream" in good and b"event: tick" in good
    assert [each.split()[1] for each in bad] == [b"404", b"404", b"204", b"400"]


def test_a_stream_that_is_open_ends_with_its_address(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    at, hours = now(), iter([0] * 5 + [2] * 1000)
    monkeypatch.setattr(stream_server, "now", lambda: at + timedelta(hours=next(hours)))
    here = stream_address("ticks", "hall.one", until=at + timedelta(hours=1)).here

    async def look() -> bytes:
        listening = await asyncio.start_server(StreamServer().serve_viewer, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", listening.sockets[0].getsockname()[1])
        writer.write(f"GET {here} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
        told = await reader.read()
        writer.close()
        listening.close()
        return told

    assert b"event: state" in run_alone(asyncio.wait_for(look(), 60))
