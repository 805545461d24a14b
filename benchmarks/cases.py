"""Cases: submissions with five materials a second, whole lives of eight acts, and pages among many cases, on either database.

The baseline of the same run: the very rows a submission writes, put in by bare inserts, a transaction each.
"""

import json
import secrets
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

from benchmarks import Outcome
from benchmarks.load import load
from benchmarks.machine import DATABASES, machine, served, told

SHARE = 0.3
"""How much of the bare inserts' rate a submission must reach; it also locks, checks, seals, digests and counts days."""
SUBMISSIONS, LIVES, PAGE_MS, GROWTH, SAVED_MS, SEEN_SECONDS = 60, 15, 100, 2.0, 300, 60
AT_ONCE = (1, 2, 4)
"""Processes that act side by side: of two cores, four are what two workers of two threads each serve at once."""
LOOKING, RUSHING, FILLING, READ_SECONDS = 20, 4, 50, 5.0
"""Officials at their desks, officials who ask again as soon as they are answered, citizens with a form open, and how long one
has a page before the next."""
ANSWERS = {
    "applying_as": "为自己办",
    "applicant_name": "林小例",
    "applicant_number": "990100198808080025",
    "phone": "13800000000",
}


@dataclass(frozen=True, slots=True)
class Size:
    seconds: float
    few: int
    many: int


FULL, QUICK = Size(30.0, 10_000, 1_000_000), Size(6.0, 1_000, 10_000)


def run(quick: bool) -> Outcome:
    outcomes = [_on(database, QUICK if quick else FULL) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, size: Size) -> Outcome:
    with machine(database) as env:
        told(env, "cases", "prepare")
        outcomes = []
        for each in chain([_rates(env, size)], _pages(env, size)):
            print(f"{database}: {each.figures}", flush=True)
            outcomes.append(each)
    figures = f"{database}: " + "; ".join(each.figures for each in outcomes)
    return Outcome(all(each.holds for each in outcomes), figures)


def _rates(env: dict[str, str], size: Size) -> Outcome:
    """By one process, and by several, each for a bureau of its own."""
    seen = {count: _side_by_side(env, size, count) for count in AT_ONCE}
    one, best = seen[1], {name: max(each[name] for each in seen.values()) for name in ("submit", "lives")}
    figures = (
        f"{one['submit'] / one['bare']:.2f} of bare inserts of the same {one['rows']:.0f} rows ({one['bare']:.0f}/s), "
        f"{one['submit_cpu']:.1f} ms of the processor to {one['bare_cpu']:.1f}; a life of 8 acts {one['lives_cpu']:.0f} ms; by "
        + ", ".join(
            f"{count}: {each['submit']:.0f} submissions/s, {each['lives']:.1f} lives/s" for count, each in seen.items()
        )
    )
    fast = best["submit"] >= SUBMISSIONS and best["lives"] >= LIVES
    return Outcome(fast and one["submit"] / one["bare"] >= SHARE, figures)


def _side_by_side(env: dict[str, str], size: Size, count: int) -> dict[str, float]:
    with ThreadPoolExecutor(count) as pool:
        shares: list[Any] = list(pool.map(lambda n: told(env, "cases", "rates", size.seconds, n), range(count)))
    return {name: sum(each[name] for each in shares) for name in shares[0]}


