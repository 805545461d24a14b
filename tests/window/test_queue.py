"""The queue: numbers, order, calling, coming back, closing, the turn of the day."""

from datetime import timedelta
from uuid import uuid4

import pytest

from banshi.access import Visitor
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.models import Event
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.window import actions
from banshi.window.enums import Priority, TicketSource, TicketState
from banshi.window.models import Call, Ticket
from banshi.window.queries import expected_wait, service_minutes
from tests import factories as make
from tests.at_once import at_once
from tests.window.hall import MORNING, Town, town

pytestmark = pytest.mark.django_db
NIGHT = System("clocks")


@pytest.fixture
def of() -> Town:
    return town()


def test_tickets_are_numbered_by_queue_and_day(of):
    first, second, other = of.ticket(), of.ticket(), of.ticket(of.social)
    assert [first.label, second.label, other.label] == ["A001", "A002", "B001"]
    tomorrow = actions.take_ticket(of.general, by=Visitor(), at=MORNING + timedelta(days=1))
    assert tomorrow.label == "A001"


def test_the_same_press_twice_gives_one_ticket(of):
    guid = uuid4()
    assert of.ticket(guid=guid) == of.ticket(guid=guid)
    assert Ticket.objects.count() == 1


def test_whoever_came_first_is_called_first(of):
    first, second = of.ticket(), of.ticket()
    of.sits()
    assert of.calls() == first
    with pytest.raises(Conflict, match="还有A001没有办完"):
        of.calls()
    actions.begin_service(first, by=of.clerks[0], at=of.later())
    actions.finish_service(first, by=of.clerks[0], at=of.later(7))
    assert of.calls() == second
    first.refresh_from_db()
    assert first.state == TicketState.SERVED
    assert first.ended_at - first.served_from == timedelta(minutes=7)
    told = [
        each.kind for each in Event.objects.filter(subject_id=first.pk, subject_type="window.Ticket").order_by("pk")
    ]
    assert told == ["window.ticket_taken", "window.ticket_called", "window.ticket_ended"]


def test_priority_counts_earlier_but_passes_nobody_who_waits_longer(of):
    patient = of.ticket()
    of.minutes += 40
    ordinary, old = of.ticket(), of.ticket(priority=Priority.ELDERLY)
    of.sits()
    called = []
    for _ in range(3):
        ticket = of.calls()
        called.append(ticket)
        actions.finish_service(ticket, by=of.clerks[0], at=of.later())
    assert called == [patient, old, ordinary]


def test_a_counter_calls_only_what_it_can_do(of):
    of.ticket(of.social)
    of.sits(0)
    assert of.calls(0) is None
    of.sits(1)
    assert of.calls(1).label == "B001"


def test_nobody_calls_from_a_counter_where_another_sits(of):
    of.ticket()
    of.sits(0)
    with pytest.raises(Conflict, match="现在由"):
        actions.open_counter(of.counters[0], by=of.clerks[1], at=of.later())
    with pytest.raises(Conflict, match="您不在1号窗口"):
        actions.call_next(of.counters[0], by=of.clerks[1], at=of.later())
    with pytest.raises(Refused):
        actions.call_next(of.counters[0], by=make.user("clerk"), at=of.later())


def test_who_sits_down_elsewhere_has_left_the_first_counter(of):
    of.sits(0)
    actions.open_counter(of.counters[1], by=of.clerks[0], at=of.later())
    of.counters[0].refresh_from_db()
    assert of.counters[0].clerk is None


def test_a_paused_counter_calls_nobody(of):
    of.ticket()
    of.sits()
    actions.pause_counter(of.counters[0], pause=True, by=of.clerks[0], at=of.later())
    with pytest.raises(Conflict, match="暂停服务"):
        of.calls()
    actions.pause_counter(of.counters[0], pause=False, by=of.clerks[0], at=of.later())
    assert of.calls()


def test_who_does_not_come_is_passed_over_after_two_calls_and_may_come_back(of):
    absent, next_one = of.ticket(), of.ticket()
    of.sits()
    of.calls()
    with pytest.raises(Conflict, match="只叫了1次"):
        actions.skip(absent, by=of.clerks[0], at=of.later())
    actions.recall(absent, by=of.clerks[0], at=of.later())
    assert Call.objects.filter(ticket=absent).count() == 2
    actions.skip(absent, by=of.clerks[0], at=of.later())
    assert of.calls() == next_one
    third = of.ticket()
    returned = actions.come_back(absent, by=of.clerks[0], at=of.later(5))
    assert returned.state == TicketState.WAITING
    assert returned.order_at < third.order_at, "not behind those who came meanwhile"


