"""The hall: calls at 500 counters with 50,000 tickets of a day, bookings to the last place, 300 screens on one worker, on either database.

The baselines of the same run: the rows a call and a booking write, put in by bare statements, a transaction each; the server's empty answer.
"""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from threading import Barrier
from typing import Any

import psutil

from benchmarks import Outcome
from benchmarks.machine import DATABASES, machine, served, told, worker_megabytes

CALL_MS, BOOKINGS, SCREEN_MS, GROWN_MB = 50, 100, 500, 40
"""p95 of a call; bookings a second; p95 of a screen's answer; how much a worker may grow by 300 screens."""
SKILLS, WRITERS, SCREENS, RETRY = 20, 2, 300, 1.5


def run(quick: bool) -> Outcome:
    counters, tickets, seconds = (50, 2_000, 6.0) if quick else (500, 50_000, 30.0)
    outcomes = [_on(database, counters, tickets, seconds) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, counters: int, tickets: int, seconds: float) -> Outcome:
    with machine(database) as env:
        calls = told(env, "window", "calls", counters, tickets, seconds)
        booked = told(env, "window", "bookings", seconds / 2)
        with served(env, workers=1) as (port, server):
            screens = asyncio.run(_watch(port, seconds, server))
    figures = (
        f"{database}: call p95 {calls['p95']:.1f} ms ({calls['rate']:.0f}/s, {calls['bare']:.0f} bare/s) among {tickets:,} "
        f"tickets at {counters} counters, called twice {calls['twice']}; {booked['rate']:.0f} bookings/s "
        f"({booked['bare']:.0f} bare/s), {booked['given']} of {booked['places']} places given; {SCREENS} screens p95 "
        f"{screens['p95']:.0f} ms, {screens['rate']:.0f} answers/s, worker grew {screens['grew']:.0f} MB"
    )
    print(figures)
    holds = (
        calls["p95"] <= CALL_MS
        and not calls["twice"]
        and booked["rate"] >= BOOKINGS
        and booked["given"] == booked["places"]
        and screens["p95"] <= SCREEN_MS
        and screens["grew"] <= GROWN_MB
        and not screens["wrong"]
    )
    return Outcome(holds, figures)


def _hall(counters: int) -> dict[str, Any]:
    """A hall that is open round the clock, with a clerk at each counter."""
    from datetime import date

    from banshi.catalog.actions import create_item, publish, start_draft
    from banshi.catalog.guide.document import Guide
    from banshi.core.clock import now
    from banshi.ledger import System
    from banshi.people.models import Organ, Post, User
    from banshi.window.models import Counter, Hall, Skill
    from benchmarks.city import prepare

    prepare(100)
    by, bureau = System("benchmark"), Organ.objects.first()
    assert bureau is not None
    hours = {each: [["00:00", "12:00"], ["12:01", "23:59"]] for each in ("working", "rest")}
    hall = Hall.objects.create(code="bench", name="大厅", organ=bureau, address="示例路1号", hours=hours)
    skills = [
        Skill.objects.create(hall=hall, letter=chr(65 + n), name=f"业务{n}", morning_places=0, afternoon_places=0)
        for n in range(SKILLS)
    ]
    clerks = []
    for number in range(1, counters + 1):
        clerk = User.objects.create(username=f"bench-{number}", full_name=f"窗口{number}")
        Post.objects.create(user=clerk, organ=bureau, role="window", since=date(2020, 1, 1))
        counter = Counter.objects.create(hall=hall, number=number, clerk=clerk, opened_at=now())
        counter.skills.set([skills[number % SKILLS]])
        clerks.append((counter, clerk))
    guide = Guide.model_validate({"name": "取水许可", "audience": ["1"], "result_name": "取水许可证"})
    item = create_item(in_spite=True, organ=bureau, guide=guide, by=by, at=now())
    publish(start_draft(item, by=by, at=now()), by=by, at=now())
    return {"hall": hall, "skills": skills, "clerks": clerks, "item": item, "by": by}


def calls(counters: int, tickets: int, seconds: float) -> dict[str, float]:
    """Two writers that call and finish at their counters in turn, among the tickets of a whole day."""
    import django

    django.setup()
    from django.db import connection, transaction

    from banshi.core.clock import day_of, now
    from banshi.core.ids import new_guid
    from banshi.events.models import Event
    from banshi.ledger.models import LedgerEntry
    from banshi.window.actions import call_next, finish_service
    from banshi.window.models import Call, Ticket

    of, at = _hall(counters), now()
    waiting = [
        Ticket(
            guid=new_guid(),
            hall=of["hall"],
            skill=(skill := of["skills"][number % SKILLS]),
            queue=skill,
            day=day_of(at),
            number=number // SKILLS + 1,
            source="kiosk",
            taken_at=at,
            order_at=at,
        )
        for number in range(tickets)
    ]
    Ticket.objects.bulk_create(waiting, 1000)
    start = Barrier(WRITERS)

    def work(writer: int) -> list[float]:
        mine = of["clerks"][writer::WRITERS]
        times: list[float] = []
        start.wait()
        until, turn = time.perf_counter() + seconds, 0
        while time.perf_counter() < until:
            counter, clerk = mine[turn % len(mine)]
            turn += 1
            began = time.perf_counter()
            ticket = call_next(counter, by=clerk, at=now())
            times.append(time.perf_counter() - began)
            if ticket:
                finish_service(ticket, by=clerk, at=now())
        connection.close()
        return times

    with ThreadPoolExecutor(WRITERS) as pool:
        every = [each for some in pool.map(work, range(WRITERS)) for each in some]
    twice = Call.objects.count() - Call.objects.values("ticket").distinct().count()
    call = Call.objects.first()
    assert call is not None
    event, entry = Event.objects.first(), LedgerEntry.objects.first()

    def bare() -> None:
        with transaction.atomic():
            Ticket.objects.filter(pk=call.ticket_id).update(called_at=now())
            Call.objects.create(hall=call.hall, ticket=call.ticket, counter=call.counter, at=now())
            for row in (event, entry):
                _again(row)

    return {
        "p95": 1000 * quantiles(every, n=20)[-1],
        "rate": len(every) / seconds,
        "bare": _rate(seconds / 6, bare),
        "twice": twice,
    }


