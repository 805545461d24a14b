"""Mail to staff: who gets any, that it leaves by a real connection, is tried again, and never comes twice."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.core import mail as outbox
from tests import factories
from tests.people.post_office import PostOffice, free_port

from banshi.config.mail import MailServer, mail_server
from banshi.core.errors import BadInput
from banshi.ledger.models import LedgerEntry
from banshi.people import actions, mail
from banshi.people.mail import Line, Telling, held_up, send_waiting, tell, tell_of, undelivered
from banshi.people.models import Mail
from banshi.people.tasks import forget_mail, send_mail

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


def told(*users):
    return tell(
        [Telling(each.pk, "催办：清理工作", ["还有3项没有上报。"], "/work/reports/1/") for each in users], at=NOON
    )


def states():
    return list(Mail.objects.values_list("state", flat=True))


class TestWhoGetsAny:
    def test_without_a_server_nothing_is_queued(self, settings, clerk, django_assert_num_queries):
        settings.MAIL_ON = False
        with django_assert_num_queries(0):
            assert told(clerk) == set()
        assert not Mail.objects.exists()

    def test_only_who_gave_an_address_wants_it_and_is_in_office(self, clerk):
        nameless = factories.user("clerk")
        unwilling = factories.user("clerk", email="b@example.gov.cn", mail_wanted=False)
        gone = factories.user("clerk", email="c@example.gov.cn", is_active=False)
        assert told(clerk, nameless, unwilling, gone) == {clerk.pk}
        assert Mail.objects.get().user == clerk

    def test_thousands_are_queued_with_few_questions(self, clerk, django_assert_num_queries):
        others = [factories.user(email=f"u{n}@example.gov.cn") for n in range(30)]
        with django_assert_num_queries(2):
            assert len(told(clerk, *others)) == 31

    def test_what_concerns_one_person_several_times_comes_in_one_mail(self, clerk):
        lines = [Line({clerk.pk}, f"催办{n}", f"第{n}条", f"/work/reports/{n}/") for n in range(25)]
        tell_of(lines, subject="几项工作快到期", link="/work/", at=NOON)
        one = Mail.objects.get()
        assert one.subject == "几项工作快到期"
        assert "第19条\n另有5条，请登录查看。" in one.body
        assert "https://zwfw.example.gov.cn/work/\n" in one.body

    def test_a_line_alone_leads_to_its_own_page(self, clerk):
        tell_of([Line({clerk.pk}, "催办", "一条", "/work/reports/7/")], subject="几项", link="/work/", at=NOON)
        assert "https://zwfw.example.gov.cn/work/reports/7/\n" in Mail.objects.get().body
        assert Mail.objects.get().subject == "催办"


class TestSending:
    def test_it_says_what_is_due_and_where_and_how_to_stop_it(self, clerk):
        told(clerk)
        assert send_mail.call(NOON.isoformat()) == 1
        [sent] = outbox.outbox
        assert (sent.to, sent.from_email) == (["clerk@example.gov.cn"], "banshi@example.gov.cn")
        assert "还有3项没有上报。" in sent.body
        assert "https://zwfw.example.gov.cn/work/reports/1/" in sent.body
        assert "https://zwfw.example.gov.cn/my/" in sent.body
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"

    def test_a_subject_never_becomes_a_second_header(self, clerk):
        tell([Telling(clerk.pk, "催办\r\nBcc: x@example.org", ["x"], "/work/")], at=NOON)
        assert send_waiting(at=NOON) == 1
        assert outbox.outbox[0].subject == "催办 Bcc: x@example.org"

    def test_it_goes_to_the_address_of_the_day_and_not_to_who_has_said_no(self, clerk):
        other = factories.user("clerk", email="other@example.gov.cn")
        told(clerk, other)
        actions.set_mail(clerk, email="new@example.gov.cn", wanted=True, by=clerk, at=NOON)
        actions.set_mail(other, email="other@example.gov.cn", wanted=False, by=other, at=NOON)
        send_waiting(at=NOON)
        assert [each.to for each in outbox.outbox] == [["new@example.gov.cn"]]
        assert states() == ["sent", "dropped"]

    def test_it_is_dropped_when_it_has_become_old(self, clerk):
        told(clerk)
        assert send_waiting(at=NOON + timedelta(days=4)) == 0
        assert states() == ["dropped"]

    def test_so_many_in_a_turn(self, clerk, monkeypatch):
        monkeypatch.setattr(mail, "AT_ONCE", 2)
        told(*[clerk] * 3)
        assert [send_waiting(at=NOON), send_waiting(at=NOON), send_waiting(at=NOON)] == [2, 1, 0]

    def test_old_ones_are_forgotten(self, clerk):
        told(clerk)
        assert forget_mail.call((NOON + timedelta(days=89)).isoformat()) == 0
        assert forget_mail.call((NOON + timedelta(days=91)).isoformat()) == 1


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
        assert {each.trouble for each in Mail.objects.all()} == {"邮件服务器连不上"}
        assert {each.next_at for each in Mail.objects.all()} == {NOON + 3 * MINUTE}
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
            assert states() == ["leaving", "waiting"]
            assert send_waiting(at=NOON + MINUTE) == 1
            assert send_waiting(at=NOON + 300 * MINUTE) == 0
        assert len(office.received) == 2
        assert undelivered(NOON + 300 * MINUTE) == 1

    def test_a_worker_killed_in_between_leaves_nothing_that_could_come_twice(self, settings, clerk, monkeypatch):
        told(clerk)
        with PostOffice() as office:
            served_by(settings, office.port)
            monkeypatch.setattr(mail, "_settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                send_waiting(at=NOON)
            monkeypatch.undo()
            served_by(settings, office.port)
            assert send_waiting(at=NOON + MINUTE) == 0
        assert len(office.received) == 1

    def test_two_workers_with_the_same_list_send_each_once(self, settings, clerk):
        told(clerk)
        first, second = (mail.waiting(NOON).select_related("user").get() for _ in range(2))
        with PostOffice() as office:
            served_by(settings, office.port)
            with outbox.get_connection() as line:
                assert [mail._send(first, line, NOON), mail._send(second, line, NOON)] == [True, False]
        assert len(office.received) == 1

    def test_never_is_never_and_later_is_later(self, settings, clerk):
        told(clerk, factories.user(email="gone@example.gov.cn"))
        with PostOffice(answers=["451 busy"], refuses={"gone@example.gov.cn"}) as office:
            served_by(settings, office.port)
            assert send_waiting(at=NOON) == 0
            assert states() == ["waiting", "failed"]
            assert send_waiting(at=NOON + MINUTE) == 1
        assert [parseaddr(each["To"])[1] for each in office.received] == ["clerk@example.gov.cn"]
        assert Mail.objects.get(state="failed").trouble == "对方的邮件服务器没有收（550）"

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
        assert Mail.objects.get().state == "waiting"
        assert held_up(NOON + timedelta(hours=3)) == (1, "邮件服务器不让用这个发件地址")


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
