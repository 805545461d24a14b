"""Holdings of posts: which permissions an account has at a moment, and over which organs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from banshi.access import OrganReach, Permission, is_beyond, is_suspended, roles
from banshi.people.models import Organ, Post, User

HELD = "_posts_by_day"


class ActsForOrgan:
    """A program that holds what a post of its organ gives."""

    def posts_giving(self, permission: Permission, at: datetime) -> list[tuple[Post, OrganReach]]:
        raise NotImplementedError


Anyone = User | AnonymousUser | ActsForOrgan | None


def posts_of(user: User, at: datetime) -> QuerySet[Post]:
    """List posts the user holds then, own and delegated."""
    day = localdate(at)
    current = Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))
    held = Q(user=user) | _delegated([user.pk], at)
    return Post.objects.filter(current & held).select_related("organ__division").distinct()


def _delegated(to: Iterable[int], at: datetime) -> Q:
    """Match posts that one of these accounts stands in for then, also where that was taken back since."""
    day = localdate(at)
    span = Q(delegations__to__in=to, delegations__since__lte=day, delegations__until__gte=day)
    return span & (Q(delegations__ended_at=None) | Q(delegations__ended_at__gt=at))


def posts_held_by(users: Iterable[User], at: datetime) -> dict[int, list[Post]]:
    """List the posts of many accounts then, own and delegated, by account."""
    day, keys = localdate(at), [each.pk for each in users]
    held: dict[int, list[Post]] = {key: [] for key in keys}
    current = Post.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day).select_related("organ")
    for post in current.filter(user__in=keys):
        held[post.user_id].append(post)
    for post in current.filter(_delegated(keys, at)).annotate(taken_by=F("delegations__to")):
        held[post.taken_by].append(post)
    return held


def current_posts(user: Anyone, at: datetime) -> list[Post]:
    """Cache `posts_of` once a day for each user object (that is, once a request).

    Returns none while suspended.
    """
    if not isinstance(user, User) or is_suspended(user):
        return []
    held: dict[Any, list[Post]] = user.__dict__.setdefault(HELD, {})
    day = localdate(at)
    if day not in held:
        held[day] = list(posts_of(user, at))
    return held[day]


def posts_giving(user: Anyone, permission: Permission, at: datetime) -> list[tuple[Post, OrganReach]]:
    """Return the user's posts that give the permission, each with how far it reaches.

    A program that acts for an organ answers for itself.
    """
    if is_beyond(user, permission):
        return []
    if isinstance(user, ActsForOrgan):
        return user.posts_giving(permission, at)
    found = [(post, roles()[post.role].reach(permission)) for post in current_posts(user, at)]
    return [(post, reach) for post, reach in found if reach]


def permissions_of(user: Anyone, at: datetime) -> frozenset[Permission]:
    return frozenset(p for post in current_posts(user, at) for p in roles()[post.role].permissions)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature given or asked for: by an account, for an organ, at a moment."""

    by: User
    organ: Organ
    at: datetime

    def posts_of(self, permission: Permission) -> set[int]:
        """Return the accounts in whose posts it is signed: one's own, else those one stands in for."""
        posts = posts_of(self.by, self.at)
        own = {each.user_id for each in posts if _reaches(each, roles()[each.role].reach(permission), self.organ)}
        return own if own and self.by.pk not in own else {self.by.pk}


def is_same_hand(second: Signature, first: Signature, permission: Permission) -> bool:
    """Tell whether a second signature adds nobody to the first, because one stands in for the other (四眼)."""
    return second.by == first.by or second.posts_of(permission) <= first.posts_of(permission)


def _reaches(post: Post, reach: OrganReach | None, organ: Organ) -> bool:
    if reach is OrganReach.DIVISION:
        return organ.division_id.startswith(post.organ.division.prefix)
    above = {organ.pk, organ.superior_id, organ.superior.superior_id if organ.superior else None}
    return reach is OrganReach.ALL or (reach is not None and post.organ_id in above)


def organs_where(user: Anyone, permission: Permission, at: datetime) -> QuerySet[Organ]:
    """List organs over which the user holds the permission.

    Every list of staff pages starts here.
    """
    reached = Q(pk__in=[])
    for post, reach in posts_giving(user, permission, at):
        if reach is OrganReach.ALL:
            organs = Q(pk__isnull=False)
        elif reach is OrganReach.DIVISION:
            organs = Q(division__code__startswith=post.organ.division.prefix)
        else:
            organs = Q(pk=post.organ.pk) | Q(superior=post.organ) | Q(superior__superior=post.organ)
        reached |= organs
    return Organ.objects.filter(reached)


class Posts:
    """The part of accounts that `access` asks for."""

    def holds(self, user: User, permission: Permission, at: datetime) -> bool:
        return bool(posts_giving(user, permission, at))

    def organs(self, user: User, permission: Permission, organs: Iterable[int], at: datetime) -> set[int]:
        """List those of the organs that the permission reaches.

        Asks the database only for other organs than the posts' own.
        """
        given = posts_giving(user, permission, at)
        if any(reach is OrganReach.ALL for _, reach in given):
            return set(organs)
        own = {post.organ_id for post, _ in given}
        others = set(organs) - own
        if not others:
            return set(organs)
        return own | set(organs_where(user, permission, at).filter(pk__in=others).values_list("pk", flat=True))

    def divisions(self, user: User, permission: Permission, divisions: Iterable[str], at: datetime) -> set[str]:
        """List those of the divisions whose every organ the permission reaches."""
        given = posts_giving(user, permission, at)
        if any(reach is OrganReach.ALL for _, reach in given):
            return set(divisions)
        prefixes = tuple(post.organ.division.prefix for post, reach in given if reach is OrganReach.DIVISION)
        return {code for code in divisions if code.startswith(prefixes)}