def test_a_person_sent_on_is_called_next_there_with_the_same_number(of):
    sent = of.ticket()
    of.ticket(of.social)
    of.sits(0)
    of.sits(2)
    of.calls(0)
    actions.transfer(sent, skill=of.social, by=of.clerks[0], at=of.later())
    assert of.calls(0) is None
    called = of.calls(2)
    assert called == sent and called.label == "A001"


def test_a_person_sent_to_one_counter_is_not_called_by_another(of):
    sent = of.ticket()
    of.sits(0)
    of.calls(0)
    of.sits(1)
    actions.transfer(sent, counter=of.counters[1], by=of.clerks[0], at=of.later())
    assert of.calls(0) is None
    assert of.calls(1) == sent


def test_who_gives_up_is_not_called(of):
    gone, stays = of.ticket(), of.ticket()
    actions.leave(gone, by=Visitor(), at=of.later())
    of.sits()
    assert of.calls() == stays
    with pytest.raises(Conflict, match="正在叫号"):
        actions.leave(stays, by=Visitor(), at=of.later())


def test_no_ticket_outside_opening_hours_nor_just_before_closing(of):
    with pytest.raises(Conflict, match=r"现在不开放.*下次开放：11月23日 13:30"):
        actions.take_ticket(of.general, by=Visitor(), at=MORNING.replace(hour=12, minute=30))
    with pytest.raises(Conflict, match="已经停止取号，17:00闭厅"):
        actions.take_ticket(of.general, by=Visitor(), at=MORNING.replace(hour=16, minute=50))
    with pytest.raises(Conflict, match="下次开放：11月30日 09:00"):
        actions.take_ticket(of.general, by=Visitor(), at=MORNING + timedelta(days=5))


def test_a_hall_that_closes_with_people_waiting_serves_them_first_another_day(of):
    waiting = of.ticket()
    with pytest.raises(Refused):
        actions.close_hall(of.hall, by=of.clerks[0], at=of.later())
    assert actions.close_hall(of.hall, by=of.manager, at=of.later()) == 1
    waiting.refresh_from_db()
    assert waiting.state == TicketState.UNSERVED
    with pytest.raises(Conflict, match="现在不开放"):
        of.ticket()
    tomorrow = MORNING + timedelta(days=1)
    ordinary = actions.take_ticket(of.general, by=Visitor(), at=tomorrow)
    again = actions.take_ticket(of.general, instead_of=waiting.guid, by=Visitor(), at=tomorrow + timedelta(minutes=5))
    assert again.order_at < ordinary.order_at
    with pytest.raises(BadInput, match="不能再用"):
        actions.take_ticket(of.general, instead_of=waiting.guid, by=Visitor(), at=tomorrow + timedelta(minutes=6))


def test_when_the_day_turns_nothing_of_it_stays_open(of):
    waiting, called = of.ticket(), of.ticket(of.social)
    of.sits(2)
    of.calls(2)
    assert actions.turn_day(by=NIGHT, at=MORNING + timedelta(days=1)) == 1
    waiting.refresh_from_db()
    called.refresh_from_db()
    of.counters[2].refresh_from_db()
    assert [waiting.state, called.state] == [TicketState.UNSERVED, TicketState.SKIPPED]
    assert of.counters[2].clerk is None
    assert actions.turn_day(by=NIGHT, at=MORNING + timedelta(days=1)) == 0


def test_numbers_given_without_network_are_told_later_once_and_collide_with_none(of):
    reserved = actions.reserve_offline_numbers(of.hall, by=Visitor(), at=of.later())
    more = actions.reserve_offline_numbers(of.hall, by=Visitor(), at=of.later())
    mine = reserved[str(of.general.pk)]
    assert not set(mine) & set(more[str(of.general.pk)])
    taken_at, guid = of.later(), uuid4()
    online = of.ticket()
    told = {"guid": guid, "number": mine[0], "taken_at": taken_at, "by": Visitor()}
    late = actions.reconcile_offline(of.general, at=of.later(), **told)
    assert late == actions.reconcile_offline(of.general, at=of.later(), **told)
    assert (late.label, late.source) == ("A801", TicketSource.OFFLINE)
    of.sits()
    assert of.calls() == late, "by the time it was taken, before the one taken on line after it"
    assert online.state == TicketState.WAITING
    with pytest.raises(Conflict, match="已经有人用了"):
        actions.reconcile_offline(of.general, at=of.later(), **{**told, "guid": uuid4()})
    with pytest.raises(BadInput, match="备用号"):
        actions.reconcile_offline(of.general, at=of.later(), **{**told, "guid": uuid4(), "number": 950})


