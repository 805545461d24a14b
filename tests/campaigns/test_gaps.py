"""漏报 is visible: what counterparts have and a unit has not is explained, or nothing is signed."""

import pytest

from banshi.campaigns import actions, coverage
from banshi.campaigns.summary import proposed_problems, proposed_suggestions, troubles_of
from banshi.catalog.actions import claim_reference
from banshi.core.errors import BadInput
from banshi.ledger.models import LedgerEntry
from banshi.people.enums import DivisionLevel
from banshi.people.models import Organ
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    """示例县教育局; 外县教育局 has claimed an entry of the reference catalogue."""
    elsewhere = make.organ("外县教育局", division=make.division("980101", "外县"))
    theirs = make.publication(of=make.item(elsewhere)).item
    claim_reference(theirs, reference=make.reference("学生资助"), by=TESTS, at=NOON)
    campaign = campaigns.campaign()
    made = campaigns.unit(campaign, organ=make.organ("示例县教育局", division=campaign.division))
    actions.open_campaign(campaign, by=TESTS, at=NOON)
    return made


def test_signing_is_refused_with_every_gap_named(unit):
    with pytest.raises(BadInput) as refused:
        campaigns.reported(unit)
    assert [(each.where, "没有说明" in each.message) for each in refused.value.problems] == [("学生资助", True)]
    assert not unit.reports.exists()


def test_explained_it_is_signed_and_the_explanation_stays(unit):
    [missing] = coverage.unexplained(unit)
    actions.explain_absence(unit, reference=missing, reason="由市级统一办理", by=TESTS, at=NOON)
    assert campaigns.reported(unit)
    assert unit.absences.get().reason == "由市级统一办理"


def test_the_summary_is_begun_from_figures(unit):
    [missing] = coverage.unexplained(unit)
    actions.explain_absence(unit, reference=missing, reason="由市级统一办理", by=TESTS, at=NOON)
    said = proposed_problems(troubles_of(unit, NOON.date()))
    assert "有1项外地同类单位有而本单位没有" in said


def test_what_reviewers_asked_is_quoted_and_nothing_is_made_up(unit):
    assert proposed_suggestions(troubles_of(unit, NOON.date())) == ""
    [missing] = coverage.unexplained(unit)
    actions.explain_absence(unit, reference=missing, reason="由市级统一办理", by=TESTS, at=NOON)
    [entry] = campaigns.reported(unit)
    campaigns.summed_up(campaigns.judged(entry), "return", "材料减到两份。")
    troubles = troubles_of(unit, NOON.date())
    assert proposed_suggestions(troubles) == "审核意见集中在：材料减到两份。"
    assert "上一轮审核退回1项" in proposed_problems(troubles)


def test_several_explanations_are_saved_together(unit):
    [first] = coverage.unexplained(unit)
    theirs = make.publication(of=make.item(Organ.objects.get(name="外县教育局"))).item
    claim_reference(theirs, reference=make.reference("校车许可", "000505002000"), by=TESTS, at=NOON)
    second = coverage.unexplained(unit).exclude(pk=first.pk).get()
    assert actions.explain_absences(unit, reasons={first: "市级办"}, by=TESTS, at=NOON) == 1
    actions.explain_absences(unit, reasons={first: "市级办", second: "没有校车"}, by=TESTS, at=NOON)
    assert dict(unit.absences.values_list("reference", "reason")) == {first.pk: "市级办", second.pk: "没有校车"}
    assert LedgerEntry.objects.filter(action="campaigns.explain_absence").count() == 2, "what was said already stays"


def test_counterparts_of_another_level_are_no_measure(unit):
    county = make.item(make.organ("示例二县教育局", division=make.division("980102", "示例二县")))
    city = Organ.objects.create(
        name="外市教育局", kind="department", division=make.division("9802", "外市", DivisionLevel.CITY)
    )
    of_city = make.publication(of=make.item(city)).item
    claim_reference(of_city, reference=make.reference("市级才办的", "000505003000"), by=TESTS, at=NOON)
    assert [each.name for each in coverage.unexplained(unit)] == ["学生资助"]
    assert county.organ.division.level != city.division.level
