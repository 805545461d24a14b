"""Mail to staff leaves by a real connection, is tried again, and never comes twice."""

from contextlib import nullcontext
from datetime import timedelta
from email.utils import parseaddr
from threading import Event
from types import SimpleNamespace

import pytest
from django.core import mail as sent_by_django
from django.db import transaction
from tests import factories
from tests.at_once import at_once
from tests.outbox.post_office import PostOffice, free_port

from banshi.config.mail import MailServer, mail_server
from banshi.core.backoff import wait_after
from banshi.core.errors import BadInput
from banshi.ledger.models import LedgerEntry
from banshi.outbox import delivery
from banshi.outbox.actions import NewMessage, enqueue, queue_named, resend
from banshi.outbox.channels import Answer, DeliveryOutcome
from banshi.outbox.delivery import claim, deliver
from banshi.outbox.mail import MailChannel
from banshi.outbox.models import Message
from banshi.outbox.queries import dead_letters, held_up
from banshi.outbox.tasks import deliver_due, deliver_queue, forget_messages
from banshi.people import actions

pytestmark = pytest.mark.django_db
NOON = factories.NOON
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def mail_is_on(settings):
    settings.MAIL_ON, settings.DEFAULT_FROM_EMAIL = True, "banshi@example.gov.cn"
    settings.SITE_URL = "https://zwfw.example.gov.cn"


@pytest.fixture
def clerk():
    return factories.user("clerk", email="clerk@example.gov.cn")


