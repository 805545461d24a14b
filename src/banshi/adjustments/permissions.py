"""Organs whose turn it is, and the people who sit there."""

from datetime import datetime

from banshi.access import Permission
from banshi.adjustments.models import Adjustment
from banshi.people.models import Organ, User
from banshi.people.posts import current_posts, posts_giving

FLOW = "adjustment"


def desk_of(adjustment: Adjustment) -> Organ | None:
    """Return the organ whose turn it is to examine."""
    return adjustment.second if adjustment.state == "second" else adjustment.examiner


def desks_of(user: User, at: datetime) -> set[int]:
    """List organs for which the user examines."""
    return {post.organ_id for post, _ in posts_giving(user, Permission.ADJUST_EXAMINE, at)}


def belongs_to(user: User, organ: Organ, at: datetime) -> bool:
    return any(post.organ_id == organ.pk for post in current_posts(user, at))
