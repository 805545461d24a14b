"""The demonstration's hall on a day like others: days gone by to learn from, people who wait now, appointments, questions."""

from datetime import datetime, timedelta
from functools import partial

from banshi.access import Visitor
from banshi.calendar.queries import calendar_in_force
from banshi.command.demo.catalogue import Catalogue
from banshi.command.demo.people import SINCE
from banshi.command.demo.tables import path_of
from banshi.core.clock import CHINA, day_of
from banshi.ledger import Actor
from banshi.people.actions import appoint
from banshi.people.models import User
from banshi.window import actions
from banshi.window.booking import open_half_days
from banshi.window.enums import Priority, TicketSource
from banshi.window.hall_file import OpeningHours, read_hall_file
from banshi.window.models import Counter, FirstQuestion, Hall, Skill, Ticket

ROUND_THE_CLOCK = (("00:00", "12:00"), ("12:01", "23:59"))
"""So that whoever starts the demonstration at night finds a hall that is open."""
CLERKS = ("何窗口", "宋窗口", "唐窗口")
DAYS_BEFORE = 3
SERVICE = (6, 9, 4, 12, 7, 5, 31, 8, 10, 6)
"""Minutes a person was served; one took very long."""
PRIORITIES = (Priority.NONE, Priority.NONE, Priority.ELDERLY, Priority.NONE, Priority.NONE, Priority.SOLDIER)


def build_hall(city: Catalogue, *, by: Actor) -> None:
    """Build the hall of data/halls/example.toml with its clerks and its day."""
    founded = city.now - timedelta(days=60)
    told = read_hall_file(path_of("halls/example.toml").read_text(encoding="utf-8"))
    always = OpeningHours(working=ROUND_THE_CLOCK, rest=ROUND_THE_CLOCK)
    hall = actions.load_hall(told.model_copy(update={"hours": always}), by=by, at=founded)
    clerks = []
    for number, name in enumerate(CLERKS, 2):
        clerk = User.objects.create(username=f"window-{number}", full_name=name)
        clerk.set_unusable_password()
        clerk.save(update_fields=["password"])
        appoint(clerk, organ=hall.organ, role="window", title="窗口", since=SINCE, by=by, at=founded)
        clerks.append(clerk)
    counters = list(hall.counters.filter(number__gte=2).order_by("number")[: len(clerks)])
    calendar, today = calendar_in_force(), day_of(city.now)
    for ago in range(DAYS_BEFORE, 0, -1):
        day = calendar.day_of(calendar.rank_of(today - timedelta(days=1)) - ago + 1)
        _serve(counters, clerks, datetime(day.year, day.month, day.day, 9, 10, tzinfo=CHINA))
    _today(hall, counters, clerks, city.now)
    Ticket.objects.filter(hall=hall).update(is_example=True)
    _ask(city, hall)
    _book(city, hall)


def _serve(counters: list[Counter], clerks: list[User], opening: datetime) -> None:
    """Serve one person after the other at each counter through a morning."""
    for counter, clerk in zip(counters, clerks, strict=True):
        moment = opening
        actions.open_counter(counter, by=clerk, at=moment)
        skill = counter.skills.order_by("letter").first() or Skill()
        for number, minutes in enumerate(SERVICE):
            take = moment + timedelta(minutes=1)
            actions.take_ticket(skill, priority=PRIORITIES[number % 6], by=Visitor(), at=take)
            called = actions.call_next(counter, by=clerk, at=take + timedelta(minutes=3))
            if called:
                actions.begin_service(called, by=clerk, at=take + timedelta(minutes=4))
                moment = take + timedelta(minutes=4 + minutes)
                actions.finish_service(called, by=clerk, at=moment)
        actions.close_counter(counter, by=clerk, at=moment + timedelta(minutes=1))


def moment_of_day(now: datetime, place: int) -> datetime:
    """Return the moment of a place among thirty before now, of the day that has begun and while the hall is open."""
    step = min(timedelta(minutes=3), (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) / 40)
    at = now - step * (30 - place)
    return at.replace(minute=1) if (at.hour, at.minute) == (12, 0) else at


def _today(hall: Hall, counters: list[Counter], clerks: list[User], now: datetime) -> None:
    """Leave some at counters, one passed over and some waiting, all within the day that has begun."""
    moment = partial(moment_of_day, now.astimezone(CHINA))
    skills = list(hall.skills.filter(active=True))
    for number in range(12):
        source = TicketSource.DESK if number % 5 == 0 else TicketSource.KIOSK
        skill, priority = skills[number % len(skills)], PRIORITIES[number % 6]
        actions.take_ticket(skill, priority=priority, source=source, by=Visitor(), at=moment(number))
    for place, (counter, clerk) in enumerate(zip(counters, clerks, strict=True)):
        actions.open_counter(counter, by=clerk, at=moment(12 + place))
        called = actions.call_next(counter, by=clerk, at=moment(15 + place))
        if called is None:
            continue
        if place == 0:
            actions.recall(called, by=clerk, at=moment(19))
            actions.skip(called, by=clerk, at=moment(20))
            called = actions.call_next(counter, by=clerk, at=moment(21)) or called
        if place < len(counters) - 1:
            actions.begin_service(called, by=clerk, at=moment(23 + place))


def _ask(city: Catalogue, hall: Hall) -> None:
    """Record questions: one that waits for whom it was referred to, one answered, one that is overdue."""
    first, calendar = city.accounts["window"], calendar_in_force()
    long_ago = datetime.combine(
        calendar.day_of(calendar.rank_of(day_of(city.now)) - 3), datetime.min.time().replace(hour=10), CHINA
    )
    lately = city.now - timedelta(minutes=20)

    def ask(text: str, at: datetime) -> FirstQuestion:
        return actions.record_question(hall, text=text, by=first, at=at, is_example=True)

    referred = ask("转学要不要先开学籍证明", lately)
    actions.refer_question(referred, to=city.accounts["clerk-edu"], words="群众明天再来", by=first, at=lately)
    answered = ask("营业执照遗失在哪里补", lately)
    actions.answer_question(answered, answer="带到2号窗口，已办", by=first, at=lately + timedelta(minutes=5))
    ask("老房子没有房产证能不能上户口", long_ago)


def _book(city: Catalogue, hall: Hall) -> None:
    """Book a half-day for the citizen."""
    person = city.accounts["citizen"]
    for item in city.items.values():
        free = [each for each in open_half_days(item, hall, at=city.now) if each.left and each.day > day_of(city.now)]
        if item.publications.filter(until=None).exists() and free:
            day, half = free[0].day, free[0].half
            actions.book(item, hall, day=day, half=half, person=person, is_example=True, by=person, at=city.now)
            return
