"""A province's clean-up campaign on PostgreSQL: three rounds of review in bulk, decisions one by one on two processes, the
pages people look at meanwhile, and everything decided published in one act.

A decision is one act through the real action: a body's opinion on an item, or the lead body's sum. One item takes three of
them here (two bodies, then the sum); how many items a second went through all three is told beside it. The baseline, in
the same run: the same rows put in and changed by bare statements, a transaction an act.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from benchmarks import Outcome
from benchmarks.load import Load, load
from benchmarks.machine import WORKERS, machine, served, told

ACTS_OF_AN_ITEM = 3
DECISIONS_A_SECOND, PAGE_P95_MS, PUBLISHED_MINUTES = 60, 300, 10
FLAT = 1.25
"""How much more memory the end of a publication may take than its first tenth."""
LOOKING = 4
"""Connections at once: more than that many people never press a key in the same half second."""


@dataclass(frozen=True, slots=True)
class Size:
    units: int
    items: int
    published: int
    seconds: float


FULL, QUICK = Size(3_000, 100, 100_000, 20.0), Size(8, 12, 60, 1.0)


def run(quick: bool) -> Outcome:
    return of(QUICK if quick else FULL)


def of(size: Size) -> Outcome:
    with machine("postgresql") as env:
        _say("made", told(env, "province", "make", size.units, size.items))
        single = _both(env, "begin", size.seconds)["decisions"]
        looked = _looked_at(env, size.seconds)
        _both(env, "finish")
        _say("decided", told(env, "province", "decide", size.published))
        published = _say("published", told(env, "province", "publish"))
        checked = _say("checked", told(env, "province", "check"))
        bare = _both(env, "bare", size.seconds)["decisions"]
    return Outcome(_holds(single, looked, published, checked), _figures(single, bare, looked, published, checked))


def _both(env: dict[str, str], step: str, *more: object) -> dict[str, float]:
    """A step shared by as many processes as there are workers; how many a second they did together, by what was done."""
    with ThreadPoolExecutor(WORKERS) as pool:
        shares: list[Any] = list(pool.map(lambda n: told(env, "province", step, *more, n, WORKERS), range(WORKERS)))
    rates = {}
    for name in shares[0]:
        done, seconds = sum(each[name]["done"] for each in shares), max(each[name]["seconds"] for each in shares)
        rates[name] = done / seconds if seconds else 0.0
        print(f"{name}: {done:,} in {seconds:.1f} s, {rates[name]:,.0f}/s", flush=True)
    return rates


def _looked_at(env: dict[str, str], seconds: float) -> dict[str, Load]:
    """Pages while everything lies on the desks: the joint body has judged all, the lead body half."""
    asked = told(env, "province", "pages")
    print(f"bulletin drawn up in {asked['bulletin']:.1f} s", flush=True)
    with served(env) as (port, _):
        found = {
            name: load(
                port,
                addresses,
                seconds=max(1.0, seconds / 4),
                connections=LOOKING,
                cookie=cookie,
                warm=min(4.0, seconds),
            )
            for name, (addresses, cookie) in asked["pages"].items()
        }
    for name, each in found.items():
        print(f"page {name:12} {each}", flush=True)
    return found


def _say(step: str, found: Any) -> Any:
    words = [f"{name} {value:,.1f}" if isinstance(value, float) else f"{name} {value}" for name, value in found.items()]
    print(f"{step}: {' '.join(words)}", flush=True)
    return found


def _holds(single: float, looked: dict[str, Load], published: dict[str, Any], checked: dict[str, Any]) -> bool:
    return bool(
        checked["holds"]
        and ACTS_OF_AN_ITEM * single >= DECISIONS_A_SECOND
        and all(each.p95 <= PAGE_P95_MS and not each.wrong for each in looked.values())
        and published["seconds"] <= 60 * PUBLISHED_MINUTES
        and published["megabytes"] <= FLAT * published["early"]
    )


def _figures(
    single: float, bare: float, looked: dict[str, Load], published: dict[str, Any], checked: dict[str, Any]
) -> str:
    slowest = max(looked, key=lambda name: looked[name].p95)
    wrong = sum(each.wrong for each in looked.values())
    return (
        f"{ACTS_OF_AN_ITEM * single:.0f} decisions/s on {WORKERS} processes, {single:.0f} items/s through two opinions and a sum "
        f"(bare rows {bare:.0f}/s), slowest page {slowest} p95 "
        f"{looked[slowest].p95:.0f} ms{f' {wrong} WRONG ANSWERS' if wrong else ''}, {published['done']:,} published in one act "
        f"in {published['seconds']:.0f} s with {published['megabytes']:.0f} MB ({published['early']:.0f} MB after a tenth), "
        f"{'all is as it must be' if checked['holds'] else 'NOT ALL IS AS IT MUST BE'}: {checked['entries']:,} ledger entries"
    )
