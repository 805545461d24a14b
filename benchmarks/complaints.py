"""诉求: complaints taken in a second by two writers, different ones and a flood of equal ones, on either database.

The baseline of the same run: the rows a complaint writes, put in by bare statements in a transaction each.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from benchmarks import Outcome
from benchmarks.machine import DATABASES, machine, told

A_SECOND, WRITERS = 80, 2


def run(quick: bool) -> Outcome:
    seconds = 3.0 if quick else 15.0
    outcomes = []
    for database in DATABASES:
        with machine(database) as env:
            said = told(env, "complaints", "taken", seconds)
        figures = (
            f"{database}: {said['different']:.0f}/s different, {said['equal']:.0f}/s equal ({said['joined']} joined, "
            f"{said['lost']} lost), {said['bare']:.0f}/s bare, ratio {said['different'] / said['bare']:.2f}"
        )
        holds = min(said["different"], said["equal"]) >= A_SECOND and not said["lost"]
        outcomes.append(Outcome(holds, figures))
        print(figures)
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def taken(seconds: float) -> dict[str, float]:
    """Two visitors that write as fast as they can."""
    import django

    django.setup()
    from datetime import date

    from django.db import connection, transaction

    from banshi.access import Visitor
    from banshi.core.clock import now
    from banshi.events.models import Event
    from banshi.feedback.actions import file_complaint
    from banshi.feedback.models import Complaint
    from banshi.ledger.models import LedgerEntry
    from banshi.people.models import Organ, Post, User
    from benchmarks.city import prepare
    from benchmarks.window import _again, _rate

    prepare(100)
    organ = Organ.objects.first()
    assert organ is not None
    head = User.objects.create(username="bench-head", full_name="负责人")
    Post.objects.create(user=head, organ=organ, role="head", since=date(2020, 1, 1))

    def written(same: bool) -> float:
        start = Barrier(WRITERS)

        def work(writer: int) -> int:
            start.wait()
            until, count = time.perf_counter() + seconds, 0
            while time.perf_counter() < until:
                text = "网上系统打不开，一直转圈" if same else f"第{writer}位第{count}次反映窗口排队太久"
                file_complaint("complaint", text=text, organ=organ, by=Visitor(), at=now())
                count += 1
            connection.close()
            return count

        with ThreadPoolExecutor(WRITERS) as pool:
            return sum(pool.map(work, range(WRITERS)))

    different = written(same=False)
    before = Complaint.objects.count()
    equal = written(same=True)
    complaint, event, entry = Complaint.objects.first(), Event.objects.first(), LedgerEntry.objects.first()
    assert complaint is not None

    def bare() -> None:
        with transaction.atomic():
            row: Any
            for row in (complaint, event, entry):
                _again(row)

    return {
        "different": different / seconds,
        "equal": equal / seconds,
        "joined": Complaint.objects.exclude(leader=None).count(),
        "lost": before + equal - Complaint.objects.count(),
        "bare": _rate(seconds / 3, bare),
    }


if __name__ == "__main__":
    import json

    print(json.dumps(taken(float(sys.argv[2]))))
