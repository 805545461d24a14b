"""Notices of adjustments: whose turn one is, told before its last day."""

from collections.abc import Sequence
from datetime import date

from banshi.access import Permission
from banshi.adjustments.models import Adjustment
from banshi.adjustments.permissions import desk_of
from banshi.adjustments.queries import due_soon
from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.notifications import kinds, reminders
from banshi.notifications.kinds import SHORT, NotificationKind
from banshi.notifications.notify import NewNotification
from banshi.notifications.recipients import holders, nearest_holders
from banshi.notifications.reminders import Reminded, Reminder
from banshi.workflow.versions import state_of

OF_OWNER = ("prepared", "returned")
LIMIT_NEAR = kinds.register(
    NotificationKind(
        "adjustments.limit_near",
        "动态调整快到期",
        "催办：事项动态调整快到期",
        "{unit}：{adjustment}，{state}，{due}。",
        page="adjustment",
        digest="催办：事项动态调整快到期",
        overview="adjustments",
        lasts=SHORT,
    )
)


def plan_of_limits(adjustments: Sequence[Adjustment], day: date) -> list[Reminded]:
    """Remind whoever can bring each on, who are owners, examiners or the nearest publishers."""
    owners = holders({each.item.organ_id for each in adjustments}, Permission.ADJUST_APPLY, day)
    desks = {each.pk: desk_of(each) for each in adjustments}
    examiners = holders({desk.pk for desk in desks.values() if desk}, Permission.ADJUST_EXAMINE, day)
    publishers = nearest_holders({each.item.organ for each in adjustments}, Permission.ITEM_PUBLISH, day)
    calendar, planned = calendar_in_force(), []
    for each in adjustments:
        desk, organ = desks[each.pk], each.item.organ
        if each.state == "approved":
            users = publishers[organ.pk]
        elif each.state in OF_OWNER or desk is None:
            users = owners.get(organ.pk, set())
        else:
            users = examiners.get(desk.pk, set())
        due = remaining(each.due, on=day, calendar=calendar).words if each.due else ""
        about = {"unit": organ, "adjustment": each, "state": state_of(each).label, "due": due}
        planned.append(Reminded(each, [NewNotification(LIMIT_NEAR, users, each, about)], {"due": each.due}))
    return planned


reminders.register(Reminder("adjustments.remind", due_soon, plan_of_limits))
