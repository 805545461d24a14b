"""Reads of 首问负责: the questions of halls, and those one has to answer."""

from datetime import datetime

from django.db.models import Q, QuerySet

from banshi.access import Permission
from banshi.core.clock import day_of
from banshi.core.crypto import decrypt
from banshi.people.models import User
from banshi.people.posts import organs_where
from banshi.people.queries import posts_on
from banshi.window.enums import QuestionState
from banshi.window.models import FirstQuestion, Hall

RECEIVERS = 300
CONTACT = "window.FirstQuestion"


def questions_visible_to(user: User, *, at: datetime) -> QuerySet[FirstQuestion]:
    """List questions one was asked, has, or sees as who manages the hall."""
    managed = organs_where(user, Permission.HALL_MANAGE, at)
    mine = Q(asked=user) | Q(holder=user) | Q(referrals__receiver=user) | Q(hall__organ__in=managed)
    found = FirstQuestion.objects.filter(mine).distinct()
    return found.select_related("hall", "asked", "holder").prefetch_related("referrals__source", "referrals__receiver")


def to_answer(user: User) -> QuerySet[FirstQuestion]:
    """List what one has to answer, the most pressing first."""
    return FirstQuestion.objects.filter(holder=user).exclude(state=QuestionState.ANSWERED).order_by("due_on", "id")


def overdue(questions: QuerySet[FirstQuestion], *, at: datetime) -> QuerySet[FirstQuestion]:
    return questions.filter(due_on__lt=day_of(at)).exclude(state=QuestionState.ANSWERED)


def contact_of(question: FirstQuestion) -> str:
    """Open how to reach whoever asked, for the person who has the question."""
    return decrypt(bytes(question.contact_sealed), purpose=CONTACT)


def receivers_in(hall: Hall, *, at: datetime) -> list[tuple[int, str]]:
    """List people with posts in the hall's division, whom a question can be referred to, by organ."""
    posts = posts_on(day_of(at)).filter(organ__division__code__startswith=hall.organ.division.prefix)
    named = {
        each.user_id: f"{each.organ.called} · {each.user}"
        for each in posts.order_by("-organ_id", "user_id")[:RECEIVERS]
    }
    return sorted(named.items(), key=lambda each: each[1])
