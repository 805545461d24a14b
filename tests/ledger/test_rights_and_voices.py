"""Rights, states, reasons, voices, draws, fees and grants: changed past the actions, it is named."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests import factories as make
from tests.adjustments import town as towns
from tests.cases.hall import accepted, calendars, granted, hall, moment
from tests.exchange import office as offices
from tests.factories import NOON, TESTS
from tests.feedback.test_complaints import FRIDAY, LATER, filed
from tests.feedback.test_ratings import SATURDAY, served
from tests.feedback.test_wishes import TUESDAY, supported, wished
from tests.rulebook.test_actions import BASIS, PAID_ONLINE, examined, kept
from tests.supervision.test_drawing import drawn

from banshi.catalog.guide.document import Fee
from banshi.exchange.actions import revoke_grant
from banshi.feedback.actions import (
    accept_complaint,
    answer_complaint,
    answer_wish,
    publish_answer,
    rate,
    refuse_complaint,
    reopen_complaint,
)
from banshi.feedback.models import Complaint, KnowledgeEntry, Wish, WishText
from banshi.feedback.policy import policy
from banshi.fees.actions import charge
from banshi.fees.models import FeeOrder
from banshi.ledger.verification import verify
from banshi.people.actions import appoint, delegate, end_delegation, end_post
from banshi.people.models import Delegation, Post
from banshi.rulebook.actions import end_proof, end_retention, keep_proof
from banshi.rulebook.models import ProofKept, Retention
from banshi.supervision.models import InspectionDraw

pytestmark = pytest.mark.django_db


def words() -> str:
    return "；".join(each.words for each in verify().problems)


def changed(row: Any, **columns: Any) -> str:
    """What verification says after columns were changed past the actions; before, it held."""
    assert verify().holds, str(verify())
    type(row)._default_manager.filter(pk=row.pk).update(**columns)
    return words()


# States


@pytest.mark.parametrize(
    ("state", "to"),
    [("prepared", "approved"), ("examining", "approved"), ("second", "approved"), ("returned", "approved")],
)
def test_a_state_no_move_has_led_to(state: str, to: str) -> None:
    assert "的状态被改动过" in changed(towns.brought_to(state, towns.town()), state=to)


# Posts


def appointed(**more: Any) -> Post:
    return appoint(make.user(), organ=make.organ(), role="clerk", since=NOON.date(), by=TESTS, at=NOON, **more)


def delegated() -> Delegation:
    day = NOON.date()
    return delegate(appointed(), to=make.user(), since=day, until=day, reason="休假", by=TESTS, at=NOON)


@pytest.mark.parametrize(
    "columns", [{"role": "admin"}, {"since": date(2020, 1, 1)}, {"until": date(2030, 1, 1)}], ids=str
)
def test_a_post(columns: dict[str, Any]) -> None:
    assert "岗位的人、单位、角色或起止日期" in changed(appointed(), **columns)


def test_a_post_moved_to_another_organ_or_person() -> None:
    assert "岗位的人" in changed(appointed(), organ=make.organ(), user=make.user())


def test_a_post_nobody_gave() -> None:
    appointed()
    assert verify().holds, str(verify())
    make.user("admin")
    assert "不是办出来的" in words()


def test_a_post_that_ended_goes_on() -> None:
    post = end_post(appointed(), until=NOON.date(), by=TESTS, at=NOON)
    assert "岗位的人" in changed(post, until=None)


def test_a_delegation() -> None:
    assert "委托代行" in changed(delegated(), to=make.user())
    Delegation.objects.all().delete()
    assert "委托代行被删去" in words()


def test_a_delegation_taken_back_goes_on() -> None:
    assert "委托代行" in changed(end_delegation(delegated(), by=TESTS, at=NOON), ended_at=None)


# Reasons


def retention() -> Retention:
    item = make.item(text=make.guide(**PAID_ONLINE))
    examined(item)
    return kept(item)


def proof() -> ProofKept:
    return keep_proof(make.item(), name="居住证明", issuer="派出所", basis=BASIS, by=TESTS, at=NOON)


def test_why_what_a_rule_objects_to_was_kept() -> None:
    assert "保留的理由或依据" in changed(retention(), reason="另一个理由")


def test_a_reason_that_was_ended_counts_again() -> None:
    one = retention()
    end_retention(one, by=TESTS, at=NOON)
    assert "保留的理由或依据" in changed(one, ended_at=None)
    Retention.objects.all().delete()
    assert "保留的理由被删去" in words()


def test_proofs_on_the_public_list() -> None:
    one = proof()
    end_proof(one, by=TESTS, at=NOON)
    assert "保留的证明" in changed(one, until=None)


def test_the_name_of_a_proof_on_the_public_list() -> None:
    assert "保留的证明" in changed(proof(), name="别的证明")


# Voices


def answered() -> Complaint:
    of = hall()
    complaint = filed(of)
    accept_complaint(complaint, by=of.head, at=FRIDAY)
    return answer_complaint(complaint, answer="已经催办，明天送达", by=of.head, at=FRIDAY)


def refused() -> Complaint:
    of = hall()
    return refuse_complaint(filed(of), reason="请到仲裁机构反映", by=of.head, at=FRIDAY)


def answered_again() -> Complaint:
    of = hall()
    complaint = filed(of)
    accept_complaint(complaint, by=of.head, at=FRIDAY)
    answer_complaint(complaint, answer="已经催办，明天送达", by=of.head, at=FRIDAY)
    reopen_complaint(complaint, words="没有送达", by=of.citizen, at=LATER)
    return answer_complaint(complaint, answer="已经送到您家里", by=of.head, at=LATER)


@pytest.mark.parametrize(
    ("made", "columns", "named"),
    [
        (answered, {"text": "谢谢，办得很快"}, "诉求的类型或内容"),
        (answered, {"answer": "没有这回事"}, "对诉求的答复"),
        (refused, {"answer": "没有这回事"}, "对诉求的答复"),
        (answered_again, {"answer": "没有这回事"}, "对诉求的答复"),
    ],
)
def test_complaints_and_their_answers(made: Callable[[], Complaint], columns: dict[str, Any], named: str) -> None:
    assert named in changed(made(), **columns)


def test_an_answer_made_public() -> None:
    of = hall()
    complaint = filed(of, "consultation", text="取水许可要多少天才能办好，我叫林小例")
    accept_complaint(complaint, by=of.head, at=FRIDAY)
    answer_complaint(complaint, answer="20个工作日以内办好", by=of.head, at=FRIDAY)
    for answer in ("20个工作日", "20个工作日以内"):
        publish_answer(complaint, question="几天能办好", answer=answer, by=of.head, at=FRIDAY)
    assert "公开的答复" in changed(KnowledgeEntry.objects.get(), answer="当场办好")


@pytest.mark.parametrize("columns", [{"grade": 1}, {"tags": []}, {"words_sealed": b"x"}], ids=str)
def test_a_rating(columns: dict[str, Any]) -> None:
    of = hall()
    rating = rate(served(of), grade=5, tags=["many_trips"], words="跑了三趟", named=True, by=of.citizen, at=SATURDAY)
    assert "评价的满意度" in changed(rating, **columns)


def test_wishes_and_the_answer() -> None:
    calendars()
    bureau = make.organ("示例县公安局")
    wish = wished(bureau)
    supported(wish, policy().wish.threshold - 1)
    answer_wish(wish, kind="not_now", answer="今年没有经费", by=make.user("head", bureau), at=TUESDAY)
    assert "对许愿的答复" in changed(Wish.objects.get(), answer="没有人要")
    WishText.objects.update(text="平时也没有空")
    assert "许愿的内容" in words()


# Draws, fees, grants


def test_what_was_drawn() -> None:
    of = hall()
    granted(of, moment("03-02"))
    case = granted(of, moment("03-02")).case
    case.ended_at = moment("03-05")
    case.save(update_fields=["ended_at"])
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    draw = drawn("cases", of, supervisor)
    told = {**(draw.told or {}), "result": []}
    assert "抽查的种子或结果" in changed(InspectionDraw.objects.get(), told=told)


@pytest.mark.parametrize("columns", [{"total": Decimal(6)}, {"lines": []}, {"number": "别的"}], ids=str)
def test_an_order_of_fees(columns: dict[str, Any]) -> None:
    of = hall(fees=[Fee(name="考试费", standard="60元/人", basis="川发改价格〔2020〕1号")])
    case = accepted(of, moment("03-02"))
    order = charge(case, amounts={0: Decimal(60)}, pay_by=moment("03-20").date(), by=of.handler, at=moment("03-03"))
    assert "缴费单的单号或金额" in changed(FeeOrder.objects.get(pk=order.pk), **columns)


@pytest.mark.parametrize(
    "columns",
    [{"fields": ["name", "number", "address", "birth"]}, {"until": date(2030, 1, 1)}, {"verify_only": False}],
    ids=str,
)
def test_what_a_grant_of_data_allows(columns: dict[str, Any], tmp_path: Path) -> None:
    grant = offices.granted(offices.office(tmp_path), moment("03-02"))
    assert "授权的信息项" in changed(grant, **columns)


def test_a_grant_that_was_revoked_goes_on(tmp_path: Path) -> None:
    of = offices.office(tmp_path)
    grant = revoke_grant(offices.granted(of, moment("03-02")), reason="不再需要", by=of.steward, at=moment("03-03"))
    assert "是否收回" in changed(grant, revoked_at=None, revoke_reason="", revoked_by=None)