def _pages(env: dict[str, str], size: Size) -> Iterator[Outcome]:
    few, many = (_desk(env, each, size.seconds) for each in (size.few, size.many))
    p95, rush = ({tab: each.p95 for tab, each in many[name].items()} for name in ("looking", "rushing"))
    growth = max(each / few["looking"][tab].p95 for tab, each in p95.items())
    yield Outcome(
        max(p95.values()) <= PAGE_MS and growth <= GROWTH and many["statements"] == few["statements"],
        f"desk among {size.many:,} with {many['open']:,} open on it, {LOOKING} officials who each take {READ_SECONDS:.0f} s over a "
        f"page: p95 {_told(p95)} ms, at most {growth:.2f} × that among {size.few:,}, {max(many['statements'].values())} statements; "
        f"{RUSHING} asking without a pause: p95 {_told(rush)} ms",
    )
    changed = told(env, "many_cases", "calendar", size.many)
    yield Outcome(
        changed["written"] == 0 and changed["seen"] <= SEEN_SECONDS,
        f"calendar changed with {size.many:,} open cases: {changed['written']:.0f} rows of theirs written, "
        f"{1000 * changed['changed']:.0f} ms, new days told by another process after {changed['seen']:.1f} s",
    )
    form, seconds = told(env, "many_cases", "form"), max(2 * READ_SECONDS, size.seconds)
    with served(env) as (port, _):
        asked = {"seconds": seconds, "connections": FILLING, "cookie": form["cookie"]}
        short, long = (load(port, [form[each]], pause=READ_SECONDS, **asked) for each in ("short", "long"))
        rush = load(port, [form["short"]], **asked)
    yield Outcome(
        short.p95 <= PAGE_MS and form["saved"] < SAVED_MS and not short.wrong + long.wrong + rush.wrong,
        f"form page for {FILLING} people who each take {READ_SECONDS:.0f} s over it: p95 {short.p95:.0f} ms, of 200 fields "
        f"{long.p95:.0f} ms; all {FILLING} asking without a pause: {rush.rate:.0f}/s, p95 {rush.p95:.0f} ms; "
        f"200 fields saved in {form['saved']:.0f} ms (p95)",
    )


def _desk(env: dict[str, str], count: int, seconds: float) -> dict[str, Any]:
    """Its tabs, by the server as an office runs it."""
    asked = told(env, "many_cases", "desk", count)
    ways = {"looking": (LOOKING, READ_SECONDS, 3 * READ_SECONDS), "rushing": (RUSHING, 0.0, seconds / 6)}
    with served(env) as (port, _):
        pages = {
            name: {
                tab: load(
                    port, [address], seconds=length, connections=many, pause=pause, cookie=asked["cookie"], warm=2.0
                )
                for tab, address in asked["addresses"].items()
            }
            for name, (many, pause, length) in ways.items()
        }
    assert not any(each.wrong for tabs in pages.values() for each in tabs.values())
    return {**asked, **pages}


def _told(p95: dict[str, float]) -> str:
    return ", ".join(f"{tab} {each:.0f}" for tab, each in p95.items())


def prepare() -> None:
    """Bureaus with their people, and an item of five materials each."""
    from datetime import date

    import django

    django.setup()
    from banshi.catalog.actions import create_item, publish, start_draft
    from banshi.catalog.guide.document import Guide, Material, Step, TimeLimit
    from banshi.core.clock import now
    from banshi.ledger import System
    from banshi.people.models import Organ, Post, User
    from benchmarks.city import prepare as city

    city(100)
    by = System("benchmark")
    guide = Guide.model_validate(
        {
            "name": "取水许可",
            "materials": [Material(name=f"材料{n}") for n in range(5)],
            "steps": [Step(name="受理", kind="accept"), Step(name="审查", kind="examine", limit=TimeLimit(value=3))],
            "promised_limit": TimeLimit(value=20),
            "statutory_limit": TimeLimit(value=20),
            "audience": ["1"],
            "result_name": "取水许可证",
        }
    )
    for number, bureau in enumerate(Organ.objects.order_by("id")[: max(AT_ONCE)]):
        item = create_item(in_spite=True, organ=bureau, guide=guide, by=by, at=now())
        publish(start_draft(item, by=by, at=now()), by=by, at=now())
        for role in ("citizen", "window", "handler", "head"):
            person = User.objects.create(
                username=_called(role, number), full_name="林小例" if role == "citizen" else role
            )
            if role != "citizen":
                Post.objects.create(user=person, organ=bureau, role=role, since=date(2020, 1, 1))


def _called(role: str, number: int) -> str:
    return f"bench-{role}{number or ''}"


