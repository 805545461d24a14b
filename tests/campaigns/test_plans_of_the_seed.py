"""Ways of the four plans that the others do not go: county bodies, teams, lists, the public within a review, conferences."""

from datetime import timedelta

import pytest

from banshi.calendar.working_days import WorkingCalendar
from banshi.campaigns import actions, queries
from banshi.campaigns.annexes import missing_annexes
from banshi.campaigns.date_checks import doubts_of
from banshi.campaigns.enums import Conclusion, Disposition, Outcome, ReportedList, Verdict
from banshi.campaigns.models import Bulletin, Dispute
from banshi.campaigns.plan import decoded, plan_named, read_plan
from banshi.campaigns.printouts import bulletin_paper
from banshi.campaigns.signing_blockers import hindrances, left_out
from banshi.campaigns.tasks import draw_up_bulletins
from banshi.catalog.actions import drafts_of, submit_drafts
from banshi.catalog.models import Revision
from banshi.core.errors import BadInput, Conflict, Refused
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db


class TestTheCountyReviewsItsOwn:
    @pytest.fixture
    def city(self):
        place = make.division("9901", "示例市", 3)
        self.east = make.division("990121", "东样县", 4)
        self.west = make.division("990122", "西样县", 4)
        return campaigns.campaign("two-rounds", division=place)

    def test_each_county_has_a_body_of_its_own(self, city):
        assert {each.division_id for each in city.bodies.exclude(division=None)} == {"990121", "990122"}

    def test_a_county_s_unit_is_led_by_its_county_and_the_city_reviews_with_it(self, city):
        unit = campaigns.unit(city, organ=make.organ(division=self.east))
        actions.open_campaign(city, by=TESTS, at=NOON)
        [entry] = campaigns.reported(unit)
        bodies = {each.body.code for each in entry.reviews.all()}
        assert entry.lead == "county@990121"
        assert bodies == {"county@990121", "lead-joint", "service-office"}

    def test_the_other_county_sees_nothing_of_it_and_cannot_conclude(self, city):
        unit = campaigns.unit(city, organ=make.organ(division=self.east))
        actions.open_campaign(city, by=TESTS, at=NOON)
        [entry] = campaigns.reported(unit)
        other = city.bodies.get(code="county@990122")
        assert not queries.desk_of(campaigns.reviewer_of(other), city, at=NOON).exists()
        campaigns.judged(entry)
        with pytest.raises(Refused, match="不由您的单位牵头"):
            actions.sum_up(
                entry, conclusion=Conclusion.PASS, disposition=Disposition.KEEP, body=other, by=TESTS, at=NOON
            )

    def test_where_a_county_named_none_the_city_leads(self, city):
        city.bodies.filter(code="county@990121").update(organ=None)
        unit = campaigns.unit(city, organ=make.organ(division=self.east))
        actions.open_campaign(city, by=TESTS, at=NOON)
        [entry] = campaigns.reported(unit)
        assert entry.lead == "lead-joint"


class TestATeamOfSeveralOrgans:
    def test_people_of_other_organs_review_for_it_but_not_their_own_unit(self):
        campaign = campaigns.campaign("three-rounds", division=make.division("99", "示例省", 2))
        team = campaign.bodies.get(code="lead")
        lent_by = make.organ(division=campaign.division)
        lent = make.user("reviewer", lent_by)
        own, other = campaigns.unit(campaign, organ=lent_by), campaigns.unit(campaign)
        actions.second_reviewers(team, members=[lent], by=TESTS, at=NOON)
        actions.open_campaign(campaign, by=TESTS, at=NOON)
        [mine], [theirs] = campaigns.reported(own), campaigns.reported(other)
        at = campaigns.during(campaign, "review")
        assert [each.entry_id for each in queries.desk_of(lent, campaign, at=at)] == [theirs.pk]
        actions.claim_review(theirs.reviews.get(body=team), by=lent, at=at)
        with pytest.raises(Refused, match="任职"):
            actions.claim_review(mine.reviews.get(body=team), by=lent, at=at)

    def test_nobody_is_lent_to_an_office_that_is_no_team(self):
        campaign = campaigns.campaign()
        with pytest.raises(Conflict, match="不是项目组"):
            actions.second_reviewers(campaign.bodies.get(code="lead"), members=[], by=TESTS, at=NOON)


