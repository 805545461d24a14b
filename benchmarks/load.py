"""A load generator of our own: N connections kept alive, each asking as soon as it is answered. No tool to install."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers a second, milliseconds at half and at 95 of a hundred, answers that were not 200."""

    rate: float
    p50: float
    p95: float
    wrong: int

    def __str__(self) -> str:
        return f"{self.rate:.0f}/s p50 {self.p50:.1f} p95 {self.p95:.1f} ms" + (
            f" {self.wrong} wrong!" if self.wrong else ""
        )


def load(
    port: int,
    addresses: list[str],
    *,
    seconds: float,
    connections: int = 8,
    cookie: str = "",
    warm: float = 0.0,
    pause: float = 0.0,
) -> Load:
    """Ask for the addresses in turn. First, unmeasured, `warm` seconds and no less than a quarter of the time: each server
    process reads its rules and words when it is first asked for what needs them."""
    requests = [_request(port, address, cookie) for address in addresses]
    asyncio.run(_ask_all(port, requests, max(seconds / 4, warm), connections, pause))
    times, wrong, took = asyncio.run(_ask_all(port, requests, seconds, connections, pause))
    ordered = sorted(times)
    return Load(
        rate=len(ordered) / took,
        p50=1000 * ordered[len(ordered) // 2],
        p95=1000 * ordered[int(len(ordered) * 0.95)],
        wrong=wrong,
    )


async def _ask_all(
    port: int, requests: list[bytes], seconds: float, connections: int, pause: float
) -> tuple[list[float], int, float]:
    began = time.perf_counter()
    asked = cycle(requests)
    answers = await asyncio.gather(*(_ask(port, asked, began + seconds, pause) for _ in range(connections)))
    took = time.perf_counter() - began
    return [each for times, _ in answers for each in times], sum(wrong for _, wrong in answers), took


def _request(port: int, address: str, cookie: str) -> bytes:
    who = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n{who}\r\n".encode()


async def _ask(port: int, requests: Iterator[bytes], until: float, pause: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times, wrong, chance = [], 0, Random(id(reader))
    if pause:
        await asyncio.sleep(chance.uniform(0, pause))
    while (began := time.perf_counter()) < until:
        writer.write(next(requests))
        wrong += not await _is_answered_well(reader)
        times.append(time.perf_counter() - began)
        if pause:
            await asyncio.sleep(chance.uniform(0, 2 * pause))
    writer.close()
    return times, wrong


async def _is_answered_well(reader: asyncio.StreamReader) -> bool:
    """Read one whole answer, of stated length or in chunks."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        length = head.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]
        await reader.readexactly(int(length))
    return head.startswith(b"http/1.1 200")