def test_the_wait_is_learned_from_the_median_of_what_happened(of):
    of.sits(0)
    assert service_minutes(of.general, at=MORNING)[None] == 10
    for minutes in (4, 4, 5, 4, 90):  # one person who took very long teaches nothing
        ticket = of.ticket()
        of.calls(0)
        actions.begin_service(ticket, by=of.clerks[0], at=of.later())
        actions.finish_service(ticket, by=of.clerks[0], at=of.later(minutes))
    at = of.later()
    assert service_minutes(of.general, at=at)[None] == 4
    one, two, three = of.ticket(), of.ticket(), of.ticket()
    assert expected_wait(one, at=at).minutes == 0
    assert (expected_wait(three, at=at).ahead, expected_wait(three, at=at).minutes) == (2, 8)
    of.sits(1)
    assert expected_wait(three, at=at).minutes == 4, "two counters are open"
    assert three.foreseen_minutes == 8 and two.foreseen_minutes == 4


def test_every_act_is_in_the_ledger(of):
    ticket = of.ticket()
    of.sits()
    of.calls()
    actions.begin_service(ticket, by=of.clerks[0], at=of.later())
    actions.finish_service(ticket, by=of.clerks[0], at=of.later())
    said = list(
        LedgerEntry.objects.filter(action__startswith="window.").order_by("pk").values_list("action", flat=True)
    )
    assert said == [
        *("window.take_ticket", "window.open_counter", "window.call", "window.begin_service", "window.served")
    ]


@pytest.mark.django_db(transaction=True)
def test_two_counters_never_call_the_same_ticket():
    of = town()
    people = [make.user("window", of.hall.organ) for _ in range(6)]
    for number, person in enumerate(people, 11):
        counter = of.hall.counters.create(number=number)
        counter.skills.set([of.general])
        actions.open_counter(counter, by=person, at=of.later())
    tickets = [of.ticket() for _ in range(4)]
    counters = list(of.hall.counters.filter(number__gte=11).order_by("number"))
    at = of.later()
    called = at_once(lambda n: actions.call_next(counters[n], by=people[n], at=at), people=6)
    got = [each for each in called if each is not None]
    assert sorted(each.pk for each in got) == [each.pk for each in tickets]
    assert called.count(None) == 2
    assert Call.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_numbers_taken_at_once_are_never_given_twice():
    of = town()
    at = of.later()
    taken = at_once(lambda n: actions.take_ticket(of.general, by=Visitor(), at=at), people=8)
    assert sorted(each.number for each in taken) == list(range(1, 9))


def test_nobody_waits_for_a_counter_where_nobody_sits(of):
    ticket = of.ticket()
    of.sits()
    of.calls()
    with pytest.raises(Conflict, match="2号窗口现在没有人"):
        actions.transfer(ticket, counter=of.counters[1], by=of.clerks[0], at=of.later())
    other = of.sits(1)
    actions.transfer(ticket, counter=other, by=of.clerks[0], at=of.later())
    assert of.calls() is None, "only the counter that was meant"
    actions.close_counter(other, by=of.clerks[1], at=of.later())
    assert of.calls() == ticket


def test_a_day_that_turns_late_takes_nobody_from_work(of):
    waiting = of.ticket()
    of.sits(1)
    tomorrow = MORNING + timedelta(days=1)
    today = actions.take_ticket(of.social, by=Visitor(), at=tomorrow)
    actions.call_ticket(today, of.counters[1], by=of.clerks[1], at=tomorrow)
    assert actions.turn_day(by=NIGHT, at=tomorrow + timedelta(minutes=5)) == 1
    waiting.refresh_from_db()
    of.counters[1].refresh_from_db()
    assert waiting.state == TicketState.UNSERVED and of.counters[1].clerk == of.clerks[1]
