"""What people are told: in the site, by mail, each once, by kinds they may mute."""

from datetime import date, timedelta
from string import Formatter

import pytest
from django.db import transaction
from tests import factories

from banshi.access import Permission
from banshi.core.errors import Refused
from banshi.ledger.models import LedgerEntry
from banshi.notifications import links
from banshi.notifications.actions import choose_mail, read_all
from banshi.notifications.kinds import KINDS, NotificationKind, filled
from banshi.notifications.models import MutedKind, Notification
from banshi.notifications.notify import NewNotification, notify, notify_many
from banshi.notifications.queries import unread_of
from banshi.notifications.recipients import holders, nearest_holders
from banshi.notifications.tasks import forget_notifications
from banshi.outbox.models import Message
from banshi.people.models import Delegation, Division

pytestmark = pytest.mark.django_db
NOON = factories.NOON
KIND = NotificationKind(
    "tests.late",
    "快到期",
    "催办{number}",
    "第{number}条，请在{last}前办。",
    page="adjustment",
    digest="几项工作快到期",
    overview="today",
)


@pytest.fixture(autouse=True)
def mail_is_on(settings, monkeypatch):
    settings.MAIL_ON, settings.DEFAULT_FROM_EMAIL = True, "banshi@example.gov.cn"
    settings.SITE_URL = "https://zwfw.example.gov.cn"
    monkeypatch.setitem(KINDS, KIND.code, KIND)


@pytest.fixture
def clerk():
    return factories.user("clerk", email="clerk@example.gov.cn")


def about(number, *users):
    """Of the organ with that key, as good as any thing."""
    thing = Division(pk=str(number))
    return NewNotification(KIND, [each.pk for each in users], thing, {"number": number, "last": date(2026, 12, 1)})


def mail():
    return Message.objects.get()


class TestWhoGetsMail:
    def test_without_a_server_it_stands_in_the_site_only(self, settings, clerk):
        settings.MAIL_ON = False
        assert notify_many([about(1, clerk)], at=NOON) == set()
        assert not Message.objects.exists()
        assert Notification.objects.get().user == clerk

    def test_only_who_gave_an_address_wants_it_and_is_in_office(self, clerk):
        nameless = factories.user("clerk")
        unwilling = factories.user("clerk", email="b@example.gov.cn", mail_wanted=False)
        gone = factories.user("clerk", email="c@example.gov.cn", is_active=False)
        assert notify_many([about(1, clerk, nameless, unwilling, gone)], at=NOON) == {clerk.pk}
        assert mail().recipient == clerk
        assert {each.user for each in Notification.objects.all()} == {clerk, nameless, unwilling}

    def test_who_muted_the_kind_reads_it_in_the_site(self, clerk):
        MutedKind.objects.create(user=clerk, kind=KIND.code)
        assert notify_many([about(1, clerk)], at=NOON) == set()
        assert unread_of(clerk).count() == 1

    @pytest.mark.parametrize("more", [0, 30])
    def test_thousands_are_told_with_few_questions(self, clerk, more, django_assert_num_queries):
        others = [factories.user(email=f"u{n}@example.gov.cn") for n in range(more)]
        notify_many([about(1, clerk)], at=NOON)
        with django_assert_num_queries(6):
            assert len(notify_many([about(2, clerk, *others)], at=NOON)) == more + 1

    def test_outside_of_an_act_nobody_is_told(self, clerk, monkeypatch):
        monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
        with pytest.raises(transaction.TransactionManagementError):
            notify(KIND, [clerk.pk], context={"number": 1, "last": NOON.date()}, at=NOON)


