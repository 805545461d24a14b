"""Submissions of bundles (一件事) in the copy of one's own data."""

from banshi.bundles.queries import submissions_of
from banshi.bundles.sealing import opened_answers
from banshi.core.json_types import JsonObject
from banshi.people.models import User
from banshi.people.own_data import register_own_data


def bundles(user: User) -> list[JsonObject]:
    return [
        {
            "bundle": each.version.code,
            "saved_at": each.saved_at.isoformat(),
            "submitted_at": each.submitted_at and each.submitted_at.isoformat(),
            "answers": opened_answers(each),
        }
        for each in submissions_of(user).filter(owner=user)
    ]


register_own_data("bundles", bundles)
