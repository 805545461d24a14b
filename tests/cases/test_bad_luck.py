"""Bad luck of handling: the clock set back, reports late, doubled or out of order, nobody at work for a week, tasks run late."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions import (
    accept,
    accept_overdue,
    agree_to_deferral,
    close_stop,
    decide,
    deliver,
    offer_deferral,
    open_stop,
    withdraw,
)
from banshi.cases.clocks import due_on
from banshi.cases.models import Case
from banshi.cases.tasks import run_clocks
from banshi.catalog.guide.document import Material
from banshi.connectors.sms.fake import FakeSmsGateway
from banshi.core.clock import now
from banshi.core.gateways import gateway_address
from banshi.handout.actions import shelve
from banshi.jobs.models import ScheduledRun
from banshi.jobs.schedule import SCHEDULE, run_due
from banshi.ledger import System
from banshi.notifications.kinds import KINDS
from banshi.notifications.models import Notification
from banshi.outbox.actions import queue_named
from banshi.outbox.delivery import deliver as send
from banshi.outbox.models import Message
from banshi.people.models import User
from tests.cases.hall import (
    Hall,
    accepted,
    examined,
    fresh,
    granted,
    hall,
    later,
    moment,
    submitted,
)
from tests.outbox.post_office import PostOffice, free_port
from tests.sites.api.test_handling import system_of

pytestmark = pytest.mark.django_db
CLOCKS = System("clocks")


@pytest.fixture
def of() -> Hall:
    return hall()


class TestTheClockIsSetBack:
    def test_no_act_is_dated_before_the_one_before_it_and_no_day_moves(self, of: Hall) -> None:
        case = accepted(of, moment("03-03", 0, 5))
        due = due_on(case, calendar=calendar_in_force())
        stop = open_stop(case, procedure="听证", expected_days=5, by=of.handler, at=moment("03-04", 0, 5))
        back = moment("03-03", 23, 50)
        close_stop(stop, by=of.handler, at=back)
        assert due_on(fresh(case), calendar=calendar_in_force()) == due, "stopped for no whole day"
        case = examined(of, case, back)
        decide(case, granted=True, by=of.head, at=moment("03-01"))
        deliver(case, way="online", by=of.window, at=moment("03-02"))
        case = fresh(case)
        assert (case.accepted_on, case.decided_on) == (date(2026, 3, 3), date(2026, 3, 4))
        for rows in (case.acts.order_by("id"), case.moves.order_by("id")):
            assert all(first.at <= second.at for first, second in pairwise(rows))
        assert all(each.opened_at <= each.ended_at for each in case.tasks.all() if each.ended_at)

    def test_a_year_back_accepts_nothing_by_silence_and_then_each_once(self, of: Hall) -> None:
        case = submitted(of, moment("03-02"))
        runs = ["2025-03-02", "03-02", "03-16", "2025-03-03", "03-16"]
        assert [accept_overdue(by=CLOCKS, at=moment(day)) for day in runs] == [0, 0, 1, 0, 0]
        assert fresh(case).accepted_on == date(2026, 3, 2)

    def test_a_number_is_never_given_again(self, of: Hall) -> None:
        days = ("2027-01-04", "12-31", "2027-01-04", "12-31")
        numbers = [submitted(of, moment(day)).number for day in days]
        assert len(set(numbers)) == 4


def whole(case: Case) -> Any:
    """Everything of a case that an act would change."""
    rows = (case.acts, case.tasks, case.clocks, case.stops, case.moves)
    return fresh(case).state, [sorted(each.values_list().iterator(), key=str) for each in rows]


class TestReportsOfAnOrgansSystem:
    ACTS = (
        {"act": "accept"},
        {"act": "grant"},
        {"act": "deny", "words": "不符合条件"},
        {"act": "deliver", "way": "post"},
        {"act": "resume"},
        {"act": "suspend", "words": "等法院的裁判", "basis": "《民事诉讼法》第一百五十三条"},
        {"act": "refuse_to_accept", "ground": "not_needed", "words": "不属于许可范围"},
    )

    def test_out_of_order_they_change_nothing_and_in_order_all_goes_on(self, of: Hall) -> None:
        case, us = submitted(of, now()), system_of(of.bureau)
        to = f"/cases/{case.number}/acts"
        before = whole(case)
        for early in ({"act": "grant"}, {"act": "deliver", "way": "post"}, {"act": "resume"}):
            us.post(to, early, 409)
        assert whole(case) == before
        us.post(to, {"act": "accept"})
        before = whole(case)
        us.post(to, {"act": "grant"}, 409)  # its examination has not been reported yet
        assert whole(case) == before
        [task] = us.get("/tasks")["tasks"]
        us.post(f"/tasks/{task['id']}/finish", {}, 200)
        us.post(to, {"act": "grant"})

    def test_doubled_they_are_done_once_with_a_key_or_without(self, of: Hall) -> None:
        case, us = submitted(of, now()), system_of(of.bureau)
        to, key = f"/cases/{case.number}/acts", {"Idempotency-Key": str(uuid4())}
        assert us.post(to, {"act": "accept"}, **key) == us.post(to, {"act": "accept"}, **key)
        us.post(to, {"act": "accept"}, 409)
        [task] = us.get("/tasks")["tasks"]
        us.post(f"/tasks/{task['id']}/finish", {}, 200)
        before = whole(case)
        us.post(f"/tasks/{task['id']}/finish", {}, 409)
        assert whole(case) == before
        us.post(to, {"act": "grant"})
        us.post(to, {"act": "grant"}, 409)
        us.post(to, {"act": "deny", "words": "不符合条件"}, 409)
        kinds = Counter(case.acts.values_list("kind", flat=True))
        assert kinds == {"receive": 1, "accept": 1, "grant": 1}

    @pytest.mark.parametrize("ended", ["withdrawn", "delivered", "accepted by silence"])
    def test_late_they_change_nothing(self, of: Hall, ended: str) -> None:
        us = system_of(of.bureau)
        if ended == "withdrawn":
            case = withdraw(accepted(of, now()), by=of.citizen, at=now())
        elif ended == "delivered":
            case = deliver(granted(of, now()).case, way="online", by=of.window, at=now())
        else:
            case = submitted(of, now() - timedelta(days=30))
            accept_overdue(by=CLOCKS, at=now())
        late = [
            each
            for each in self.ACTS
            if ended != "accepted by silence" or each["act"] in ("accept", "refuse_to_accept")
        ]
        before = whole(case)
        for each in late:
            assert us.post(f"/cases/{case.number}/acts", each, 409)["remedy"]
        assert whole(case) == before


class TestAwayForAWeek:
    def test_mail_and_sms_come_once_each_when_their_servers_are_back(self, of: Hall, settings: Any) -> None:
        gateway, port = FakeSmsGateway(), free_port()
        with gateway:
            settings.SMS, settings.SMS_ON = gateway_address(gateway.url), True
        settings.MAIL_ON, settings.DEFAULT_FROM_EMAIL = True, "banshi@example.gov.cn"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        User.objects.filter(pk=of.citizen.pk).update(email="lin@example.org")
        start = moment("03-02")
        accepted(of, start)
        told = Notification.objects.filter(user=of.citizen).count()
        assert told == 2
        for day in range(8):
            for queue in ("mail", "sms"):
                send(queue_named(queue), at=start + timedelta(days=day, hours=1))
        assert set(Message.objects.values_list("state", flat=True)) == {"waiting"}
        with FakeSmsGateway() as gateway, PostOffice(port=port) as office:
            settings.SMS = gateway_address(gateway.url)
            for hour in (3, 4, 5):
                for queue in ("mail", "sms"):
                    send(queue_named(queue), at=start + timedelta(days=8, hours=hour))
        assert (len(gateway.sent), len(office.received)) == (told, told)
        assert len({text for _, text in gateway.sent}) == told
        assert set(Message.objects.values_list("state", flat=True)) == {"sent"}

    def test_an_appointment_is_not_told_of_when_it_is_over(self) -> None:
        lasting = {each.code for each in KINDS.values() if each.by_sms and each.lasts is None}
        assert not lasting & {"window.reminder", "window.promoted", "window.offered"}

    def test_without_a_worker_everything_is_made_up_once_and_told_once(self, of: Hall) -> None:
        start = moment("03-02")
        run_due(at=start)
        silent = submitted(of, start)
        Notification.objects.all().delete()
        back = start + timedelta(days=8)
        assert len({each.name for each in run_due(at=back)}) == ScheduledRun.objects.filter(started_at=back).count()
        assert run_due(at=back) == []
        for _ in range(3):
            run_clocks.func(back.isoformat())
        assert fresh(silent).accepted_on == start.date()
        assert Counter(silent.acts.values_list("kind", flat=True)) == {"receive": 1, "accept_silently": 1}
        assert Notification.objects.filter(user=of.citizen, key=str(silent.pk)).count() == 1


SLOW = {"examine_nightly", "survey_nightly", "verify_ledger", "measure_data_resources", "renew_laws", "clear_away"}
"""Which write what they find anew, or nothing."""
BOOKS = {"ScheduledRun", "Session", "Block", "Anchor", "TimeStamp", "DBTaskResult", "Examination", "Cursor"}


def counted() -> dict[str, int]:
    models = [each for each in apps.get_models() if each.__module__.startswith("banshi.")]
    return {each.__name__: each._base_manager.count() for each in models if each.__name__ not in BOOKS}


def test_tasks_run_late_do_nothing_twice() -> None:
    """A world where each clock of handling has run out, and then every task of the schedule, twice, two months late."""
    of = hall(days=10, materials=[Material(name="申请书"), later("场地平面图")])
    start = moment("03-02")
    submitted(of, start)
    case = submitted(of, start, positions=[0])
    offer_deferral(case, positions=[1], until=date(2026, 3, 11), by=of.window, at=start)
    agree_to_deferral(case, by=of.citizen, at=start)
    accept(case, by=of.window, at=start)
    shelve(granted(of, start).case, place="A-1", by=of.window, at=start)
    late = start + timedelta(days=60)
    tasks = [entry.task for name, entry in SCHEDULE.items() if name not in SLOW]
    before, twice = counted(), []
    for task in tasks:
        task.func(late.isoformat())
        once = counted()
        task.func(late.isoformat())
        twice += [task.name] if counted() != once else []
    assert twice == []
    after = counted()
    assert after["CaseAct"] == before["CaseAct"] + 2 and after["Notification"] >= before["Notification"] + 3
