"""Complaints, wishes and ratings in the copy of one's own data."""

from banshi.cases.sealing import opened
from banshi.core.json_types import JsonObject
from banshi.feedback.models import Rating, Wish
from banshi.feedback.queries import complaints_of
from banshi.feedback.sealing import REPORTER, WORDS
from banshi.people.models import User
from banshi.people.own_data import register_own_data


def complaints(user: User) -> list[JsonObject]:
    return [
        {
            "number": each.number,
            "kind": each.get_kind_display(),
            "received_at": each.received_at.isoformat(),
            "organ": each.organ.name if each.organ else "",
            "text": each.text,
            "said_of_oneself": opened(each.reporter_sealed, purpose=REPORTER) if each.reporter_sealed else None,
            "answer": each.answer,
        }
        for each in complaints_of(user)
    ]


def wishes(user: User) -> list[JsonObject]:
    return [
        {
            "created_at": each.created_at.isoformat(),
            "title": each.title,
            "text": [text.text for text in each.texts.all()],
            "answer": each.answer,
        }
        for each in Wish.objects.filter(author=user).prefetch_related("texts")
    ]


def ratings(user: User) -> list[JsonObject]:
    return [
        {
            "service": each.invitation.label,
            "at": each.at.isoformat(),
            "grade": each.get_grade_display(),
            "words": opened(each.words_sealed, purpose=WORDS) if each.words_sealed else "",
        }
        for each in Rating.objects.filter(invitation__citizen=user).select_related("invitation")
    ]


register_own_data("complaints", complaints)
register_own_data("wishes", wishes)
register_own_data("ratings", ratings)