class TestListsBesideTheGuides:
    def test_the_catalogue_is_reported_first(self):
        unit = campaigns.unit(campaigns.campaign(), items=2)
        actions.open_campaign(unit.campaign, by=TESTS, at=NOON)
        with pytest.raises(BadInput) as refused:
            actions.sign_report(unit, by=campaigns.head_of(unit.organ), at=campaigns.during(unit.campaign, "report"))
        assert [each.message for each in refused.value.problems] == ["“公共服务事项目录表”还没有报"]
        kept = actions.hand_in(unit, annex=ReportedList.CATALOGUE, by=TESTS, at=NOON)
        assert kept.count == 2
        assert missing_annexes(unit) == []

    def test_an_empty_list_says_why(self):
        unit = campaigns.unit(campaigns.campaign("two-reports"))
        actions.open_campaign(unit.campaign, by=TESTS, at=NOON)
        assert missing_annexes(unit) == [ReportedList.AGENCIES, ReportedList.TRANSFERS]
        with pytest.raises(BadInput, match="一项也没有"):
            actions.hand_in(unit, annex=ReportedList.AGENCIES, by=TESTS, at=NOON)
        assert actions.hand_in(unit, annex=ReportedList.AGENCIES, nothing="没有中介服务", by=TESTS, at=NOON).nothing

    def test_only_the_twelve_categories_are_cleaned_up(self):
        unit = campaigns.unit(campaigns.campaign())
        make.publication(of=make.item(unit.organ, category=make.category("other", "其他")))
        actions.gather_items(unit, by=TESTS, at=NOON)
        assert unit.entries.count() == 1


class TestTheSecondReportIsOfEverything:
    @pytest.fixture
    def twice(self):
        unit = campaigns.opened("two-reports", items=2)
        for entry in campaigns.reported(unit):
            campaigns.summed_up(campaigns.judged(entry))
        unit.refresh_from_db()
        assert set(unit.entries.values_list("state", flat=True)) == {"confirmed"}
        campaigns.reported(unit, 2)
        return unit

    def test_with_the_list_for_the_item_library(self, twice):
        kept = twice.handed_in.get(annex=ReportedList.LIBRARY)
        assert kept.count == 2
        assert set(twice.entries.values_list("state", "round")) == {("reviewing", 2)}

    def test_the_public_is_asked_before_the_second_review_concludes(self, twice):
        entry = campaigns.judged(twice.entries.first())
        with pytest.raises(Conflict, match="征求意见还没有办结"):
            campaigns.summed_up(entry)
        one = campaigns.consulted(twice.campaign)
        assert queries.entries_consulted(one).count() == 2
        assert campaigns.summed_up(entry).state == "agreed"

    def test_in_bulk_too(self, twice):
        entries = [campaigns.judged(each) for each in twice.entries.all()]
        seen = [(each, each.text.digest) for each in entries]
        at = campaigns.during(twice.campaign, "review", 2)
        with pytest.raises(Conflict, match="征求意见还没有办结"):
            actions.pass_many(seen, body=campaigns.lead_of(entries[0]), by=TESTS, at=at)


class TestConference:
    @pytest.fixture
    def dispute(self):
        [entry] = campaigns.reported(campaigns.opened())
        campaigns.judged(entry, Verdict.OPPOSE, lawful="没有依据")
        campaigns.summed_up(entry, Conclusion.DISPUTE, question="要不要单列？")
        return Dispute.objects.get()

    def test_it_keeps_who_came_the_agenda_and_what_was_concluded(self, dispute):
        campaign = dispute.entry.campaign
        held = actions.hold_conference(
            campaign,
            held_on=NOON.date(),
            members=["发改委", "财政局", ""],
            agenda="单列",
            minutes="下放",
            by=TESTS,
            at=NOON,
        )
        assert held.members == ["发改委", "财政局"]
        actions.settle_dispute(
            dispute,
            outcome=Outcome.OTHERWISE,
            disposition=Disposition.DELEGATE,
            minutes=held.minutes,
            held_on=held.held_on,
            conference=held,
            by=TESTS,
            at=NOON,
        )
        dispute.entry.refresh_from_db()
        assert (dispute.entry.state, dispute.entry.disposition) == ("agreed", "delegate")
        assert held.disputes.get() == dispute

    def test_another_disposition_has_to_be_named(self, dispute):
        with pytest.raises(BadInput, match="处置意见"):
            actions.settle_dispute(
                dispute, outcome=Outcome.OTHERWISE, minutes="另定", held_on=NOON.date(), by=TESTS, at=NOON
            )

    def test_the_members_of_the_plan_are_those_of_the_seed(self):
        members = "".join(plan_named("two-reports").conference)
        assert all(
            word in members for word in ("政府办公室", "编办", "发展改革委", "财政局", "法制办", "国资委", "审管办")
        )


class TestMonthlyBulletin:
    def test_it_is_drawn_up_once_a_month_with_what_is_to_be_put_right(self):
        unit = campaigns.opened()
        actions.order_rectification(unit, text="明确经办人员", due=NOON.date(), by=TESTS, at=NOON)
        moment = (NOON + timedelta(hours=1)).replace(day=25)
        draw_up_bulletins.func(moment.isoformat())
        draw_up_bulletins.func((moment + timedelta(days=1)).isoformat())
        [bulletin] = Bulletin.objects.all()
        assert bulletin.issued_at is None
        assert "限期整改" in [each.title for each in bulletin_paper(bulletin).sections]

    def test_none_before_the_day_nor_where_the_plan_wants_none(self):
        campaigns.opened()
        campaigns.opened("two-rounds")
        draw_up_bulletins.func(NOON.replace(day=24).isoformat())
        assert not Bulletin.objects.exists()


