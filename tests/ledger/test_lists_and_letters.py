"""Lines of registers, what lists derive, what the public wrote and was told: changed past the actions, it is named."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns, registers

from banshi.campaigns import actions as campaign_actions
from banshi.campaigns.models import Comment, Consultation
from banshi.catalog.actions import change_notice, publish, publish_notice, remove_notice
from banshi.catalog.actions.projections import PARTS
from banshi.catalog.models import Listing, Notice
from banshi.ledger.verification import verify
from banshi.registers.actions import (
    add_entry,
    change_entry,
    decline_proposal,
    end_offer,
    keep_own,
    propose_upward,
    remove_entry,
    strike_agency,
    take_back,
)
from banshi.registers.models import Agency, Divergence, Offer, Power, Proposal, ReferenceEdition, Transfer

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def words() -> str:
    return "；".join(each.words for each in verify().problems)


# Registers


def changed_power() -> Power:
    power = registers.power()
    power.name = "改了名的"
    return change_entry(power, by=TESTS, at=NOON)


def an_offer() -> Offer:
    return registers.offer(registers.agency(), registers.service())


def taken_back() -> Transfer:
    return take_back(registers.handed_over(registers.transfer()), reason="不合格", by=TESTS, at=NOON)


def struck() -> Agency:
    return strike_agency(registers.agency(), left_on=NOON.date(), left_why="吊销", by=TESTS, at=NOON)


def an_edition() -> ReferenceEdition:
    return registers.edition(make.reference(), summary="统一的说明")


def a_proposal() -> Proposal:
    it = make.item()
    one = propose_upward(it, name="老年人助餐点登记", category=None, reason="上级没有", by=TESTS, at=NOON)
    return decline_proposal(one, answer="已有相近的", by=TESTS, at=NOON)


LINES: list[tuple[Callable[[], Any], dict[str, Any], str]] = [
    (registers.power, {"basis": "自己写的依据"}, "basis"),
    (changed_power, {"name": "棉花加工资格认定"}, "name"),
    (registers.transfer, {"reason": "另一个理由"}, "reason"),
    (taken_back, {"receiver": "别的协会"}, "receiver"),
    (taken_back, {"ended_why": "别的原因"}, "ended_why"),
    (registers.service, {"fee": "另收100元"}, "fee"),
    (struck, {"left_on": None, "left_why": ""}, "left_on"),
    (registers.purchase, {"budget": 999}, "budget"),
    (an_offer, {"qualification": "特级"}, "qualification"),
]


@pytest.mark.parametrize(("made", "changes", "named"), LINES, ids=[case[2] for case in LINES])
def test_a_line_of_a_register_that_was_changed(made: Callable[[], Any], changes: dict[str, Any], named: str) -> None:
    line = made()
    assert verify().holds, str(verify())
    type(line)._default_manager.filter(pk=line.pk).update(**changes)
    assert named in words() and "名录里" in words()


def test_a_moment_is_compared_as_finely_as_it_was_recorded() -> None:
    add_entry(Power(organ=make.organ(), name="甲", kind="07"), by=TESTS, at=NOON.replace(microsecond=123456))
    assert verify().holds, str(verify())
    Power.objects.update(created_at=NOON.replace(microsecond=124456))
    assert "created_at" in words()


@pytest.mark.parametrize("made", [registers.power, registers.agency, registers.purchase, an_offer])
def test_a_line_deleted_or_put_in_past_the_actions(made: Callable[[], Any]) -> None:
    line = made()
    table, row = type(line)._meta.db_table, type(line)._default_manager.filter(pk=line.pk).values().get()
    sql(f"DELETE FROM {table} WHERE id = %s", line.pk)
    assert "名录里的一条被删去" in words()
    type(line)._default_manager.create(**{**row, "id": row["id"] + 1000})
    assert "不是办出来的" in words()


def test_lines_that_ended_by_acts_are_no_discrepancy() -> None:
    remove_entry(registers.power(), reason="登错了", by=TESTS, at=NOON)
    end_offer(an_offer(), by=TESTS, at=NOON)
    one = an_offer()
    remove_entry(one.agency, reason="登错了", by=TESTS, at=NOON)
    assert not Offer.objects.exists()
    assert verify().holds, str(verify())


@pytest.mark.parametrize(
    ("made", "model", "changes", "named"),
    [
        (an_edition, ReferenceEdition, {"content": {"summary": "别的"}}, "参考目录的这一版"),
        (an_edition, ReferenceEdition, {"document": "别的文件"}, "参考目录的这一版"),
        (a_proposal, Proposal, {"answer": "可以列入"}, "答复与记录不符"),
        (a_proposal, Proposal, {"base_code": "000999"}, "答复与记录不符"),
    ],
)
def test_editions_and_proposals(
    made: Callable[[], Any], model: type[models.Model], changes: dict[str, Any], named: str
) -> None:
    made()
    assert verify().holds, str(verify())
    model._default_manager.update(**changes)
    assert named in words()


def test_why_an_office_keeps_its_own_wording() -> None:
    edition = an_edition()
    it = make.item(reference=edition.reference)
    keep_own(it, element="summary", edition=edition, reason="本地另有规定", by=TESTS, at=NOON)
    assert verify().holds
    Divergence.objects.update(reason="没有理由")
    assert "保留本地写法的理由" in words()


# Lists


def other_value(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case None:
            return 7
        case str():
            return "x" if value != "x" else "y"
    return value + timedelta(days=1)


@pytest.mark.parametrize(
    "column",
    [each.name for each in Listing._meta.concrete_fields if not each.is_relation],
)
def test_each_column_of_a_list(column: str) -> None:
    listing = make.publication().listing
    assert verify().holds
    Listing.objects.update(**{column: other_value(getattr(listing, column))})
    assert f"{column}被改动" in words()


def test_the_office_a_list_names() -> None:
    make.publication()
    Listing.objects.update(organ=make.organ())
    assert "organ_id被改动" in words()


@pytest.mark.parametrize("model", [each[0] for each in PARTS])
def test_parts_of_guides_in_questions_across_items(model: type[models.Model]) -> None:
    make.publication()
    row = model._default_manager.order_by("pk").last()
    assert row is not None and verify().holds
    row.delete()
    assert f"{model._meta.label}被改动、插入或删去" in words()


def test_lists_that_follow_a_new_version_are_no_discrepancy() -> None:
    first = make.publication()
    publish(make.draft(first.item), by=TESTS, at=NOON + timedelta(hours=1))
    assert verify().holds, str(verify())


# What the public wrote and was told


def a_comment(answered: bool = True) -> Comment:
    unit = campaigns.opened("public-after-review")
    campaigns.agreed(unit)
    showing, at = campaigns.showing(unit.campaign), campaigns.during(unit.campaign, "public")
    comment = campaign_actions.comment_on(showing, text="还漏了一项", contact="000-1", by=TESTS, at=at)
    if answered:
        campaign_actions.settle_comment(comment, show=True, answer="已有，见第三项", accepted=False, by=TESTS, at=at)
    return comment


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"text": "很好"}, "公众意见与摘要不符"),
        ({"contact_sealed": b"x"}, "公众意见与摘要不符"),
        ({"state": "hidden", "hidden_reason": "广告"}, "是否公开与记录不符"),
        ({"accepted": True}, "是否采纳与记录不符"),
        ({"answer": "谢谢"}, "答复与摘要不符"),
        ({"answered_by": "别人"}, "答复与摘要不符"),
    ],
)
def test_what_the_public_wrote_and_the_answer(changes: dict[str, Any], named: str) -> None:
    a_comment()
    assert verify().holds, str(verify())
    Comment.objects.update(**changes)
    assert named in words()


def test_a_comment_deleted() -> None:
    a_comment(answered=False).delete()
    assert "公众意见被删去" in words()


@pytest.mark.parametrize(
    "changes", [{"title": "另一个标题"}, {"body": "别提意见"}, {"closes": NOON.date() + timedelta(999)}]
)
def test_what_was_shown_to_the_public(changes: dict[str, Any]) -> None:
    a_comment()
    assert verify().holds
    Consultation.objects.update(**changes)
    assert "公示的日期、标题、说明或采纳情况" in words()


@pytest.mark.parametrize("changed", [False, True], ids=["as published", "changed since"])
@pytest.mark.parametrize("changes", [{"title": "另一个标题"}, {"body": "照常办理"}])
def test_a_notice(changes: dict[str, str], changed: bool) -> None:
    notice = publish_notice(organ=make.organ(), title="停电", body="暂停办理", by=TESTS, at=NOON)
    if changed:
        change_notice(notice, title="停电一天", body="周一暂停办理", by=TESTS, at=NOON)
    assert verify().holds
    Notice.objects.update(**changes)
    assert "公示公告与记录不符" in words()


def test_a_notice_taken_down() -> None:
    kept, gone = (publish_notice(organ=make.organ(), title="停电", body="暂停", by=TESTS, at=NOON) for _ in range(2))
    remove_notice(gone, reason="过期", by=TESTS, at=NOON)
    assert verify().holds
    kept.delete()
    assert "公示公告被删去" in words()
