"""Notices of campaigns: to units their last days, returns, orders and invitations. To bodies their last days.

Names, days and numbers only: never what an item or an opinion says.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from banshi.access import Permission
from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.campaigns.deadlines import (
    bodies_behind,
    opinions_owed,
    report_deadlines,
    stages_to_remind,
    units_behind,
)
from banshi.campaigns.models import Campaign, Entry, Order, Participation, Stage
from banshi.campaigns.queries import OWED, REVIEWING, counted, report_days
from banshi.core.clock import chinese_date
from banshi.notifications import kinds, reminders
from banshi.notifications.kinds import SHORT, NotificationKind
from banshi.notifications.notify import NewNotification
from banshi.notifications.recipients import acting_with
from banshi.notifications.reminders import Reminded, Reminder
from banshi.people.queries import acting_at

REPORTING = (Permission.REPORT_PREPARE, Permission.REPORT_SIGN)
SUBJECT_OF_STAGE, SEVERAL_STAGES = "催办：{campaign}{stage}{due}", "催办：几项清理规范工作快到期"
REPORT_DUE = kinds.register(
    NotificationKind(
        "campaigns.report_due",
        "上报快到期",
        SUBJECT_OF_STAGE,
        "{unit}：“{campaign}”{stage}，还有{count}项没有上报，请在{last}前报出（{due}）。",
        page="report",
        digest=SEVERAL_STAGES,
        overview="today",
        lasts=SHORT,
    )
)
OPINIONS_DUE = kinds.register(
    NotificationKind(
        "campaigns.opinions_due",
        "审核意见快到期",
        SUBJECT_OF_STAGE,
        "{body}：“{campaign}”{stage}，还有{count}项没有提意见，请在{last}前提出（{due}）。",
        page="desk",
        digest=SEVERAL_STAGES,
        overview="today",
        lasts=SHORT,
    )
)
RETURNED = kinds.register(
    NotificationKind(
        "campaigns.returned",
        "材料退回修改",
        "退回修改：{campaign}",
        "{unit}：“{campaign}”有{count}项退回修改，请按列出的意见改好，{until}重新上报。",
        page="report",
        digest="退回修改：清理规范工作",
        overview="reports",
    )
)
ORDERED = kinds.register(
    NotificationKind(
        "campaigns.ordered",
        "限期整改",
        "限期整改：{campaign}",
        "{unit}：“{campaign}”有一条限期整改要求，请在{due}前整改并报告情况。",
        page="order",
        digest="限期整改",
        overview="today",
    )
)
HANDED_ON = kinds.register(
    NotificationKind(
        "campaigns.comment_handed_on",
        "采纳的公众意见",
        "采纳的公众意见：{campaign}",
        "{unit}：“{campaign}”公示中采纳了一条公众意见，请看一看该新增或修改什么事项，{until}办好。",
        page="report",
        digest="采纳的公众意见",
        overview="reports",
    )
)
INVITED = kinds.register(
    NotificationKind(
        "campaigns.invited",
        "参加清理的邀请",
        "请参加：{campaign}",
        "请{unit}参加“{campaign}”，{until}完成第一次上报。请先明确1名分管领导、1个牵头科室、1名经办人员。",
        page="report",
        digest="请参加：清理规范工作",
        overview="reports",
    )
)


def contacts_of(units: Sequence[Participation], day: date) -> dict[int, set[int]]:
    """Find the accounts to tell, by unit, of the leader, the section and the clerk it named.

    Where none of them has, whoever prepares or signs its reports.
    """
    acting = acting_with([each.organ_id for each in units], REPORTING, day) if units else {}
    contacts: dict[int, set[int]] = {}
    for unit in units:
        there = acting.get(unit.organ_id, [])
        people, section = {unit.leader, unit.clerk} - {""}, unit.section
        named = {a.user for a in there if a.post.user.full_name in people or (section and section in a.post.title)}
        contacts[unit.pk] = named or {each.user for each in there}
    return contacts


def stages_about_to_end(day: date) -> Iterable[Stage]:
    """List those of running campaigns that end in as many working days as the campaign's plan says."""
    return stages_to_remind(Campaign.objects.filter(state="running"), day)


