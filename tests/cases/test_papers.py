"""Each lawful act comes with its paper, numbered by organ and year, in the act's own transaction."""

from datetime import date

import pytest

from banshi.cases.actions import (
    Wanted,
    accept,
    accept_overdue,
    agree_to_deferral,
    attach_material,
    close_stop,
    commit,
    decide,
    deliver,
    extend,
    not_ours,
    offer_deferral,
    open_stop,
    refuse_to_accept,
    request_supplement,
    resume,
    revoke_outcome,
    submit,
    supply,
    suspend,
    terminate,
    withdraw,
)
from banshi.cases.models import Case
from banshi.cases.policy import policy
from banshi.catalog.enums import ItemKind
from banshi.catalog.guide.document import Material
from banshi.core.errors import BadInput
from banshi.ledger import System
from banshi.papers.models import Paper
from banshi.papers.queries import papers_about
from tests.cases.hall import a_guide, accepted, examined, filled, granted, hall, later, moment, submitted

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")


def papers(case: Case) -> list[str]:
    return [each.kind for each in papers_about(case.number).order_by("id")]


def test_from_receipt_to_delivery() -> None:
    of = hall()
    case = examined(of, accepted(of, MONDAY), MONDAY)
    decide(case, granted=True, by=of.head, at=MONDAY)
    case = deliver(case, way="online", by=of.window, at=MONDAY)
    assert papers(case) == ["receipt", "acceptance", "approval", "result", "delivery"]
    acceptance = Paper.objects.get(kind="acceptance")
    assert acceptance.facts["due_on"] == "2026年3月30日"
    assert acceptance.facts["due_why"][-1] == "最后一天是2026年3月30日"
    assert acceptance.recipient == "林小例"
    assert case.outcome.paper == Paper.objects.get(kind="result")
    receipt = Paper.objects.get(kind="receipt")
    assert [row[0] for row in receipt.facts["materials"]] == ["取水申请书", "水资源论证报告"]


def test_silent_acceptance_has_a_notice_that_says_why_once() -> None:
    of = hall()
    case = submitted(of, moment("09-18"))
    for day in ("09-25", "09-26"):
        accept_overdue(by=System("clocks"), at=moment(day, 0, 5))
    assert papers(case) == ["receipt", "acceptance"]
    facts = Paper.objects.get(kind="acceptance").facts
    assert facts["accepted_on"] == "2026年9月18日"
    assert "逾期未告知" in facts["reason"]
    assert facts["due_on"] == "2026年10月22日"


def test_what_is_asked_for_stands_on_the_notice_in_one_table() -> None:
    of = hall()
    case = request_supplement(
        submitted(of, MONDAY),
        wanted=[Wanted("照片不清楚", 0), Wanted("电话打不通", field="phone")],
        by=of.window,
        at=MONDAY,
    )
    facts = Paper.objects.get(kind="supplement").facts
    assert [row[:2] for row in facts["wanted"]] == [["取水申请书", "照片不清楚"], ["手机号", "电话打不通"]]
    assert facts["supply_by"] == "2026年3月23日"
    assert papers(case) == ["receipt", "supplement"]


def test_who_is_turned_away_is_told_why_where_and_the_remedies() -> None:
    of = hall()
    case = refuse_to_accept(submitted(of, MONDAY), ground="not_needed", reason="不需要许可", by=of.window, at=MONDAY)
    assert case.state == "refused"
    other = not_ours(submitted(of, MONDAY), where="示例市水利局", by=of.window, at=MONDAY)
    assert other.state == "misdirected"
    assert "行政复议" in Paper.objects.get(kind="refusal_to_accept").facts["remedies"]
    assert Paper.objects.get(kind="not_ours").facts["where_to"] == "示例市水利局"


