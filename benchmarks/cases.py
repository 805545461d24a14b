"""Cases: submissions with five materials a second, whole lives of eight acts, and desks among many cases, on either database.

The baseline of the same run: the very rows a submission writes, put in by bare inserts, a transaction each.
"""

import json
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import quantiles
from typing import Any

from benchmarks import Outcome
from benchmarks.machine import DATABASES, machine, told

SHARE = 0.3
"""How much of the bare inserts' rate a submission must reach; it also locks, checks, seals, digests and counts days."""
SUBMISSIONS, LIVES, DESK_MS, GROWTH = 60, 15, 100, 2.0
ANSWERS = {
    "applying_as": "为自己办",
    "applicant_name": "林小例",
    "applicant_number": "990100198808080025",
    "phone": "13800000000",
}


def run(quick: bool) -> Outcome:
    seconds, sizes = (6.0, (1_000, 10_000)) if quick else (30.0, (10_000, 1_000_000))
    outcomes = [_on(database, seconds, sizes) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, seconds: float, sizes: tuple[int, int]) -> Outcome:
    with machine(database) as env:
        rate = told(env, "cases", "rates", seconds)
        desks = [told(env, "cases", "desk", size) for size in sizes]
    share, growth = rate["submit"] / rate["bare"], desks[1]["p95"] / desks[0]["p95"]
    figures = (
        f"{database}: {rate['submit']:.0f} submissions/s, {share:.2f} of bare inserts of the same {rate['rows']:.0f} rows "
        f"({rate['bare']:.0f}/s); {rate['lives']:.0f} lives of 8 acts/s; desk p95 {desks[1]['p95']:.1f} ms among "
        f"{sizes[1]:,}, {growth:.2f} × that among {sizes[0]:,}"
    )
    print(figures)
    fast = rate["submit"] >= SUBMISSIONS and share >= SHARE and rate["lives"] >= LIVES
    return Outcome(fast and desks[1]["p95"] <= DESK_MS and growth <= GROWTH, figures)


def rates(seconds: float) -> dict[str, float]:
    """Each for a third of the time."""
    import django

    django.setup()
    from banshi.cases.actions import submit
    from banshi.core.clock import now

    of = _hall()
    drafts = _drafts(of)

    def hand_in() -> Any:
        draft = next(drafts)
        return submit(draft, key=draft.key, by=of["citizen"], at=now())

    hand_in()
    submitted = _rate(seconds / 3, hand_in)
    lives = _rate(seconds / 3, lambda: _live(of, hand_in()))
    case = hand_in()
    rows = _rows_of(case)
    bare = _rate(seconds / 3, lambda: _insert(rows, next(drafts)))
    return {"submit": submitted, "lives": lives, "bare": bare, "rows": sum(len(some) for some in rows)}


def _hall() -> dict[str, Any]:
    """A bureau with its people and an item of five materials."""
    from datetime import date

    from banshi.catalog.actions import create_item, publish, start_draft
    from banshi.catalog.guide.document import Guide, Material, Step, TimeLimit
    from banshi.core.clock import now
    from banshi.ledger import System
    from banshi.people.models import Organ, Post, User
    from benchmarks.city import prepare

    prepare(100)
    by, bureau = System("benchmark"), Organ.objects.first()
    assert bureau is not None
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
    item = create_item(in_spite=True, organ=bureau, guide=guide, by=by, at=now())
    publish(start_draft(item, by=by, at=now()), by=by, at=now())
    people = {
        "item": item,
        "organ": bureau,
        "citizen": User.objects.create(username="bench-citizen", full_name="林小例"),
    }
    for role in ("window", "handler", "head"):
        people[role] = User.objects.create(username=f"bench-{role}", full_name=role)
        Post.objects.create(user=people[role], organ=bureau, role=role, since=date(2020, 1, 1))
    return people


