"""Appointments in the copy of one's own data."""

from banshi.core.json_types import JsonObject
from banshi.people.models import User
from banshi.people.own_data import register_own_data


def appointments(user: User) -> list[JsonObject]:
    return [
        {
            "item": each.item.name,
            "hall": each.slot.skill.hall.name,
            "day": each.slot.day.isoformat(),
            "half": each.slot.get_half_display(),
            "state": each.get_state_display(),
            "booked_at": each.booked_at.isoformat(),
            "code": each.code,
        }
        for each in user.appointments.select_related("item", "slot__skill__hall")
    ]


register_own_data("appointments", appointments)