def served_by(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5


@transaction.atomic
def told(*users, subject="催办：清理工作"):
    """One mail for each."""
    number = Message.objects.count()
    body = {"body": "您好：\n还有3项没有上报。"}
    new = [NewMessage(str(number + n), subject, body, recipient=each.pk) for n, each in enumerate(users)]
    enqueue(queue_named("mail"), new, at=NOON)


def send_waiting(at):
    """One turn of the worker: how many were sent."""
    before = Message.objects.filter(state="sent").count()
    deliver(queue_named("mail"), at=at)
    return Message.objects.filter(state="sent").count() - before


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


class TestSending:
    def test_it_reaches_its_address_and_says_that_nobody_wrote_it(self, clerk):
        told(clerk)
        assert deliver_due.call(NOON.isoformat()) == 1
        deliver_queue.call(queue_named("mail").pk, NOON.isoformat())
        [sent] = sent_by_django.outbox
        assert (sent.to, sent.from_email) == (["clerk@example.gov.cn"], "banshi@example.gov.cn")
        assert "还有3项没有上报。" in sent.body
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"

    def test_a_subject_never_becomes_a_second_header(self, clerk):
        told(clerk, subject="催办\r\nBcc: x@example.org")
        assert send_waiting(at=NOON) == 1
        assert sent_by_django.outbox[0].subject == "催办 Bcc: x@example.org"

    def test_it_goes_to_the_address_of_the_day_and_not_to_who_has_said_no(self, clerk):
        other = factories.user("clerk", email="other@example.gov.cn")
        told(clerk, other)
        actions.set_mail(clerk, email="new@example.gov.cn", wanted=True, by=clerk, at=NOON)
        actions.set_mail(other, email="other@example.gov.cn", wanted=False, by=other, at=NOON)
        send_waiting(at=NOON)
        assert [each.to for each in sent_by_django.outbox] == [["new@example.gov.cn"]]
        assert states() == ["sent", "dropped"]

    def test_it_is_dropped_when_it_has_become_old(self, clerk):
        told(clerk)
        assert send_waiting(at=NOON + timedelta(days=31)) == 0
        assert states() == ["dropped"]

    def test_so_many_in_a_turn_and_the_next_turn_is_asked_for(self, clerk, monkeypatch):
        monkeypatch.setattr(MailChannel, "batches", 2)
        told(*[clerk] * 3)
        goes_on = deliver(queue_named("mail"), at=NOON)
        assert goes_on is not None
        assert states() == ["sent", "sent", "waiting"]
        assert deliver(queue_named("mail"), at=goes_on) is None
        assert states() == ["sent"] * 3

    def test_a_slow_server_leaves_the_worker_to_others_in_between(self, clerk, monkeypatch):
        monkeypatch.setattr(delivery, "LONGEST_TURN", timedelta(0))
        told(*[clerk] * 2)
        assert deliver(queue_named("mail"), at=NOON) is not None
        assert states() == ["sent", "waiting"]

    def test_old_ones_are_forgotten(self, clerk):
        told(clerk)
        assert forget_messages.call((NOON + timedelta(days=89)).isoformat()) == 0
        assert forget_messages.call((NOON + timedelta(days=91)).isoformat()) == 1

    def test_the_same_key_is_the_same_mail(self, clerk):
        queue = queue_named("mail")
        for _ in range(2):
            with transaction.atomic():
                enqueue(queue, [NewMessage("k", "催办", {"body": "x"}, recipient=clerk.pk)], at=NOON)
        assert queue.messages.count() == 1

    def test_outside_of_an_act_nothing_is_written(self, clerk, monkeypatch):
        monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
        with pytest.raises(transaction.TransactionManagementError):
            enqueue(queue_named("mail"), [NewMessage("k", "催办")], at=NOON)


class TestByARealConnection:
    def test_it_arrives(self, settings, clerk):
        told(clerk)
        with PostOffice() as office:
            served_by(settings, office.port)
            assert send_waiting(at=NOON) == 1
        [got] = office.received
        assert got["Subject"] == "催办：清理工作"
        assert parseaddr(got["To"])[1] == "clerk@example.gov.cn"
        assert "还有3项没有上报。" in got.get_content()
        assert got["Message-ID"].endswith("@zwfw.example.gov.cn>")

    def test_after_a_refused_connection_it_is_tried_again_and_comes_once(self, settings, clerk):
        told(clerk, factories.user(email="second@example.gov.cn"))
        port = free_port()
        served_by(settings, port)
        assert send_waiting(at=NOON) == 0
        assert send_waiting(at=NOON + MINUTE) == 0
        queue = queue_named("mail")
        assert (queue.failures, queue.last_error, queue.next_at) == (2, "邮件服务器连不上", NOON + 3 * MINUTE)
        with PostOffice(port=port) as office:
            assert send_waiting(at=NOON + 2 * MINUTE) == 0
            assert send_waiting(at=NOON + 3 * MINUTE) == 2
            assert send_waiting(at=NOON + 300 * MINUTE) == 0
        assert len(office.received) == 2
        assert office.connections == 1

    def test_when_the_answer_is_lost_it_is_not_sent_a_second_time(self, settings, clerk):
        told(clerk, factories.user(email="second@example.gov.cn"))
        with PostOffice(answers=[None]) as office:
            served_by(settings, office.port)
            assert send_waiting(at=NOON) == 0
            assert states() == ["in_doubt", "waiting"]
            assert send_waiting(at=NOON + MINUTE) == 1
            assert send_waiting(at=NOON + 300 * MINUTE) == 0
        assert len(office.received) == 2
        assert dead_letters().count() == 1

    def test_a_worker_killed_in_between_leaves_nothing_that_could_come_twice(self, settings, clerk, monkeypatch):
        told(clerk)
        with PostOffice() as office:
            served_by(settings, office.port)
            monkeypatch.setattr(delivery, "settle", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                deliver(queue_named("mail"), at=NOON)
            assert states() == ["sending"]
            monkeypatch.undo()
            served_by(settings, office.port)
            assert send_waiting(at=NOON + MINUTE) == 0
            assert states() == ["in_doubt"]
        assert len(office.received) == 1

    def test_one_in_doubt_goes_again_when_a_person_says_so(self, settings, clerk):
        told(clerk)
        with PostOffice(answers=[None]) as office:
            served_by(settings, office.port)
            send_waiting(at=NOON)
            late = NOON + timedelta(days=5)
            resend(Message.objects.get(), by=factories.TESTS, at=late)
            assert send_waiting(at=late) == 1
        assert len(office.received) == 2

    def test_two_workers_with_the_same_list_send_each_once(self, settings, clerk):
        told(clerk, clerk)
        queue = queue_named("mail")
        first, second, third = (claim(queue, 1, at=NOON) for _ in range(3))
        assert [each.pk for each in (*first, *second)] == sorted(Message.objects.values_list("pk", flat=True))
        assert third == []

    def test_a_worker_that_was_stalled_does_not_undo_what_another_did_meanwhile(self, clerk):
        told(clerk)
        queue, channel = queue_named("mail"), MailChannel()
        stalled = claim(queue, 1, at=NOON)
        delivery.recover(queue, channel, at=NOON)
        resend(Message.objects.get(), by=factories.TESTS, at=NOON)
        delivery.settle(queue, channel, stalled, [Answer(DeliveryOutcome.REFUSED, "没有收")], at=NOON)
        assert states() == ["waiting"]
        again = claim(queue, 1, at=NOON)
        delivery.recover(queue, channel, at=NOON)
        delivery.settle(queue, channel, again, [Answer(DeliveryOutcome.TAKEN)], at=NOON)
        assert states() == ["sent"]

    def test_a_surprise_of_our_own_leaves_the_mail_in_doubt_and_the_others_wait(self, clerk, monkeypatch):
        told(clerk, clerk)
        monkeypatch.setattr("banshi.outbox.mail._letter", lambda *_: {}["surprise"])
        assert send_waiting(at=NOON) == 0
        assert states() == ["in_doubt", "waiting"]
        monkeypatch.undo()
        assert send_waiting(at=NOON + wait_after(1)) == 1

    def test_never_is_never_and_later_is_later(self, settings, clerk):
        told(clerk, factories.user(email="gone@example.gov.cn"))
        with PostOffice(answers=["451 busy"], refuses={"gone@example.gov.cn"}) as office:
            served_by(settings, office.port)
            assert send_waiting(at=NOON) == 0
            assert states() == ["waiting", "failed"]
            assert send_waiting(at=NOON + MINUTE) == 1
        assert [parseaddr(each["To"])[1] for each in office.received] == ["clerk@example.gov.cn"]
        assert Message.objects.get(state="failed").last_error == "对方的邮件服务器没有收（550）"

    def test_a_server_that_hangs_up_after_so_many_loses_none(self, settings, clerk):
        told(*[clerk] * 5)
        with PostOffice(at_most=2) as office:
            served_by(settings, office.port)
            assert [send_waiting(at=NOON + n * MINUTE * 10) for n in range(3)] == [2, 2, 1]
        assert len(office.received) == 5
        assert set(states()) == {"sent"}

    def test_an_address_we_may_not_send_from_is_no_fault_of_the_mail(self, settings, clerk):
        told(clerk)
        with PostOffice(refuses_sender=True) as office:
            served_by(settings, office.port)
            assert send_waiting(at=NOON) == 0
        assert Message.objects.get().state == "waiting"
        assert held_up("mail", NOON + timedelta(hours=3)) == (1, "邮件服务器不让用这个发件地址")


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_send_each_once(settings, on_disk_database, monkeypatch):
    """Even were there no lock of the queue, claims would not overlap."""
    monkeypatch.setattr(delivery, "recover", lambda *_, **__: None)
    monkeypatch.setattr(delivery, "lease", lambda _: nullcontext(SimpleNamespace(lost=Event())))
    clerk = factories.user("clerk", email="clerk@example.gov.cn")
    told(*[clerk] * 12)
    with PostOffice() as office:
        served_by(settings, office.port)
        at_once(lambda _: deliver(queue_named("mail"), at=NOON), people=4)
    assert len({each["Message-ID"] for each in office.received}) == len(office.received) == 12
    assert set(states()) == {"sent"}


class TestTheServersAddress:
    @pytest.mark.parametrize(
        ("url", "server"),
        [
            ("", MailServer()),
            ("smtp://mail.example", MailServer("mail.example", 25)),
            ("smtp://a%40b:p%2Fw@mail.example", MailServer("mail.example", 587, "a@b", "p/w", starttls=True)),
            ("smtp://a:b@mail.example:2525/?tls=off", MailServer("mail.example", 2525, "a", "b")),
            ("smtps://a:b@mail.example", MailServer("mail.example", 465, "a", "b", tls=True)),
        ],
    )
    def test_is_read(self, url, server):
        assert mail_server(url) == server

    @pytest.mark.parametrize("url", ["mail.example:25", "https://mail.example", "smtp://", "smtp://mail.example:x"])
    def test_a_wrong_one_stops_the_start(self, url):
        with pytest.raises(ValueError, match=r"端口|smtp://"):
            mail_server(url)


class TestOnesOwnAddress:
    def test_is_set_and_the_ledger_does_not_tell_it(self, clerk):
        actions.set_mail(clerk, email=" me@example.gov.cn ", wanted=True, by=clerk, at=NOON)
        clerk.refresh_from_db()
        assert clerk.email == "me@example.gov.cn"
        assert LedgerEntry.objects.get(action="people.set_mail").facts == {"fields": ["email"]}

    def test_has_to_be_one(self, clerk):
        with pytest.raises(BadInput, match="邮箱"):
            actions.set_mail(clerk, email="me at home", wanted=True, by=clerk, at=NOON)
