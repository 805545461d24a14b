"""By mail a campaign tells each person once what is due, returned, ordered or asked for, and nothing that is secret."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail as outbox

from banshi.campaigns import actions
from banshi.campaigns.enums import Conclusion
from banshi.campaigns.models import Stage
from banshi.campaigns.tasks import tell_returns
from banshi.core.clock import CHINA
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.notifications.reminders import REMINDERS, remind
from banshi.notifications.tasks import remind_due
from banshi.outbox.actions import queue_named
from banshi.outbox.delivery import deliver
from banshi.outbox.models import Message
from banshi.people.models import Delegation, Post
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_is_on(settings):
    settings.MAIL_ON, settings.DEFAULT_FROM_EMAIL = True, "banshi@example.gov.cn"


def mailed(role, organ, name="", title=""):
    """Somebody of an organ who gave an address."""
    who = make.user(email=f"{organ.pk}-{role}-{name or 'x'}@example.gov.cn", full_name=name or "某人")
    Post.objects.create(user=who, organ=organ, role=role, title=title, since=date(2020, 1, 1))
    return who


def last_morning(campaign, phase="guides"):
    return datetime.combine(campaign.stages.get(phase=phase).ends, time(7, 30), CHINA)


def told():
    """What was queued, by whom it is for."""
    return {each.recipient: each for each in Message.objects.select_related("recipient")}


class TestReminders:
    def test_a_unit_that_is_behind_is_told_until_when_and_how_many(self, client):
        unit = campaigns.opened(items=2)
        clerk = mailed("clerk", unit.organ)
        moment = last_morning(unit.campaign)
        remind_due.call(moment.isoformat())
        [one] = told().values()
        assert one.recipient == clerk
        assert one.title == f"催办：{unit.campaign}{unit.campaign.plan.phase('guides').label}今天到期"
        assert f"{unit.organ}：" in one.payload["body"]
        assert "还有2项没有上报" in one.payload["body"]
        assert not any(entry.item.name in one.payload["body"] for entry in unit.entries.all())
        client.force_login(clerk)
        assert client.get(f"/work/reports/{unit.pk}/").status_code == 200
        assert f"/work/reports/{unit.pk}/" in one.payload["body"]

    def test_once_and_the_ledger_says_how_many_were_told(self):
        unit = campaigns.opened()
        mailed("clerk", unit.organ)
        make.user("clerk", unit.organ)
        moment = last_morning(unit.campaign)
        for _ in range(2):
            remind_due.call(moment.isoformat())
        assert LedgerEntry.objects.get(action="campaigns.remind_of_stage").facts["mailed"] == 1
        assert Message.objects.count() == 1

    def test_leader_section_and_clerk_are_told_when_they_have_accounts_there(self):
        unit = campaigns.opened()
        leader, clerk = mailed("head", unit.organ, "张三"), mailed("clerk", unit.organ, "李四")
        section = mailed("clerk", unit.organ, "王五", title="办公室科员")
        mailed("clerk", unit.organ, "赵六")
        mailed("clerk", make.organ(), "李四")
        remind_due.call(last_morning(unit.campaign).isoformat())
        assert set(told()) == {leader, clerk, section}

    def test_who_stands_in_for_them_is_told_too(self):
        unit = campaigns.opened()
        clerk, deputy = mailed("clerk", unit.organ, "李四"), mailed("window", make.organ(), "代理")
        moment = last_morning(unit.campaign)
        day = moment.date()
        Delegation.objects.create(post=clerk.posts.get(), to=deputy, since=day, until=day, reason="出差")
        remind_due.call(moment.isoformat())
        assert set(told()) == {clerk, deputy}

    def test_who_has_reported_hears_nothing(self):
        unit = campaigns.opened()
        mailed("clerk", unit.organ)
        campaigns.reported(unit)
        remind_due.call(last_morning(unit.campaign).isoformat())
        assert not told()

    def test_one_mail_for_a_person_with_several_units_even_in_several_campaigns(self):
        first, second = campaigns.opened(), campaigns.opened()
        third = campaigns.unit(second.campaign)
        clerk = mailed("clerk", first.organ)
        for unit in (second, third):
            make.post(clerk, "clerk", unit.organ)
        remind_due.call(last_morning(first.campaign).isoformat())
        [one] = told().values()
        assert all(f"{unit.organ}：" in one.payload["body"] for unit in (first, second, third))
        facts = [each.facts["mailed"] for each in LedgerEntry.objects.filter(action="campaigns.remind_of_stage")]
        assert facts == [1, 1]

    def test_members_of_a_body_are_told_how_many_opinions_it_owes(self):
        unit = campaigns.opened(items=2)
        entries = campaigns.reported(unit)
        body = campaigns.lead_of(entries[0])
        reviewer = mailed("reviewer", body.organ)
        stage = next(
            each
            for each in Stage.objects.filter(campaign=unit.campaign, batch=unit.batch)
            if each.planned.kind == "review" and each.planned.round == 1
        )
        remind_due.call(datetime.combine(stage.ends, time(7, 30), CHINA).isoformat())
        [one] = told().values()
        assert one.recipient == reviewer
        assert f"{body}：" in one.payload["body"]
        assert "还有2项没有提意见" in one.payload["body"]
        assert "/work/desk/" in one.payload["body"]

    def test_without_mail_they_are_told_in_the_site(self, settings):
        settings.MAIL_ON = False
        unit = campaigns.opened()
        mailed("clerk", unit.organ)
        remind_due.call(last_morning(unit.campaign).isoformat())
        assert LedgerEntry.objects.get(action="campaigns.remind_of_stage").facts["units"] == [unit.pk]
        assert not told()
        assert "还有1项没有上报" in Notification.objects.get(kind="campaigns.report_due").body

    @pytest.mark.parametrize("more", [0, 3])
    def test_as_many_questions_for_four_units_as_for_one(self, more, django_assert_num_queries):
        unit = campaigns.opened()
        for each in (unit, *(campaigns.unit(unit.campaign) for _ in range(more))):
            mailed("clerk", each.organ)
        queue_named("mail")
        with django_assert_num_queries(24):
            assert remind(REMINDERS["campaigns.remind_of_stage"], by=TESTS, at=last_morning(unit.campaign)) == 1
        assert Message.objects.count() == more + 1


class TestReturns:
    def test_all_that_was_returned_comes_in_one_mail(self):
        unit = campaigns.opened(items=3)
        mailed("clerk", unit.organ)
        entries = [campaigns.judged(each, "change") for each in campaigns.reported(unit)]
        for entry in entries[:2]:
            campaigns.summed_up(entry, Conclusion.RETURN, "请补齐材料份数")
        moment = campaigns.during(unit.campaign, "review") + timedelta(hours=5)
        assert tell_returns.call(moment.isoformat()) == 1
        [one] = told().values()
        assert "有2项退回修改" in one.payload["body"]
        assert "材料份数" not in one.payload["body"]

    def test_again_only_when_something_more_was_returned(self):
        unit = campaigns.opened(items=2)
        mailed("clerk", unit.organ)
        entries = [campaigns.judged(each, "change") for each in campaigns.reported(unit)]
        campaigns.summed_up(entries[0], Conclusion.RETURN, "请补齐")
        moment = campaigns.during(unit.campaign, "review") + timedelta(minutes=30)
        later = moment + timedelta(days=1)
        assert [tell_returns.call(each.isoformat()) for each in (moment + timedelta(hours=1), later)] == [1, 0]
        actions.sum_up(
            entries[1],
            conclusion=Conclusion.RETURN,
            disposition=entries[1].disposition,
            asks=["请补齐"],
            body=campaigns.lead_of(entries[1]),
            by=TESTS,
            at=later,
        )
        assert tell_returns.call((later + timedelta(hours=1)).isoformat()) == 1
        assert LedgerEntry.objects.filter(action="campaigns.tell_of_returns", facts__mailed=1).count() == 2

    def test_what_the_joint_conference_gave_back_counts_too(self):
        unit = campaigns.opened()
        mailed("clerk", unit.organ)
        [entry] = [campaigns.judged(each, "change") for each in campaigns.reported(unit)]
        campaigns.summed_up(entry, Conclusion.DISPUTE, question="是不是公共服务")
        moment = campaigns.during(unit.campaign, "review") + timedelta(hours=3)
        settled = {"outcome": "as_body", "minutes": "按审核单位意见", "held_on": moment.date()}
        actions.settle_dispute(entry.disputes.get(), **settled, by=TESTS, at=moment)
        assert tell_returns.call((moment + timedelta(hours=1)).isoformat()) == 1
        assert "有1项退回修改" in Message.objects.get().payload["body"]


class TestOrdersAndInvitations:
    def test_an_order_reaches_the_unit_without_its_text(self, client):
        unit = campaigns.opened()
        clerk = mailed("clerk", unit.organ)
        order = actions.order_rectification(unit, text="补报漏项", due=NOON.date(), by=TESTS, at=NOON)
        [one] = told().values()
        assert "2026年11月23日前整改" in one.payload["body"]
        assert "补报漏项" not in one.payload["body"]
        client.force_login(clerk)
        assert client.get(f"/work/orders/{order.pk}/").status_code == 200
        assert f"/work/orders/{order.pk}/" in one.payload["body"]
        assert LedgerEntry.objects.get(action="campaigns.order_rectification").facts["mailed"] == 1

    def test_units_are_asked_when_the_campaign_is_opened_and_after_that_at_once(self):
        planned = campaigns.campaign()
        early, late = make.organ(), make.organ()
        first, second = mailed("clerk", early), mailed("head", late)
        make.publication(of=make.item(early))
        actions.invite_units(planned, organs=[early], by=TESTS, at=NOON)
        assert not told()
        actions.open_campaign(planned, by=TESTS, at=NOON)
        assert set(told()) == {first}
        planned.refresh_from_db()
        actions.invite_units(planned, organs=[early, late], by=TESTS, at=NOON)
        assert set(told()) == {first, second}
        assert Message.objects.count() == 2
        assert "完成第一次上报" in told()[second].payload["body"]

    def test_they_leave_by_the_worker(self):
        unit = campaigns.opened()
        mailed("clerk", unit.organ)
        actions.order_rectification(unit, text="补报漏项", due=NOON.date(), by=TESTS, at=NOON)
        deliver(queue_named("mail"), at=NOON)
        assert outbox.outbox[0].subject == f"限期整改：{unit.campaign}"