class TestPlanFiles:
    def test_what_notepad_writes_as_ansi_is_read(self):
        text = 'code = "own"\nlabel = "本县的办法"\n'
        assert decoded(text.encode("gb18030")) == text
        assert decoded(text.encode("utf-8-sig")) == text
        assert decoded(text.encode("utf-16")) == text

    def test_what_is_no_text_is_refused_with_a_sentence(self):
        with pytest.raises(BadInput, match="编码认不出"):
            decoded(b"\xff\x00\x81\xff\xff", "own.toml")

    def test_faults_are_told_in_chinese_with_their_place(self):
        data = plan_named("concentrated").model_dump(mode="json")
        data["bodies"][0]["role"] = "leed"
        data["phases"][1]["days"] = "ten"
        data["copies"] = 99
        with pytest.raises(BadInput) as refused:
            read_plan(data)
        told = {each.where: each.message for each in refused.value.problems}
        assert told["审核单位（bodies） → 第1个 → role"] == "只能写lead、joint、expert、legal，现在写的是“leed”"
        assert told["阶段（phases） → 第2个 → days"] == "要写整数，现在写的是“ten”"
        assert told["copies"] == "不能大于20，现在写的是“99”"

    @pytest.mark.parametrize(
        ("key", "value", "said"), [("label", "", "至少要写1个字"), ("label", "长" * 99, "最多写60个字"), ("code", "x" * 99, "最多写40个字")]
    )  # fmt: skip
    def test_names_and_codes_have_the_length_of_their_columns(self, key, value, said):
        data = plan_named("concentrated").model_dump(mode="json")
        data["criteria"][0][key] = value
        with pytest.raises(BadInput) as refused:
            read_plan(data)
        assert said in refused.value.problems[0].message

    def test_broken_toml_is_told_in_chinese(self):
        with pytest.raises(BadInput, match="第1行") as refused:
            read_plan('code = "own\n')
        assert "Illegal" not in str(refused.value)

    def test_a_plan_for_a_province_is_not_for_a_city(self):
        with pytest.raises(BadInput, match="没有这样的单位"):
            campaigns.campaign("three-rounds", division=make.division("9901", "示例市", 3))


class TestOrderOfDates:
    def test_publishing_before_the_first_stage_is_refused(self):
        campaign = campaigns.campaign()
        stage = campaign.stages.get(phase="publish")
        early = campaign.stages.order_by("begins")[0].begins - timedelta(days=9)
        with pytest.raises(BadInput) as refused:
            actions.move_stages([(stage, early, early)], by=TESTS, at=NOON)
        assert "公布实施" in refused.value.problems[0].message
        stage.refresh_from_db()
        assert stage.begins != early


class TestWhatStandsAgainstSigning:
    def test_an_item_in_another_examination_is_left_out_and_named_and_the_rest_reported(self):
        unit = campaigns.opened(items=2)
        busy, free = unit.entries.order_by("id")
        [draft] = drafts_of([busy.item], reason="调整", by=TESTS, at=NOON).values()
        submit_drafts([draft], by=TESTS, at=NOON)
        assert [each.pk for each in left_out(unit)] == [busy.pk]
        report = actions.sign_report(
            unit, by=campaigns.head_of(unit.organ), at=campaigns.during(unit.campaign, "report")
        )
        assert report.items == 1
        states = dict(unit.entries.values_list("pk", "state"))
        assert states == {busy.pk: "preparing", free.pk: "reviewing"}

    def test_ending_an_item_needs_no_guide(self):
        unit = campaigns.opened(items=1)
        bare = make.item(unit.organ)
        bare.revisions.update(state=Revision.State.DISCARDED)
        actions.gather_items(unit, by=TESTS, at=NOON)
        entry = unit.entries.get(item=bare)
        at = campaigns.during(unit.campaign, "report")
        assert "还没有写办事指南" in {each.message for each in hindrances(unit, at)}
        actions.set_disposition([entry], disposition=Disposition.CANCEL, note="不再办理", by=TESTS, at=NOON)
        assert hindrances(unit, at) == []
        assert actions.sign_report(unit, by=campaigns.head_of(unit.organ), at=at).items == 2


class TestDoubtsAboutDates:
    def test_days_that_are_over_years_unknown_and_days_of_rest_are_said_before_the_start(self):
        campaign = campaigns.campaign()
        stages = list(campaign.stages.select_related("campaign"))
        last = max(each.ends for each in stages)
        said = "".join(doubts_of(stages, last - timedelta(days=20), WorkingCalendar()))
        assert "已经过去" in said
        assert "2027年的放假安排还没有录入" in said
        resting = WorkingCalendar({last: False})
        assert "是休息日" in "".join(doubts_of(stages, stages[0].begins, resting))

    def test_what_is_over_in_a_running_one_is_no_doubt(self):
        unit = campaigns.opened()
        stages = list(unit.campaign.stages.select_related("campaign"))
        said = "".join(doubts_of(stages, max(each.ends for each in stages), WorkingCalendar()))
        assert "已经过去" not in said
