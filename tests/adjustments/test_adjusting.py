"""What applying, examining and publishing lead to."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from banshi.adjustments import queries
from banshi.adjustments.actions import apply_for, change_facts, prepare_for_change, set_office, start_adjustment
from banshi.adjustments.enums import AdjustmentKind, Cause, ExaminationVerdict, Office
from banshi.adjustments.impact import effects_of
from banshi.adjustments.models import Adjustment
from banshi.adjustments.policy import policy, why_not_directly
from banshi.adjustments.routing import desks_for
from banshi.catalog.actions import save_draft, start_draft
from banshi.catalog.guide.document import Basis, Contact, Fee, Guide, Material, Place
from banshi.catalog.models import Item, Revision
from banshi.catalog.queries import in_force as standing
from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.law.actions import record_change
from banshi.law.models import Law, LawChange
from banshi.ledger.models import LedgerEntry
from banshi.people.enums import DivisionLevel, OrganKind
from banshi.people.models import Division, Organ
from tests import factories as make
from tests.adjustments.town import (
    MONDAY,
    NOON,
    Town,
    applied,
    brought_to,
    corrected,
    direct,
    facts,
    fresh,
    in_force,
    policy_with,
    rewrite,
    say,
    started,
)


def says(item: Item) -> Guide:
    publication = standing(item)
    assert publication is not None
    return publication.revision.guide


# The way through


def test_what_was_approved_is_what_people_see_and_the_ledger_tells_the_digest(town: Town) -> None:
    approved = brought_to("approved", town)
    assert says(approved.item).undertaker != "南门窗口"
    from banshi.adjustments.actions import publish_adjustments

    publish_adjustments([approved], by=town.publisher, at=NOON)
    assert says(approved.item).undertaker == "南门窗口"
    assert approved.text is not None
    told = LedgerEntry.objects.filter(action__in=("adjustments.pass_on", "adjustments.approve", "adjustments.publish"))
    assert {each.facts["digest"] for each in told} == {approved.text.digest}
    assert {each.seen for each in approved.opinions.all()} == {approved.text.digest}


def test_the_text_is_frozen_while_it_is_examined(town: Town) -> None:
    one = brought_to("examining", town)
    with pytest.raises(Conflict, match="正在审核"):
        start_draft(one.item, by=town.clerk, at=NOON)


def test_what_was_returned_is_a_draft_again_and_comes_back_as_another_text(town: Town) -> None:
    one = brought_to("returned", town)
    first = one.text
    apply_for(one, stamp=rewrite(one.item, town.clerk, undertaker="北门窗口"), by=town.clerk, at=NOON)
    again = fresh(one)
    assert again.state == "examining"
    assert again.text != first
    assert [each.words for each in again.opinions.all()] == ["写明理由"]


def test_what_was_refused_is_nobodys_draft(town: Town) -> None:
    one = brought_to("refused", town)
    assert one.text is not None
    assert one.text.state == Revision.State.DISCARDED
    assert not one.item.revisions.filter(state__in=Revision.OPEN).exists()


def flow_with(tmp_path: Path, settings: Any, state: str, old: str, new: str) -> None:
    """The workflow file with another line in a state."""
    folder = tmp_path / "workflows"
    shutil.copytree(settings.WORKFLOWS, folder)
    file = folder / "adjustment.toml"
    before, head, rest = file.read_text(encoding="utf-8").partition(f"[states.{state}]\n")
    assert old in rest.partition("[")[0]
    file.write_text(before + head + rest.replace(old, new, 1), encoding="utf-8")
    settings.WORKFLOWS = folder


def test_a_limit_written_into_the_workflow_file_moves_the_day(town: Town, tmp_path: Path, settings: Any) -> None:
    flow_with(tmp_path, settings, "approved", 'limit = "publish"', 'limit = { days = 9, unit = "natural" }')
    assert brought_to("approved", town).due == date(2026, 12, 2), "9 days after Monday the 23rd"


def test_a_pause_written_into_the_workflow_file_stops_the_clock(town: Town, tmp_path: Path, settings: Any) -> None:
    flow_with(tmp_path, settings, "returned", 'limit = "apply"', "pause = true")
    one = brought_to("examining", town)
    assert one.due == date(2026, 12, 14)
    one = say(town, one, ExaminationVerdict.RETURN)
    assert (one.state, one.due) == ("returned", None)
    change_facts(one, facts=facts(town, reason="补了材料"), by=town.clerk, at=NOON)
    stamp = rewrite(one.item, town.clerk, undertaker="南门窗口")
    again = apply_for(one, stamp=stamp, by=town.clerk, at=NOON + timedelta(days=7))
    assert (again.state, again.due) == ("examining", date(2026, 12, 21)), "a week later, for the week it stood still"


@pytest.mark.parametrize(
    ("kind", "state"),
    [(AdjustmentKind.SUSPEND, "suspended"), (AdjustmentKind.CANCEL, "cancelled"), (AdjustmentKind.ADD, "active")],
)
def test_each_kind_changes_the_item_only_when_published(kind: str, state: str, town: Town) -> None:
    one = brought_to("approved", town, kind=kind)
    assert (one.item.state, standing(one.item) is not None) == ("active", kind != AdjustmentKind.ADD)
    from banshi.adjustments.actions import publish_adjustments

    publish_adjustments([one], by=town.publisher, at=NOON)
    after = Item.objects.get(pk=one.item_id)
    assert (after.state, standing(after) is not None) == (state, kind == AdjustmentKind.ADD)


def test_a_merged_item_leads_to_the_one_that_took_it_in(town: Town) -> None:
    into = in_force(town, "义务教育入学")
    one = brought_to("approved", town, kind=AdjustmentKind.MERGE, into=into)
    from banshi.adjustments.actions import publish_adjustments

    publish_adjustments([one], by=town.publisher, at=NOON)
    after = Item.objects.get(pk=one.item_id)
    assert (after.state, after.merged_into, standing(after)) == ("merged", into, None)


def test_a_merger_names_another_item_that_people_can_read(town: Town) -> None:
    item = in_force(town)
    for into, words in ((None, "没写并入哪个"), (item, "没写并入哪个"), (make.item(town.bureau), "没有在用的指南")):
        with pytest.raises(BadInput, match=words):
            start_adjustment(item, kind=AdjustmentKind.MERGE, facts=facts(town, into=into), by=town.clerk, at=NOON)


def test_a_suspended_item_comes_back_by_an_adjustment_too(town: Town) -> None:
    item = Item.objects.get(pk=brought_to("published", town, kind=AdjustmentKind.SUSPEND).item_id)
    again = start_adjustment(item, kind=AdjustmentKind.RESUME, facts=facts(town), by=town.clerk, at=NOON)
    say(town, say(town, apply_for(again, by=town.clerk, at=NOON), ExaminationVerdict.AGREE), ExaminationVerdict.AGREE)
    from banshi.adjustments.actions import publish_adjustments

    publish_adjustments([fresh(again)], by=town.publisher, at=NOON)
    assert standing(Item.objects.get(pk=item.pk)) is not None


def test_one_item_has_one_adjustment_at_a_time(town: Town) -> None:
    one = started(town)
    with pytest.raises(Conflict, match="已有一件调整在办"):
        started(town, item=Item.objects.get(pk=one.item_id))


def test_urgent_ones_take_effect_with_the_last_consent(town: Town) -> None:
    one = brought_to("second", town, urgent=True)
    assert one.due == date(2026, 11, 26)
    done = say(town, one, ExaminationVerdict.AGREE)
    assert done.state == "published"
    assert says(done.item).undertaker == "南门窗口"


@pytest.mark.parametrize(("missing", "words"), [({"evidence": None}, "没有依据材料"), ({"reason": ""}, "没写理由")])
def test_reason_and_evidence_are_asked_for(missing: dict[str, Any], words: str, town: Town) -> None:
    one = started(town, **missing)
    with pytest.raises(BadInput, match=words):
        apply_for(one, stamp=rewrite(one.item, town.clerk, undertaker="南门窗口"), by=town.clerk, at=NOON)


def test_nothing_changed_is_nothing_to_apply_for(town: Town) -> None:
    one = started(town)
    with pytest.raises(BadInput, match="完全相同"):
        apply_for(one, stamp=1, by=town.clerk, at=NOON)


def test_a_draft_saved_after_it_was_read_is_not_submitted(town: Town) -> None:
    one = started(town)
    rewrite(one.item, town.clerk, undertaker="南门窗口")
    with pytest.raises(Conflict, match="刚有变动"):
        apply_for(one, stamp=1, by=town.clerk, at=NOON)


def test_nobody_examines_their_own_application(town: Town) -> None:
    one = brought_to("examining", town)
    from banshi.adjustments.actions import give_opinion
    from banshi.adjustments.actions.transition import seen_of

    Adjustment.objects.filter(pk=one.pk).update(applied_by=town.examiner)
    with pytest.raises(Refused, match="自己提交的"):
        give_opinion(one, verdict=ExaminationVerdict.AGREE, seen=seen_of(one), by=town.examiner, at=NOON)


def test_who_examined_at_the_first_desk_does_not_examine_at_the_second(town: Town) -> None:
    from banshi.adjustments.actions import give_opinion
    from banshi.adjustments.actions.transition import seen_of

    one = brought_to("examining", town)
    make.post(town.examiner, "reviewer", town.legal)
    seen = seen_of(one)
    give_opinion(one, verdict=ExaminationVerdict.AGREE, seen=seen, by=town.examiner, at=NOON)
    with pytest.raises(Refused, match="前一步"):
        give_opinion(one, verdict=ExaminationVerdict.AGREE, seen=seen, by=town.examiner, at=NOON)
    assert (fresh(one).state, one.opinions.count()) == ("second", 1)


# Deadlines


def test_limits_run_over_working_days_from_the_cause_and_from_each_step(town: Town) -> None:
    one = started(town, cause_day=MONDAY - timedelta(days=3))
    assert one.due == date(2026, 12, 4), "10 working days after Friday the 20th"
    one = change_facts(one, facts=facts(town, cause_day=MONDAY), by=town.clerk, at=NOON)
    assert one.due == date(2026, 12, 7)
    stamp = rewrite(one.item, town.clerk, undertaker="南门窗口")
    assert apply_for(one, stamp=stamp, by=town.clerk, at=NOON).due == date(2026, 12, 14)
    assert say(town, say(town, one, ExaminationVerdict.AGREE), ExaminationVerdict.AGREE).due == date(2026, 11, 26)


def test_the_second_examiner_has_what_the_first_left_of_the_time(town: Town) -> None:
    from banshi.adjustments.actions import give_opinion

    one = brought_to("examining", town)
    assert one.text is not None
    later = NOON + timedelta(days=7)
    passed = give_opinion(one, verdict=ExaminationVerdict.AGREE, seen=one.text.digest, by=town.examiner, at=later)
    assert (passed.state, passed.due) == ("second", date(2026, 12, 14))


def test_what_is_late_is_listed_until_it_is_done(town: Town) -> None:
    one = brought_to("examining", town)
    seen = queries.adjustments_visible_to(town.examiner, at=now())
    assert list(queries.overdue(seen, date(2026, 12, 14))) == []
    assert list(queries.overdue(seen, date(2026, 12, 15))) == [one]


def test_other_limits_are_a_matter_of_the_policy_file(town: Town, tmp_path: Path, settings: Any) -> None:
    policy_with(tmp_path, settings, examine=("examine = 15", "examine = 5"))
    assert brought_to("examining", town).due == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"places", ', '"plaices", ', "没有这些要素"),
        ('kinds = ["intermediary"]', "kinds = []", "没有写谁审核：中介服务机构"),
        ('"mass", "town"', '"mass", "enterprise", "town"', "不止一条路线"),
        ("apply = 10", "apply = 0", "apply"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_reason(
    old: str, new: str, words: str, tmp_path: Path, settings: Any
) -> None:
    policy_with(tmp_path, settings, wrong=(old, new))
    with pytest.raises(BadInput, match=words):
        policy()


# Who examines


def test_departments_go_to_establishment_then_law_and_intermediaries_to_the_hall(town: Town) -> None:
    agency = make.organ(kind=OrganKind.INTERMEDIARY)
    assert desks_for(town.bureau) == (town.establishment, town.legal)
    assert desks_for(agency) == (town.hall, None)


def test_a_company_goes_to_its_superior(town: Town) -> None:
    company = make.organ(kind=OrganKind.ENTERPRISE, superior=town.bureau)
    assert desks_for(company) == (town.bureau, None)
    with pytest.raises(Conflict, match="还没有指定谁审核"):
        desks_for(make.organ(kind=OrganKind.ENTERPRISE))


def test_villages_go_to_the_nearest_office_above(town: Town) -> None:
    county = make.division()
    place = Division.objects.create(code="990102001", name="示例镇", level=DivisionLevel.TOWN, parent=county)
    village = make.organ(division=place, kind=OrganKind.TOWN)
    assert desks_for(village).examiner == town.establishment


def test_an_office_does_not_examine_itself(town: Town) -> None:
    assert desks_for(town.establishment) == (town.legal, None)
    city = Division.objects.create(code="9901", name="示例市", level=DivisionLevel.CITY)
    Division.objects.filter(code="990102").update(parent=city)
    above: Organ = make.organ("市委编办", division=city)
    set_office(city, Office.ESTABLISHMENT, above, by=make.TESTS, at=NOON)
    owner = Organ.objects.get(pk=town.establishment.pk)
    assert desks_for(owner) == (above, town.legal)


# Minor corrections


def test_a_new_phone_number_takes_effect_at_once_and_is_checked_afterwards(town: Town) -> None:
    one = corrected(town)
    assert one.state == "checking"
    assert says(one.item).consult.phone == "0000-7654321"
    assert say(town, one, ExaminationVerdict.CONFIRM).state == "checked"


def test_a_correction_found_wrong_gives_way_to_what_was_there_and_a_draft_begun_since_stays(town: Town) -> None:
    one = corrected(town)
    rewrite(one.item, town.clerk, summary="正在写的话")
    assert say(town, one, ExaminationVerdict.UNDO, "号码打不通").state == "undone"
    assert says(one.item).consult.phone == "0000-0000001"
    assert one.item.revisions.get(state="draft").guide.summary == "正在写的话"


PLACE = {"name": "示例县政务服务中心", "address": "示例路1号2楼6号窗口", "hours": "工作日 9:00—17:00"}


@pytest.mark.parametrize(
    ("changes", "minor"),
    [
        ({"consult": Contact(phone="1")}, True),
        ({"places": [Place(**{**PLACE, "address": "新街2号"})]}, True),
        ({"places": [Place(**PLACE), Place(name="分中心", address="新街2号")]}, False),
        ({"places": []}, False),
        ({"consult": Contact(phone="1"), "materials": [Material(name="居民户口簿")]}, False),
        ({"charged": True}, False),
        ({}, False),
    ],
)
def test_minor_is_what_changes_listed_elements_only(changes: dict[str, Any], minor: bool, town: Town) -> None:
    item = in_force(town)
    draft = says(item).model_copy(update=changes)
    from banshi.catalog.guide.differences import differences

    assert policy().is_minor(differences(says(item), draft)) is minor


# Publishing without asking


@pytest.mark.parametrize(
    ("value", "phone", "fee"), [("all", True, True), ("minor", True, False), ("none", False, False)]
)
def test_who_may_publish_directly_is_a_matter_of_the_policy(
    value: str, phone: bool, fee: bool, town: Town, tmp_path: Path, settings: Any
) -> None:
    policy_with(tmp_path, settings, direct=direct(value))
    item = in_force(town)
    minor, major = (says(item).model_copy(update=each) for each in ({"consult": Contact(phone="1")}, {"charged": True}))
    draft = start_draft(item, by=make.TESTS, at=NOON)
    for guide, directly in ((minor, phone), (major, fee)):
        save_draft(draft, guide=guide, stamp=draft.stamp, by=make.TESTS, at=NOON)
        assert (draft.pk not in why_not_directly([draft])) is directly
    first = make.draft(make.item(town.bureau, minor))
    assert (first.pk not in why_not_directly([first])) is (value == "all")


def test_by_the_shipped_policy_nothing_but_small_corrections_reaches_people_unexamined() -> None:
    assert policy().direct_publication == "minor"


# Law


def law(title: str = "学籍管理办法", doc_no: str = "") -> Law:
    return Law.objects.create(title=title, doc_no=doc_no, rank=Law.Rank.DOCUMENT)


def replaced(old: Law, new: Law, day: date = MONDAY) -> LawChange:
    return record_change(old, kind=LawChange.ChangeKind.REPLACED, day=day, successor=new, by=make.TESTS, at=NOON)


def resting(town: Town, name: str = "学籍证明", **more: Any) -> Item:
    return in_force(town, name, **{"bases": [Basis(title="学籍管理办法", articles="第八条", text="原文")], **more})


def test_a_law_replaced_prepares_a_change_with_the_new_law_in_the_draft(town: Town) -> None:
    item, change = resting(town), replaced(law(), law("学籍管理规定", "教令1号"))
    (one,) = prepare_for_change(change, [item], by=make.TESTS, at=NOON)
    assert (one.state, one.cause, one.due) == ("prepared", Cause.LAW, date(2026, 12, 7))
    (row,) = item.revisions.get(state="draft").guide.bases
    assert (row.title, row.doc_no, row.articles, row.text) == ("学籍管理规定", "教令1号", "", "")
    assert says(item).bases[0].title == "学籍管理办法", "people still see what was approved"


def test_a_draft_somebody_is_writing_is_left_alone(town: Town) -> None:
    item = resting(town)
    rewrite(item, town.clerk, summary="正在写的话")
    prepare_for_change(replaced(law(), law("学籍管理规定")), [item], by=make.TESTS, at=NOON)
    assert item.revisions.get(state="draft").guide.bases[0].title == "学籍管理办法"


def test_an_item_already_being_adjusted_gets_no_second_one(town: Town) -> None:
    item = resting(town)
    started(town, item=item)
    assert prepare_for_change(replaced(law(), law("学籍管理规定")), [item], by=make.TESTS, at=NOON) == []


def test_the_law_is_found_wherever_the_guide_names_it(town: Town) -> None:
    elsewhere = in_force(
        town,
        "转学证明",
        fees=[Fee(name="工本费", standard="5元", basis="《学籍管理办法》第三条")],
        prohibitions="按《学籍管理办法》不予受理的除外",
    )
    other = in_force(town, "别的")
    named = queries.bases_on(law(), MONDAY)
    assert {(each.item, each.path) for each in named} == {(elsewhere, "fees.0.basis"), (elsewhere, "prohibitions")}
    assert other not in {each.item for each in named}


def test_what_rests_on_an_ended_law_is_flagged_until_it_is_published_anew(town: Town) -> None:
    item, old = resting(town), law()
    assert queries.ended_bases_of(item, MONDAY) == []
    change = replaced(old, law("学籍管理规定", "教令1号"))
    ((row, ended),) = queries.ended_bases_of(item, MONDAY)
    assert (row.path, ended) == ("bases.0", old)
    assert list(queries.items_on_ended_laws(town.clerk, MONDAY, at=now())) == [item]
    (one,) = prepare_for_change(change, [item], by=make.TESTS, at=NOON)
    stamp = rewrite(item, town.clerk, bases=[Basis(title="学籍管理规定", doc_no="教令1号", articles="第十条")])
    say(
        town,
        say(town, apply_for(one, stamp=stamp, by=town.clerk, at=NOON), ExaminationVerdict.AGREE),
        ExaminationVerdict.AGREE,
    )
    from banshi.adjustments.actions import publish_adjustments

    publish_adjustments([fresh(one)], by=town.publisher, at=NOON)
    assert queries.ended_bases_of(item, MONDAY) == []
    assert not queries.items_on_ended_laws(town.clerk, MONDAY, at=now()).exists()


def test_what_rests_on_hundreds_of_ended_laws_is_one_question(town: Town) -> None:
    """SQLite takes no expression of more than a thousand terms."""
    item = in_force(town, "登记", bases=[Basis(title="学籍管理办法第７号（试行）（2019修正）", articles="第三条")])
    many = [Law(title=f"学籍管理办法第{number}号", rank=Law.Rank.DOCUMENT, ended=True) for number in range(400)]
    many.append(Law(title="学籍管理办法第７号（试行）", doc_no="教发〔2001〕1号", rank=Law.Rank.DOCUMENT, ended=True))
    Law.objects.bulk_create(many)
    assert list(queries.items_on_ended_laws(town.clerk, MONDAY, at=now())) == [item]


@pytest.mark.parametrize(("cited", "rests"), [("国务院令第387号", True), ("国务院令第804号", False), ("", False)])
def test_a_new_text_under_the_old_name_is_told_apart_by_its_number(cited: str, rests: bool, town: Town) -> None:
    item = in_force(town, "结婚登记", bases=[Basis(title="婚姻登记条例", doc_no=cited)])
    replaced(law("婚姻登记条例", "国务院令第387号"), law("婚姻登记条例", "国务院令第804号"))
    assert bool(queries.ended_bases_of(item, MONDAY)) is rests


def test_effects_name_the_items_that_ask_for_what_this_one_gives(town: Town) -> None:
    item = in_force(town, "学籍证明开具", result_name="学籍证明")
    asks = in_force(town, "转学", materials=[Material(name="学籍证明")])
    assert [each.item for each in effects_of(item, says(item)).demanded] == [asks]


def test_seen_by_the_bureau_and_its_examiners_only(town: Town) -> None:
    one = applied(town)
    elsewhere = make.user("reviewer", make.organ(division=make.division("990203", "邻县")))
    for who in (town.clerk, town.examiner, town.lawyer, town.publisher):
        assert one in queries.adjustments_visible_to(who, at=now())
    assert one not in queries.adjustments_visible_to(elsewhere, at=now())
    assert list(queries.waiting_for(town.examiner, at=now())) == [one]
    assert list(queries.waiting_for(town.lawyer, at=now())) == []


# Resubmitted as it was returned


def test_what_was_returned_does_not_come_back_unchanged(town: Town) -> None:
    one = brought_to("returned", town)
    stamp = one.item.revisions.get(state="draft").stamp
    with pytest.raises(BadInput, match="退回以后还没有修改"):
        apply_for(one, stamp=stamp, by=town.clerk, at=NOON)
    assert fresh(one).state == "returned"


@pytest.mark.parametrize("more", [{"reason": "意见不同：法规要求这份材料"}, {"evidence": True}])
def test_a_reason_or_new_evidence_is_an_answer_too(town: Town, more: dict[str, Any]) -> None:
    from banshi.adjustments.models import AdjustmentOpinion

    one = brought_to("returned", town)
    AdjustmentOpinion.objects.filter(adjustment=one).update(at=NOON - timedelta(hours=1))
    told = {"reason": one.reason, **more} if "reason" in more else {"reason": one.reason}
    change_facts(
        one,
        facts=facts(town, **told) if "evidence" in more else replace(facts(town, **told), evidence=None),
        by=town.clerk,
        at=NOON,
    )
    apply_for(one, stamp=one.item.revisions.get(state="draft").stamp, by=town.clerk, at=NOON)
    assert fresh(one).state == "examining"


# What lacks something 公布前必须有


def thin(town: Town) -> Item:
    """A published line of before, without places."""
    return in_force(town, places=[])


def test_an_incomplete_change_is_not_applied_for(town: Town) -> None:
    one = started(town)
    with pytest.raises(BadInput, match="缺少公布前必须有的内容，不能提交"):
        apply_for(one, stamp=rewrite(one.item, town.clerk, places=[]), by=town.clerk, at=NOON)
    assert fresh(one).state == "prepared"


def test_a_thin_published_line_gets_its_new_telephone_number(town: Town) -> None:
    one = started(town, item=thin(town), cause=Cause.FACT, evidence=None)
    apply_for(one, stamp=rewrite(one.item, town.clerk, consult=Contact(phone="0000-7654321")), by=town.clerk, at=NOON)
    assert fresh(one).state == "checking"
    assert says(one.item).consult.phone == "0000-7654321"


def test_a_correction_may_not_make_it_less_complete(town: Town) -> None:
    one = started(town, item=thin(town), cause=Cause.FACT, evidence=None)
    with pytest.raises(BadInput, match="去掉了公布前必须有的内容") as caught:
        apply_for(one, stamp=rewrite(one.item, town.clerk, consult=Contact()), by=town.clerk, at=NOON)
    assert [each.field for each in caught.value.problems] == ["consult"]


def test_more_than_a_correction_of_a_thin_line_has_to_be_complete(town: Town) -> None:
    one = started(town, item=thin(town))
    with pytest.raises(BadInput, match="缺少公布前必须有的内容，不能提交"):
        apply_for(one, stamp=rewrite(one.item, town.clerk, undertaker="南门窗口"), by=town.clerk, at=NOON)