def plan_of_stages(stages: Sequence[Stage], day: date) -> list[Reminded]:
    calendar = calendar_in_force()
    planned = []
    for stage in stages:
        units, bodies = list(units_behind(stage)), list(bodies_behind(stage))
        due = remaining(stage.ends, on=day, calendar=calendar)
        facts = {
            "phase": stage.phase,
            "batch": stage.batch,
            "ends": stage.ends,
            "units": [each.pk for each in units],
            "bodies": [each.code for each in bodies],
        }
        counts, contacts = _counted(units, OWED), contacts_of(units, day)
        about = {"campaign": stage.campaign, "stage": stage.planned.label, "last": stage.ends, "due": due.words}
        of_units = [
            NewNotification(
                REPORT_DUE, contacts[each.pk], each, {**about, "unit": each.organ, "count": counts.get(each.pk, 0)}
            )
            for each in units
        ]
        counts = opinions_owed(stage) if bodies else {}
        acting = acting_at([each.organ_id for each in bodies if each.organ_id], REVIEWING, day) if bodies else {}
        about = {"campaign": stage.campaign, "stage": stage.planned.label, "last": stage.ends, "due": due.words}
        of_bodies = [
            NewNotification(
                OPINIONS_DUE,
                {a.user for a in acting.get(each.organ_id or 0, [])},
                context={**about, "body": each, "count": counts.get(each.pk, 0)},
            )
            for each in bodies
        ]
        planned.append(Reminded(stage, [*of_units, *of_bodies], facts))
    return planned


reminders.register(Reminder("campaigns.remind_of_stage", stages_about_to_end, plan_of_stages))


def of_returns(units: Sequence[Participation], day: date) -> list[NewNotification]:
    """Count returned entries for each unit, all together."""
    counts, contacts = _counted(units, ("returned",)), contacts_of(units, day)
    deadlines = report_deadlines({each.campaign for each in units}, day)
    notices = []
    for each in units:
        due = deadlines.of(each)
        about = {"unit": each.organ, "campaign": each.campaign, "count": counts.get(each.pk, 0)}
        notices.append(
            NewNotification(
                RETURNED,
                contacts[each.pk],
                each,
                {**about, "until": _until(due.day if due and due.day >= day else None)},
            )
        )
    return notices


def of_order(order: Order, day: date) -> NewNotification:
    unit = order.participation
    about = {"unit": unit.organ, "campaign": unit.campaign, "due": order.due}
    return NewNotification(ORDERED, contacts_of([unit], day)[unit.pk], order, about)


def of_comment(unit: Participation, day: date) -> NewNotification:
    due = report_deadlines({unit.campaign}, day).of(unit)
    until = _until(due.day if due and due.day >= day else None)
    about = {"unit": unit.organ, "campaign": unit.campaign, "until": until}
    return NewNotification(HANDED_ON, contacts_of([unit], day)[unit.pk], unit, about)


def of_invitations(campaign: Campaign, units: Sequence[Participation], day: date) -> list[NewNotification]:
    contacts, reports = contacts_of(units, day), report_days([campaign])
    return [
        NewNotification(
            INVITED,
            contacts[each.pk],
            each,
            {"unit": each.organ, "campaign": campaign, "until": _until(reports.get((campaign.pk, each.batch, 1)))},
        )
        for each in units
    ]


def _counted(units: Sequence[Participation], states: Sequence[str]) -> Mapping[int, int]:
    owed = Entry.objects.filter(participation__in=[each.pk for each in units], state__in=states)
    return counted(owed, "participation") if units else {}


def _until(last: date | None) -> str:
    return f"在{chinese_date(last)}前" if last else "尽快"