def rates(seconds: float, number: int) -> dict[str, float]:
    """Submissions, bare inserts of their rows and whole lives, in turn, so that whatever else the machine does meets all alike."""
    import django

    django.setup()
    from banshi.cases.actions import submit
    from banshi.catalog.models import Item
    from banshi.core.clock import now
    from banshi.people.models import Organ, User

    bureau = Organ.objects.order_by("id")[number]
    of = {role: User.objects.get(username=_called(role, number)) for role in ("citizen", "window", "handler", "head")}
    of["item"] = Item.objects.filter(organ=bureau).order_by("id").last()
    drafts = _drafts(of)

    def hand_in(draft: Any) -> Any:
        return submit(draft, key=draft.key, by=of["citizen"], at=now())

    _live(of, hand_in(next(drafts)))
    rows = _rows_of(hand_in(next(drafts)))
    acts = {
        "submit": hand_in,
        "bare": lambda draft: _insert(rows, draft),
        "lives": lambda draft: _live(of, hand_in(draft)),
    }
    clock, processor, rounds = dict.fromkeys(acts, 0.0), dict.fromkeys(acts, 0.0), 0
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or not rounds:
        for name, act in acts.items():
            draft = next(drafts)  # made outside what is measured
            began = time.perf_counter(), time.process_time()
            act(draft)
            clock[name] += time.perf_counter() - began[0]
            processor[name] += time.process_time() - began[1]
        rounds += 1
    figures = {name: rounds / took for name, took in clock.items()}
    used = {f"{name}_cpu": 1000 * took / rounds for name, took in processor.items()}
    return {**figures, **used, "rows": sum(len(some) for some in rows)}


def _drafts(of: dict[str, Any]) -> Iterator[Any]:
    """Drafts without end."""
    from banshi.cases.actions import attach_material, save_answers, start_application
    from banshi.core.clock import now

    citizen = of["citizen"]
    while True:
        draft = start_application(of["item"], by=citizen, at=now())
        save_answers(draft, ANSWERS, by=citizen, at=now())
        for position in range(5):
            attach_material(draft, position, None, source="测试", by=citizen, at=now())
        yield draft


def _live(of: dict[str, Any], case: Any) -> None:
    """What follows on the submission: seven acts to the end."""
    from banshi.cases.actions import accept, close_stop, decide, deliver, finish_task, open_stop
    from banshi.core.clock import now

    case = accept(case, by=of["window"], at=now())
    stop = open_stop(case, procedure="听证", expected_days=5, by=of["handler"], at=now())
    close_stop(stop, by=of["handler"], at=now())
    finish_task(case.tasks.get(ending=""), by=of["handler"], at=now())
    decide(case, granted=True, by=of["head"], at=now())
    deliver(case, way="online", by=of["window"], at=now())


def _rows_of(case: Any) -> list[list[Any]]:
    """Every row the submission wrote, table by table, in the order they need one another."""
    from banshi.events.models import Event
    from banshi.ledger.models import LedgerEntry
    from banshi.notifications.models import Notification
    from banshi.papers.models import Paper

    told = LedgerEntry.objects.filter(action__in=("cases.receive", "papers.issue")).order_by("-number")[:2]
    return [
        [case],
        list(case.clocks.all()),
        list(case.tasks.all()),
        list(Paper.objects.filter(about=case.number)),
        list(case.acts.all()),
        list(told),
        list(Event.objects.filter(subject_type="cases.Case", subject_id=case.pk)),
        list(Notification.objects.order_by("-id")[:1]),
    ]


def _insert(tables: list[list[Any]], draft: Any) -> None:
    """The same rows for another draft, in one transaction, and nothing else: no lock, no check, no seal, no digest."""
    from django.db import transaction

    from banshi.cases.models import Application
    from banshi.core.ids import new_guid

    with transaction.atomic():
        case = tables[0][0]
        for rows in tables:
            for row in rows:
                row.pk, row._state.adding = None, True
                if row is case:
                    row.application, row.number = draft, secrets.token_hex(10)
                if hasattr(row, "case_id"):
                    row.case = case
                if hasattr(row, "guid"):
                    row.guid, row.number = new_guid(), None
                if hasattr(row, "code") and hasattr(row, "series"):
                    row.code, row.year, row.serial = secrets.token_hex(7), 1, secrets.randbits(30)
                if hasattr(row, "block"):
                    row.block, row.digest = None, secrets.token_hex(32)
            type(rows[0])._base_manager.bulk_create(rows)
        Application.objects.filter(pk=draft.pk).update(submitted_at=case.received_at)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare()
        print("{}")
    else:
        print(json.dumps(rates(float(sys.argv[2]), int(sys.argv[3]))))
