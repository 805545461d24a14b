"""Guards of direct acts: apps above say what must not happen without somebody having examined it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from banshi.access import Allowed, CommandLine
from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Revision
from banshi.core.errors import BadInput, Problem
from banshi.ledger import Actor, System

Guard = Callable[[Sequence[Any], datetime], None]
_guards: dict[str, list[Guard]] = {}


def guard(act: str) -> Callable[[Guard], Guard]:
    """Register code that raises Refused for the act's subjects, all asked at once."""

    def keep(refuse: Guard) -> Guard:
        _guards.setdefault(act, []).append(refuse)
        return refuse

    return keep


def check(act: str, subjects: Sequence[object], *, by: Allowed, at: datetime) -> None:
    """Ask the guards, unless the act is the software's own or part of an authorized one: an adjustment, a decision."""
    if not (by.is_part or by.on_behalf or moves_in(by)):
        for refuse in _guards.get(act, ()):
            refuse(subjects, at)


NAMED = 50
COMPLETE_FIRST = "请打开事项，点“编写”补齐这些内容；审核时遇到的，请退回上报单位补齐。"


def lacks_of(texts: Sequence[Revision]) -> list[tuple[Revision, list[Problem]]]:
    """Find texts that lack what must stand in a guide before it is published (公布前必须有), each with what."""
    found = [(text, completeness(text.guide).missing) for text in texts]
    return [
        (
            text,
            [Problem(each.message, where=str(text.item), field=each.path, remedy="请在编写页补上") for each in missing],
        )
        for text, missing in found
        if missing
    ]


def refuse_incomplete(texts: Sequence[Revision], act: str) -> None:
    """Refuse an act (上报, 同意, 审定, 公布) on texts of which one lacks what it must have, whoever acts.

    Callers leave out what is to be cancelled or merged, for it is not published.
    """
    if lacking := lacks_of(texts):
        problems = [problem for _, some in lacking for problem in some]
        raise BadInput(
            f"有{len(lacking)}项办事指南缺少公布前必须有的内容，不能{act}",
            problems[:NAMED],
            where=str(lacking[0][0].item),
            remedy=COMPLETE_FIRST,
        )


def refuse_incomplete_stored(keys: Sequence[int | None], act: str) -> None:
    """Refuse incomplete texts by key, read with one query."""
    refuse_incomplete(
        list(Revision.objects.filter(pk__in=[key for key in keys if key]).select_related("item").order_by("item_id")),
        act,
    )


def refuse_less_complete(text: Revision, standing: Guide, act: str) -> None:
    """Refuse a small correction that takes away something that must stand in the guide.

    What a published line never had does not hold up a new telephone number.
    """
    before = {each.path for each in completeness(standing).missing}
    if taken := [each for each in completeness(text.guide).missing if each.path not in before]:
        problems = [Problem(each.message, where=str(text.item), field=each.path) for each in taken]
        raise BadInput(
            f"更正去掉了公布前必须有的内容，不能{act}", problems[:NAMED], where=str(text.item), remedy=COMPLETE_FIRST
        )


def moves_in(by: Actor) -> bool:
    """Tell whether the software itself acts (a seed, the demonstration), not a person through a page, API or command."""
    actor = by.actor if isinstance(by, Allowed) else by
    return isinstance(actor, System) and not isinstance(actor, CommandLine)
