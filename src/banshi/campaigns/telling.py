"""What a campaign tells by mail, and whom: units their last days, returns, orders and invitations; bodies their last days.

Names, days and numbers only: never what an item or an opinion says.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse

from banshi.calendar.deadlines import Remaining, remaining
from banshi.calendar.queries import calendar_in_force
from banshi.campaigns.deadlines import opinions_owed, report_deadlines
from banshi.campaigns.models import Campaign, Entry, Order, Participation, ReviewBody, Stage
from banshi.campaigns.queries import OWED, REVIEWING, counted, report_days
from banshi.people.mail import Line
from banshi.people.permissions import Permission, roles_with
from banshi.people.queries import Acting, acting_at

REPORTING = sorted({*roles_with(Permission.REPORT_PREPARE), *roles_with(Permission.REPORT_SIGN)})
REPORTS, DESK, TODAY = "workbench:reports", "workbench:desk", "workbench:today"


def contacts_of(units: Sequence[Participation], day: date) -> dict[int, set[int]]:
    """Accounts to tell, by unit: the leader, the section and the clerk it named, as far as they have accounts there;
    where none of them has, whoever prepares or signs its reports."""
    acting = acting_at([each.organ_id for each in units], REPORTING, day)
    return {each.pk: _named(each, acting.get(each.organ_id, [])) for each in units}


def _named(unit: Participation, acting: Sequence[Acting]) -> set[int]:
    people, section = {unit.leader, unit.clerk} - {""}, unit.section
    named = {a.user for a in acting if a.post.user.full_name in people or (section and section in a.post.title)}
    return named or {each.user for each in acting}


def of_stage(stage: Stage, units: Sequence[Participation], bodies: Sequence[ReviewBody], day: date) -> list[Line]:
    """Who is behind in a stage about to end, and with how many items."""
    due = remaining(stage.ends, on=day, calendar=calendar_in_force())
    return _of_units(stage, units, due, day) + _of_bodies(stage, bodies, due, day)


def _of_units(stage: Stage, units: Sequence[Participation], due: Remaining, day: date) -> list[Line]:
    counts, contacts = _counted(units, OWED), contacts_of(units, day) if units else {}
    words = f"项没有上报，请在{_words(stage.ends)}前报出（{due.words}）。"
    return [
        Line(
            contacts[each.pk],
            _subject(stage, due),
            f"{each.organ}：{_called(stage)}，还有{counts.get(each.pk, 0)}{words}",
            _page(each),
        )
        for each in units
    ]


def _of_bodies(stage: Stage, bodies: Sequence[ReviewBody], due: Remaining, day: date) -> list[Line]:
    counts = opinions_owed(stage) if bodies else {}
    acting = acting_at([each.organ_id for each in bodies if each.organ_id], REVIEWING, day) if bodies else {}
    words = f"项没有提意见，请在{_words(stage.ends)}前提出（{due.words}）。"
    return [
        Line(
            {a.user for a in acting.get(each.organ_id or 0, [])},
            _subject(stage, due),
            f"{each}：{_called(stage)}，还有{counts.get(each.pk, 0)}{words}",
            DESK,
        )
        for each in bodies
    ]


def of_returns(units: Sequence[Participation], day: date) -> list[Line]:
    """How much was returned to each, all together."""
    counts, contacts = _counted(units, ("returned",)), contacts_of(units, day)
    deadlines = report_deadlines({each.campaign for each in units}, day)
    return [
        Line(
            contacts[each.pk],
            f"退回修改：{each.campaign}",
            f"{each.organ}：“{each.campaign}”有{counts.get(each.pk, 0)}项退回修改，"
            f"请按列出的意见改好，{_until(deadlines.of(each))}重新上报。",
            _page(each),
        )
        for each in units
    ]


def of_order(order: Order, day: date) -> Line:
    unit = order.participation
    words = f"{unit.organ}：“{unit.campaign}”有一条限期整改要求，请在{_words(order.due)}前整改并报告情况。"
    return Line(
        contacts_of([unit], day)[unit.pk],
        f"限期整改：{unit.campaign}",
        words,
        reverse("workbench:order", args=[order.pk]),
    )


def of_invitations(campaign: Campaign, units: Sequence[Participation], day: date) -> list[Line]:
    contacts, reports = contacts_of(units, day), report_days([campaign])
    name = "请先明确1名分管领导、1个牵头科室、1名经办人员。"
    return [
        Line(
            contacts[each.pk],
            f"请参加：{campaign}",
            f"请{each.organ}参加“{campaign}”，{_until(reports.get((campaign.pk, each.batch, 1)))}完成第一次上报。{name}",
            _page(each),
        )
        for each in units
    ]


def _counted(units: Sequence[Participation], states: Sequence[str]) -> Mapping[int, int]:
    owed = Entry.objects.filter(participation__in=[each.pk for each in units], state__in=states)
    return counted(owed, "participation") if units else {}


def _subject(stage: Stage, due: Remaining) -> str:
    return f"催办：{stage.campaign}{stage.planned.label}{due.words}"


def _called(stage: Stage) -> str:
    return f"“{stage.campaign}”{stage.planned.label}"


def _page(unit: Participation) -> str:
    return reverse("workbench:report", args=[unit.pk])


def _until(last: Remaining | date | None) -> str:
    day = last.day if isinstance(last, Remaining) else last
    return f"在{_words(day)}前" if day else "尽快"


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
