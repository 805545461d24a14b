"""Bulletins of a campaign and orders to put right."""

from datetime import timedelta

import pytest

from banshi.campaigns import actions, queries
from banshi.campaigns.models import Consultation
from banshi.campaigns.printouts import bulletin_paper, draft_for_decision, review_forms
from banshi.core.errors import BadInput, Conflict
from banshi.documents.official_files import as_docx, as_pdf
from tests.documents.reading import words
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db


def test_a_bulletin_tells_who_is_ahead_and_who_is_late():
    unit = campaigns.opened(items=2)
    campaigns.agreed(unit)
    late = campaigns.unit(unit.campaign)
    after = campaigns.during(unit.campaign, "publish")
    made = actions.draw_up_bulletin(unit.campaign, by=TESTS, at=after)
    assert [row["percent"] for row in made.content["ranking"]] == [100, 0]
    assert made.content["overdue"] == [str(late)]


def test_its_figures_stay_as_they_were_drawn_up():
    unit = campaigns.opened()
    made = actions.draw_up_bulletin(unit.campaign, by=TESTS, at=campaigns.during(unit.campaign, "report"))
    before = dict(made.content)
    campaigns.agreed(unit)
    made.refresh_from_db()
    assert made.content == before


def test_it_is_issued_once():
    unit = campaigns.opened()
    moment = campaigns.during(unit.campaign, "report")
    made = actions.draw_up_bulletin(unit.campaign, by=TESTS, at=moment)
    actions.issue_bulletin(made, by=TESTS, at=moment)
    with pytest.raises(Conflict, match="已经印发"):
        actions.issue_bulletin(made, by=TESTS, at=moment)


def test_an_order_is_answered_and_then_closed():
    unit = campaigns.opened()
    moment = campaigns.during(unit.campaign, "report")
    order = actions.order_rectification(unit, text="补报漏项", due=moment.date(), by=TESTS, at=moment)
    with pytest.raises(Conflict, match="还没有报整改情况"):
        actions.close_order(order, note="已核对", by=TESTS, at=moment)
    order = actions.answer_order(order, answer="已补报3项", by=TESTS, at=moment)
    assert actions.close_order(order, note="已核对", by=TESTS, at=moment).closed_at == moment


def test_an_order_must_lie_ahead():
    unit = campaigns.opened()
    moment = campaigns.during(unit.campaign, "report")
    with pytest.raises(BadInput, match="没有写全"):
        actions.order_rectification(unit, text="", due=moment.date() - timedelta(days=1), by=TESTS, at=moment)


def test_the_papers_name_what_they_are_about():
    unit = campaigns.opened(items=2)
    entries = campaigns.agreed(unit)
    moment = campaigns.during(unit.campaign, "decide")
    made = actions.draw_up_bulletin(unit.campaign, by=TESTS, at=moment)
    draft = words(as_pdf(draft_for_decision(unit.campaign, moment.date())))
    assert "公共服务事项清单的请示" in "".join(draft.split())
    assert all(entry.item.name in draft for entry in entries)
    assert "进展情况通报" in words(as_pdf(bulletin_paper(made)))
    assert entries[0].item.name in words(as_pdf(review_forms(unit, day=NOON.date())))
    assert as_docx(review_forms(unit, day=NOON.date())).startswith(b"PK")


def test_units_without_contacts_are_known():
    campaign = campaigns.campaign()
    unit = campaigns.unit(campaign)
    unit.named_at = None
    unit.save()
    assert queries.units_without_contacts(campaign).get() == unit


def test_the_draft_tells_no_stage_to_come_as_past():
    unit = campaigns.opened()
    day = campaigns.during(unit.campaign, "report").date()
    draft = words(as_pdf(draft_for_decision(unit.campaign, day)))
    for stage in unit.campaign.stages.all():
        told = f"{stage.begins.year}年{stage.begins.month}月{stage.begins.day}日至"
        assert (told in draft) or stage.begins > day
    later = max(unit.campaign.stages.all(), key=lambda stage: stage.begins)
    assert later.begins > day
    assert f"{later.begins.year}年{later.begins.month}月{later.begins.day}日至" not in draft


def test_the_draft_says_of_public_comment_what_its_own_dates_say():
    campaign = campaigns.opened("two-rounds").campaign
    day = campaigns.during(campaign, "report").date()
    said = words(as_pdf(draft_for_decision(campaign, day)))
    assert "未安排公示" not in said and "公示征求意见，尚未开始" in said
    without = campaigns.opened("concentrated").campaign
    said = words(as_pdf(draft_for_decision(without, campaigns.during(without, "report").date())))
    assert "本次方案未安排公示征求意见" in said


def joined(made) -> str:  # type: ignore[no-untyped-def]
    return "".join([*made.opening, *(line for part in made.sections for block in part.blocks for line in block.items)])


def test_a_draft_while_stages_run_says_so_and_asks_for_nothing():
    unit = campaigns.opened("two-rounds")
    day = campaigns.during(unit.campaign, "report").date()
    made = draft_for_decision(unit.campaign, day)
    said = joined(made)
    assert "过程稿" in said and "还没有结束" in said and "不能提请审定" in said
    for wrong in ("经0个单位", "0项", "其中。", "现提请审定"):
        assert wrong not in said
    assert made.annexes == ()


def test_a_draft_after_all_stages_asks_for_the_decision():
    unit = campaigns.opened(items=2)
    campaigns.agreed(unit)
    made = draft_for_decision(unit.campaign, campaigns.during(unit.campaign, "decide").date())
    said = joined(made)
    assert "形成公共服务事项2项，现提请审定" in said and "其中拟" in said
    assert "过程稿" not in said


def test_the_plan_is_named_once():
    unit = campaigns.opened("two-rounds")
    unit.campaign.name = "示例市“二上二下”清理"
    said = joined(draft_for_decision(unit.campaign, campaigns.during(unit.campaign, "report").date()))
    assert said.count("二上二下") == 1


def test_public_comment_has_one_pair_of_dates():
    campaign = campaigns.opened("two-rounds").campaign
    day = campaigns.during(campaign, "public").date()
    consultation = Consultation(campaign=campaign, opens=day - timedelta(days=1), closes=day + timedelta(days=40))
    consultation.save()
    made = draft_for_decision(campaign, day)
    span = f"{consultation.opens.year}年{consultation.opens.month}月{consultation.opens.day}日至"
    assert joined(made).count(span) == 2
