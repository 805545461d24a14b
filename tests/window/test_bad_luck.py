"""Bad luck in the hall: one number wanted twice, a hall that closes over whoever is on the way, people who go and come."""

from datetime import timedelta
from uuid import uuid4

import pytest

from banshi.access import Visitor
from banshi.calendar.actions import set_calendar_days
from banshi.core.errors import BanshiError, Conflict
from banshi.ledger import System
from banshi.notifications.models import Notification
from banshi.window import actions
from banshi.window.enums import AppointmentState, HalfDay, TicketState
from banshi.window.models import Call, Ticket
from tests import factories as make
from tests.at_once import at_once
from tests.window.hall import MORNING, Town, town

pytestmark = pytest.mark.django_db
NIGHT = System("nightly")


@pytest.fixture
def of() -> Town:
    return town()


@pytest.mark.django_db(transaction=True)
def test_of_two_counters_that_ask_for_one_number_by_name_one_has_it_and_the_other_is_told() -> None:
    of = town()
    ticket = of.ticket()
    of.sits(0)
    of.sits(1)
    at = of.later()

    def call(which: int) -> str:
        try:
            return actions.call_ticket(ticket, of.counters[which], by=of.clerks[which], at=at).label
        except Conflict as told:
            return told.message

    answers = at_once(call, people=2)
    assert sorted(answers)[0] == "A001" and len({*answers}) == 2, answers
    assert Call.objects.count() == 1


def test_who_stands_before_the_wrong_counter_is_not_begun_there(of: Town) -> None:
    of.ticket()
    of.sits(0)
    of.sits(1)
    called = of.calls(0)
    assert called is not None
    with pytest.raises(BanshiError):
        actions.begin_service(called, by=of.clerks[1], at=of.later())
    called.refresh_from_db()
    assert (called.state, called.clerk) == (TicketState.CALLED, of.clerks[0])


def test_whom_the_hall_has_called_when_it_closes_is_still_served_and_sent_on_today(of: Town) -> None:
    of.ticket()
    of.sits(0)
    of.sits(2)
    called = of.calls(0)
    assert called is not None
    waiting = of.ticket()
    assert actions.close_hall(of.hall, by=of.manager, at=of.later()) == 1
    waiting.refresh_from_db()
    assert waiting.state == TicketState.UNSERVED
    actions.begin_service(called, by=of.clerks[0], at=of.later())
    actions.transfer(called, skill=of.social, by=of.clerks[0], at=of.later())
    assert of.calls(2) == called, "inside the hall, although nobody new comes in"
    assert of.calls(0) is None


def test_who_was_passed_over_does_not_come_before_others_on_another_day(of: Town) -> None:
    ticket = of.ticket()
    of.sits(0)
    of.calls(0)
    actions.recall(ticket, by=of.clerks[0], at=of.later())
    actions.skip(ticket, by=of.clerks[0], at=of.later())
    actions.turn_day(by=NIGHT, at=MORNING + timedelta(days=1))
    tomorrow = MORNING + timedelta(days=1, minutes=1)
    with pytest.raises(BanshiError):
        actions.come_back(ticket, by=of.clerks[0], at=tomorrow)
    with pytest.raises(BanshiError, match="不能再用"):
        actions.take_ticket(of.general, instead_of=ticket.guid, by=Visitor(), at=tomorrow)


def test_who_gave_up_by_phone_and_comes_back_is_before_those_who_come_then_and_once(of: Town) -> None:
    gone, early = of.ticket(), of.ticket()
    actions.leave(gone, by=Visitor(), at=of.later())
    with pytest.raises(Conflict, match="不能放弃"):
        actions.leave(gone, by=Visitor(), at=of.later())
    late = actions.take_ticket(of.general, by=Visitor(), at=of.later(20))
    actions.come_back(gone, by=of.clerks[0], at=of.later())
    with pytest.raises(Conflict, match="不能重新排队"):
        actions.come_back(gone, by=of.clerks[0], at=of.later())
    of.sits(0)
    order = []
    for _ in range(3):
        called = of.calls(0)
        assert called is not None
        order.append(called)
        actions.finish_service(called, by=of.clerks[0], at=of.later())
    assert order == [early, gone, late]


def test_a_day_that_turns_twice_or_skips_one_leaves_each_unserved_once(of: Town) -> None:
    of.ticket()
    assert actions.turn_day(by=NIGHT, at=MORNING + timedelta(days=3)) == 1
    assert actions.turn_day(by=NIGHT, at=MORNING + timedelta(days=4)) == 0
    assert Ticket.objects.filter(state=TicketState.UNSERVED).count() == 1


def test_who_booked_the_rest_of_the_day_is_told_when_the_hall_closes_and_may_book_again(of: Town) -> None:
    item, who = make.publication(of=make.item(of.hall.organ)).item, make.user()
    today = {"day": MORNING.date(), "half": HalfDay.AFTERNOON, "person": who, "by": who}
    booked = actions.book(item, of.hall, **today, at=of.later())
    other = make.user()
    tomorrow = actions.book(
        item,
        of.hall,
        day=MORNING.date() + timedelta(days=1),
        half=HalfDay.MORNING,
        person=other,
        by=other,
        at=of.later(),
    )
    actions.close_hall(of.hall, by=of.manager, at=of.later())
    booked.refresh_from_db()
    tomorrow.refresh_from_db()
    assert (booked.state, tomorrow.state) == (AppointmentState.CANCELLED, AppointmentState.BOOKED)
    told = Notification.objects.get(kind="window.not_open")
    assert told.user == who and "那半天大厅不开放了" in told.body
    actions.reopen_hall(of.hall, by=of.manager, at=of.later())
    of.hall.refresh_from_db()
    assert actions.book(item, of.hall, **today, at=of.later()).state == AppointmentState.BOOKED


def test_who_booked_a_day_that_becomes_a_holiday_is_told_once_and_not_reminded(of: Town) -> None:
    booked = of.appointment()
    set_calendar_days([booked.slot.day], working=False, name="放假", by=NIGHT, at=of.later())
    assert [actions.end_closed(by=NIGHT, at=of.later()), actions.end_closed(by=NIGHT, at=of.later())] == [1, 0]
    assert actions.remind_appointments(by=NIGHT, at=of.later()) == 0
    assert [each.kind for each in Notification.objects.filter(user=booked.person)] == ["window.not_open"]


def test_a_number_given_without_network_after_an_early_closing_goes_first_another_day(of: Town) -> None:
    number = actions.reserve_offline_numbers(of.hall, by=Visitor(), at=of.later())[str(of.general.pk)][0]
    taken = of.later()
    actions.close_hall(of.hall, by=of.manager, at=of.later())
    skill = of.hall.skills.get(pk=of.general.pk)
    given = actions.reconcile_offline(skill, guid=uuid4(), number=number, taken_at=taken, by=Visitor(), at=of.later())
    assert given.state == TicketState.UNSERVED
    tomorrow = MORNING + timedelta(days=1)
    again = actions.take_by_code(of.hall, given.again_code, by=Visitor(), at=tomorrow)
    assert again.instead_of == given
