"""首问负责: whoever is asked first records it in one line and answers for it, through every referral, until it is answered."""

from datetime import datetime

from django.db import transaction

from banshi.access import Allowed, Permission, allows, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import day_of
from banshi.core.crypto import digest, encrypt
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.repeats import A_MOMENT, refuse_repeated
from banshi.events import emit
from banshi.events.kinds import EventKind
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.people.models import User
from banshi.people.queries import account_of
from banshi.window.enums import QuestionState
from banshi.window.events import QUESTION_ANSWERED, QUESTION_ASKED, QUESTION_OVERDUE, QUESTION_REFERRED
from banshi.window.models import FirstQuestion, Hall, QuestionReferral, Ticket
from banshi.window.notifications import QUESTION_GIVEN, QUESTION_LATE
from banshi.window.policy import policy
from banshi.window.questions import CONTACT

Q = QuestionState


@transaction.atomic
def record_question(
    hall: Hall,
    *,
    text: str,
    contact: str = "",
    ticket: Ticket | None = None,
    by: Actor,
    at: datetime,
    is_example: bool = False,
) -> FirstQuestion:
    """Record what somebody asked, which whoever was asked has until another takes it."""
    by = authorize(by, Permission.WINDOW_SERVE, hall, at=at)
    person = account_of(by)
    if person is None:
        raise BadInput("首问要由人登记", remedy="请用自己的账号登录。")
    if not text.strip():
        raise BadInput("没有写问了什么", remedy="写一句话就够了。")
    days = policy().question.days
    told = {"hall": hall, "ticket": ticket, "text": text.strip()[:200], "asked": person}
    same = FirstQuestion.objects.filter(**told, asked_at__gt=at - A_MOMENT)
    refuse_repeated(
        person, same, "这一问刚刚登记过了", remedy="请在列表里查看；确是另一个人问的，请写明不同的地方再登记。"
    )
    made = FirstQuestion.objects.create(
        **told,
        contact_sealed=encrypt(contact.strip()[:60], purpose=CONTACT) if contact.strip() else b"",
        asked_at=at,
        holder=person,
        due_on=calendar_in_force().add_working_days(day_of(at), days),
        is_example=is_example,
    )
    record("window.record_question", made, by=by, at=at, facts={"hall": hall.pk, "text": digest(made.text.encode())})
    _emit(QUESTION_ASKED, made, by=by, at=at)
    return made


@transaction.atomic
def refer_question(question: FirstQuestion, *, to: User, words: str = "", by: Actor, at: datetime) -> QuestionReferral:
    """Refer to a named person, who is told, and who has it from then on."""
    now, by = _held(question, by, at)
    source = account_of(by) or now.holder
    if to == now.holder:
        raise BadInput("接收人就是现在办的人", remedy="请选别人。")
    if now.state == Q.REFERRED:
        raise Conflict(f"已经转给{now.holder}，还没有接收", remedy="请等对方接收，或由对方转回。")
    referral = QuestionReferral.objects.create(
        question=now, source=source, receiver=to, words=words.strip()[:200], at=at
    )
    FirstQuestion.objects.filter(pk=now.pk).update(holder=to, state=Q.REFERRED)
    now.holder, now.state = to, Q.REFERRED
    record("window.refer_question", now, by=by, at=at, facts={"to": to.pk, "words": digest(referral.words.encode())})
    _emit(QUESTION_REFERRED, now, by=by, at=at)
    context = {"text": now.text, "source": str(source), "due": now.due_on, "words": referral.words}
    notify(QUESTION_GIVEN, [to.pk], subject=now, context=context, at=at)
    return referral


@transaction.atomic
def take_question(question: FirstQuestion, *, by: Actor, at: datetime) -> FirstQuestion:
    """Take what was referred to one."""
    now, by = _held(question, by, at)
    if now.state != Q.REFERRED:
        raise Conflict("这个首问不等接收", remedy="请刷新页面查看。")
    _take(now, by=by, at=at)
    return now


def _take(question: FirstQuestion, *, by: Allowed, at: datetime) -> None:
    question.referrals.filter(taken_at=None).update(taken_at=at)
    FirstQuestion.objects.filter(pk=question.pk).update(state=Q.TAKEN)
    record("window.take_question", question, by=by, at=at)


@transaction.atomic
def answer_question(question: FirstQuestion, *, answer: str, by: Actor, at: datetime) -> FirstQuestion:
    """Answer, which ends it for everybody it went through."""
    now, by = _held(question, by, at)
    if not answer.strip():
        raise BadInput("没有写怎么答复的", remedy="写一句话：告诉了什么，或办成了什么。")
    if now.state == Q.REFERRED:
        _take(now, by=by, at=at)
    ended = {"state": Q.ANSWERED, "answer": answer.strip()[:500], "answered_at": at}
    FirstQuestion.objects.filter(pk=now.pk).update(**ended)
    record("window.answer_question", now, by=by, at=at, facts={"answer": digest(str(ended["answer"]).encode())})
    _emit(QUESTION_ANSWERED, now, by=by, at=at)
    return FirstQuestion.objects.get(pk=now.pk)


@transaction.atomic
def tell_overdue_questions(*, by: Actor, at: datetime) -> int:
    """Tell of each question that is overdue, once, whoever has it and whoever was asked first."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    late = FirstQuestion.objects.filter(due_on__lt=day_of(at), overdue_told_at=None).exclude(state=Q.ANSWERED)
    told = list(late.select_related("holder", "hall__organ"))
    for each in told:
        context = {"text": each.text, "due": each.due_on, "holder": str(each.holder)}
        notify(QUESTION_LATE, {each.holder_id, each.asked_id}, subject=each, context=context, at=at)
        record("window.question_overdue", each, by=by, at=at, facts={"due": each.due_on.isoformat()})
        _emit(QUESTION_OVERDUE, each, by=by, at=at)
    FirstQuestion.objects.filter(pk__in=[each.pk for each in told]).update(overdue_told_at=at)
    return len(told)


def _held(question: FirstQuestion, by: Actor, at: datetime) -> tuple[FirstQuestion, Allowed]:
    """Lock an open question that the person has, or manages as who runs the hall."""
    locked = FirstQuestion.objects.select_for_update(of=("self",)).select_related("holder", "hall__organ")
    now = locked.get(pk=question.pk)
    by = authorize(by, Permission.QUESTION_ANSWER, now, at=at)
    if now.state == Q.ANSWERED:
        raise Conflict("这个首问已经答复", remedy="请刷新页面查看。")
    if now.holder != account_of(by) and not allows(by, Permission.HALL_MANAGE, now.hall, at=at):
        raise Refused(f"这个首问现在由{now.holder}办，您没有办理的权限", remedy="请联系现在办的人。")
    return now, by


def _emit(kind: EventKind, question: FirstQuestion, *, by: Allowed, at: datetime) -> None:
    due = question.due_on.isoformat()
    emit(
        kind,
        question,
        by=by,
        at=at,
        hall=question.hall_id,
        asked=question.asked_id,
        holder=question.holder_id,
        due_on=due,
    )