def _again(row: Any) -> None:
    """Insert a row once more under a key of its own."""
    import secrets

    from banshi.core.ids import new_guid

    row.pk, row._state.adding = None, True
    if hasattr(row, "guid"):
        row.guid, row.number = new_guid(), None
    if hasattr(row, "block"):
        row.block, row.digest = None, secrets.token_hex(32)
    type(row)._base_manager.bulk_create([row])


def _rate(seconds: float, act: Any) -> float:
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        act()
        done += 1
    return done / (time.perf_counter() - began)


def bookings(seconds: float) -> dict[str, float]:
    """People who book as fast as they can, a place too few for all: never one more than there is."""
    import django

    django.setup()
    from datetime import timedelta

    from django.db import connection, transaction
    from django.db.models import F

    from banshi.calendar.queries import calendar_in_force
    from banshi.core.clock import day_of, now
    from banshi.core.errors import Conflict
    from banshi.events.models import Event
    from banshi.ledger.models import LedgerEntry
    from banshi.people.models import User
    from banshi.window.actions import book
    from banshi.window.models import Appointment, AppointmentSlot, Hall
    from banshi.window.queries import skill_for

    hall = Hall.objects.get()
    item = _item()
    skill = skill_for(item, hall)
    assert skill is not None
    places = int(BOOKINGS * seconds)
    type(skill).objects.filter(hall=hall).update(morning_places=places)
    day = calendar_in_force().add_working_days(day_of(now()), 2)
    people = User.objects.bulk_create([User(username=f"citizen-{n}") for n in range(places + 50)])
    given = 0

    def one(person: Any) -> bool:
        try:
            book(item, hall, day=day, half="am", person=person, by=person, at=now())
        except Conflict:
            return False
        return True

    def work(writer: int) -> int:
        done = sum(one(person) for person in people[writer::WRITERS])
        connection.close()
        return done

    began = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        given = sum(pool.map(work, range(WRITERS)))
    rate = len(people) / (time.perf_counter() - began)
    slot, kept = AppointmentSlot.objects.get(), Appointment.objects.filter(state="booked").count()
    assert kept == slot.taken == given, "places counted and appointments kept differ"
    AppointmentSlot.objects.update(places=30_000)
    event, entry, sample = Event.objects.first(), LedgerEntry.objects.first(), Appointment.objects.last()
    assert sample is not None

    def bare() -> None:
        with transaction.atomic():
            AppointmentSlot.objects.filter(pk=slot.pk, taken__lt=F("places")).update(taken=F("taken") + 1)
            sample.state, sample.ended_at = "cancelled", now() + timedelta(days=1)
            for row in (sample, event, entry):
                _again(row)

    return {"rate": rate, "given": given, "places": places, "bare": _rate(1.0, bare)}


def _item() -> Any:
    from banshi.catalog.models import Item

    return Item.objects.filter(name="取水许可").latest("pk")


async def _watch(port: int, seconds: float, server: psutil.Process) -> dict[str, float]:
    """300 screens, each asking again when it was told to (`retry`), as EventSource does."""
    request = (
        f"GET /hall/bench/calls/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n"
        "Last-Event-ID: 0\r\nConnection: close\r\n\r\n"
    ).encode()

    async def screen(number: int, until: float) -> tuple[list[float], int]:
        await asyncio.sleep(RETRY * number / SCREENS)
        times, wrong = [], 0
        while time.perf_counter() < until:
            began = time.perf_counter()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            answer = await reader.read()
            times.append(time.perf_counter() - began)
            wrong += b"event: state" not in answer
            writer.close()
            await asyncio.sleep(RETRY)
        return times, wrong

    await asyncio.gather(*(screen(n, time.perf_counter() + 2) for n in range(20)))
    before = worker_megabytes(server)[0]
    began = time.perf_counter()
    told = await asyncio.gather(*(screen(n, began + seconds) for n in range(SCREENS)))
    took = time.perf_counter() - began
    every = [each for times, _ in told for each in times]
    return {
        "p95": 1000 * quantiles(every, n=20)[-1],
        "rate": len(every) / took,
        "wrong": sum(wrong for _, wrong in told),
        "grew": worker_megabytes(server)[0] - before,
    }


if __name__ == "__main__":
    import json

    what, *numbers = sys.argv[1:]
    given = [float(each) if "." in each else int(each) for each in numbers]
    print(json.dumps({"calls": calls, "bookings": bookings}[what](*given)))