class TestWhatItSays:
    def test_templates_are_filled_and_days_written_out(self):
        assert filled(KIND.body, {"number": 3, "last": date(2026, 12, 1)}) == "第3条，请在2026年12月1日前办。"

    def test_what_is_filled_in_is_no_template(self):
        assert filled("{name}", {"name": "{last}\n二"}) == "{last} 二"

    def test_one_alone_leads_to_its_own_page(self, clerk):
        notify_many([about(7, clerk)], at=NOON)
        assert mail().title == "催办7"
        assert mail().payload["body"] == (
            "您好：\n第7条，请在2026年12月1日前办。\n\n请登录办理：https://zwfw.example.gov.cn/work/adjustments/7/\n\n"
            "这封邮件由系统自动发出，请不要回复。不想再收，可以在“我的”页面关闭：https://zwfw.example.gov.cn/my/"
        )
        assert Notification.objects.get().path == "/work/adjustments/7/"

    def test_what_concerns_one_person_several_times_comes_in_one_mail(self, clerk):
        notify_many([about(number, clerk) for number in range(25)], at=NOON)
        assert mail().title == "几项工作快到期"
        assert "第19条，请在2026年12月1日前办。\n另有5条，请登录查看。" in mail().payload["body"]
        assert "https://zwfw.example.gov.cn/work/\n" in mail().payload["body"]
        assert Notification.objects.count() == 25

    def test_every_kind_names_pages_there_are_and_templates_that_parse(self):
        for kind in KINDS.values():
            assert {kind.page, kind.overview} <= links.names(), kind.code
            for template in (kind.subject, kind.body):
                names = {name for _, name, _, _ in Formatter().parse(template) if name}
                assert "{" not in filled(template, dict.fromkeys(names, "某"))

    def test_what_is_told_of_a_thing_leads_to_its_page_or_to_the_list_it_is_in(self):
        for kind in KINDS.values():
            assert Notification(page=kind.page, key="7").path.startswith("/"), kind.code
            assert links.address_of(kind.overview), kind.code

    def test_a_page_that_is_no_more_leads_nowhere(self):
        assert Notification(page="gone").path == ""


class TestOnesOwn:
    def test_kinds_are_chosen_and_the_ledger_names_them(self, clerk):
        kept = [code for code in KINDS if code != KIND.code]
        given = {"email": "me@example.gov.cn", "wanted": True, "by": clerk, "at": NOON}
        choose_mail(clerk, kinds=kept, **given)
        assert list(clerk.muted_kinds.values_list("kind", flat=True)) == [KIND.code]
        assert LedgerEntry.objects.get(action="notifications.choose_mail").facts == {"muted": [KIND.code]}
        choose_mail(clerk, kinds=list(KINDS), **given)
        assert not clerk.muted_kinds.exists()

    def test_nobody_chooses_for_another(self, clerk):
        with pytest.raises(Refused):
            choose_mail(clerk, email="", wanted=False, kinds=[], by=factories.user("clerk"), at=NOON)

    def test_reading_all_is_of_ones_own(self, clerk):
        other = factories.user("clerk")
        notify_many([about(1, clerk, other)], at=NOON)
        assert read_all(clerk, by=clerk, at=NOON) == 1
        assert (unread_of(clerk).count(), unread_of(other).count()) == (0, 1)

    def test_old_ones_are_forgotten(self, clerk):
        notify_many([about(1, clerk)], at=NOON)
        assert forget_notifications.call((NOON + timedelta(days=89)).isoformat()) == 0
        assert forget_notifications.call((NOON + timedelta(days=91)).isoformat()) == 1


class TestRecipients:
    def test_holders_and_their_deputies(self):
        bureau, day = factories.organ(), NOON.date()
        clerk, deputy = factories.user("clerk", bureau), factories.user()
        factories.user("head", bureau)
        Delegation.objects.create(post=clerk.posts.get(), to=deputy, since=day, until=day, reason="出差")
        assert holders([bureau.pk], Permission.ADJUST_APPLY, day) == {bureau.pk: {clerk.pk, deputy.pk}}

    def test_the_nearest_above(self):
        city = Division.objects.create(code="990100", name="示例市", level=3)
        county = Division.objects.create(code="990102", name="示例县", level=4, parent=city)
        near, far = factories.organ(division=county), factories.organ(division=city)
        above = factories.user("publisher", far)
        found = nearest_holders([near], Permission.ITEM_PUBLISH, NOON.date())
        assert found == {near.pk: {above.pk}}
        beside = factories.user("publisher", near)
        assert nearest_holders([near], Permission.ITEM_PUBLISH, NOON.date()) == {near.pk: {beside.pk}}