def _drafts(of: dict[str, Any]) -> Iterator[Any]:
    """Drafts without end, made outside what is measured: `_rate` takes their making off."""
    from banshi.cases.actions import attach_material, save_answers, start_application
    from banshi.core.clock import now

    citizen = of["citizen"]
    while True:
        began = time.perf_counter()
        draft = start_application(of["item"], by=citizen, at=now())
        save_answers(draft, ANSWERS, by=citizen, at=now())
        for position in range(5):
            attach_material(draft, position, None, source="测试", by=citizen, at=now())
        _apart.append(time.perf_counter() - began)
        yield draft


_apart: list[float] = []


def _rate(seconds: float, act: Callable[[], object]) -> float:
    """Acts a second, without the time spent apart."""
    _apart.clear()
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds or not done:
        act()
        done += 1
    return done / (time.perf_counter() - began - sum(_apart))


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


def desk(size: int) -> dict[str, float]:
    """A handler's tabs, 25 steps each, among so many cases of all organs; milliseconds a tab."""
    import django

    django.setup()
    from banshi.cases.models import Case, CaseTask
    from banshi.cases.queries import desk as desk_of
    from banshi.core.clock import now
    from banshi.people.models import User

    fill(size)
    handler, times = User.objects.get(username="bench-handler"), []
    for _ in range(60):
        handler.__dict__.pop("_posts_by_day", None)
        began = time.perf_counter()
        for tab in ("mine", "unit", "today", "stopped", "supplementing"):
            list(desk_of(handler, tab, at=now())[:25])
        times.append((time.perf_counter() - began) * 1000 / 5)
    assert Case.objects.count() >= size <= CaseTask.objects.count()
    return {"p95": quantiles(times, n=20)[-1]}


def fill(size: int) -> None:
    """Cases like the first, spread over organs, with due days around today; one in ten is still open."""
    from banshi.calendar.queries import calendar_in_force
    from banshi.cases.models import Application, Case, CaseTask
    from banshi.core.clock import now
    from banshi.people.models import Organ

    like = Case.objects.select_related("application").order_by("id").first()
    assert like is not None
    task, organs = like.tasks.order_by("id").first(), list(Organ.objects.order_by("id"))
    assert task is not None
    there, at = Case.objects.count(), now()
    rank = calendar_in_force().rank_of(at.date()) - 5
    for start in range(there, size, 5_000):
        numbers = range(start, min(start + 5_000, size))
        forms = [
            Application(
                owner=like.applicant,
                publication=like.publication,
                created_at=at,
                saved_at=at,
                expires_at=at,
                submitted_at=at,
            )
            for _ in numbers
        ]
        Application.objects.bulk_create(forms, 1_000)
        cases = []
        for number, form in zip(numbers, forms, strict=True):
            open_one = number % 10 == 0
            organ = organs[number % len(organs)]
            cases.append(
                Case(
                    number=f"b-{number}", year=1, serial=number, application=form, publication=like.publication, item=like.item,
                    organ=organ, applicant=like.applicant, query_code_sealed=b"", received_at=at - timedelta(minutes=number % 99_999),
                    complete_on=at.date(), state="handling" if open_one else "delivered", stage=1,
                    accepted_on=at.date(), due_rank=rank + number % 40 if open_one else None,
                )
            )  # fmt: skip
        Case.objects.bulk_create(cases, 1_000)
        CaseTask.objects.bulk_create(
            [
                CaseTask(
                    case=each, stage=1, name="审查", kind="examine", organ_id=each.organ_id, began_on=at.date(), opened_at=at,
                    due_rank=each.due_rank, ending="" if each.state == "handling" else "done", ended_at=None if each.state == "handling" else at,
                )
                for each in cases
            ],
            1_000,
        )  # fmt: skip


if __name__ == "__main__":
    what, amount = sys.argv[1], float(sys.argv[2])
    print(json.dumps(rates(amount) if what == "rates" else desk(int(amount))))
