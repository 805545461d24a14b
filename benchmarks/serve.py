"""The server under load, as an office runs it: granian, 2 workers × 2 threads, 8 connections, either database.

Baselines in the same run: the same server's empty answer through the same middleware, and the same rows as a bare
Django view lists them, first page and last.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks import Outcome
from benchmarks.load import Load, load
from benchmarks.machine import DATABASES, WORKERS, machine, served, told, worker_megabytes

LIST_A_SECOND, DETAIL_A_SECOND, SEARCH_P95_MS, VERSIONS_A_SECOND, MEGABYTES = 150, 300, 50, 80, 150
FLAT = 0.7
"""How much of the first page's rate the last page must reach; below that it is not flat but a walk."""
ASKED = {
    "empty": "empty answer",
    "bare_first": "bare Django list, first page",
    "bare_last": "bare Django list, last page",
    "list_first": "list, first page",
    "list_last": "list, last page",
    "category": "portal category",
    "detail": "guide (API)",
    "page": "guide page",
    "search": "search page",
    "search_api": "search (API)",
}


def run(quick: bool) -> Outcome:
    count, seconds = (600, 1.0) if quick else (10_000, 8.0)
    outcomes = [_on(database, count, seconds) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, count: int, seconds: float) -> Outcome:
    with machine(database) as env:
        addresses = told(env, "city", count)
        with served(env) as (port, server):
            loads = {name: load(port, addresses[name], seconds=seconds) for name in ASKED}
            memory, resident = worker_megabytes(server)
        versions = _versions(env, seconds)
    for name, label in ASKED.items():
        print(f"{database:11} {label:30} {loads[name]}")
    print(
        f"{database:11} {'new version':30} {versions:.0f}/s · largest worker {memory:.0f} MB ({resident:.0f} MB resident)"
    )
    return Outcome(_holds(loads, versions, memory), f"{database}: {_figures(loads, versions, memory)}")


def _versions(env: dict[str, str], seconds: float) -> float:
    """As many writers as workers, each with items of its own."""
    with ThreadPoolExecutor(WORKERS) as pool:
        done: list[Any] = list(pool.map(lambda n: told(env, "versions", seconds, n, WORKERS), range(WORKERS)))
    return float(sum(each["versions"] / each["seconds"] for each in done))


def _holds(loads: dict[str, Load], versions: float, memory: float) -> bool:
    lists = [loads[name].rate for name in ("list_first", "list_last", "category")]
    return (
        min(lists) >= LIST_A_SECOND
        and loads["list_last"].rate >= FLAT * loads["list_first"].rate
        and min(loads["detail"].rate, loads["page"].rate) >= DETAIL_A_SECOND
        and max(loads["search"].p95, loads["search_api"].p95) <= SEARCH_P95_MS
        and versions >= VERSIONS_A_SECOND
        and memory <= MEGABYTES
        and not any(each.wrong for each in loads.values())
    )


def _figures(loads: dict[str, Load], versions: float, memory: float) -> str:
    rate = {name: f"{each.rate:.0f}/s" for name, each in loads.items()}
    return (
        f"list {rate['list_first']} last page {rate['list_last']} (bare {rate['bare_first']}, {rate['bare_last']}), "
        f"category {rate['category']}, guide {rate['detail']}, page {rate['page']}, "
        f"search p95 {loads['search'].p95:.0f} ms (API {loads['search_api'].p95:.0f} ms), "
        f"new version {versions:.0f}/s, empty {rate['empty']}, worker {memory:.0f} MB"
    )
