"""Before a limit ends, whoever can bring an adjustment on is told, once in each state."""

from datetime import datetime, time

import pytest

from banshi.adjustments.enums import ExaminationVerdict
from banshi.adjustments.models import Adjustment
from banshi.core.clock import CHINA
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.notifications.reminders import REMINDERS, remind
from banshi.notifications.tasks import remind_due
from banshi.outbox.actions import queue_named
from banshi.outbox.models import Message
from banshi.people.models import Division, User
from tests import factories as make
from tests.adjustments.town import Town, brought_to, in_force, say, started, town
from tests.factories import NOON, TESTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings) -> Town:
    settings.MAIL_ON, settings.DEFAULT_FROM_EMAIL = True, "banshi@example.gov.cn"
    made = town()
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"u{user.pk}@example.gov.cn")
    return made


def last_morning(adjustment: Adjustment) -> datetime:
    return datetime.combine(adjustment.due, time(7, 40), CHINA)


def remind_all(at: datetime) -> int:
    return remind(REMINDERS["adjustments.remind"], by=TESTS, at=at)


def told() -> list[User]:
    return [each.recipient for each in Message.objects.select_related("recipient").order_by("recipient")]


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("prepared", "clerk"),
        ("returned", "clerk"),
        ("examining", "examiner"),
        ("checking", "examiner"),
        ("second", "lawyer"),
        ("approved", "publisher"),
    ],
)
def test_whose_turn_it_is_is_told(place, client, state, who):
    one = brought_to(state, place)
    assert remind_due.call(last_morning(one).isoformat()) == 1
    assert told() == [getattr(place, who)]
    body = Message.objects.get().payload["body"]
    assert "今天到期" in body
    assert one.item.name in body
    client.force_login(getattr(place, who))
    assert f"/work/adjustments/{one.pk}/" in body
    assert client.get(f"/work/adjustments/{one.pk}/").status_code == 200


def test_not_before_it_is_near(place):
    started(place)
    assert remind_due.call(NOON.isoformat()) == 0
    assert not told()


def test_once_in_a_state_and_it_stands_in_the_ledger(place):
    one = brought_to("examining", place)
    moment = last_morning(one)
    assert [remind_all(moment), remind_all(moment)] == [1, 0]
    assert LedgerEntry.objects.get(action="adjustments.remind").facts["mailed"] == 1


def test_the_next_examiner_is_told_anew(place):
    one = brought_to("examining", place)
    remind_all(last_morning(one))
    say(place, one, ExaminationVerdict.AGREE)
    assert remind_all(last_morning(one)) == 1
    assert told() == [place.examiner, place.lawyer]


def test_publishers_farther_up_are_left_alone_while_there_are_nearer_ones(place):
    city = Division.objects.create(code="990100", name="示例市", level=3)
    make.user("publisher", make.organ(division=city), email="city@example.gov.cn")
    one = brought_to("approved", place)
    remind_all(last_morning(one))
    assert told() == [place.publisher]


@pytest.mark.parametrize("count", [1, 3])
def test_several_come_in_one_mail_with_as_many_questions(place, count, django_assert_num_queries):
    few = [started(place, item=in_force(place, f"事项{n}")) for n in range(count)]
    queue_named("mail")
    with django_assert_num_queries(23):
        assert remind_all(last_morning(few[0])) == count
    assert told() == [place.clerk]
    assert all(each.item.name in Message.objects.get().payload["body"] for each in few)


def test_without_mail_they_are_told_in_the_site(place, settings):
    settings.MAIL_ON = False
    one = started(place)
    assert remind_all(last_morning(one)) == 1
    assert not told()
    [note] = Notification.objects.all()
    assert (note.user, note.path) == (place.clerk, f"/work/adjustments/{one.pk}/")
