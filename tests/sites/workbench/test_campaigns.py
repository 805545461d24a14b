"""The organizer's pages and the unit's: every step of a campaign by its forms."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

from banshi.campaigns import actions
from banshi.campaigns.models import Campaign
from banshi.catalog.actions import save_draft
from banshi.core.clock import stopped_at
from banshi.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def organizer(client):
    organ = make.organ("示例编办", kind="party")
    who = make.user("organizer", organ)
    client.force_login(who)
    return who


def signed_in_as(client, role, organ):
    who = User.objects.filter(posts__role=role, posts__organ=organ).first() or make.user(role, organ)
    client.force_login(who)
    return who


def test_a_campaign_is_made_from_a_plan_with_dates_laid_back(client, organizer):
    organ = organizer.posts.get().organ
    answer = client.post(
        reverse("workbench:campaign-new"),
        {
            "name": "2027年清理",
            "plan": "two-reports",
            "organ": organ.pk,
            "division": organ.division_id,
            "final": "2027-06-30",
        },
    )
    made = Campaign.objects.get()
    assert answer.status_code == 302
    assert made.stages.count() == len(made.plan.phases)
    page = client.get(reverse("workbench:campaign", args=[made.guid])).content.decode()
    assert "两报两审" in page
    assert "常务会议审定" in page


def test_an_own_plan_that_is_wrong_is_refused_with_every_reason(client, organizer, tmp_path):
    organ = organizer.posts.get().organ
    file = tmp_path / "own.toml"
    file.write_text(
        client.get(reverse("workbench:campaign-plan", args=["concentrated"]))
        .content.decode()
        .replace('role = "lead"', 'role = "joint"')
    )
    with file.open("rb") as given:
        answer = client.post(
            reverse("workbench:campaign-new"),
            {
                "name": "自定",
                "plan": "own",
                "file": given,
                "organ": organ.pk,
                "division": organ.division_id,
                "final": "2027-06-30",
            },
        )
    assert answer.status_code == 422
    assert "应当正好有一个牵头审核单位" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_a_fifth_plan_needs_no_code(client, organizer, tmp_path):
    organ = organizer.posts.get().organ
    text = client.get(reverse("workbench:campaign-plan", args=["concentrated"])).content.decode()
    file = tmp_path / "own.toml"
    file.write_text(text.replace('code = "concentrated"', 'code = "our-own"').replace("集中审核", "本县的办法"))
    with file.open("rb") as given:
        client.post(
            reverse("workbench:campaign-new"),
            {
                "name": "自定",
                "plan": "own",
                "file": given,
                "organ": organ.pk,
                "division": organ.division_id,
                "final": "2027-06-30",
            },
        )
    assert Campaign.objects.get().plan.code == "our-own"


def test_dates_are_moved_and_laid_out_again(client):
    campaign = campaigns.campaign()
    signed_in_as(client, "organizer", campaign.organ)
    stage = campaign.stages.all()[0]
    address = reverse("workbench:campaign-dates", args=[campaign.guid])
    data = {}
    for each in campaign.stages.all():
        data |= {f"s{each.pk}-begins": each.begins, f"s{each.pk}-ends": each.ends}
    assert client.post(address, data | {f"s{stage.pk}-begins": stage.ends + timedelta(days=1)}).status_code == 422
    client.post(address, data | {f"s{stage.pk}-begins": stage.begins - timedelta(days=3)})
    moved = campaign.stages.get(pk=stage.pk)
    assert moved.begins == stage.begins - timedelta(days=3)
    client.post(reverse("workbench:campaign-lay-out", args=[campaign.guid]), {"final": "2027-12-31"})
    assert max(each.ends for each in campaign.stages.all()).isoformat() == "2027-12-31"


def test_units_are_invited_and_it_is_opened(client):
    campaign = campaigns.campaign()
    organ = make.organ(division=campaign.division)
    make.item(organ)
    signed_in_as(client, "organizer", campaign.organ)
    client.post(reverse("workbench:campaign-units", args=[campaign.guid]), {"organ": [organ.pk]})
    client.post(reverse("workbench:campaign-open", args=[campaign.guid]))
    campaign.refresh_from_db()
    assert campaign.state == "running"
    assert campaign.entries.count() == 1
    page = client.get(reverse("workbench:campaign-units", args=[campaign.guid]) + "?show=nameless").content.decode()
    assert organ.name in page


def test_a_unit_goes_through_its_list_and_the_head_signs(client):
    campaign = campaigns.campaign()
    organ = make.organ(division=campaign.division)
    for _ in range(2):
        make.publication(of=make.item(organ))
    [unit] = actions.invite_units(campaign, organs=[organ], by=TESTS, at=NOON)
    actions.open_campaign(campaign, by=TESTS, at=NOON)
    signed_in_as(client, "clerk", organ)
    here = [unit.pk]
    client.post(reverse("workbench:report-contacts", args=here), {"leader": "张", "section": "办公室", "clerk": "李"})
    page = client.get(reverse("workbench:report-summary", args=here)).content.decode()
    assert "共清理公共服务事项2项" in page
    client.post(reverse("workbench:report-summary", args=here), {"progress": "清理完毕"})
    answer = client.post(reverse("workbench:report-annex", args=[*here, "catalogue"]), follow=True)
    assert "“公共服务事项目录表”已报，共2项" in answer.content.decode()
    first = unit.entries.all()[0]
    client.post(
        reverse("workbench:report-dispose", args=here),
        {"entry": [first.guid], "disposition": "change", "note": "精简材料"},
    )
    assert "精简材料" in client.get(reverse("workbench:report-entries", args=here)).content.decode()
    assert client.get(reverse("workbench:report-sign", args=here)).status_code == 403
    signed_in_as(client, "head", organ)
    with stopped_at(campaigns.during(campaign, "report")):
        answer = client.post(reverse("workbench:report-sign", args=here), follow=True)
    assert "第1轮已上报2项" in answer.content.decode()
    assert unit.reports.get().items == 2


def test_what_stands_against_signing_is_listed_and_nothing_is_reported(client):
    campaign = campaigns.campaign()
    organ = make.organ(division=campaign.division)
    make.publication(of=make.item(organ))
    [unit] = actions.invite_units(campaign, organs=[organ], by=TESTS, at=NOON)
    actions.open_campaign(campaign, by=TESTS, at=NOON)
    signed_in_as(client, "head", organ)
    with stopped_at(campaigns.during(campaign, "report")):
        answer = client.post(reverse("workbench:report-sign", args=[unit.pk]))
    assert answer.status_code == 422
    assert "还没有写工作小结" in answer.content.decode()
    assert not unit.reports.exists()


def sign_page(client, unit):
    with stopped_at(campaigns.during(unit.campaign, "report")):
        return client.get(reverse("workbench:report-sign", args=[unit.pk])).content.decode()


def with_a_gap_in_its_guide(unit):
    """The draft of the unit's item loses its legal ground, which the rule book calls 必改."""
    item = unit.entries.get().item
    draft = make.draft(item)
    save_draft(draft, guide=make.guide(item.name, bases=[]), stamp=draft.stamp, by=TESTS, at=NOON)
    return item


