"""Among many cases: the pages of a desk, a change of the calendar, a form. `python -m benchmarks.many_cases desk 10000`."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ONE_IN = 10
"""Of so many cases one is open, at every organ."""
TABS = ("mine", "unit", "overdue", "today", "elsewhere", "stopped", "supplementing")
FIELDS = 200
BASE = 10_000_000
"""Keys of copies begin here, far from those that sequences give."""
SERIES = {
    "postgresql": "generate_series({first}::bigint, {last}::bigint) AS s(n)",
    "sqlite": "(WITH RECURSIVE t(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM t WHERE n < {last}) SELECT n FROM t) AS s",
}
UUID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


def desk(size: int) -> dict[str, Any]:
    """The addresses of a handler's tabs among so many cases of all organs, the handler's cookie, and the statements of a page."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from banshi.cases.models import CaseTask

    fill(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client, cookie = _signed_in("bench-handler")
    addresses = {tab: f"/work/cases/?show={tab}" for tab in TABS}
    statements = {}
    for tab, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
        statements[tab] = len(asked)
    ours = CaseTask.objects.filter(organ__name="示例0局", ending="").count()
    return {"addresses": addresses, "cookie": cookie, "statements": statements, "open": ours}


def _signed_in(username: str) -> tuple[Any, str]:
    from django.conf import settings
    from django.test import Client

    from banshi.people.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=username), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def fill(size: int) -> None:
    """Copies of the first case, spread over organs, with due days around today."""
    from django.db import connection, transaction

    from banshi.calendar.queries import calendar_in_force
    from banshi.cases.models import Application, Case, CaseTask
    from banshi.core.clock import day_of, now
    from banshi.people.models import Organ, User

    like = Case.objects.order_by("id").first()
    assert like is not None
    task = like.tasks.order_by("id").first()
    assert task is not None
    there = Case.objects.filter(pk__gte=BASE).count()
    if there >= size:
        return
    first = Organ.objects.order_by("id").values_list("pk", flat=True)[0]
    organs, rank = Organ.objects.count(), calendar_in_force().rank_of(day_of(now())) - 5
    organ, uuid = f"{first} + n % {organs}", UUID[connection.vendor]
    is_open = f"(n / {organs}) % {ONE_IN} = 0"
    due = f"CASE WHEN {is_open} THEN {rank} + (n / {organs * ONE_IN}) % 40 END"
    handler = User.objects.get(username="bench-handler").pk
    mine = f"CASE WHEN {is_open} AND n % (20 * {organs}) = 0 THEN {handler} END"
    case = {
        "id": f"{BASE} + n", "application_id": f"{BASE} + n", "number": "'b-' || n", "serial": "n", "organ_id": organ,
        "state": f"CASE WHEN {is_open} THEN 'handling' ELSE 'delivered' END", "stage": "1", "due_rank": due,
        "due_kind": f"CASE WHEN {is_open} THEN 'promised' ELSE '' END", "accepted_on": "complete_on", "decided_on": "NULL",
        "ended_at": f"CASE WHEN {is_open} THEN NULL ELSE received_at END",
    }  # fmt: skip
    step = {
        "id": f"{BASE} + n", "case_id": f"{BASE} + n", "stage": "1", "name": "'审查'", "kind": "'examine'", "organ_id": organ,
        "ending": f"CASE WHEN {is_open} THEN '' ELSE 'done' END", "due_rank": due, "assignee_id": mine,
        "case_state": "'handling'", "case_due_rank": due,
        "ended_at": f"CASE WHEN {is_open} THEN NULL ELSE opened_at END",
    }  # fmt: skip
    form = {"id": f"{BASE} + n", "guid": uuid, "key": uuid}
    with unchecked(), transaction.atomic():
        for row, columns in ((like.application, form), (like, case), (task, step)):
            _copy(row, columns, there, size - 1)
    assert Case.objects.filter(pk__gte=BASE).count() == size == CaseTask.objects.filter(pk__gte=BASE).count()
    assert Application.objects.count() > size


@contextmanager
def unchecked() -> Iterator[None]:
    """Let PostgreSQL believe the keys of rows made by the million."""
    from django.db import connection

    def trusting(role: str) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET session_replication_role = {role}")

    trusting("replica")
    try:
        yield
    finally:
        trusting("origin")


def _copy(row: Any, columns: dict[str, str], first: int, last: int) -> None:
    """Insert copies of a row with other columns, each an SQL expression of n."""
    from django.db import connection

    table = row._meta.db_table
    names = [each.column for each in row._meta.concrete_fields]
    told = ", ".join(columns.get(name, f'"{name}"') for name in names)
    quoted, series = ", ".join(f'"{name}"' for name in names), SERIES[connection.vendor].format(first=first, last=last)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({quoted}) SELECT {told} FROM "{table}", {series} WHERE id = {row.pk}')


