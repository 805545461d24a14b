"""Which moves a person may make now: who (permission), where (the organ whose turn it is), when (the workflow)."""

from typing import Any

from banshi.adjustments.enums import WITH_TEXT
from banshi.adjustments.models import Adjustment
from banshi.adjustments.policy import policy
from banshi.core.errors import Refused
from banshi.people.models import Organ
from banshi.people.permissions import ROLES, Permission, current_posts, may, require
from banshi.workflow.definition import Move, workflow

FLOW = "adjustment"


def flow_moves(adjustment: Adjustment) -> list[Move]:
    """The moves the state and the adjustment's own facts allow, whoever asks."""
    return [each for each in workflow(FLOW).moves_from(adjustment.state) if _fits(each.name, adjustment)]


def _fits(name: str, adjustment: Adjustment) -> bool:
    at_once = adjustment.urgent and policy().urgent.publish_at_once
    last = adjustment.state == "second" or adjustment.second_id is None
    return {
        "pass_on": not last,
        "approve": last and not at_once,
        "approve_at_once": last and at_once,
        "correct": adjustment.kind in WITH_TEXT,
    }.get(name, True)


def moves_open_to(user: Any, adjustment: Adjustment) -> list[Move]:
    return [each for each in flow_moves(adjustment) if may_move(user, adjustment, each)]


def may_move(user: Any, adjustment: Adjustment, step: Move) -> bool:
    permission = Permission(step.permission)
    if permission is Permission.ADJUST_EXAMINE:
        return sits_at(user, desk_of(adjustment)) and not belongs_to(user, adjustment.item.organ)
    return may(user, permission, adjustment.item.organ)


def require_move(user: Any, adjustment: Adjustment, name: str) -> Move:
    """The move, or a refusal that says why this person may not, or why not now."""
    step = workflow(FLOW).move_named(name)
    if Permission(step.permission) is Permission.ADJUST_EXAMINE:
        require(user, Permission.ADJUST_EXAMINE)
        _require_desk(user, adjustment)
    else:
        require(user, Permission(step.permission), adjustment.item.organ)
    return step


def _require_desk(user: Any, adjustment: Adjustment) -> None:
    desk = desk_of(adjustment)
    if belongs_to(user, adjustment.item.organ):
        raise Refused("不能审核本单位的调整", remedy="请由审核单位里与申请单位无关的同事办理。")
    if not sits_at(user, desk):
        raise Refused(f"这件调整现在由{desk or '别的单位'}审核", remedy="请由该单位的审核人办理。")


def desk_of(adjustment: Adjustment) -> Organ | None:
    """The organ whose turn it is to examine."""
    return adjustment.second if adjustment.state == "second" else adjustment.examiner


def sits_at(user: Any, desk: Organ | None) -> bool:
    return desk is not None and desk.pk in desks_of(user)


def desks_of(user: Any) -> set[int]:
    """Organs for which the user examines."""
    return {post.organ_id for post in current_posts(user) if Permission.ADJUST_EXAMINE in ROLES[post.role].permissions}


def belongs_to(user: Any, organ: Organ) -> bool:
    return any(post.organ_id == organ.pk for post in current_posts(user))
