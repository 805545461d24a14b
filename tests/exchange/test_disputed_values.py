"""这不对 in an application goes to whose register filled the form, and its answer comes back to the case."""

from pathlib import Path

import pytest

from banshi.cases.actions import submit
from banshi.cases.queries import open_dispute
from banshi.core.crypto import decrypt
from banshi.events.models import Event
from banshi.exchange.actions import answer_correction, escalate_corrections
from banshi.exchange.models import Correction
from banshi.ledger import System
from banshi.notifications.models import Notification
from tests import factories as make
from tests.cases.hall import filled, moment
from tests.exchange.office import Office, office

pytestmark = pytest.mark.django_db
AT = moment("03-02")
WRONG = "名字登记错了"


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


@pytest.fixture
def correction(of: Office) -> Correction:
    application = filled(of.of, AT, statement=WRONG)
    submit(application, key=application.key, by=of.of.citizen, at=AT)
    return Correction.objects.get()


def test_the_owner_of_the_register_is_asked_to_correct_it(of: Office, correction: Correction) -> None:
    case = of.of.publication.cases.get()
    assert (correction.resource, correction.call, correction.organ) == (of.resource, None, of.of.bureau)
    assert (correction.matter_number, correction.raised_by) == (case.number, of.of.citizen)
    words = decrypt(bytes(correction.words_sealed), purpose=Correction.WORDS)
    assert WRONG in words and "林小例" in words
    assert "核实、更正" in Notification.objects.get(user=of.steward, kind="exchange.correction_told").body


def test_the_answer_is_the_cases_answer_too(of: Office, correction: Correction) -> None:
    case = of.of.publication.cases.get()
    assert open_dispute(case) is not None
    answer_correction(correction, result="corrected", words="已经改正", by=of.steward, at=AT)
    assert open_dispute(case) is None
    assert case.acts.last().facts["corrected"] is True


def test_what_is_late_is_told_once_to_the_leader_and_seen_by_supervision(of: Office, correction: Correction) -> None:
    leader = make.user("head", of.police)
    assert escalate_corrections(by=System("exchange"), at=moment("03-16")) == 0
    assert escalate_corrections(by=System("exchange"), at=moment("03-17")) == 1
    assert escalate_corrections(by=System("exchange"), at=moment("03-18")) == 0
    told = Notification.objects.filter(kind="exchange.correction_told", body__contains="超期")
    assert {each.user for each in told} == {leader, of.authority}
    [event] = Event.objects.filter(kind="exchange.correction_late")
    assert (event.organ, event.data["due_day"]) == (of.police, "2026-03-16")
