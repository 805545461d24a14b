"""The demonstration's hall alone: a day to look at, whatever the hour."""

from datetime import timedelta

import pytest
from tests import factories as make
from tests.factories import NOON, TESTS
from tests.work import daily

from banshi.command.demo.catalogue import Catalogue
from banshi.command.demo.hall import build_hall
from banshi.window.enums import TicketState
from banshi.window.models import Appointment, FirstQuestion, Hall, Ticket
from banshi.window.queries import service_minutes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("at", daily([NOON.replace(hour=0, minute=5), NOON, NOON + timedelta(days=5, hours=11)], 3))
def test_the_hall_has_a_live_day_at_any_hour(at):
    office, education = make.organ("示例市政务服务管理局"), make.organ("示例市教育局")
    accounts = {
        "window": make.user("window", office),
        "clerk-edu": make.user("clerk", education),
        "citizen": make.user(),
    }
    item = make.publication(of=make.item(education)).item
    city = Catalogue({}, accounts, at, items={("jyj", item.name): item})
    build_hall(city, by=TESTS)
    today = Ticket.objects.filter(day=at.date())
    states = set(today.values_list("state", flat=True))
    assert {TicketState.WAITING, TicketState.SERVING, TicketState.SKIPPED} <= states
    assert Ticket.objects.filter(state=TicketState.SERVED).count() >= 60
    hall = Hall.objects.get()
    assert service_minutes(hall.skills.get(letter="A"), at=at)[None] != 12, "learned from the days before"
    assert FirstQuestion.objects.count() == 3
    assert Appointment.objects.get().person == accounts["citizen"]
