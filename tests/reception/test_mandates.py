"""Agents of villages act for named people, as long as the written consent is in force."""

import pytest

from banshi.cases.actions import save_answers, start_application, withdraw
from banshi.cases.queries import cases_of
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User
from banshi.reception.actions import end_mandate, give_mandate, take_mandate
from banshi.reception.queries import mandates_in_force
from tests import factories as make
from tests.cases.hall import ANSWERS, Hall, hall, moment
from tests.reception.counter import a_photo, begun, mandated, person_before, received

pytestmark = pytest.mark.django_db
MONDAY, SUMMER = moment("03-02"), moment("06-30")


def village(of: Hall) -> User:
    place = make.division("990102001", "示例镇", 5)
    return make.user("agent", make.organ("示例镇便民服务中心", division=place), full_name="李帮办")


def test_an_agent_applies_for_an_old_person_and_every_act_says_so() -> None:
    of = hall()
    agent = village(of)
    mandate = mandated(agent, SUMMER, MONDAY)
    case = received(of, MONDAY, then="receive", clerk=agent, person=mandate.person, mandate=mandate)
    assert (case.applicant, case.agent, case.state) == (mandate.person, agent, "received")
    assert [each.by_name for each in case.acts.all()] == ["李帮办（代申请人办）"]
    assert LedgerEntry.objects.get(action="cases.receive").actor_name == "李帮办"
    assert LedgerEntry.objects.get(action="reception.hand_in").facts["mandate"] == mandate.pk
    assert list(cases_of(agent)) == list(cases_of(mandate.person)) == [case]
    assert withdraw(case, by=agent, at=MONDAY).state == "withdrawn"


def test_without_a_mandate_an_agent_acts_for_nobody() -> None:
    of = hall()
    agent = village(of)
    person = person_before(agent, MONDAY)
    with pytest.raises(Refused):
        begun(of, MONDAY, agent, person=person)
    with pytest.raises(Refused, match="委托没有给您"):
        start_application(of.item, owner=person, agent=agent, by=agent, at=MONDAY)


def test_a_mandate_is_for_the_agent_it_names_and_the_person_who_gave_it() -> None:
    of = hall()
    mandate = mandated(village(of), SUMMER, MONDAY)
    other = make.user("agent", mandate.organ)
    with pytest.raises(Refused, match="委托没有给您"):
        begun(of, MONDAY, other, person=mandate.person, mandate=mandate)
    stranger = person_before(mandate.agent, MONDAY, name="王大例", number="530102194501010013")
    with pytest.raises(Refused):
        begun(of, MONDAY, mandate.agent, person=stranger, mandate=mandate)


def test_after_its_last_day_or_its_end_nothing_more_is_done_under_it() -> None:
    of = hall()
    agent = village(of)
    mandate = mandated(agent, SUMMER, MONDAY)
    case = received(of, MONDAY, then="receive", clerk=agent, person=mandate.person, mandate=mandate)
    with pytest.raises(Refused, match="已经到期"):
        withdraw(case, by=agent, at=moment("07-01"))
    reception = begun(of, MONDAY, agent, person=mandate.person, mandate=mandate)
    end_mandate(mandate, by=mandate.person, at=MONDAY)
    with pytest.raises(Refused, match="已经到期"):
        save_answers(reception.application, ANSWERS, by=agent, at=MONDAY)
    with pytest.raises(Conflict, match="已经结束"):
        end_mandate(mandate, by=agent, at=MONDAY)
    assert not mandates_in_force(agent, at=MONDAY)
    assert withdraw(case, by=mandate.person, at=MONDAY).state == "withdrawn"


def test_a_stranger_ends_no_mandate() -> None:
    mandate = mandated(village(hall()), SUMMER, MONDAY)
    with pytest.raises(Refused):
        end_mandate(mandate, by=make.user("window", mandate.organ), at=MONDAY)


def test_a_mandate_says_what_for_and_lasts_a_year_at_most() -> None:
    agent = village(hall())
    person, paper = person_before(agent, MONDAY), a_photo(agent, MONDAY)
    for matters, until in ((" ", "06-30"), ("津贴", "03-01"), ("津贴", "2027-03-10")):
        with pytest.raises(BadInput):
            give_mandate(person, matters=matters, until=moment(until).date(), paper=paper, by=agent, at=MONDAY)
    give_mandate(person, matters="津贴", until=moment("04-01").date(), paper=paper, by=agent, at=MONDAY)
    with pytest.raises(Conflict, match="已经有这个人的委托"):
        give_mandate(person, matters="津贴", until=moment("04-01").date(), paper=paper, by=agent, at=MONDAY)
    later = moment("04-02")
    assert give_mandate(person, matters="津贴", until=moment("05-01").date(), paper=paper, by=agent, at=later)


def test_everything_a_mandate_lacks_is_told_at_once() -> None:
    agent, nothing = village(hall()), {"name": " ", "number": "", "phone": "", "matters": ""}
    with pytest.raises(BadInput) as told:
        take_mandate(**nothing, until=None, paper=None, by=agent, at=MONDAY)  # type: ignore[arg-type]
    assert [each.field for each in told.value.problems] == ["name", "number", "matters", "until", "paper"]
