"""The stream server: one reader of each topic, and its news to every viewer through a queue that is bounded (fan-out).

It speaks the one request that EventSource sends, on a port of its own, in a thread of `banshi serve` that waits for many connections at once
(asyncio), so that no viewer holds a thread.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException, parse_headers
from io import BytesIO
from urllib.parse import unquote, urlsplit

from django.db import close_old_connections
from django.utils.module_loading import autodiscover_modules

from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.sites.kit.streams import (
    PREFIX,
    RETRY_MILLISECONDS,
    StreamReading,
    StreamTopic,
    end_of,
    frames,
    seen_in,
    topic_of,
)

log = logging.getLogger(__name__)
VIEWERS, BEHIND = 4000, 16
"""Streams at a time; news that wait for one viewer before it is ended, to come again and be told the state."""
EVERY, BEAT, AFTER_TROUBLE = 1.0, 15.0, 5.0
"""Seconds between readings, between signs of life, after a reading that failed."""
REQUEST_SECONDS, WRITE_SECONDS, REQUEST_BYTES, BUFFER_BYTES = 15, 30, 16 * 1024, 16 * 1024
ALIVE = b": alive\n\n"
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"Access-Control-Allow-Origin: *\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\n"
)
Queue = asyncio.Queue[bytes | None]


class FanOut:
    """A topic that somebody looks at: its last reading, and a bounded queue for each viewer."""

    def __init__(self, topic: StreamTopic, pool: ThreadPoolExecutor) -> None:
        self.topic, self._pool = topic, pool
        self.viewers: set[Queue] = set()
        self.followed = 0
        """Streams of it, also those that wait for the first reading."""
        self.last: StreamReading | None = None
        self._read_once = asyncio.Event()
        self._reader = asyncio.create_task(self._follow())

    async def join(self, seen: int | None) -> tuple[bytes, Queue]:
        """Return what a viewer is told first, and the queue of what comes after."""
        await self._read_once.wait()
        queue: Queue = asyncio.Queue(BEHIND)
        if self.last is None:  # the topic is no more
            queue.put_nowait(None)
            return b"", queue
        self.viewers.add(queue)
        return frames(self.last, seen=seen), queue

    def end(self) -> None:
        """End the streams of all viewers."""
        self._reader.cancel()
        for queue in list(self.viewers):
            self._drop(queue)

    async def _follow(self) -> None:
        beat = time.monotonic()
        while True:
            news, wait = b"", EVERY
            try:
                reading = await asyncio.get_running_loop().run_in_executor(self._pool, _read, self.topic)
                if self.last is not None:
                    news = frames(reading, seen=self.last.newest, state=reading.state != self.last.state)
                self.last = reading
                self._read_once.set()
            except Missing:
                break
            except Exception:
                log.exception("Stream of %s not read", self.topic.kind)
                wait = AFTER_TROUBLE
            if news or time.monotonic() - beat >= BEAT:
                beat = time.monotonic()
                for queue in list(self.viewers):
                    self._tell(queue, news or ALIVE)
            await asyncio.sleep(wait)
        self.last = None
        self._read_once.set()
        for queue in list(self.viewers):
            self._drop(queue)

    def _tell(self, queue: Queue, news: bytes) -> None:
        try:
            queue.put_nowait(news)
        except asyncio.QueueFull:  # it reads too slowly: it comes again, and is told the state
            self._drop(queue)

    def _drop(self, queue: Queue) -> None:
        self.viewers.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


def _read(topic: StreamTopic) -> StreamReading:
    close_old_connections()
    return topic.read(at=now())


class StreamServer:
    """Streams of one event loop."""

    def __init__(self) -> None:
        self._channels: dict[StreamTopic, FanOut] = {}
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="streams")

    async def follow(self, topic: StreamTopic, seen: int | None) -> AsyncIterator[bytes]:
        """Tell the state and, as long as anybody listens, whatever is new."""
        channel = self._channels.get(topic) or self._channels.setdefault(topic, FanOut(topic, self._pool))
        channel.followed += 1
        queue: Queue | None = None
        try:
            first, queue = await channel.join(seen)
            yield first
            while (news := await queue.get()) is not None:
                yield news
        finally:
            channel.followed -= 1
            if queue:
                channel.viewers.discard(queue)
            if not channel.followed and self._channels.get(topic) is channel:
                self._channels.pop(topic).end()

    async def serve_viewer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.set_write_buffer_limits(high=BUFFER_BYTES)
        try:
            await self._answer(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), REQUEST_SECONDS)
        line, _, rest = asked.partition(b"\r\n")
        try:
            method, target, _ = line.decode("ascii").split(" ")
            headers, path = parse_headers(BytesIO(rest)), unquote(urlsplit(target).path)
        except (ValueError, HTTPException):
            await _write(writer, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        if method != "GET" or not path.startswith(PREFIX):
            await _write(writer, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        try:
            token = path.removeprefix(PREFIX).rstrip("/")
            topic, ends = topic_of(token, at=now()), end_of(token)
        except Missing:
            # 204 asks EventSource not to come again.
            await _write(writer, b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            return
        await _write(writer, HEAD + f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        if sum(each.followed for each in self._channels.values()) >= VIEWERS:
            return
        pieces = self.follow(topic, seen_in(headers.get("Last-Event-ID", "")))
        try:
            async for piece in pieces:
                if now().timestamp() > ends:  # looked at with each sign of life
                    break
                await _write(writer, piece)
        finally:
            await pieces.aclose()  # type: ignore[attr-defined]


async def _write(writer: asyncio.StreamWriter, piece: bytes) -> None:
    writer.write(piece)
    await asyncio.wait_for(writer.drain(), WRITE_SECONDS)


def start_streams(host: str, port: int) -> None:
    """Serve streams in a thread of their own."""
    autodiscover_modules("streams")

    async def serve() -> None:
        server = StreamServer()
        listening = await asyncio.start_server(
            server.serve_viewer, host, port, limit=REQUEST_BYTES, backlog=VIEWERS, reuse_address=True
        )
        async with listening:
            await listening.serve_forever()

    threading.Thread(target=asyncio.run, args=(serve(),), name="streams", daemon=True).start()
