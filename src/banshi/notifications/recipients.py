"""Recipients by post and permission, deputies included."""

from collections.abc import Iterable, Mapping
from datetime import date

from banshi.access import Permission, roles_with
from banshi.people.models import Organ
from banshi.people.queries import Acting, acting_at, posts_on


def acting_with(organs: Iterable[int], permissions: Iterable[Permission], day: date) -> dict[int, list[Acting]]:
    """Find by organ who acts there on a day in a post that gives one of the permissions."""
    return acting_at(organs, _roles(permissions), day)


def holders(organs: Iterable[int], permission: Permission, day: date) -> dict[int, set[int]]:
    """Find by organ the accounts of `acting_with`."""
    return {organ: {each.user for each in acting} for organ, acting in acting_with(organs, [permission], day).items()}


def nearest_holders(owners: Iterable[Organ], permission: Permission, day: date) -> Mapping[int, set[int]]:
    """Find by owner who holds the permission in the owner's own division.

    Where nobody does, in the next above it.
    """
    posts = posts_on(day).filter(role__in=_roles([permission]))
    acting = acting_with(set(posts.values_list("organ", flat=True)), [permission], day).values()
    prefixes = [(each.post.organ.division.prefix, each.user) for some in acting for each in some]
    nearest: dict[int, set[int]] = {}
    for organ in owners:
        reaching = [(len(prefix), user) for prefix, user in prefixes if organ.division_id.startswith(prefix)]
        deepest = max((depth for depth, _ in reaching), default=0)
        nearest[organ.pk] = {user for depth, user in reaching if depth == deepest}
    return nearest


def _roles(permissions: Iterable[Permission]) -> list[str]:
    return sorted({role for permission in permissions for role in roles_with(permission)})
