"""Routing of adjustments to examiners by the owner's kind, never to the owner itself."""

from typing import NamedTuple

from banshi.adjustments.models import ExaminingOffice
from banshi.adjustments.policy import SUPERIOR, policy
from banshi.core.errors import Conflict
from banshi.people.models import Division, Organ


class Desks(NamedTuple):
    """The organ that examines first, and the one after it, if any."""

    examiner: Organ
    second: Organ | None


def desks_for(owner: Organ) -> Desks:
    """Route to the desks that examine.

    Raises Conflict when nobody but the owner could.
    """
    route = policy().route(owner.kind)
    found = [
        (owner.superior if name == SUPERIOR else office_for(owner, name))
        for name in (route.examiner, route.second)
        if name
    ]
    desks = list(dict.fromkeys(each for each in found if each))
    if not desks:
        raise Conflict(
            f"还没有指定谁审核{owner}的调整",
            remedy="请系统管理员在“运行与设置 → 审核单位”里指定，或在机构页面填写上级主管。",
        )
    return Desks(desks[0], desks[1] if len(desks) > 1 else None)


def office_for(owner: Organ, office: str) -> Organ | None:
    """Return the office of the owner's division, or of the nearest above it.

    Passing over the owner itself.
    """
    # Codes of a division and those above it, the nearest first.
    lines: list[str] = []
    step: Division | None = owner.division
    while step is not None and step.pk not in lines:
        lines.append(step.pk)
        step = step.parent
    rows = ExaminingOffice.objects.filter(office=office, division__in=lines, organ__active=True)
    found = {row.division_id: row.organ for row in rows.exclude(organ=owner).select_related("organ")}
    return next((found[code] for code in lines if code in found), None)
