"""催办: before a stage ends, who is behind is told, once, and it stands on record; what was returned is told in one mail."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from banshi.access import Permission, authorize
from banshi.campaigns.deadlines import bodies_behind, units_behind
from banshi.campaigns.models import Participation, ReviewBody, Stage
from banshi.campaigns.queries import units_with_returns
from banshi.campaigns.telling import REPORTS, TODAY, of_returns, of_stage
from banshi.ledger import Act, Actor, record_many
from banshi.people.mail import Line, is_on, tell_of

Behind = tuple[Stage, list[Participation], list[ReviewBody], list[Line]]


@transaction.atomic
def remind_of_stages(stages: Sequence[Stage], *, by: Actor, at: datetime) -> int:
    """How many units and bodies were behind. What they see of it stands on their pages from that day on; by mail each person
    is told once of everything."""
    authorize(by, Permission.AUTOMATIC, at=at)
    behind = [_behind(each, at) for each in stages if _is_first(each, at)]
    if not behind:
        return 0
    lines = [line for *_, theirs in behind for line in theirs]
    told = tell_of(lines, subject="催办：几项清理规范工作快到期", link=TODAY, at=at)
    record_many([_act(each, told) for each in behind], by=by, at=at)
    return sum(len(units) + len(bodies) for _, units, bodies, _ in behind)


def _is_first(stage: Stage, at: datetime) -> bool:
    day = localtime(at).date()
    stage.reminded_on = day
    return bool(Stage.objects.filter(pk=stage.pk, reminded_on=None).update(reminded_on=day))


def _behind(stage: Stage, at: datetime) -> Behind:
    units, bodies = list(units_behind(stage)), list(bodies_behind(stage))
    return stage, units, bodies, of_stage(stage, units, bodies, localtime(at).date()) if is_on() else []


def _act(behind: Behind, told: set[int]) -> Act:
    stage, units, bodies, lines = behind
    facts = {
        "phase": stage.phase,
        "batch": stage.batch,
        "ends": stage.ends,
        "units": [each.pk for each in units],
        "bodies": [each.code for each in bodies],
        "mailed": len(told & {user for line in lines for user in line.users}),
    }
    return Act("campaigns.remind_of_stage", stage, facts)


@transaction.atomic
def tell_of_returns(*, by: Actor, at: datetime) -> int:
    """Units to which something was returned since they were last told; how many. Nothing to do where there is no mail."""
    authorize(by, Permission.AUTOMATIC, at=at)
    units = list(units_with_returns().select_for_update(of=("self",))) if is_on() else []
    if not units:
        return 0
    Participation.objects.filter(pk__in=[each.pk for each in units]).update(returns_told_at=at)
    lines = of_returns(units, localtime(at).date())
    told = tell_of(lines, subject="退回修改：清理规范工作", link=REPORTS, at=at)
    acts = [
        Act("campaigns.tell_of_returns", unit, {"mailed": len(told & set(line.users))})
        for unit, line in zip(units, lines, strict=True)
    ]
    record_many(acts, by=by, at=at)
    return len(units)
