"""Answers of an application, judged when it is submitted."""

from typing import Any

import pytest

from banshi.cases.actions import save_answers, submit
from banshi.cases.enums import CaseChannel
from banshi.cases.models import Application
from banshi.cases.sealing import ANSWERS as SEALED
from banshi.cases.sealing import APPLICANT, opened
from banshi.catalog.guide.document import AskedWhen, DeclaredField
from banshi.catalog.guide.form import form_of
from banshi.core.errors import BadInput
from banshi.forms import FieldKind, schema_digest
from tests.cases.hall import ANSWERS, Hall, a_guide, filled, hall, moment, submitted

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")
QUESTIONS = [
    DeclaredField(label="有没有房产", key="house", kind=FieldKind.YES_NO),
    DeclaredField(label="房产证号", key="house_number", when=AskedWhen(field="house", values=["是"])),
]


@pytest.fixture
def of() -> Hall:
    return hall(a_guide(form_fields=QUESTIONS))


def stored(application: Application) -> Any:
    application.refresh_from_db()
    return opened(application.answers_sealed, purpose=SEALED)


def test_what_a_person_filled_in_and_then_made_hidden_is_not_submitted(of: Hall) -> None:
    draft = filled(of, MONDAY, house=False, house_number="第1号")
    assert stored(draft)["house_number"] == "第1号", "the draft keeps it"
    case = submit(draft, key=draft.key, by=of.citizen, at=MONDAY)
    assert stored(draft) == {**ANSWERS, "house": False}
    assert case.application.schema_digest == schema_digest(form_of(of.guide))


def test_a_system_that_sends_a_hidden_answer_is_refused_by_its_name(of: Hall) -> None:
    draft = filled(of, MONDAY, house=False, house_number="第1号")
    Application.objects.filter(pk=draft.pk).update(channel=CaseChannel.SYSTEM)
    with pytest.raises(BadInput) as refused:
        submit(draft, key=draft.key, by=of.citizen, at=MONDAY)
    assert [each.field for each in refused.value.problems] == ["house_number"]


def test_wrong_answers_are_named_and_nothing_is_submitted(of: Hall) -> None:
    draft = filled(of, MONDAY, house=True, applicant_number="530102199003071212")
    with pytest.raises(BadInput) as refused:
        submit(draft, key=draft.key, by=of.citizen, at=MONDAY)
    assert [each.field for each in refused.value.problems] == ["applicant_number", "house_number"]
    draft.refresh_from_db()
    assert draft.submitted_at is None


def test_an_answer_can_be_taken_away(of: Hall) -> None:
    draft = filled(of, MONDAY, house=True)
    save_answers(draft, {"house": None}, by=of.citizen, at=MONDAY)
    assert "house" not in stored(draft)


def test_the_applicant_is_the_party_of_the_answers(of: Hall) -> None:
    case = submitted(
        of,
        MONDAY,
        positions=(0, 1, 2),
        house=False,
        applying_as="为我的未成年孩子办",
        child_name="林小小",
        child_number="530102201903071217",
        agent_name="林小例",
        agent_number="530102199003071211",
    )
    assert case.applicant_masked == "林*小"
    assert opened(case.applicant_sealed, purpose=APPLICANT)["name"] == "林小小"
