"""Appointments: never more than there is, waited for, kept or missed."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banshi.access import Visitor
from banshi.calendar.actions import set_calendar_days
from banshi.cases.actions import export_own_data
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger import System
from banshi.notifications.models import Notification
from banshi.window import actions
from banshi.window.booking import appointments_of, bookable_halls, open_half_days
from banshi.window.enums import AppointmentState, HalfDay
from banshi.window.models import Appointment, AppointmentQuota, AppointmentSlot
from banshi.window.policy import policy
from tests import factories as make
from tests.at_once import at_once
from tests.window.hall import MORNING, Town, town

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)
NIGHT = System("halls")
A = AppointmentState


@pytest.fixture
def of() -> Town:
    return town()


@pytest.fixture
def item(of: Town):
    return make.publication(of=make.item(of.hall.organ)).item


def book(of: Town, item, person=None, **more):
    person = person or make.user()
    asked = {"day": TUESDAY, "half": HalfDay.MORNING, "person": person, "by": person, "at": of.later(), **more}
    return actions.book(item, of.hall, **asked)


def test_a_place_is_booked_until_none_is_left(of, item):
    assert bookable_halls(item) == [of.hall]
    assert open_half_days(item, of.hall, at=MORNING)[0].half == HalfDay.AFTERNOON, "this morning has begun"
    first = book(of, item)
    assert len(first.code) == 6
    book(of, item)
    tuesday = [each for each in open_half_days(item, of.hall, at=MORNING) if each.day == TUESDAY]
    assert [each.left for each in tuesday] == [0, 2]
    with pytest.raises(Conflict, match="11月24日上午已经约满"):
        book(of, item)


def test_a_booking_costs_a_known_number_of_statements(of, item):
    book(of, item)
    person = make.user()
    with CaptureQueriesContext(connection) as asked:
        book(of, item, person)
    # Two of them read the calendar, which a city with its days entered keeps.
    assert len(asked) == 18, "\n".join(each["sql"] for each in asked)


def test_nobody_books_for_another_nor_twice_nor_too_many(of, item):
    person = make.user()
    with pytest.raises(Refused):
        book(of, item, person, by=make.user())
    book(of, item, person)
    with pytest.raises(Conflict, match="已经约了"):
        book(of, item, person)
    book(of, item, person, half=HalfDay.AFTERNOON)
    book(of, item, person, day=date(2026, 11, 25))
    with pytest.raises(Conflict, match="已有3个没有用的预约"):
        book(of, item, person, day=date(2026, 11, 26))


def test_days_on_which_the_hall_is_closed_are_not_offered(of, item):
    set_calendar_days([TUESDAY], working=False, name="放假", by=System("tests"), at=MORNING)
    assert TUESDAY not in {each.day for each in open_half_days(item, of.hall, at=MORNING)}
    with pytest.raises(Conflict, match="这半天不开放"):
        book(of, item)
    with pytest.raises(Conflict, match="只能约今后10个工作日"):
        book(of, item, day=date(2026, 12, 31))


def test_an_item_may_have_places_of_its_own(of, item):
    AppointmentQuota.objects.create(skill=of.general, item=item, morning_places=1, afternoon_places=0)
    book(of, item)
    with pytest.raises(Conflict, match="约满"):
        book(of, item)
    with pytest.raises(Conflict, match="不接受"):
        book(of, item, half=HalfDay.AFTERNOON)
    other = make.publication(of=make.item(of.hall.organ)).item
    book(of, other)
    assert {each.left for each in open_half_days(other, of.hall, at=MORNING) if each.day == TUESDAY} == {1, 2}


def test_a_cancelled_place_goes_to_whoever_waits_longest_and_is_told(of, item):
    kept, gone = book(of, item), book(of, item)
    first, second = book(of, item, or_wait=True), book(of, item, or_wait=True)
    assert first.state == second.state == A.QUEUED
    assert [appointments_of(each.person).get().before for each in (first, second)] == [0, 1]
    actions.cancel_appointment(gone, by=gone.person, at=of.later())
    first.refresh_from_db()
    second.refresh_from_db()
    assert [first.state, second.state] == [A.OFFERED, A.QUEUED]
    assert "保留到11月23日" in Notification.objects.get(user=first.person).body
    assert AppointmentSlot.objects.get().taken == 2
    actions.confirm_appointment(first, by=first.person, at=of.later())
    first.refresh_from_db()
    assert first.state == A.BOOKED
    actions.cancel_appointment(second, by=second.person, at=of.later())
    actions.cancel_appointment(kept, by=kept.person, at=of.later())
    assert AppointmentSlot.objects.get().taken == 1
    with pytest.raises(Conflict, match="已取消"):
        actions.cancel_appointment(kept, by=kept.person, at=of.later())


def test_who_has_an_appointment_is_called_before_who_came_without(of, item):
    booked = book(of, item, half=HalfDay.AFTERNOON, day=MORNING.date())
    afternoon = MORNING.replace(hour=14)
    ordinary = actions.take_ticket(of.general, by=Visitor(), at=afternoon)
    ticket = actions.arrive(of.hall, booked.code, by=Visitor(), at=afternoon + timedelta(minutes=5))
    assert ticket.order_at < ordinary.order_at and ticket.item == item
    booked.refresh_from_db()
    assert booked.state == A.ARRIVED
    with pytest.raises(BadInput, match="没有这个预约码"):
        actions.arrive(of.hall, booked.code, by=Visitor(), at=afternoon + timedelta(minutes=6))


def test_who_comes_hours_early_is_not_before_the_half_day_that_was_booked(of, item):
    booked = book(of, item, half=HalfDay.AFTERNOON, day=MORNING.date())
    ordinary = of.ticket()
    early = actions.arrive(of.hall, booked.code, by=Visitor(), at=of.later())
    assert early.order_at > ordinary.order_at


def test_who_does_not_come_three_times_cannot_book_for_a_month(of, item):
    person = make.user()
    for day in (24, 25, 26):
        book(of, item, person, day=date(2026, 11, day))
    evening = MORNING.replace(day=26, hour=18)
    assert actions.end_missed(by=NIGHT, at=evening) == 3
    assert actions.end_missed(by=NIGHT, at=evening) == 0
    assert {each.state for each in appointments_of(person)} == {A.MISSED}
    with pytest.raises(Conflict, match=r"2026年12月26日前不能在网上预约.*直接到大厅取号"):
        book(of, item, person, day=date(2026, 12, 1), at=evening)
    later = evening + timedelta(days=31)
    assert book(of, item, person, day=date(2026, 12, 30), at=later).state == A.BOOKED


def test_nobody_misses_a_half_day_on_which_the_hall_was_closed(of, item):
    early = book(of, item, day=MORNING.date(), half=HalfDay.AFTERNOON)
    holiday = book(of, item)
    actions.close_hall(of.hall, by=of.manager, at=of.later())
    set_calendar_days([TUESDAY], working=False, name="放假", by=System("tests"), at=of.later())
    assert actions.end_missed(by=NIGHT, at=MORNING.replace(day=24, hour=18)) == 0
    for each in (early, holiday):
        each.refresh_from_db()
        assert each.state == A.CANCELLED


def test_a_place_of_a_half_day_that_has_begun_is_given_to_nobody(of, item):
    gone, _ = book(of, item), book(of, item)
    waiting = book(of, item, or_wait=True)
    actions.cancel_appointment(gone, by=gone.person, at=MORNING.replace(day=24, hour=11))
    waiting.refresh_from_db()
    assert waiting.state == A.QUEUED and AppointmentSlot.objects.get().taken == 1


def test_hours_that_changed_after_booking_turn_nobody_away(of, item):
    booked = book(of, item, day=MORNING.date(), half=HalfDay.AFTERNOON)
    changes = {"hours": {"working": [["09:00", "11:59"]], "rest": []}}
    actions.change_hall(of.hall, changes=changes, by=of.manager, at=of.later())
    of.hall.refresh_from_db()
    assert actions.arrive(of.hall, booked.code, by=Visitor(), at=of.later()).item == item


def test_one_is_reminded_once_before_the_day(of, item):
    booked = book(of, item)
    book(of, item, day=date(2026, 11, 26))
    assert actions.remind_appointments(by=NIGHT, at=of.later()) == 1
    assert actions.remind_appointments(by=NIGHT, at=of.later()) == 0
    assert "预约提醒：2026年11月24日 上午" in Notification.objects.get(user=booked.person).subject


def test_fewer_places_never_take_one_that_was_given(of, item):
    book(of, item)
    book(of, item)
    with pytest.raises(Refused):
        actions.set_places(of.general, morning=1, afternoon=1, by=of.clerks[0], at=of.later())
    actions.set_places(of.general, morning=1, afternoon=1, by=of.manager, at=of.later())
    slot = AppointmentSlot.objects.get()
    assert (slot.places, slot.taken) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_on_the_last_place_and_one_has_it():
    of = town()
    item = make.publication(of=make.item(of.hall.organ)).item
    actions.set_places(of.general, morning=1, afternoon=0, by=System("tests"), at=MORNING)
    people, at = [make.user() for _ in range(50)], of.later()

    def one(number: int) -> Appointment:
        who = people[number]
        return actions.book(item, of.hall, day=TUESDAY, half=HalfDay.MORNING, person=who, by=who, at=at)

    got = at_once(one, people=50)
    assert sum(isinstance(each, Appointment) for each in got) == 1
    assert sum(isinstance(each, Conflict) and "约满" in str(each) for each in got) == 49
    slot = AppointmentSlot.objects.get()
    assert slot.taken == slot.places == 1


def test_a_held_place_that_nobody_confirms_goes_on_to_the_next(of, item):
    kept, gone = book(of, item), book(of, item)
    first, second = book(of, item, or_wait=True), book(of, item, or_wait=True)
    actions.cancel_appointment(gone, by=gone.person, at=of.later())
    assert actions.end_lapsed_offers(by=NIGHT, at=of.later()) == 0, "there are two hours"
    late = of.later(121)
    with pytest.raises(Conflict, match="过了确认的时间"):
        actions.confirm_appointment(first, by=first.person, at=late)
    assert actions.end_lapsed_offers(by=NIGHT, at=late) == 1
    states = [Appointment.objects.get(pk=each.pk).state for each in (kept, first, second)]
    assert states == [A.BOOKED, A.CANCELLED, A.OFFERED]
    assert AppointmentSlot.objects.get().taken == 2
    with pytest.raises(Refused):
        actions.confirm_appointment(second, by=first.person, at=late)


def test_nobody_has_to_confirm_at_night_and_without_time_left_a_place_is_given_at_once(of, item):
    rule = policy().appointment
    assert rule.held_until(MORNING.replace(hour=22)) == MORNING.replace(day=24, hour=10, minute=0)
    assert rule.held_until(MORNING.replace(hour=3)) == MORNING.replace(hour=10, minute=0)
    booked = [book(of, item) for _ in range(2)]
    first = book(of, item, or_wait=True)
    actions.cancel_appointment(booked[0], by=booked[0].person, at=MORNING.replace(day=24, hour=8))
    first.refresh_from_db()
    assert first.state == A.BOOKED


def test_an_appointment_moves_under_its_code_and_stays_where_the_other_half_day_is_full(of, item):
    booked, waits = book(of, item), [book(of, item), book(of, item, or_wait=True)][1]
    code = booked.code
    who = {"by": booked.person}
    moved = actions.move_appointment(booked, day=TUESDAY, half=HalfDay.AFTERNOON, **who, at=of.later())
    assert (moved.code, str(moved.slot)) == (code, "11月24日下午")
    waits.refresh_from_db()
    assert waits.state == A.OFFERED, "its place is offered to whoever waited"
    with pytest.raises(Conflict, match="约满"):
        actions.move_appointment(moved, day=TUESDAY, half=HalfDay.MORNING, **who, at=of.later())
    assert {each.half: each.taken for each in AppointmentSlot.objects.all()} == {"am": 2, "pm": 1}
    with pytest.raises(Conflict, match="还没有开始的才能改约"):
        later = MORNING.replace(day=24, hour=14)
        actions.move_appointment(moved, day=date(2026, 11, 25), half=HalfDay.MORNING, **who, at=later)
    with pytest.raises(Refused):
        actions.move_appointment(moved, day=date(2026, 11, 25), half=HalfDay.MORNING, by=waits.person, at=of.later())


def test_appointments_stand_in_the_copy_of_ones_own_data(of, item):
    first = book(of, item)
    [told] = export_own_data(first.person, by=first.person, at=of.later())["appointments"]
    assert (told["code"], told["state"], told["hall"]) == (first.code, "已约", of.hall.name)