def test_acts_on_the_clock_say_their_days() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    stop = open_stop(case, procedure="听证", expected_days=10, by=of.handler, at=moment("03-03"))
    assert Paper.objects.get(kind="special_procedure").facts["procedure_time"] == "10个工作日"
    case = close_stop(stop, by=of.handler, at=moment("03-10"))
    with pytest.raises(BadInput, match="要有法律、法规、规章的依据"):
        suspend(case, reason="等待法院判决", basis="局里的规定", by=of.head, at=moment("03-11"))
    case = suspend(case, reason="等待法院判决", basis="《工伤保险条例》第二十条第三款", by=of.head, at=moment("03-11"))
    case = resume(case, by=of.head, at=moment("03-18"))
    assert Paper.objects.filter(kind="resumption").latest("pk").facts["new_due_on"] == "2026年4月14日"
    case = extend(case, reason="材料多", by=of.head, at=moment("04-13"))
    facts = Paper.objects.get(kind="extension").facts
    assert (facts["due_on"], facts["new_due_on"], facts["approved_by"]) == ("2026年4月14日", "2026年4月28日", "周负责")
    case = terminate(case, reason="申请人死亡", by=of.head, at=moment("04-14"))
    assert papers(case)[-1] == "termination"


def test_an_extension_while_the_clock_stands_names_no_day_but_says_it_will_be_told() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    open_stop(case, procedure="听证", expected_days=10, by=of.handler, at=moment("03-03"))
    extend(case, reason="材料多", by=of.head, at=moment("03-04"))
    facts = Paper.objects.get(kind="extension").facts
    assert "due_on" not in facts
    assert f"在{facts['new_due_on']}以前作出决定" == "在恢复计时后另行书面告知的日期以前作出决定"


def test_a_refusal_says_why_and_a_revocation_ends_the_papers() -> None:
    of = hall()
    case = examined(of, accepted(of, MONDAY), MONDAY)
    with pytest.raises(BadInput, match="要写明理由"):
        decide(case, granted=False, by=of.head, at=MONDAY)
    decide(case, granted=False, words="超过取水总量", by=of.head, at=MONDAY)
    assert Paper.objects.get(kind="refusal").facts["reason"] == "超过取水总量"
    outcome = granted(of, MONDAY)
    revoke_outcome(outcome, reason="以欺骗手段取得", basis="《示例办法》第九条", by=of.head, at=moment("03-09"))
    ended = Paper.objects.exclude(revoked_at=None).values_list("kind", flat=True)
    assert sorted(ended) == ["approval", "result"]
    assert Paper.objects.filter(kind="revocation").count() == 1


def test_a_letter_of_commitment_is_issued_with_the_receipt() -> None:
    of = hall(materials=[Material(name="申请书"), Material(name="无违法证明", commitment_ok=True), later("图")])
    application = filled(of, MONDAY, positions=[0])
    commit(application, 1, by=of.citizen, at=MONDAY)
    case = submit(application, key=application.key, by=of.citizen, at=MONDAY)
    assert papers(case) == ["receipt", "commitment"]
    assert Paper.objects.get(kind="commitment").facts["proof"] == "无违法证明"


def test_a_guide_without_a_limit_is_accepted_all_the_same() -> None:
    of = hall(a_guide(days=None), kind="20")
    case = accept(submitted(of, MONDAY), by=of.window, at=MONDAY)
    assert case.due_kind == ""
    assert Paper.objects.get(kind="acceptance").facts["limit"] == "指南没有写明期限"


def test_the_end_of_a_special_procedure_and_a_withdrawal_are_told_on_paper() -> None:
    of = hall()
    stop = open_stop(accepted(of, MONDAY), procedure="听证", expected_days=5, by=of.handler, at=MONDAY)
    case = close_stop(stop, by=of.handler, at=moment("03-10"))
    facts = papers_about(case.number).get(kind="resumption").facts
    assert (facts["reason"], facts["new_due_on"]) == ("听证已经结束", "2026年4月8日")
    withdraw(case, by=of.citizen, at=moment("03-11"))
    assert papers_about(case.number).get(kind="termination").facts["reason"] == "申请人撤回申请"


@pytest.mark.parametrize(
    "kind, said, added",
    [
        (ItemKind.PAYMENT, "可以先向本单位投诉。", True),
        (ItemKind.PAYMENT, "可以在60日内申请行政复议。", False),
        (ItemKind.RULING, "可以在15日内向人民法院起诉。", False),
        (ItemKind.SERVICE, "可以先向本单位投诉。", True),
        (ItemKind.SERVICE, "可以在60日内申请行政复议。", False),
    ],
)
def test_who_is_refused_is_told_of_reconsideration_whatever_its_guide_says(kind: str, said: str, added: bool) -> None:
    of = hall(a_guide(remedies=said), kind=kind)
    case = submitted(of, moment("04-13"))
    refuse_to_accept(case, ground="not_needed", reason="不符合条件", by=of.window, at=moment("04-13"))
    remedies = papers_about(case.number).get(kind="refusal_to_accept").facts["remedies"]
    assert remedies == said + (policy().remedies.of(kind) if added else "")


