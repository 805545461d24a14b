"""这不对: what a register says wrong is told to its keeper, the case goes on, and the applicant reads what became of it."""

from typing import Any

import pytest

from banshi.cases.actions import answer_dispute, request_supplement, save_answers, supply
from banshi.cases.actions.accepting import Wanted
from banshi.cases.models import Case
from banshi.cases.sealing import CONTENT, opened
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.models import Event
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import differing_texts
from tests.cases.hall import Hall, accepted, fresh, hall, moment, submitted

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = moment("03-02"), moment("03-03")
WRONG = "我的名字是林晓例，不是林小例"


def disputes() -> list[Any]:
    return list(Event.objects.filter(kind="cases.value_disputed"))


def stated(event: Any) -> str:
    return str(opened(bytes.fromhex(event.data["stated"]), purpose=CONTENT)["words"])


def test_a_statement_is_told_to_the_keeper_once_sealed_and_the_case_goes_on() -> None:
    of = hall()
    case = accepted(of, MONDAY, statement=WRONG)
    (event,) = disputes()
    assert (event.data["source"], stated(event)) == ("account", WRONG)
    assert event.data["fields"] == ["applicant_name", "applicant_number"]
    assert "林" not in str(event.data)
    assert case.state == "handling"
    assert [each.basis for each in case.acts.filter(kind="dispute")] == ["《中华人民共和国个人信息保护法》第四十六条"]


def test_who_says_nothing_asks_for_nothing() -> None:
    submitted(hall(), MONDAY)
    assert not disputes()


def asked_to_correct(of: Hall) -> Case:
    wanted = [Wanted("请写清楚", field="statement"), Wanted("请核对", field="applicant_name")]
    return request_supplement(submitted(of, MONDAY, statement=WRONG), wanted=wanted, by=of.window, at=MONDAY)


def test_a_supplement_with_the_same_words_asks_no_second_time_and_with_others_does() -> None:
    of = hall()
    supply(asked_to_correct(of), by=of.citizen, at=TUESDAY)
    assert len(disputes()) == 1
    case = asked_to_correct(of)
    save_answers(case.application, {"statement": "身份证号也不对"}, by=of.citizen, at=TUESDAY)
    supply(case, by=of.citizen, at=TUESDAY)
    assert [stated(each) for each in disputes()] == [WRONG, WRONG, "身份证号也不对"]


def test_the_office_tells_once_what_became_of_it_and_the_ledger_proves_it() -> None:
    of = hall()
    case = accepted(of, MONDAY, statement=WRONG)
    with pytest.raises(Refused):
        answer_dispute(case, corrected=True, words="已更正", by=of.citizen, at=TUESDAY)
    with pytest.raises(BadInput):
        answer_dispute(case, corrected=False, words=" ", by=of.handler, at=TUESDAY)
    answer_dispute(case, corrected=True, words="公安机关已经更正", by=of.handler, at=TUESDAY)
    with pytest.raises(Conflict, match="没有要答复的更正申请"):
        answer_dispute(case, corrected=True, words="再说一次", by=of.handler, at=TUESDAY)
    entries = list(LedgerEntry.objects.filter(action__in=["cases.dispute", "cases.answer_dispute"]))
    assert len(entries) == 2
    assert not list(differing_texts(entries))
    fresh(case).acts.filter(kind="dispute").update(content_sealed=b"")
    assert [entry.action for entry, _ in differing_texts(entries)] == ["cases.dispute"]
