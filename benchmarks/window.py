"""The hall: calls at 500 counters with 50,000 tickets of a day, bookings to the last place, a clerk who receives, 300 screens on one process,
on either database.

The baselines of the same run: the rows a call and a booking write, put in by bare statements, a transaction each; the server's empty answer.
"""

import asyncio
import base64
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from threading import Barrier
from typing import Any

import psutil

from benchmarks import Outcome
from benchmarks.machine import DATABASES, free_port, machine, served, told

CALL_MS, BOOKINGS, RECEPTION_MS, SCREEN_MS, GROWN_MB = 50, 100, 150, 2000, 40
"""p95 of a call; bookings a second; p95 of an act at the counter's pages; of a call on its way to all screens; how much they let a process grow."""
SKILLS, WRITERS, SCREENS, CALLED_EVERY, AT_LEAST = 20, 2, 300, 0.25, 5


def run(quick: bool) -> Outcome:
    counters, tickets, seconds = (50, 2_000, 6.0) if quick else (500, 50_000, 30.0)
    outcomes = [_on(database, counters, tickets, seconds) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, counters: int, tickets: int, seconds: float) -> Outcome:
    with machine(database) as env:
        calls = told(env, "window", "calls", counters, tickets, seconds)
        print(database, calls, flush=True)
        booked = told(env, "window", "bookings", seconds / 2)
        print(database, booked, flush=True)
        received = told(env, "window", "receptions", seconds / 2)
        print(database, received, flush=True)
        streams = free_port()
        with served(env, workers=1, streams=streams) as (_, server):
            screens = _watched(env, streams, server, seconds)
    figures = (
        f"{database}: call p95 {calls['p95']:.1f} ms ({calls['rate']:.0f}/s, {calls['bare']:.0f} bare/s) among {tickets:,} "
        f"tickets at {counters} counters, called twice {calls['twice']}; {booked['rate']:.0f} bookings/s "
        f"({booked['bare']:.0f} bare/s), {booked['given']} of {booked['places']} places given; reception pages p95 "
        f"{received['p95']:.0f} ms ({received['acts']} acts, {received['cases']} cases); {SCREENS} screens told of "
        f"{screens['calls']} calls, p95 {screens['p95']:.0f} ms after the call, {screens['missed']} missed, the process grew "
        f"{screens['grew']:.0f} MB"
    )
    print(figures)
    holds = (
        calls["p95"] <= CALL_MS
        and not calls["twice"]
        and booked["rate"] >= BOOKINGS
        and booked["given"] == booked["places"]
        and received["p95"] <= RECEPTION_MS
        and screens["p95"] <= SCREEN_MS
        and screens["grew"] <= GROWN_MB
        and not screens["missed"]
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
        row.guid = new_guid()
        row.number = None if row._meta.get_field("number").null else secrets.token_hex(6)
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


def receptions(seconds: float) -> dict[str, float]:
    """A clerk who receives one person after the other by the pages: search, card, form, sign, accept, receipt."""
    import django

    django.setup()
    from django.test import Client
    from tests.cases.hall import ANSWERS, hall
    from tests.reception.counter import A_PIXEL

    from banshi.cases.models import Case
    from banshi.core.id_numbers import id_number_is_valid
    from banshi.search.index import rebuild

    of = hall()
    rebuild()
    clerk = Client(SERVER_NAME="127.0.0.1")
    clerk.force_login(of.window, backend="allauth.account.auth_backends.AuthenticationBackend")
    signed = "data:image/png;base64," + base64.b64encode(A_PIXEL).decode()
    times: list[float] = []

    def timed(ask: Any, *asked: Any) -> Any:
        began = time.perf_counter()
        answer = ask(*asked)
        times.append(time.perf_counter() - began)
        return answer

    people, began = 0, time.perf_counter()
    while people < AT_LEAST or time.perf_counter() - began < seconds:  # the first is cold and is not counted
        people += 1
        head = f"530102{1950 + people // 28 % 50}03{people % 28 + 1:02}{people % 1000:03}"
        number = next(head + each for each in "10X98765432" if id_number_is_valid(head + each))
        timed(clerk.get, "/counter/reception/")
        timed(clerk.get, "/counter/reception/", {"q": of.item.name})
        found = f"/counter/reception/item/{of.item.guid}/"
        timed(clerk.get, found)
        card = {"number": number, "name": ANSWERS["applicant_name"], "phone": ANSWERS["phone"]}
        address = timed(clerk.post, found, card).headers["Location"]
        timed(clerk.get, address)
        typed = {**ANSWERS, "applicant_number": number, "asked": " ".join(ANSWERS), "original": ["0", "1"]}
        done = timed(clerk.post, address, {**typed, "signature": signed, "act": "accept"}).headers["Location"]
        timed(clerk.get, done)
        if people == 1:
            times.clear()  # templates and form are read for the first time
    assert Case.objects.count() == people, "each was received"
    return {"p95": 1000 * quantiles(times, n=20)[-1], "acts": len(times), "cases": people}


def address() -> str:
    """The address of the stream of the hall's calls."""
    import django

    django.setup()
    from banshi.sites.counter.streams import CALLS
    from banshi.sites.kit.streams import stream_address

    return stream_address(CALLS, "bench").here


def steady(seconds: float) -> dict[str, float]:
    """Call somebody every quarter of a second, and tell when each call was made."""
    import django

    django.setup()
    from banshi.core.clock import now
    from banshi.window.actions import call_next, finish_service
    from banshi.window.models import Call, Counter, Hall

    hall = Hall.objects.get(code="bench")
    counters = list(Counter.objects.filter(hall=hall).select_related("clerk", "hall"))
    newest = Call.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    turn, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        counter = counters[turn % len(counters)]
        turn += 1
        assert counter.clerk is not None
        if ticket := call_next(counter, by=counter.clerk, at=now()):
            finish_service(ticket, by=counter.clerk, at=now())
        time.sleep(CALLED_EVERY)
    return {str(each.pk): each.at.timestamp() for each in Call.objects.filter(pk__gt=newest)}


def _watched(env: dict[str, str], port: int, server: psutil.Process, seconds: float) -> dict[str, float]:
    """300 screens on the port of streams, each told of every call that is made meanwhile."""
    path = told(env, "window", "address")
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n".encode()
    arrived: list[dict[str, float]] = [{} for _ in range(SCREENS)]

    async def screen(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        key = ""
        while line := await reader.readline():
            if line.startswith(b"id: "):
                key = line[4:].strip().decode()
            elif line == b"event: call\n":
                arrived[number].setdefault(key, time.time())
        writer.close()

    async def watch() -> tuple[dict[str, float], float]:
        before = server.memory_full_info().uss
        looking = [asyncio.create_task(screen(number)) for number in range(SCREENS)]
        await asyncio.sleep(3)
        made = await asyncio.to_thread(told, env, "window", "steady", seconds)
        await asyncio.sleep(3)
        grew = (server.memory_full_info().uss - before) / 1024**2
        for each in looking:
            each.cancel()
        return made, grew

    made, grew = asyncio.run(watch())
    late = [some[key] - at for some in arrived for key, at in made.items() if key in some]
    missed = sum(key not in some for some in arrived for key in made)
    return {"p95": 1000 * quantiles(late, n=20)[-1], "calls": len(made), "missed": missed, "grew": grew}


if __name__ == "__main__":
    import json

    what, *numbers = sys.argv[1:]
    given = [float(each) if "." in each else int(each) for each in numbers]
    parts = {"calls": calls, "bookings": bookings, "receptions": receptions, "address": address, "steady": steady}
    print(json.dumps(parts[what](*given)))
