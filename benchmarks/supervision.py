"""Supervision: events a second against all rules, the lights of a city, a morning's warnings, boards, a bulletin of every organ.

The baselines of the same run: bare inserts of the same events, a bare count of the same cases by organ.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import quantiles
from typing import Any

from benchmarks import Outcome
from benchmarks.machine import DATABASES, machine, told

EVENTS_A_SECOND, BOARD_SECONDS, MORNING_SECONDS, PAGE_MS, BULLETIN_SECONDS = 2000, 1.0, 5.0, 300, 60
CROSSING = 50
"""One case of so many turns yellow, and one red, in the morning that is measured: 40,000 warnings among 1,000,000 cases."""


@dataclass(frozen=True, slots=True)
class Size:
    """Open cases, events of the past, organs, and new events that the rules examine."""

    cases: int
    events: int
    organs: int
    fresh: int


FULL, QUICK = Size(1_000_000, 10_000_000, 3_000, 50_000), Size(20_000, 100_000, 300, 5_000)


def run(quick: bool) -> Outcome:
    size = QUICK if quick else FULL
    databases = DATABASES if quick else DATABASES[:1]
    outcomes = [_on(database, size) for database in databases]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, size: Size) -> Outcome:
    with machine(database) as env:
        told(env, "cases", "prepare")
        told(env, "cases", "rates", 0.3, 0)
        seen = told(env, "supervision", size.cases, size.events, size.organs, size.fresh)
    figures = (
        f"{database}: {seen['examined']:.0f} events/s against {seen['rules']} rules and {seen['measures']} measures "
        f"({seen['bare_events']:.0f}/s bare inserts of them), {seen['found']} findings; lights of {size.cases:,} open cases of "
        f"{size.organs:,} organs {seen['board']:.2f} s (bare count {seen['bare_board']:.2f} s); a morning's "
        f"{seen['warned']:,} warnings {seen['morning']:.1f} s, again {seen['again']:.1f} s; among {size.events:,} events p95: "
        f"figures by organ {seen['by_organ']:.0f}, by item {seen['by_item']:.0f}, rows {seen['rows']:.0f}, indicators "
        f"{seen['indicators']:.0f} ms; bulletin of {seen['assessed']:,} organs {seen['bulletin']:.1f} s "
        f"(figures {seen['figures']:.1f}, PDF {seen['pdf']:.1f}, Word {seen['docx']:.1f})"
    )
    print(figures, flush=True)
    holds = (
        seen["examined"] >= EVENTS_A_SECOND
        and seen["board"] <= BOARD_SECONDS
        and seen["morning"] <= MORNING_SECONDS
        and max(seen["by_organ"], seen["by_item"], seen["rows"], seen["indicators"]) <= PAGE_MS
        and seen["bulletin"] <= BULLETIN_SECONDS
    )
    return Outcome(holds, figures)


def measure(cases: int, events: int, organs: int, fresh: int) -> dict[str, Any]:
    import django

    django.setup()
    from banshi.supervision.measures import measures
    from banshi.supervision.rules import monitoring_rules

    _fill(cases, organs)
    seen: dict[str, Any] = {"rules": len(monitoring_rules()), "measures": len(measures())}
    for step in (_lights, _morning, partial(_stream, fresh), partial(_past, events), _boards, _bulletin):
        seen |= (found := step())
        print(found, file=sys.stderr, flush=True)  # what is cut off has told what it saw
    return seen


def _fill(cases: int, organs: int) -> None:
    """Open cases of so many organs, most of them with days to go."""
    from django.db import connection

    from banshi.calendar.queries import calendar_in_force
    from banshi.cases.models import Case
    from banshi.core.clock import today
    from banshi.people.models import Division, Organ
    from benchmarks import many_cases

    county = Division.objects.get(code="990102")
    more = range(Organ.objects.count(), organs)
    Organ.objects.bulk_create((Organ(name=f"示例{n}局", kind="department", division=county) for n in more), 500)
    many_cases.ONE_IN = 1
    many_cases.fill(cases)
    rank = calendar_in_force().rank_of(today())
    due = f"CASE WHEN id % {CROSSING} = 0 THEN {rank + 4} WHEN id % {CROSSING} = 1 THEN {rank - 1} ELSE {rank + 15} END"
    with connection.cursor() as sql:
        sql.execute(f"UPDATE cases_case SET due_rank = {due}, due_limit = 20 WHERE id >= {many_cases.BASE}")
        sql.execute(
            "UPDATE cases_casetask SET due_rank = NULL, ending = 'done', ended_at = opened_at WHERE ending = ''"
        )
        sql.execute("ANALYZE")
    assert Case.objects.filter(pk__gte=many_cases.BASE).count() == cases


def _lights() -> dict[str, float]:
    from django.db.models import Count

    from banshi.core.clock import today
    from banshi.people.models import Organ
    from banshi.supervision.lights import board, open_cases

    cases = open_cases(Organ.objects.all())
    return {
        "board": _best(lambda: board(cases, "organ", "organ__name", day=today())),
        "bare_board": _best(lambda: list(cases.order_by().values("organ").annotate(Count("pk")))),
    }


def _morning() -> dict[str, float]:
    from banshi.core.clock import now
    from banshi.supervision.warning import warn

    began = time.perf_counter()
    warned = warn(at=now())
    first = time.perf_counter()
    assert warn(at=now()) == 0
    return {"warned": warned, "morning": first - began, "again": time.perf_counter() - first}


def _stream(fresh: int) -> dict[str, float]:
    """New acts on many cases, examined by every rule and counted by every measure."""
    from django.db import connection

    from banshi.events.models import Event
    from banshi.events.sequencing import sequence
    from banshi.supervision.examining import catch_up
    from banshi.supervision.models import Irregularity

    sequence()
    catch_up()
    before, found = Event.objects.count(), Irregularity.objects.count()
    newest = Event.objects.order_by("-number").values_list("number", flat=True)[0]
    began = time.perf_counter()
    _events(fresh, newest)
    written = time.perf_counter()
    assert Event.objects.count() == before + fresh
    with connection.cursor() as sql:
        sql.execute("ANALYZE")
    start = time.perf_counter()
    catch_up()
    took = time.perf_counter() - start
    return {
        "examined": fresh / took,
        "bare_events": fresh / (written - began),
        "found": Irregularity.objects.count() - found,
    }


def _events(count: int, after: int) -> None:
    """Insert so many acts on cases, numbered, spread over organs and kinds."""
    from django.db import connection

    from banshi.cases.models import Case
    from banshi.core.clock import now
    from banshi.events.models import Event
    from banshi.people.models import Organ
    from benchmarks.many_cases import BASE, SERIES, UUID, unchecked

    like = Event.objects.filter(kind="cases.acted").order_by("id").first()
    assert like is not None
    first, organs = Organ.objects.order_by("id").values_list("pk", flat=True)[0], Organ.objects.count()
    cases = max(Case.objects.filter(pk__gte=BASE).count() // 40, 1)  # each meets several acts
    acts = ("receive", "accept", "grant", "deliver", "return_step", "ask_supplement")
    told = {act: json.dumps({**like.data, "act": act, "left": 3, "used": 7, "promised": 10}) for act in acts}
    data = "CASE n % 6 " + " ".join(f"WHEN {place} THEN '{text}'" for place, text in enumerate(told.values())) + " END"
    json_type, ago = (
        ("::jsonb", "%s::timestamptz - (n % 330) * interval '1 day'")
        if connection.vendor == "postgresql"
        else (
            "",
            "datetime(%s, '-' || (n % 330) || ' days')",
        )
    )
    columns = {
        "number": f"{after} + n + 1", "guid": UUID[connection.vendor], "act": UUID[connection.vendor],
        "kind": "'cases.acted'", "at": ago, "actor": "'user:1'", "actor_kind": "'user'", "subject_type": "'cases.Case'",
        "subject_id": f"{BASE} + n % {cases}", "organ_id": f"{first} + (n % {cases}) % {organs}",
        "item_id": str(like.item_id), "data": f"({data}){json_type}",
    }  # fmt: skip
    series = SERIES[connection.vendor].format(first=0, last=count - 1)
    with unchecked(), connection.cursor() as sql:
        statement = (
            f"INSERT INTO events_event ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {series}"
        )
        sql.execute(statement.replace("% ", "%% "), [now().isoformat()])


def _past(events: int) -> dict[str, float]:
    """The events of a year, counted."""
    from django.db import connection

    from banshi.core.models import Cursor
    from banshi.events.models import Event
    from banshi.supervision.examining import CONSUMER
    from banshi.supervision.measures import count_events

    newest = Event.objects.order_by("-number").values_list("number", flat=True)[0]
    _events(events, newest)
    Cursor.objects.filter(reader=CONSUMER).update(position=newest + events)
    began = time.perf_counter()
    count_events()
    counted = time.perf_counter() - began
    with connection.cursor() as sql:
        sql.execute("ANALYZE")
    return {"counted": counted}


def _boards() -> dict[str, float]:
    """Pages of a supervisor of the whole county."""
    from datetime import date

    from banshi.core.clock import today
    from banshi.people.models import Organ, Post, User
    from banshi.supervision.periods import Period
    from benchmarks.many_cases import _signed_in

    organ = Organ.objects.order_by("pk")[0]
    watcher = User.objects.create(username="bench-supervisor", full_name="监察")
    Post.objects.create(user=watcher, organ=organ, role="supervisor", since=date(2020, 1, 1))
    client, _ = _signed_in("bench-supervisor")
    session = client.session
    session.update({"staff": True, "ready": True})
    session.save()
    month = Period.month_of(today()).before
    pages = {
        "by_organ": f"/oversight/figures/?period={month}",
        "by_item": f"/oversight/figures/?period={month}&by=item&organ={organ.pk}",
        "rows": f"/oversight/figures/rows/?period={month}&measure=decided",
        "indicators": f"/oversight/indicators/?period={month}",
    }
    seen = {}
    for name, address in pages.items():
        times = []
        for _ in range(22):
            began = time.perf_counter()
            assert client.get(address).status_code == 200, address
            times.append(1000 * (time.perf_counter() - began))
        seen[name] = quantiles(times[2:], n=20)[-1]
    return seen


def _bulletin() -> dict[str, float]:
    from banshi.core.clock import now, today
    from banshi.documents.official_files import as_docx, as_pdf
    from banshi.people.models import Organ
    from banshi.supervision.bulletins import figures_of, paper_of
    from banshi.supervision.periods import Period

    began = time.perf_counter()
    told_of: Any = figures_of(Organ.objects.all(), Period.month_of(today()).before, at=now())
    paper = paper_of(told_of, organ="示例县监察办", number="1号", on=today(), is_draft=False, is_example=True)
    figures = time.perf_counter()
    as_pdf(paper)
    pdf = time.perf_counter()
    as_docx(paper)
    docx = time.perf_counter()
    return {
        "assessed": sum(len(each["rows"]) for each in told_of["tiers"]),
        "figures": figures - began,
        "pdf": pdf - figures,
        "docx": docx - pdf,
        "bulletin": docx - began,
    }


def _best(act: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return min(times)


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:]))))
