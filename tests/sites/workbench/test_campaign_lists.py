"""Behind every figure of the board stands its list: for who oversees, for a unit, for nobody else."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

from banshi.campaigns import actions
from banshi.core.clock import stopped_at
from banshi.people.enums import DivisionLevel
from banshi.people.models import User

pytestmark = pytest.mark.django_db
LISTS = (
    "campaign-entries",
    "campaign-entries-sheet",
    "campaign-units",
    "campaign-units-sheet",
    "campaign-explanations",
)


def signed_in_as(client, role, organ):
    who = User.objects.filter(posts__role=role, posts__organ=organ).first() or make.user(role, organ)
    client.force_login(who)
    return who


def at(name, unit, *more):
    return reverse(f"workbench:{name}", args=[unit.campaign.guid, *more])


def page(client, address, **asked):
    return client.get(address, asked).content.decode()


@pytest.fixture
def unit():
    return campaigns.opened(items=2)


@pytest.fixture
def other(unit):
    """Another unit of the same campaign, with one item reported."""
    made = campaigns.unit(unit.campaign)
    campaigns.reported(made)
    return made


class TestWho:
    @pytest.mark.parametrize("role", ["organizer", "leader", "supervisor"])
    def test_who_oversees_reads_every_list(self, client, unit, other, role):
        signed_in_as(client, role, unit.campaign.organ)
        assert {client.get(at(name, unit)).status_code for name in LISTS} == {200}
        assert str(other.organ) in page(client, at("campaign-units", unit))

    @pytest.mark.parametrize("role", ["leader", "supervisor"])
    def test_a_leader_looks_and_changes_nothing(self, client, unit, role):
        signed_in_as(client, role, unit.campaign.organ)
        changing = [
            at("campaign-units", unit),
            at("campaign-unit", unit, unit.pk),
            at("campaign-unit-leave", unit, unit.pk),
            at("campaign-leave", unit),
            at("campaign-leave-chosen", unit),
            at("campaign-stop", unit),
        ]
        assert {client.post(address).status_code for address in changing} == {403}
        assert "退出本次清理…" not in page(client, at("campaign-unit", unit, unit.pk))

    def test_a_review_body_reads_the_explanations(self, client, unit):
        body = unit.campaign.bodies.get(code="lead")
        client.force_login(campaigns.reviewer_of(body))
        assert client.get(at("campaign-explanations", unit)).status_code == 200

    def test_the_explanations_of_one_unit_are_read_alone(self, client, unit, other):
        for each, reason in ((unit, "由市级办理"), (other, "职责已划转")):
            actions.explain_absence(each, reference=make.reference(), reason=reason, by=TESTS, at=NOON)
        signed_in_as(client, "organizer", unit.campaign.organ)
        shown = page(client, at("campaign-explanations", unit), unit=unit.pk)
        assert "由市级办理" in shown and "职责已划转" not in shown

    def test_a_unit_sees_its_own_entries_only_and_no_list_of_units(self, client, unit, other):
        signed_in_as(client, "clerk", unit.organ)
        seen = page(client, at("campaign-entries", unit))
        assert all(each.item.name in seen for each in unit.entries.all())
        assert other.entries.get().item.name not in seen
        assert client.get(at("campaign-units", unit)).status_code == 403
        assert client.get(at("campaign-unit", unit, other.pk)).status_code == 403
        board = page(client, reverse("workbench:campaign", args=[unit.campaign.guid]), by="unit")
        assert str(unit.organ) in board
        assert str(other.organ) not in board

    def test_for_a_stranger_there_is_nothing(self, client, unit):
        signed_in_as(client, "clerk", make.organ(division=make.division("980101", "外县")))
        assert {client.get(at(name, unit)).status_code for name in LISTS} == {404}

    def test_nobody_comes_in_without_signing_in(self, client, unit):
        assert {client.get(at(name, unit)).status_code for name in LISTS} == {302}


class TestTheBoard:
    @pytest.mark.parametrize("axis", ["batch", "level", "division", "unit", "round"])
    def test_every_figure_is_the_length_of_the_list_it_opens(self, client, unit, other, axis):
        signed_in_as(client, "organizer", unit.campaign.organ)
        board = client.get(reverse("workbench:campaign", args=[unit.campaign.guid]), {"by": axis})
        for row in board.context["rows"]:
            for state, count in row.states.items():
                shown = client.get(at("campaign-entries", unit), {axis: row.key, "state": state})
                assert len(shown.context["page"].rows) == count
            if axis not in ("round",):
                assert len(client.get(at("campaign-units", unit), {axis: row.key}).context["units"]) == row.units
        assert sum(row.entries for row in board.context["rows"]) == 3

    def test_tiers_are_told_apart(self, client):
        city = make.division("990100", "示例市", level=DivisionLevel.CITY)
        campaign = campaigns.campaign("two-rounds", division=city)
        campaigns.unit(campaign)
        county = campaigns.unit(campaign, organ=make.organ(division=make.division()), items=2)
        signed_in_as(client, "organizer", campaign.organ)
        board = client.get(reverse("workbench:campaign", args=[campaign.guid]), {"by": "level"})
        assert [(row.label, row.entries) for row in board.context["rows"]] == [("市级", 1), ("县级", 2)]
        shown = client.get(at("campaign-units", county), {"level": DivisionLevel.COUNTY.value})
        assert [each.pk for each, _, _ in shown.context["units"]] == [county.pk]


class TestLists:
    def test_what_is_shown_is_exported(self, client, unit, other):
        signed_in_as(client, "organizer", unit.campaign.organ)
        answer = client.get(at("campaign-entries-sheet", unit), {"state": "reviewing"})
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert [row[4].value for row in sheet.iter_rows(min_row=3)] == [other.entries.get().item.name]

    def test_the_overdue_stand_in_a_list_of_their_own_with_how_late_they_are(self, client, unit, other):
        signed_in_as(client, "organizer", unit.campaign.organ)
        with stopped_at(campaigns.during(unit.campaign, "review")):
            seen = page(client, at("campaign-units", unit), show="overdue")
            answer = client.get(at("campaign-units-sheet", unit), {"show": "overdue"})
            sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert str(unit.organ) in seen
        assert "逾期1个工作日" in seen
        assert str(other.organ) not in seen
        [line] = list(sheet.iter_rows(min_row=3, values_only=True))
        assert (line[1], line[10]) == (str(unit.organ), "逾期1个工作日")

    def test_long_lists_go_on_where_the_page_ended(self, client, unit, monkeypatch):
        monkeypatch.setattr("banshi.sites.workbench.campaigns.lists.PAGE", 1)
        signed_in_as(client, "organizer", unit.campaign.organ)
        first = client.get(at("campaign-entries", unit), {"state": "preparing"})
        second = client.get(at("campaign-entries", unit) + "?" + first.context["page"].after)
        shown = [answer.context["page"].rows[0].pk for answer in (first, second)]
        assert shown == [each.pk for each in unit.entries.order_by("pk")]
        assert second.context["page"].after == ""

    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize("name", ["campaign-entries", "campaign-explanations"])
    def test_lists_cost_the_same_for_one_and_three(self, client, count, name, django_assert_max_num_queries):
        unit = campaigns.opened(items=count)
        for number in range(count):
            reference = make.reference(f"参考{number}", f"00050500{number}000")
            actions.explain_absence(unit, reference=reference, reason="没有", by=TESTS, at=NOON)
        signed_in_as(client, "organizer", unit.campaign.organ)
        with django_assert_max_num_queries(11):
            client.get(at(name, unit))

    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize("axis", ["level", "division", "unit", "round"])
    def test_the_board_costs_the_same_along_every_axis(self, client, count, axis, django_assert_max_num_queries):
        campaign = campaigns.campaign()
        for _ in range(count):
            campaigns.unit(campaign)
        signed_in_as(client, "organizer", campaign.organ)
        with django_assert_max_num_queries(20):
            client.get(reverse("workbench:campaign", args=[campaign.guid]), {"by": axis})


class TestLeaving:
    def test_chosen_items_leave_after_a_reason_is_given(self, client, unit):
        signed_in_as(client, "organizer", unit.campaign.organ)
        gone, stays = unit.entries.order_by("pk")
        asked = client.post(at("campaign-leave-chosen", unit), {"entry": [gone.guid]})
        assert gone.item.name in client.get(asked.url).content.decode()
        assert client.post(asked.url, {"reason": " "}).status_code == 422
        client.post(asked.url, {"reason": "职责划转"})
        gone.refresh_from_db()
        stays.refresh_from_db()
        assert (gone.state, stays.state) == ("left", "preparing")

    def test_a_unit_leaves_and_reads_why(self, client, unit):
        signed_in_as(client, "organizer", unit.campaign.organ)
        client.post(at("campaign-unit-leave", unit, unit.pk), {"reason": "机构撤销"})
        assert str(unit.organ) in page(client, at("campaign-units", unit), show="left")
        signed_in_as(client, "clerk", unit.organ)
        assert "机构撤销" in page(client, reverse("workbench:report", args=[unit.pk]))

    def test_who_left_comes_back_after_a_reason_is_given(self, client, unit):
        signed_in_as(client, "organizer", unit.campaign.organ)
        gone = unit.entries.order_by("pk")[0]
        client.post(f"{at('campaign-leave', unit)}?entry={gone.guid}", {"reason": "职责划转"})
        assert "重新列入…" in page(client, at("campaign-entries", unit), state="left")
        asked = client.post(at("campaign-rejoin-chosen", unit), {"entry": [gone.guid]})
        assert gone.item.name in client.get(asked.url).content.decode()
        client.post(asked.url, {"reason": "没有划转"})
        gone.refresh_from_db()
        assert gone.state == "preparing"

    def test_a_unit_that_left_is_asked_back(self, client, unit):
        signed_in_as(client, "organizer", unit.campaign.organ)
        back = at("campaign-unit-rejoin", unit, unit.pk)
        assert client.get(back).status_code == 404
        client.post(at("campaign-unit-leave", unit, unit.pk), {"reason": "机构撤销"})
        assert back in page(client, at("campaign-unit", unit, unit.pk))
        assert "一起退出的2项" in page(client, back)
        client.post(back, {"reason": "不撤了"})
        unit.refresh_from_db()
        assert unit.left_at is None and set(unit.entries.values_list("state", flat=True)) == {"preparing"}


class TestToday:
    def test_a_unit_sees_what_it_owes_and_until_when(self, client, unit):
        signed_in_as(client, "clerk", unit.organ)
        with stopped_at(campaigns.during(unit.campaign, "report")):
            seen = page(client, reverse("workbench:today"))
        assert "待报2项" in seen
        assert "个工作日" in seen

    def test_an_order_stands_there_until_it_is_answered(self, client, unit):
        day = campaigns.during(unit.campaign, "report")
        order = actions.order_rectification(unit, text="补报漏项", due=day.date(), by=TESTS, at=day)
        signed_in_as(client, "clerk", unit.organ)
        assert "补报漏项" in page(client, reverse("workbench:today"))
        actions.answer_order(order, answer="已补报", by=TESTS, at=day)
        assert "补报漏项" not in page(client, reverse("workbench:today"))

    def test_an_organizer_sees_who_is_late_and_what_waits(self, client, unit):
        campaigns.unit(unit.campaign)
        actions.order_rectification(unit, text="补报", due=NOON.date(), by=TESTS, at=NOON)
        actions.answer_order(unit.orders.get(), answer="已补报", by=TESTS, at=NOON)
        signed_in_as(client, "organizer", unit.campaign.organ)
        with stopped_at(campaigns.during(unit.campaign, "review")):
            seen = page(client, reverse("workbench:today"))
        assert "2个单位逾期没有上报" in seen
        assert "1条限期整改等核对销号" in seen

    def test_a_colleague_elsewhere_sees_nothing_of_it(self, client, unit):
        signed_in_as(client, "clerk", make.organ(division=make.division("980101", "外县")))
        assert str(unit.campaign) not in page(client, reverse("workbench:today"))

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_the_same_for_one_campaign_and_three(self, client, count, django_assert_max_num_queries):
        made = [campaigns.unit(campaigns.campaign()) for _ in range(count)]
        for each in made:
            actions.open_campaign(each.campaign, by=TESTS, at=NOON)
        client.force_login(make.user("organizer", made[0].campaign.organ))
        with django_assert_max_num_queries(26), stopped_at(campaigns.during(made[0].campaign, "review")):
            client.get(reverse("workbench:today"))


class TestPapers:
    @pytest.mark.parametrize("name", ["report-guides", "report-table", "report-forms"])
    def test_they_are_for_the_unit_and_who_oversees_it(self, client, unit, name):
        campaigns.reported(unit)
        more = {"report-guides": [], "report-table": ["directory"], "report-forms": ["pdf"]}[name]
        address = reverse(f"workbench:{name}", args=[unit.pk, *more])
        assert client.get(address).status_code == 302
        for role, organ, status in (
            ("clerk", unit.organ, 200),
            ("head", unit.organ, 200),
            ("clerk", make.organ(division=make.division("980101", "外县")), 404),
        ):
            signed_in_as(client, role, organ)
            assert client.get(address).status_code == status, role

    def test_before_anything_is_reported_the_draft_is_printed_for_signing(self, client, unit):
        signed_in_as(client, "head", unit.organ)
        address = reverse("workbench:report-table", args=[unit.pk, "directory"])
        assert client.get(address, {"draft": "1"}).status_code == 200
