"""Proposed class and receiver of a complaint, each with the reason that is shown."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from banshi.access import Permission
from banshi.cases.models import Case
from banshi.catalog.models import Item
from banshi.feedback.abuse import abuse_in
from banshi.feedback.policy import policy
from banshi.feedback.queries import division_of_desk
from banshi.people.models import Division, Organ

PLACE, OTHER_PLACE = re.compile(r"^.{0,6}?[市县区]"), "(?<![市县区乡镇村])"


@dataclass(frozen=True, slots=True)
class ComplaintProposal:
    """`organ` is None where the desk of the division has to find the receiver. `held` names abuse, which the desk sees first."""

    service_class: str
    division: Division
    organ: Organ | None
    why: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)


def propose(
    text: str,
    *,
    item: Item | None = None,
    case: Case | None = None,
    organ: Organ | None = None,
    service_class: str = "",
    at: datetime,
) -> ComplaintProposal:
    """Propose by what was named (organ, case, item), then by an organ's name in the text."""
    rules, why = policy().complaint, []
    chosen = rules.class_named(service_class)
    if not service_class:
        hits = {each.code: [word for word in each.words if word in text] for each in rules.classes}
        best = max(rules.classes, key=lambda each: len(hits[each.code]))
        chosen = best if hits[best.code] else rules.classes[-1]
        said = "、".join(f"“{word}”" for word in hits[chosen.code][:3])
        why.append(f"分类“{chosen.label}”：写到{said}" if said else f"分类“{chosen.label}”：没有认出别的")
    receiver = organ
    if receiver is None and case is not None:
        receiver = case.organ
        why.append(f"{receiver.name}：办件{case.number}由它承办")
    elif receiver is None and item is not None:
        receiver = item.organ
        why.append(f"{receiver.name}：“{item.name}”由它办理")
    elif receiver is None:
        receiver, name = _named_in(text)
        why.append(f"{receiver.name}：写到“{name}”" if receiver else "没有认出单位，由诉求受理人员转给该办的单位")
    else:
        why.append(f"{receiver.name}：您选的")
    division = receiver.division if receiver else division_of_desk(Permission.COMPLAINT_HANDLE, at=at)
    if held := abuse_in(text):
        why.append(f"内容里有{'、'.join(held)}，先由诉求受理人员看过再转给承办单位，答复的期限不变")
    return ComplaintProposal(chosen.code, division, receiver, why, held)


def _named_in(text: str) -> tuple[Organ | None, str]:
    """Find the only organ whose name, short name, or short name without its place (社保中心) stands in the text."""
    rows = Organ.objects.filter(active=True).select_related("division")
    named = [
        (each, name)
        for each in rows
        for name, alone in ((each.name, ""), (each.short_name, ""), (PLACE.sub("", each.short_name), OTHER_PLACE))
        if len(name) > 2 and re.search(alone + re.escape(name), text)
    ]
    longest = max((len(name) for _, name in named), default=0)
    best = [(each, name) for each, name in named if len(name) == longest]
    return best[0] if len({each.pk for each, _ in best}) == 1 else (None, "")
