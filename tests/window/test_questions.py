"""首问负责: recorded, referred to a named person, followed to its end."""

import pytest

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.ledger_proofs import acts_without_entries
from banshi.events.models import Event
from banshi.ledger import System
from banshi.ledger.models import LedgerEntry
from banshi.notifications.models import Notification
from banshi.window import actions
from banshi.window.enums import QuestionState
from banshi.window.questions import overdue, questions_visible_to, receivers_in, to_answer
from tests import factories as make
from tests.window.hall import MORNING, Town, town

pytestmark = pytest.mark.django_db
Q = QuestionState


@pytest.fixture
def of() -> Town:
    return town()


@pytest.fixture
def question(of: Town):
    return actions.record_question(
        of.hall, text="孩子的医保在哪里办", contact="13900000000", by=of.clerks[0], at=of.later()
    )


def test_who_is_asked_first_has_it_until_it_is_answered(of, question):
    assert question.holder == of.clerks[0] and str(question.due_on) == "2026-11-24"
    assert b"139" not in bytes(question.contact_sealed)
    assert list(to_answer(of.clerks[0])) == [question]
    with pytest.raises(BadInput, match="怎么答复"):
        actions.answer_question(question, answer=" ", by=of.clerks[0], at=of.later())
    with pytest.raises(Refused, match="现在由"):
        actions.answer_question(question, answer="已答", by=of.clerks[1], at=of.later())
    actions.answer_question(question, answer="在3号窗口办，已带去", by=of.clerks[0], at=of.later())
    assert not to_answer(of.clerks[0])
    with pytest.raises(Conflict, match="已经答复"):
        actions.answer_question(question, answer="再答", by=of.clerks[0], at=of.later())


def test_a_referral_names_the_receiver_who_takes_it_and_answers(of, question):
    receiver = make.user("handler", of.social_organ)
    assert receiver.pk in dict(receivers_in(of.hall, at=MORNING))
    actions.refer_question(question, to=receiver, words="请直接联系群众", by=of.clerks[0], at=of.later())
    assert "孩子的医保" in Notification.objects.get(user=receiver).subject
    with pytest.raises(Refused):
        actions.answer_question(question, answer="不是我的了", by=of.clerks[0], at=of.later())
    taken = actions.take_question(question, by=receiver, at=of.later())
    assert taken.referrals.get().source == of.clerks[0]
    answered = actions.answer_question(question, answer="已电话告知", by=receiver, at=of.later())
    assert answered.state == Q.ANSWERED and answered.asked == of.clerks[0]
    assert question in questions_visible_to(of.clerks[0], at=MORNING), "the first still sees how it ended"
    kinds = Event.objects.filter(kind__startswith="window.question").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["window.question_asked", "window.question_referred", "window.question_answered"]


def test_an_overdue_question_is_told_once_and_shows(of, question):
    night = System("halls")
    late = of.later().replace(day=25, hour=0, minute=10)
    assert actions.tell_overdue_questions(by=night, at=late) == 1
    assert actions.tell_overdue_questions(by=night, at=late) == 0
    assert list(overdue(questions_visible_to(of.manager, at=late), at=late)) == [question]
    assert Event.objects.filter(kind="window.question_overdue").count() == 1
    assert list(acts_without_entries()) == [], "what was told at night is no end cut off"
    assert Notification.objects.filter(user=of.clerks[0], kind="window.question_overdue").exists()


def test_a_stranger_sees_no_question(of, question):
    assert not questions_visible_to(make.user("window"), at=MORNING)
    assert not questions_visible_to(of.clerks[2], at=MORNING)


def test_what_was_asked_and_answered_stays_out_of_the_ledger(of, question):
    actions.answer_question(question, answer="已给林小例回电", by=of.clerks[0], at=of.later())
    facts = LedgerEntry.objects.filter(action__startswith="window.").values_list("facts", flat=True)
    assert len(facts) >= 2 and not [each for each in facts if "医保" in str(each) or "林小例" in str(each)]