def test_what_must_be_changed_is_said_before_the_button_is_pressed(client):
    unit = campaigns.opened(findings=True)
    item = with_a_gap_in_its_guide(unit)
    signed_in_as(client, "head", unit.organ)
    page = sign_page(client, unit)
    assert "还不能签字" in page and "必改" in page
    assert reverse("workbench:item", args=[item.guid]) in page
    assert 'disabled aria-describedby="why-not"' in page
    assert not unit.reports.exists() and unit.entries.get().text is None


def test_who_may_edit_is_led_to_the_element(client):
    unit = campaigns.opened(findings=True)
    item = with_a_gap_in_its_guide(unit)
    both = signed_in_as(client, "head", unit.organ)
    make.post(both, "clerk", unit.organ)
    assert f"{reverse('workbench:editor', args=[item.guid])}#bases" in sign_page(client, unit)


def test_what_is_missing_of_the_unit_itself_is_said_with_where_to_write_it(client):
    unit = campaigns.opened()
    unit.named_at, unit.progress = None, ""
    unit.save()
    signed_in_as(client, "head", unit.organ)
    page = sign_page(client, unit)
    assert reverse("workbench:report-contacts", args=[unit.pk]) in page
    assert reverse("workbench:report-summary", args=[unit.pk]) in page


