"""Messages in the copy of one's own data."""

from banshi.core.json_types import JsonObject
from banshi.notifications.queries import notifications_of
from banshi.people.models import User
from banshi.people.own_data import register_own_data


def messages(user: User) -> list[JsonObject]:
    return [
        {"at": each.created_at.isoformat(), "subject": each.subject, "body": each.body}
        for each in notifications_of(user)
    ]


register_own_data("messages", messages)
