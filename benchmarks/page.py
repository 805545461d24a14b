"""The guide page: how near its cached answer comes to the same server's empty one, and what it costs uncached.

The empty answer passes the same middleware. Uncached CPU is measured in one process with the cache emptied before
each of many different pages, so that neither the load generator nor the machine's other work counts.
"""

import json
import sys
from typing import Any

from benchmarks import Outcome
from benchmarks.load import load
from benchmarks.machine import DATABASES, machine, served, told

SHARE = 0.5


def run(quick: bool) -> Outcome:
    count, seconds = (100, 2.0) if quick else (2_000, 10.0)
    outcomes = [_on(database, count, seconds) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, count: int, seconds: float) -> Outcome:
    with machine(database) as env:
        addresses = told(env, "city", count)
        with served(env) as (port, _server):
            pairs = [
                [load(port, addresses[name], seconds=seconds / 4) for name in ("empty", "page_one")] for _ in range(4)
            ]
        cost = told(env, "page", json.dumps(addresses["page"][:100]))
    empty, page = (sum(pair[place].rate for pair in pairs) / len(pairs) for place in (0, 1))
    wrong = sum(each.wrong for pair in pairs for each in pair)
    figures = (
        f"{database}: cached {page:.0f}/s of {empty:.0f}/s empty = {page / empty:.2f}, "
        f"cached {cost['cached']:.2f} ms CPU, uncached {cost['uncached']:.2f} ms CPU"
    )
    print(figures)
    return Outcome(page >= SHARE * empty and not wrong, figures)


def cpu_milliseconds(addresses: list[str]) -> dict[str, float]:
    """Of one request, without and with its page in the cache."""
    import django

    django.setup()
    from django.core.cache import caches
    from django.test import RequestFactory

    from banshi.config.wsgi import application

    def ask(address: str) -> None:
        request: Any = RequestFactory().get(address, headers={"Host": "127.0.0.1"})
        response = application.get_response(request)
        assert response.status_code == 200, f"{address} answered {response.status_code}"

    ask(addresses[0])
    uncached = _cost(ask, addresses, caches["pages"].clear)
    for address in addresses:
        ask(address)
    return {"uncached": uncached, "cached": _cost(ask, addresses, lambda: None)}


def _cost(ask: Any, addresses: list[str], before: Any) -> float:
    import time

    used = 0.0
    for address in addresses:
        before()
        began = time.process_time()
        ask(address)
        used += time.process_time() - began
    return 1000 * used / len(addresses)


if __name__ == "__main__":
    print(json.dumps(cpu_milliseconds(json.loads(sys.argv[1]))))