def test_before_the_stage_begins_the_button_says_so(client):
    unit = campaigns.opened()
    signed_in_as(client, "head", unit.organ)
    with stopped_at(NOON):
        page = client.get(reverse("workbench:report-sign", args=[unit.pk])).content.decode()
    assert "现在还没到" in page and "disabled" in page


def test_nothing_holds_up_a_report_that_is_ready(client):
    unit = campaigns.opened()
    signed_in_as(client, "head", unit.organ)
    page = sign_page(client, unit)
    assert "还不能签字" not in page and "why-not" not in page


def test_a_returned_item_shows_what_is_asked(client):
    unit = campaigns.opened("two-rounds")
    [entry] = campaigns.reported(unit)
    campaigns.summed_up(campaigns.judged(entry), "return", "请把材料减到两份", "请写明收费依据")
    signed_in_as(client, "clerk", unit.organ)
    page = client.get(reverse("workbench:report-entry", args=[entry.guid])).content.decode()
    assert "请把材料减到两份" in page
    assert "请写明收费依据" in page
    assert "退回来要改的" in client.get(reverse("workbench:report", args=[unit.pk])).content.decode()


def test_paper_copies_are_received(client):
    unit = campaigns.opened()
    campaigns.reported(unit)
    signed_in_as(client, "organizer", unit.campaign.organ)
    report = unit.reports.get()
    client.post(
        reverse("workbench:campaign-unit", args=[unit.campaign.guid, unit.pk]), {"report": report.pk, "copies": 4}
    )
    report.refresh_from_db()
    assert report.copies == 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_units_costs_the_same_for_one_and_three(client, count, django_assert_max_num_queries):
    campaign = campaigns.campaign()
    for _ in range(count):
        campaigns.unit(campaign)
    signed_in_as(client, "organizer", campaign.organ)
    with django_assert_max_num_queries(17):
        client.get(reverse("workbench:campaign-units", args=[campaign.guid]))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_entries_costs_the_same_for_one_and_three(client, count, django_assert_max_num_queries):
    unit = campaigns.opened(items=count)
    signed_in_as(client, "clerk", unit.organ)
    with django_assert_max_num_queries(14):
        client.get(reverse("workbench:report-entries", args=[unit.pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_costs_the_same_for_one_and_three_units(client, count, django_assert_max_num_queries):
    campaign = campaigns.campaign()
    for _ in range(count):
        campaigns.unit(campaign)
    signed_in_as(client, "organizer", campaign.organ)
    with django_assert_max_num_queries(18):
        client.get(reverse("workbench:campaign", args=[campaign.guid]))


class TestWhoCanMendSees:
    def test_the_clerk_reads_on_the_report_what_stands_against_signing(self, client):
        unit = campaigns.unit(campaigns.campaign())
        actions.open_campaign(unit.campaign, by=TESTS, at=NOON)
        signed_in_as(client, "clerk", unit.organ)
        page = client.get(reverse("workbench:report", args=[unit.pk])).content.decode()
        assert "还不能上报" in page
        assert "“公共服务事项目录表”还没有报" in page

    def test_today_shows_reviewers_what_waits_with_its_last_day(self, client):
        [entry] = campaigns.reported(campaigns.opened())
        campaigns.at_desk(entry.campaign)
        client.force_login(campaigns.reviewer_of(campaigns.lead_of(entry)))
        page = client.get(reverse("workbench:today")).content.decode()
        assert "1项等您提意见" in page
        assert "今天没有等您办的事" not in page

    def test_reasons_typed_for_several_gaps_are_kept_together(self, client):
        unit = campaigns.opened()
        references = [make.reference(f"参考事项{n}", f"00050500{n}000") for n in range(3)]
        count = actions.explain_absences(
            unit, reasons={each: f"原因{n}" for n, each in enumerate(references)}, by=TESTS, at=NOON
        )
        assert count == unit.absences.count() == 3

    def test_a_disposition_that_lacks_its_reason_comes_back_with_the_ticks(self, client):
        unit = campaigns.opened(items=2)
        first, second = unit.entries.order_by("id")
        signed_in_as(client, "clerk", unit.organ)
        sent = {"entry": [first.guid], "disposition": "cancel", "note": ""}
        answer = client.post(reverse("workbench:report-dispose", args=[unit.pk]), sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "请写理由" in page
        assert "checked" in page.partition(str(first.guid))[2][:120]
        assert str(second.guid) not in page
