"""Each lawful act has its paper, with what the law wants on it."""

import pytest

from banshi.cases.actions import (
    Wanted,
    accept,
    accept_overdue,
    close_stop,
    decide,
    deliver,
    extend,
    not_ours,
    refuse_to_accept,
    request_supplement,
    resume,
    revoke_outcome,
    suspend,
    terminate,
    withdraw,
)
from banshi.cases.enums import ActKind
from banshi.cases.models import Case
from banshi.cases.papers import KIND_OF_ACT
from banshi.cases.queries import code_of
from banshi.core.errors import BadInput
from banshi.papers.models import Paper
from banshi.papers.printing import print_paper
from banshi.papers.queries import papers_about
from tests import factories as make
from tests.cases.hall import accepted, examined, granted, hall, moment, stopped, submitted

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = moment("03-02"), moment("03-03")


def paper(case: Case, kind: str) -> Paper:
    """The one of this kind, which can be printed."""
    found = papers_about(case.number).get(kind=kind)
    assert print_paper(found, at=TUESDAY).media_type.endswith("pdf")
    return found


def kinds(case: Case) -> list[str]:
    return list(papers_about(case.number).order_by("id").values_list("kind", flat=True))


def test_a_receipt_names_the_materials_and_bears_the_query_code() -> None:
    case = submitted(hall(), MONDAY)
    facts = paper(case, "receipt").facts
    assert facts["recipient"] == "林小例"
    assert facts["received_at"] == "2026年3月2日09时00分"
    assert facts["materials"] == [["取水申请书", "测试", "1"], ["水资源论证报告", "测试", "1"]]
    assert facts["query_code"] == code_of(case)


def test_the_letter_of_acceptance_says_until_when_and_why() -> None:
    facts = paper(accepted(hall(), MONDAY), "acceptance").facts
    assert (facts["accepted_on"], facts["limit"], facts["due_on"]) == ("2026年3月2日", "20个工作日", "2026年3月30日")
    assert facts["due_why"]
    assert "第三十二条" in facts["basis"][0]


def test_silence_is_told_with_its_ground_and_the_day_of_receipt() -> None:
    case = submitted(hall(), moment("09-18"))
    accept_overdue(by=make.TESTS, at=moment("09-25", 0, 5))
    facts = paper(case, "acceptance").facts
    assert (facts["accepted_on"], facts["due_on"]) == ("2026年9月18日", "2026年10月22日")
    assert "逾期未告知" in facts["reason"]


def test_a_supplement_lists_everything_at_once() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    request_supplement(case, wanted=[Wanted("照片不清楚", 0), Wanted("缺盖章", 1)], by=of.window, at=TUESDAY)
    facts = paper(case, "supplement").facts
    assert facts["wanted"] == [["取水申请书", "照片不清楚", ""], ["水资源论证报告", "缺盖章", ""]]


def test_a_refusal_to_accept_says_why_where_to_go_and_how_to_object() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    refuse_to_accept(case, reason="不在本县取水", where="邻县水利局", by=of.window, at=TUESDAY)
    facts = paper(case, "refusal_to_accept").facts
    assert (facts["reason"], facts["where_to"]) == ("不在本县取水", "邻县水利局")
    assert "行政复议" in facts["remedies"] and "诉讼" in facts["remedies"]


def test_another_organs_matter_is_told_on_paper() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    not_ours(case, where="邻县水利局", by=of.window, at=TUESDAY)
    assert paper(case, "not_ours").facts["where_to"] == "邻县水利局"


def test_a_special_procedure_and_its_end_are_told_with_the_days() -> None:
    of = hall()
    stop = stopped(of, MONDAY)
    facts = paper(stop.case, "special_procedure").facts
    assert (facts["procedure"], facts["procedure_time"]) == ("听证", "5个工作日")
    close_stop(stop, by=of.handler, at=moment("03-10"))
    facts = paper(stop.case, "resumption").facts
    assert (facts["reason"], facts["new_due_on"]) == ("听证已经结束", "2026年4月8日")


