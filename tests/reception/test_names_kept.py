"""A citizen's name stands sealed: whatever they do online or at a counter, no column shows it."""

from dataclasses import replace
from typing import Any

import pytest

from banshi.cases.actions import withdraw
from banshi.cases.actions.looking import look_at_applicant
from banshi.cases.models import Case, CaseMove
from banshi.command.demo.tables import table
from banshi.core.id_numbers import mask_name
from banshi.events.models import Event
from banshi.events.sequencing import sequence
from banshi.feedback.actions import file_complaint, look_at_rater, look_at_reporter, make_wish, rate
from banshi.ledger.models import LedgerEntry
from banshi.people.actions import register_citizen
from banshi.people.models import User
from banshi.people.queries import names_of
from banshi.reception.actions import (
    agree_by_signature,
    begin_reception,
    give_mandate,
    hand_in,
    keep_typed,
    open_online_account,
    order_visit,
)
from banshi.reception.models import Reception
from tests import factories as make
from tests.cases.hall import ANSWERS, Hall, a_guide, hall, moment, submitted
from tests.feedback.test_ratings import served
from tests.people.stored import columns_with
from tests.reception.counter import PHONE, a_photo, person_before, signature

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = moment("03-02"), moment("03-03")
AT_COUNTER, CARD = "欧阳望舒", "530102199003071211"


def demo_citizens() -> dict[str, User]:
    """The citizens of data/demo/users.csv, registered as the demonstration and the sign-up page do."""
    found = {}
    for row in table("demo/users.csv"):
        if kind := row["citizen_kind"]:
            found[row["full_name"]] = user = User.objects.create(username=row["username"])
            register_citizen(user, kind=kind, name=row["full_name"], number=row["number"], by=user, at=MONDAY)
    return found


def applied_online(of: Hall, person: User, name: str, number: str) -> Case:
    own = replace(of, citizen=person)
    return withdraw(
        submitted(own, MONDAY, applicant_name=name, applicant_number=number), words="不办了", by=person, at=TUESDAY
    )


def received_at_counter(of: Hall, person: User, answers: dict[str, Any]) -> Case:
    reception = begin_reception(of.item, person=person, by=of.window, at=MONDAY)
    seen = list(range(len(of.guide.materials)))
    keep_typed(reception, answers=answers, originals=seen, by=of.window, at=MONDAY)
    case = hand_in(
        agree_by_signature(reception, signature(), by=of.window, at=MONDAY), then="accept", by=of.window, at=MONDAY
    )
    open_online_account(Reception.objects.get(pk=reception.pk), username="wangshu88", by=of.window, at=MONDAY)
    return case


def test_no_column_shows_a_citizens_name_and_whose_work_asks_for_it_still_learns_it() -> None:
    of = hall(a_guide(at_home=True))
    User.objects.filter(pk=of.citizen.pk).update(full_name="")  # has no identity, but a name like theirs
    citizens = demo_citizens()
    name, person = next(iter(citizens.items()))
    applied_online(of, person, name, "990100198808080025")
    visitor = person_before(of.window, MONDAY, name=AT_COUNTER, number=CARD)
    answers = {**ANSWERS, "applicant_name": AT_COUNTER, "applicant_number": CARD}
    taken_in = received_at_counter(of, visitor, answers)
    order_visit(
        of.item, person=visitor, address="示例镇一组3号", phone=PHONE, on=TUESDAY.date(), half="morning",
        by=of.window, at=MONDAY,
    )  # fmt: skip
    agent = make.user("agent", of.bureau, full_name="李帮办")
    give_mandate(
        visitor, matters="取水", until=moment("06-01").date(), paper=a_photo(agent, MONDAY), by=agent, at=MONDAY
    )
    complaint = file_complaint("complaint", text="取水许可一直没有办好", item=of.item, by=person, at=MONDAY)
    make_wish(title="希望周末也能办", organ=of.bureau, by=visitor, at=MONDAY)
    invitation = served(of, at=MONDAY, citizen=visitor)
    rated = rate(invitation, grade=5, words="跑了三趟", named=True, by=visitor, at=MONDAY)
    sequence()

    for plain in (name, AT_COUNTER):
        assert columns_with(plain) == set()
    shown = {mask_name(name), mask_name(AT_COUNTER)}
    assert {person.full_name, visitor.full_name} == shown
    said = LedgerEntry.objects.filter(actor=person.ledger_id).values_list("actor_name", flat=True)
    assert set(said) == {person.ledger_name} and Event.objects.filter(actor=person.ledger_id).exists()
    assert CaseMove.objects.filter(actor_name=person.ledger_name).exists()

    assert names_of([person, visitor, of.window]) == {
        person.pk: name, visitor.pk: AT_COUNTER, of.window.pk: of.window.full_name
    }  # fmt: skip
    assert look_at_applicant(taken_in, by=of.window, at=TUESDAY).applicant["name"] == AT_COUNTER
    assert look_at_reporter(complaint, by=of.head, at=TUESDAY)["name"] == name
    assert look_at_rater(rated.handling, by=of.head, at=TUESDAY)["name"] == AT_COUNTER


def test_a_company_is_called_by_its_own_name_which_is_public() -> None:
    company = demo_citizens()["例光科技有限公司"]
    assert str(company) == "例光科技有限公司"


def test_the_plain_name_would_be_noticed() -> None:
    make.user(full_name=AT_COUNTER)
    assert columns_with(AT_COUNTER) == {"people_user.full_name"}
