"""Mandates (委托代办) in the copy of one's own data."""

from banshi.core.json_types import JsonObject
from banshi.people.models import User
from banshi.people.own_data import register_own_data


def mandates(user: User) -> list[JsonObject]:
    return [
        {
            "agent": each.agent.full_name,
            "organ": each.organ.name,
            "matters": each.matters,
            "since": each.since.isoformat(),
            "until": each.until.isoformat(),
            "ended_at": each.ended_at and each.ended_at.isoformat(),
        }
        for each in user.mandates.select_related("agent", "organ")
    ]


register_own_data("mandates", mandates)
