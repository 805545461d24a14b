"""诉求: complaints taken in a second by two processes, different ones and a flood of equal ones, on either database.

The baseline of the same run: the rows a complaint writes, put in by bare statements in a transaction each.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks import Outcome
from benchmarks.machine import DATABASES, WORKERS, machine, told

A_SECOND = 80


def run(quick: bool) -> Outcome:
    seconds = 3.0 if quick else 15.0
    outcomes = [_on(database, seconds) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, seconds: float) -> Outcome:
    with machine(database) as env:
        told(env, "complaints", "prepare")
        different, equal = (_taken(env, texts, seconds) for texts in ("different", "equal"))
        after = told(env, "complaints", "bare", seconds / 3)
    filed = different["filed"] + equal["filed"]
    figures = (
        f"{database}: {different['rate']:.0f}/s different, {equal['rate']:.0f}/s equal ({after['joined']} joined, "
        f"{filed - after['kept']:.0f} lost) by {WORKERS} processes, {after['rate']:.0f}/s bare by one, "
        f"ratio {different['rate'] / after['rate']:.2f}"
    )
    print(figures, flush=True)
    return Outcome(min(different["rate"], equal["rate"]) >= A_SECOND and filed == after["kept"], figures)


def _taken(env: dict[str, str], texts: str, seconds: float) -> dict[str, float]:
    with ThreadPoolExecutor(WORKERS) as pool:
        shares: list[Any] = list(pool.map(lambda n: told(env, "complaints", texts, seconds, n), range(WORKERS)))
    return {name: sum(each[name] for each in shares) for name in shares[0]}


def prepare() -> dict[str, float]:
    """An organ with a head, who is told of complaints."""
    import django

    django.setup()
    from datetime import date

    from banshi.people.models import Organ, Post, User
    from benchmarks.city import prepare as city

    city(100)
    head = User.objects.create(username="bench-head", full_name="负责人")
    Post.objects.create(user=head, organ=Organ.objects.order_by("id")[0], role="head", since=date(2020, 1, 1))
    return {}


def taken(texts: str, seconds: float, writer: int) -> dict[str, float]:
    """A visitor that writes as fast as it can."""
    import django

    django.setup()
    from banshi.access import Visitor
    from banshi.core.clock import now
    from banshi.feedback.actions import file_complaint
    from banshi.people.models import Organ

    organ = Organ.objects.order_by("id")[0]

    def file(count: int) -> None:
        text = "网上系统打不开，一直转圈" if texts == "equal" else f"第{writer}位第{count}次反映窗口排队太久"
        file_complaint("complaint", text=text, organ=organ, by=Visitor(), at=now())

    file(-1)  # reads the rules and words
    began, count = time.perf_counter(), 0
    while time.perf_counter() < began + seconds:
        file(count)
        count += 1
    return {"rate": count / (time.perf_counter() - began), "filed": count + 1}


def bare(seconds: float) -> dict[str, float]:
    import django

    django.setup()
    from django.db import transaction

    from banshi.events.models import Event
    from banshi.feedback.models import Complaint
    from banshi.ledger.models import LedgerEntry
    from benchmarks.window import _again, _rate

    kept, joined = Complaint.objects.count(), Complaint.objects.exclude(leader=None).count()
    written: list[Any] = [Complaint.objects.first(), Event.objects.first(), LedgerEntry.objects.first()]

    def write() -> None:
        with transaction.atomic():
            for row in written:
                _again(row)

    return {"rate": _rate(seconds, write), "kept": kept, "joined": joined}


if __name__ == "__main__":
    what, *more = sys.argv[1:]
    if what == "prepare":
        print(json.dumps(prepare()))
    elif what == "bare":
        print(json.dumps(bare(float(more[0]))))
    else:
        print(json.dumps(taken(what, float(more[0]), int(more[1]))))