def calendar(size: int) -> dict[str, float]:
    """Make every one of so many cases open, then a coming working day one of rest: rows written, and seconds until another process
    tells the new last day."""
    import django

    django.setup()
    from datetime import timedelta

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from banshi.calendar.actions import set_calendar_days
    from banshi.calendar.queries import calendar_in_force
    from banshi.cases.clocks import due_on
    from banshi.cases.models import Case, CaseTask
    from banshi.core.clock import day_of, now
    from banshi.ledger import System

    days, rank = calendar_in_force(), calendar_in_force().rank_of(day_of(now()))
    copies = Case.objects.filter(pk__gte=BASE)
    copies.update(state="handling", due_kind="promised", due_rank=rank + 15, ended_at=None)
    CaseTask.objects.filter(pk__gte=BASE).update(ending="", ended_at=None, due_rank=rank + 15, case_due_rank=rank + 15)
    assert copies.filter(state="handling").count() == size
    one = copies.order_by("pk")[0]
    before, coming = due_on(one, calendar=days), days.day_of(rank + 3)
    command = [sys.executable, "-m", "benchmarks.many_cases", "watch", str(one.pk)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            set_calendar_days([coming], working=False, name="测试", by=System("benchmark"), at=now())
        changed = time.perf_counter() - began
        told = json.loads(other.stdout.readline())
        seen = time.perf_counter() - began
    written = [each["sql"] for each in asked if '"cases_' in each["sql"] and not each["sql"].startswith("SELECT")]
    after = due_on(Case.objects.get(pk=one.pk), calendar=calendar_in_force())
    assert before is not None and after is not None and before < after < before + timedelta(days=8)
    assert told == after.isoformat()
    return {"written": len(written), "changed": changed, "seen": seen}


def watch(key: int) -> str:
    """The last day of a case as soon as this process, which had no part in the change, tells another one."""
    import django

    django.setup()
    from banshi.calendar.queries import calendar_in_force
    from banshi.cases.clocks import due_on
    from banshi.cases.models import Case

    one = Case.objects.get(pk=key)
    first = last = due_on(one, calendar=calendar_in_force())
    print("watching", flush=True)
    while last == first:
        last = due_on(one, calendar=calendar_in_force())
    return str(last)


def form() -> dict[str, Any]:
    """The page of a form of two hundred fields, its applicant's cookie, and the milliseconds that sending them all takes."""
    import django

    django.setup()
    from banshi.cases.actions import start_application
    from banshi.cases.sealing import ANSWERS, opened
    from banshi.catalog.actions import create_item, publish, start_draft
    from banshi.catalog.guide.document import DeclaredField, Guide, Material
    from banshi.core.clock import now
    from banshi.ledger import System
    from banshi.people.models import Organ, User

    by, bureau = System("benchmark"), Organ.objects.order_by("id").first()
    assert bureau is not None
    rows = [DeclaredField(key=f"field{n}", label=f"第{n}项", group="二百项") for n in range(FIELDS)]
    guide = Guide(name="二百项的申请", materials=[Material(name="材料")], audience=["1"], form_fields=rows)
    item = create_item(in_spite=True, organ=bureau, guide=guide, by=by, at=now())
    publish(start_draft(item, by=by, at=now()), by=by, at=now())
    draft = start_application(item, by=User.objects.get(username="bench-citizen"), at=now())
    client, cookie = _signed_in("bench-citizen")
    pages = [f"/apply/{draft.guid}/{number}/" for number in (1, 2, 3)]
    shown = {each: client.get(each).content.decode() for each in pages}
    [long] = [each for each, text in shown.items() if 'name="field199"' in text]
    answers, times = {each.key: "填写的内容" for each in rows}, []
    answers["asked"] = " ".join(answers)
    for _ in range(20):
        began = time.perf_counter()
        assert client.post(long, answers).status_code == 302
        times.append(time.perf_counter() - began)
    draft.refresh_from_db()
    assert len(opened(draft.answers_sealed, purpose=ANSWERS)) >= FIELDS
    short = next(each for each in pages if each != long)
    return {"long": long, "short": short, "cookie": cookie, "saved": 1000 * sorted(times)[18]}


if __name__ == "__main__":
    what, *more = sys.argv[1:]
    given = [int(each) for each in more]
    print(json.dumps({"desk": desk, "calendar": calendar, "watch": watch, "form": form}[what](*given)))
