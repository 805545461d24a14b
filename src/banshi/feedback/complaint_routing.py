"""Proposed class and receiver of a complaint, each with the reason that is shown. Whom a report accuses is never proposed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, Value
from django.db.models.functions import StrIndex

from banshi.access import Permission
from banshi.cases.models import Case
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.prepared import PreparedQuery
from banshi.feedback.abuse import abuse_in
from banshi.feedback.enums import ACCUSING, ComplaintKind
from banshi.feedback.policy import policy
from banshi.feedback.queries import branch_of, desks_over, division_of_desk, handlers_of
from banshi.notifications.recipients import holders
from banshi.people.models import Division, Organ, Post

PLACE, OTHER_PLACE = re.compile(r"^.{0,6}?[市县区]"), "(?<![市县区乡镇村])"
KIND_OF_ORGAN = re.compile("(?:中心|[局委办院馆])$")
SECTION = re.compile(r"[\u4e00-\u9fff]{2,10}?[科处股队](?!员)")
"""A section (待遇科) as titles of posts name it."""


@dataclass(frozen=True, slots=True)
class ComplaintProposal:
    """`organ` is None where the desk of the division has to find the receiver. `held` names abuse, which the desk sees first.

    `accused` are organs that are kept from it. `nobody` tells that no other unit is there to take it.
    """

    service_class: str
    division: Division
    organ: Organ | None
    why: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    accused: list[Organ] = field(default_factory=list)
    nobody: bool = False


def propose(
    text: str,
    *,
    kind: str = ComplaintKind.COMPLAINT,
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
    elsewhere = rules.limit_of(kind).elsewhere
    receiver = organ
    # Each organ of the city is compared with the text only where its names decide.
    found = organs_named_in(text) if elsewhere or not (organ or case or item) else []
    if receiver is None and case is not None:
        receiver = case.organ
        why.append(f"{receiver.name}：办件{case.number}由它承办")
    elif receiver is None and item is not None:
        receiver = item.organ
        why.append(f"{receiver.name}：“{item.name}”由它办理")
    elif receiver is None:
        receiver, name = best_named(found)
        why.append(f"{receiver.name}：写到“{name}”" if receiver else "没有认出单位，由诉求受理人员转给该办的单位")
    else:
        why.append(f"{receiver.name}：您选的")
    accused: list[Organ] = []
    if elsewhere:
        about = [each.organ for each in (case, item) if each is not None]
        chosen_one = [organ] if organ is not None and is_spoken_of(organ, text) else []
        accused = _accused(text, [*about, *chosen_one, *(each for each, _ in found)], at)
    if receiver and kind in ACCUSING and receiver not in accused and _all_accused(text, receiver, case, at):
        accused.append(receiver)
    receiver, nobody = _elsewhere(receiver, accused, why, at)
    division = receiver.division if receiver else division_of_desk(Permission.COMPLAINT_HANDLE, at=at)
    if accused and receiver is None:
        division = accused[0].division
    held = [] if nobody else abuse_in(text)
    if held:
        why.append(f"内容里有{'、'.join(held)}，先由诉求受理人员看过再转给承办单位，答复的期限不变")
    return ComplaintProposal(chosen.code, division, receiver, why, held, accused, nobody)


def organs_named_in(text: str) -> list[tuple[Organ, str]]:
    """List organs whose name, short name, or short name without its place (社保中心) stands in the text, and as what."""
    rows = Organ.objects.filter(active=True).select_related("division")
    return [
        (each, name)
        for each in rows
        for name, alone in ((each.name, ""), (each.short_name, ""), (PLACE.sub("", each.short_name), OTHER_PLACE))
        if len(name) > 2 and re.search(alone + re.escape(name), text)
    ]


def best_named(found: Sequence[tuple[Organ, str]]) -> tuple[Organ | None, str]:
    """Take the only organ that the longest of the names is of, or none."""
    longest = max((len(name) for _, name in found), default=0)
    best = {each: name for each, name in found if len(name) == longest}
    return next(iter(best.items())) if len(best) == 1 else (None, "")


def is_spoken_of(organ: Organ, text: str) -> bool:
    """Tell whether a text speaks of an organ, also by what people call its business (社保 of 市社保中心)."""
    short = PLACE.sub("", organ.short_name)
    names = (organ.name, organ.short_name, short, KIND_OF_ORGAN.sub("", short))
    return any(len(name) > 1 and name in text for name in names)


def named_in(text: str, staff: Iterable[tuple[int, str, str]]) -> list[int]:
    """List those of the staff whose names, or whose sections by the titles of their posts, stand in a text."""
    return [
        pk
        for pk, name, title in staff
        if (len(name) > 1 and name in text) or any(each in text for each in SECTION.findall(title))
    ]


STAFF = PreparedQuery(
    lambda organ: (
        Post.objects.filter(organ=organ, user__is_active=True)
        .values_list("user", "user__full_name", "title")
        .order_by()
    )
)


def _accused(text: str, named: Sequence[Organ], at: datetime) -> list[Organ]:
    """List the organs a report is about: named ones, and those of the people and sections that are named."""
    day = day_of(at)
    posts = Post.objects.filter(Q(until=None) | Q(until__gte=day), user__is_active=True)
    spoken_of = Q(name_at__gt=0) | ~Q(title="")
    some = posts.annotate(name_at=StrIndex(Value(text), "user__full_name")).filter(spoken_of)
    rows = [
        organ
        for organ, name, title in some.order_by("pk").values_list("organ", "user__full_name", "title").distinct()
        if named_in(text, [(0, name, title)])
    ]
    # The same name or section stands in many offices: where the text tells which, the others are not meant.
    meant = [each for each in rows if each in branch_of(named)]
    people = Organ.objects.select_related("division").filter(pk__in=meant or rows).order_by("pk")
    return list({each.pk: each for each in (*named, *people)}.values())


def _all_accused(text: str, organ: Organ, case: Case | None, at: datetime) -> bool:
    """Tell whether everybody of an organ who could deal with it is whom it is about."""
    about = {*named_in(text, STAFF(organ.pk)), *(handlers_of(case) if case else ())}
    if not about:
        return False
    able = holders([organ.pk], Permission.COMPLAINT_HANDLE, day_of(at)).get(organ.pk, set())
    return bool(able) and able <= about


def _elsewhere(
    receiver: Organ | None, accused: Sequence[Organ], why: list[str], at: datetime
) -> tuple[Organ | None, bool]:
    """Find who takes in what accuses, instead of the accused, and tell whether nobody can."""
    barred = branch_of(accused)
    if not accused or (receiver is not None and receiver.pk not in barred):
        return receiver, False
    names = "、".join(each.name for each in accused[:3])
    why[-1:] = [f"反映的是{names}，不交给它，它和它下属单位的人看不到"]
    for place in policy().complaint.elsewhere_to:
        if place == "desk":
            if desks_over([accused[0].division_id], but=barred, at=at):
                why.append("交给诉求受理人员，由他们转给别的单位")
                return None, False
            continue
        over = Organ.objects.filter(active=True).select_related("division")
        found = (
            over.filter(name=place).first()
            if place != "superior"
            else over.filter(pk=accused[0].superior_id or 0).first()
        )
        if found and found.pk not in barred and holders([found.pk], Permission.COMPLAINT_HANDLE, day_of(at)):
            why.append(f"{found.name}：{'它的上级主管' if place == 'superior' else '负责举报'}")
            return found, False
    why.append("这里没有和它无关的单位能收，请系统管理员安排一个；您也可以打 12388 向纪检监察机关举报")
    return None, True