def test_a_refusal_to_accept_names_its_ground_and_the_article_of_that() -> None:
    of = hall(kind=ItemKind.SERVICE)
    case = submitted(of, MONDAY)
    for ground in ("", "still_lacking", "unknown"):
        with pytest.raises(BadInput, match="没有选不予受理的情形"):
            refuse_to_accept(case, ground=ground, reason="自愿离职", by=of.window, at=MONDAY)
    with pytest.raises(BadInput, match="没有写不予受理的依据"):
        refuse_to_accept(case, ground="by_law", reason="自愿离职", by=of.window, at=MONDAY)
    cited = "《失业保险条例》第十四条"
    refuse_to_accept(case, ground="by_law", citation=cited, reason="自愿离职", by=of.window, at=MONDAY)
    facts = papers_about(case.number).get(kind="refusal_to_accept").facts
    assert facts["basis"] == [cited]
    assert facts["reason"] == "法律、法规、规章规定不予受理的其他情形。自愿离职"
    assert case.acts.last().facts["ground"] == "by_law"
    other = submitted(of, MONDAY)
    request_supplement(other, wanted=[Wanted("没有盖章", 0)], by=of.window, at=MONDAY)
    attach_material(other.application, 0, None, source="测试", by=of.citizen, at=MONDAY)
    supply(other, by=of.citizen, at=MONDAY)
    refuse_to_accept(other, ground="still_lacking", reason="还是没有盖章", by=of.window, at=MONDAY)
    assert papers_about(other.number).get(kind="refusal_to_accept").facts["basis"][0].startswith("参照《")


def test_what_an_applicant_does_alone_names_no_officer() -> None:
    of = hall()
    case = withdraw(submitted(of, MONDAY), by=of.citizen, at=MONDAY)
    assert all("officer" not in each.facts for each in papers_about(case.number))


def test_an_offer_says_what_follows_when_the_paper_does_not_come() -> None:
    of = hall(materials=[Material(name="申请书"), later("平面图")])
    case = submitted(of, MONDAY, positions=[0])
    offer_deferral(case, positions=[1], until=date(2026, 3, 9), by=of.window, at=MONDAY)
    assert papers_about(case.number).get(kind="deferral").facts["consequence"].startswith("到期没有补交的，终止办理")


def test_a_notice_of_going_on_names_what_still_holds_the_clock() -> None:
    of = hall()
    case = accepted(of, MONDAY)
    stop = open_stop(case, procedure="听证", expected_days=5, by=of.handler, at=MONDAY)
    suspend(case, reason="等待法院判决", basis="《工伤保险条例》第二十条第三款", by=of.head, at=MONDAY)
    resume(case, words="判决已经生效", by=of.head, at=MONDAY)
    close_stop(stop, by=of.handler, at=MONDAY)
    held, freed = Paper.objects.filter(kind="resumption").order_by("id")
    assert held.facts["still_held"] == "听证" and "new_due_on" not in held.facts
    assert "still_held" not in freed.facts and freed.facts["new_due_on"] == "2026年3月30日"


def test_a_notice_of_acceptance_does_not_say_all_is_there_when_a_paper_comes_later() -> None:
    of = hall(materials=[Material(name="申请书"), later("平面图")])
    case = submitted(of, MONDAY, positions=[0])
    offer_deferral(case, positions=[1], until=date(2026, 3, 13), by=of.window, at=MONDAY)
    agree_to_deferral(case, by=of.citizen, at=MONDAY)
    accept(case, by=of.window, at=MONDAY)
    told = Paper.objects.get(kind="acceptance").facts["reason"]
    assert told == "经审查，主要材料齐全，“平面图”按承诺在2026年3月13日以前补交（容缺受理）"


def test_who_withdraws_is_not_told_to_go_to_court() -> None:
    of = hall()
    withdraw(submitted(of, MONDAY), by=of.citizen, at=MONDAY)
    assert "诉讼" not in Paper.objects.get(kind="termination").facts["remedies"]