def test_an_extension_names_both_days_the_reason_and_who_approved_it() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    extend(case, reason="情况复杂", by=of.head, at=TUESDAY)
    facts = paper(case, "extension").facts
    assert (facts["due_on"], facts["new_due_on"]) == ("2026年3月30日", "2026年4月14日")
    assert (facts["extended_by"], facts["reason"], facts["approved_by"]) == ("10个工作日", "情况复杂", "周负责")


def test_suspension_and_resumption_are_told() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    suspend(case, reason="等待法院判决", basis="《中华人民共和国民事诉讼法》第一百五十三条", by=of.head, at=TUESDAY)
    assert paper(case, "suspension").facts["reason"] == "等待法院判决"
    resume(case, by=of.head, at=moment("03-10"))
    assert paper(case, "resumption").facts["new_due_on"] == "2026年4月7日"


def test_a_decision_and_its_delivery_are_numbered_papers() -> None:
    of = hall(result_name="取水许可证")
    case = examined(of, accepted(of, MONDAY), TUESDAY)
    decide(case, granted=True, words="准予取水", valid_until=moment("2031-03-01").date(), by=of.head, at=TUESDAY)
    deliver(case, way="window", by=of.window, at=TUESDAY)
    approval, result = paper(case, "approval"), paper(case, "result")
    assert approval.number == "水利局准〔2026〕1号"
    assert approval.facts["decision"] == "准予取水" and approval.facts["valid_until"] == "2031年3月1日"
    assert result.facts["result_name"] == "取水许可证"
    facts = paper(case, "delivery").facts
    assert facts["delivered"] == [str(approval), str(result)]
    assert (facts["delivery_way"], facts["officer"]) == ("窗口领取", "郑窗口")


def test_a_denial_gives_reason_and_remedies() -> None:
    of = hall()
    case = examined(of, accepted(of, MONDAY), TUESDAY)
    decide(case, granted=False, words="水量不足", by=of.head, at=TUESDAY)
    facts = paper(case, "refusal").facts
    assert facts["reason"] == "水量不足" and "行政复议" in facts["remedies"]


def test_what_was_granted_is_revoked_with_its_papers() -> None:
    of = hall(result_name="取水许可证")
    outcome = granted(of, MONDAY)
    revoke_outcome(outcome, reason="承诺不实", by=of.head, at=TUESDAY)
    revoked = {each.kind for each in papers_about(outcome.case.number).exclude(revoked_at=None)}
    assert revoked == {"approval", "result"}
    assert "准予决定书" in paper(outcome.case, "revocation").facts["revoked_number"]


def test_withdrawal_and_termination_are_told() -> None:
    of = hall()
    case, other = submitted(of, MONDAY), accepted(of, MONDAY)
    withdraw(case, by=of.citizen, at=TUESDAY)
    assert paper(case, "termination").facts["reason"] == "申请人撤回申请"
    terminate(other, reason="申请人失联", by=of.head, at=TUESDAY)
    assert paper(other, "termination").facts["reason"] == "申请人失联"


def test_the_act_names_its_papers_and_an_act_that_is_undone_leaves_none() -> None:
    of = hall()
    case = submitted(of, MONDAY)
    [receipt] = papers_about(case.number)
    assert case.acts.get().facts["papers"] == [receipt.code]
    with pytest.raises(BadInput):
        refuse_to_accept(case, reason=" ", by=of.window, at=TUESDAY)
    assert kinds(case) == ["receipt"]
    accept(case, by=of.window, at=TUESDAY)
    assert kinds(case) == ["receipt", "acceptance"]


def test_every_act_of_the_office_has_a_paper() -> None:
    without = {ActKind.SUPPLY, ActKind.RETURN_STEP, ActKind.PROMISE, ActKind.KEEP_PROMISE, ActKind.CHECK_PROMISE}
    assert set(ActKind) - set(KIND_OF_ACT) == without
