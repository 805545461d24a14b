"""保存期限: what is shown is what is deleted, an open matter holds a case, and nothing personal stays beside it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from banshi.cases.actions import answer_dispute, delete_due_contents, deliver, withdraw
from banshi.cases.enums import ActKind, PromiseKind
from banshi.cases.models import Case, CaseAct, CaseMaterial, CaseOutcome, Promise
from banshi.cases.queries import by_number_and_code, code_of
from banshi.cases.retention import DueContents, deletion_plan
from banshi.catalog.enums import ItemKind
from banshi.core.errors import Conflict
from banshi.core.models import StoredFile
from banshi.feedback.actions import file_complaint
from banshi.feedback.models import BadRating, Complaint
from banshi.fees.models import FeeOrder
from banshi.handout.actions import Receiver, collect
from banshi.handout.models import HandOut
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import differing_texts
from banshi.supervision.models import Inspection, Irregularity
from tests.cases.hall import Hall, fresh, granted, hall, moment, submitted
from tests.factories import TESTS
from tests.factories import supervision as make
from tests.feedback.test_ratings import badly_rated
from tests.handout.test_hand_out import SOMEBODY, shelved
from tests.reception.counter import signature

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")
THREE_YEARS, TEN_YEARS = MONDAY + timedelta(days=1096), MONDAY + timedelta(days=3651)


def plan(code: str, at: Any) -> DueContents:
    return next(each for each in deletion_plan(at=at) if each.rule.code == code)


def delivered(of: Hall, **more: Any) -> Case:
    case = granted(of, MONDAY, **more).case
    deliver(case, way="online", by=of.window, at=MONDAY)
    return fresh(case)


def test_what_is_shown_is_what_is_deleted() -> None:
    of = hall()
    ended = withdraw(submitted(of, MONDAY), words="不办了", by=of.citizen, at=MONDAY)
    running = submitted(of, MONDAY)
    assert plan("not_handled", MONDAY + timedelta(days=1095)).count == 0
    due = plan("not_handled", THREE_YEARS)
    assert (list(due.listed), due.count, plan("handled", THREE_YEARS).count) == ([ended], 1, 0)
    assert delete_due_contents("not_handled", shown=due.shown, by=TESTS, at=THREE_YEARS) == 1
    gone = fresh(ended)
    assert (bytes(gone.application.answers_sealed), bytes(gone.applicant_sealed), gone.applicant_masked) == (
        b"",
        b"",
        "",
    )
    assert not CaseMaterial.objects.filter(application=gone.application_id).exists()
    assert gone.acts.count() == 2
    assert bytes(fresh(running).application.answers_sealed)
    assert plan("not_handled", THREE_YEARS).count == 0


def test_what_has_no_query_code_any_more_is_opened_by_none_and_its_applicant_is_told() -> None:
    of = hall()
    ended = withdraw(submitted(of, MONDAY), words="不办了", by=of.citizen, at=MONDAY)
    code, due = code_of(ended), plan("not_handled", THREE_YEARS)
    assert by_number_and_code(ended.number, code) == ended
    delete_due_contents("not_handled", shown=due.shown, by=TESTS, at=THREE_YEARS)
    assert not any(by_number_and_code(ended.number, each) for each in (code, "。", ""))
    client = Client()
    client.force_login(of.citizen, backend=settings.AUTHENTICATION_BACKENDS[-1])
    said = client.get(reverse("portal:my-case", args=[ended.pk])).content.decode()
    assert "保存到期" in said and "查询码请不要告诉别人" not in said
    receipt = client.get(reverse("portal:application-sent", args=[ended.application.guid])).content.decode()
    assert ended.number in receipt and "保存到期" in receipt
    assert "<dt>查询码</dt>" not in receipt and "接下来" not in receipt


def test_as_many_others_are_not_what_was_shown() -> None:
    """One falls due while another, shown, was taken up by a complaint: the same number, another case."""
    of = hall()
    first = withdraw(submitted(of, MONDAY), words="不办了", by=of.citizen, at=MONDAY)
    later = MONDAY + timedelta(days=3)
    second = withdraw(submitted(of, later), words="不办了", by=of.citizen, at=later)
    due = plan("not_handled", THREE_YEARS)
    assert list(due.listed) == [first]
    file_complaint("complaint", text="撤回以后材料没有退", item=of.item, case=first, by=of.citizen, at=THREE_YEARS)
    at = later + timedelta(days=1096)
    assert list(plan("not_handled", at).listed) == [second]
    with pytest.raises(Conflict, match="和您看到的不一样"):
        delete_due_contents("not_handled", shown=due.shown, by=TESTS, at=at)
    assert fresh(second).contents_deleted_at is None


def test_at_most_so_many_as_were_shown_go_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    of = hall()
    for module in ("banshi.cases.retention", "banshi.cases.actions.retaining"):
        monkeypatch.setattr(f"{module}.AT_ONCE", 1)
    for _ in range(2):
        withdraw(submitted(of, MONDAY), words="不办了", by=of.citizen, at=MONDAY)
    for left in (2, 1):
        due = plan("not_handled", THREE_YEARS)
        assert (due.count, len(due.listed)) == (left, 1)
        assert delete_due_contents("not_handled", shown=due.shown, by=TESTS, at=THREE_YEARS) == 1
    assert plan("not_handled", THREE_YEARS).count == 0


Open = Callable[[Hall, Case], Callable[[], object]]


def promise(kind: PromiseKind, **more: Any) -> Open:
    def made(_: Hall, case: Case) -> Callable[[], object]:
        facts = {"application": case.application, "kind": kind, "position": 1, "name": "证明", **more}
        one = Promise.objects.create(offered_at=MONDAY, agreed_at=MONDAY, **facts)
        return lambda: Promise.objects.filter(pk=one.pk).update(ending="kept", ended_at=MONDAY)

    return made


def unpaid(_: Hall, case: Case) -> Callable[[], object]:
    order = FeeOrder.objects.create(
        case=case, number="F1", lines=[], total=Decimal(60), pay_by=date(2026, 3, 20), charged_at=MONDAY
    )
    paid = {"state": "paid", "paid_at": MONDAY, "payment_number": "1"}
    return lambda: FeeOrder.objects.filter(pk=order.pk).update(**paid)


def complained(of: Hall, case: Case) -> Callable[[], object]:
    file_complaint("complaint", text="证上的名字印错了", item=of.item, case=case, by=of.citizen, at=TEN_YEARS)
    return lambda: Complaint.objects.update(state="closed", ended_at=TEN_YEARS)


def rated_badly(of: Hall, case: Case) -> Callable[[], object]:
    badly_rated(of, at=TEN_YEARS, service=case)
    return lambda: BadRating.objects.update(state="closed", ended_at=TEN_YEARS)


def inspected(of: Hall, case: Case) -> Callable[[], object]:
    make.inspected(case, of.head)
    fault = {"inspected_at": MONDAY, "faulty": True, "right_by": MONDAY.date()}

    def close() -> None:
        Inspection.objects.update(**fault)
        assert plan("handled", TEN_YEARS).held, "a fault is to be put right"
        Inspection.objects.update(righted_at=MONDAY)

    return close


def disputed(of: Hall, case: Case) -> Callable[[], object]:
    CaseAct.objects.create(case=case, kind=ActKind.DISPUTE, at=MONDAY, effective_on=MONDAY.date(), by_name="申请人")
    return lambda: answer_dispute(case, corrected=True, words="已经更正", by=of.handler, at=TEN_YEARS)


def found(of: Hall, case: Case) -> Callable[[], object]:
    about = {"subject": f"cases.Case:{case.pk}", "case": case, "organ": of.bureau}
    Irregularity.objects.create(rule="late", level="red", mark="1", happened_at=MONDAY, found_at=MONDAY, **about)
    return lambda: Irregularity.objects.update(state="closed")


def valid(_: Hall, case: Case) -> Callable[[], object]:
    CaseOutcome.objects.filter(case=case).update(valid_until=TEN_YEARS.date())
    return lambda: CaseOutcome.objects.filter(case=case).update(valid_until=TEN_YEARS.date() - timedelta(days=1))


def unlimited(_: Hall, case: Case) -> Callable[[], object]:
    type(case.item).objects.filter(pk=case.item_id).update(kind=ItemKind.LICENCE)
    CaseOutcome.objects.exclude(case=case).update(revoked_at=MONDAY)
    return lambda: CaseOutcome.objects.filter(case=case).update(revoked_at=TEN_YEARS)


HELD: dict[str, tuple[str, Open]] = {
    "a paper that comes later": ("容缺或承诺没有了结", promise(PromiseKind.DEFERRAL)),
    "a commitment to be checked": ("容缺或承诺没有了结", promise(PromiseKind.COMMITMENT, drawn_at=MONDAY)),
    "a fee": ("缴费或退费没有了结", unpaid),
    "a complaint": ("诉求或差评没有办结", complained),
    "a bad rating": ("诉求或差评没有办结", rated_badly),
    "an inspection": ("监察或抽查没有了结", inspected),
    "a correction": ("更正申请没有答复", disputed),
    "a finding": ("监察或抽查没有了结", found),
    "a result in force": ("结果还有效", valid),
    "a licence for no limited time": ("结果还有效", unlimited),
}


@pytest.mark.parametrize("name", HELD)
def test_what_is_open_holds_a_case_until_it_is_closed(name: str) -> None:
    of = hall(kind=ItemKind.SERVICE)
    case, other = delivered(of), delivered(of)
    why, opens = HELD[name]
    close = opens(of, case)
    due = plan("handled", TEN_YEARS)
    assert (list(due.listed), list(due.held)) == ([other], [(why, 1)])
    close()
    assert set(plan("handled", TEN_YEARS).listed) == {case, other} and not plan("handled", TEN_YEARS).held


def test_a_fee_of_what_came_to_nothing_holds_it_until_it_is_refunded() -> None:
    of = hall()
    ended = withdraw(submitted(of, MONDAY), words="不办了", by=of.citizen, at=MONDAY)
    unpaid(of, ended)
    assert list(plan("not_handled", THREE_YEARS).listed) == [ended], "nobody will pay it"
    FeeOrder.objects.update(state="paid", paid_at=MONDAY, payment_number="1")
    assert plan("not_handled", THREE_YEARS).held == [("缴费或退费没有了结", 1)]
    FeeOrder.objects.update(state="refunded", refunded_at=MONDAY, refund_reason="没有办")
    assert list(plan("not_handled", THREE_YEARS).listed) == [ended]


def test_what_the_hall_kept_goes_with_it_and_a_file_another_row_names_stays() -> None:
    of = hall(kind=ItemKind.SERVICE)
    out = shelved(of)
    at = moment("03-09")
    collect(out, receiver=Receiver("王大例", SOMEBODY, signature()), signature=signature(), by=of.window, at=at)
    out.refresh_from_db()
    shared, alone = out.signature_id, out.authority_id
    facts = {"application": submitted(of, MONDAY).application, "position": 5, "name": "签名"}
    CaseMaterial.objects.create(file_id=shared, attached_at=at, **facts)
    due = plan("handled", TEN_YEARS + timedelta(days=30))
    assert delete_due_contents("handled", shown=due.shown, by=TESTS, at=TEN_YEARS + timedelta(days=30)) == 1
    gone = HandOut.objects.get()
    assert (gone.receiver_masked, bytes(gone.receiver_sealed), gone.signature, gone.authority) == ("", b"", None, None)
    assert list(StoredFile.objects.filter(pk__in=[shared, alone]).values_list("pk", flat=True)) == [shared]


def test_what_was_deleted_in_time_is_no_forgery_and_anything_else_is() -> None:
    of = hall(kind=ItemKind.SERVICE)
    delivered(of)
    refused: Any = withdraw(submitted(of, MONDAY), words="不办了", by=of.citizen, at=MONDAY)
    delete_due_contents("handled", shown=plan("handled", TEN_YEARS).shown, by=TESTS, at=TEN_YEARS)
    entries = list(LedgerEntry.objects.filter(action__startswith="cases."))
    assert list(differing_texts(entries)) == []
    refused.acts.filter(kind="withdraw").update(content_sealed=b"")
    assert [entry.action for entry, _ in differing_texts(entries)] == ["cases.withdraw"]
