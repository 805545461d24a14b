"""Which moves a person may make now: who (permission), where (the organ whose turn it is), when (the workflow)."""

from datetime import datetime
from typing import Any

from banshi.access import Permission, allows
from banshi.adjustments.enums import WITH_TEXT
from banshi.adjustments.models import Adjustment
from banshi.adjustments.policy import policy
from banshi.people.models import Organ
from banshi.people.posts import current_posts, posts_giving
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


def moves_open_to(user: Any, adjustment: Adjustment, at: datetime) -> list[Move]:
    """Those of the open moves the user may make."""
    permitted = {
        name: allows(user, name, adjustment, at=at) for name in {each.permission for each in flow_moves(adjustment)}
    }
    return [each for each in flow_moves(adjustment) if permitted[each.permission]]


def desk_of(adjustment: Adjustment) -> Organ | None:
    """The organ whose turn it is to examine."""
    return adjustment.second if adjustment.state == "second" else adjustment.examiner


def desks_of(user: Any, at: datetime) -> set[int]:
    """Organs for which the user examines."""
    return {post.organ_id for post, _ in posts_giving(user, Permission.ADJUST_EXAMINE, at)}


def belongs_to(user: Any, organ: Organ, at: datetime) -> bool:
    return any(post.organ_id == organ.pk for post in current_posts(user, at))
