"""Policy decision point: who may do what to which thing, judged at the moment of the act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from banshi.access.actors import is_suspended
from banshi.access.permissions import Permission
from banshi.access.policies import Ends, ends_of, holdings_of, policy_of, rules_of
from banshi.access.roles import Through, permission_label, through
from banshi.core.errors import Refused
from banshi.ledger import Actor, System

RELATIONS = (Through.ASSIGNEE, Through.APPLICANT, Through.AGENT)
REMEDY = "如果工作需要，请联系本单位负责人或系统管理员开通。"


@dataclass(frozen=True, slots=True)
class Allowed:
    """An actor whose act was authorized, for the smaller acts it is made of. Only `authorize` makes one."""

    actor: Any

    @property
    def ledger_id(self) -> str:
        return str(self.actor.ledger_id)

    @property
    def ledger_name(self) -> str:
        return str(self.actor.ledger_name)


def authorize(
    actor: Actor, permission: Permission | str, subject: models.Model | None = None, *, at: datetime
) -> Allowed:
    """Refuse, with a reason and a remedy, what the actor may not do to the subject at that moment.

    Give the answer as `by=` to the smaller acts this one is made of: they then do not ask for permissions of their own.
    """
    return authorize_many(actor, permission, [] if subject is None else [subject], at=at)


def authorize_many(
    actor: Actor, permission: Permission | str, subjects: Sequence[models.Model], *, at: datetime
) -> Allowed:
    """Authorize for subjects of one kind, all or none, with a constant number of queries."""
    if isinstance(actor, Allowed):
        return actor
    if isinstance(actor, System):
        return Allowed(actor)
    permission, subjects = Permission(permission), list(subjects)
    waiting = _unrelated(actor, permission, subjects)
    if Through.ANYONE not in through(permission) and (waiting or not subjects):
        _require_post(actor, permission, waiting, at)
    if subjects:
        for decide in rules_of(permission, subjects[0].__class__):
            decide(actor, subjects, at)
    return Allowed(actor)


def allows(actor: Actor, permission: Permission | str, subject: models.Model | None = None, *, at: datetime) -> bool:
    """Tell whether `authorize` would allow it, for what a page offers."""
    try:
        authorize(actor, permission, subject, at=at)
    except Refused:
        return False
    return True


def _unrelated(actor: Any, permission: Permission, subjects: list[models.Model]) -> list[models.Model]:
    """Return the subjects that only a post can open: those with no relation to the actor that gives the permission."""
    for relation in RELATIONS:
        if relation is Through.ASSIGNEE and is_suspended(actor):
            continue
        if subjects and relation in through(permission):
            found = ends_of(getattr(policy_of(subjects[0].__class__), relation), subjects)
            me = (actor.__class__, getattr(actor, "pk", None))
            subjects = [each for each, ends in zip(subjects, found, strict=True) if me not in ends]
    return subjects


def _require_post(actor: Actor, permission: Permission, subjects: list[models.Model], at: datetime) -> None:
    holdings = holdings_of(actor)
    if Through.POST not in through(permission) or holdings is None or not holdings.holds(actor, permission, at):
        raise Refused(f"您没有“{permission_label(permission)}”的权限", remedy=REMEDY)
    if not subjects:
        return
    policy = policy_of(subjects[0].__class__)
    if policy.by_permission.get(permission) == ():
        return
    organs = _keys(ends_of(policy.organs_for(permission), subjects))
    divisions = _keys(ends_of(policy.divisions, subjects))
    reached = holdings.organs(actor, permission, set[Any]().union(*organs), at)
    covered = holdings.divisions(actor, permission, set[Any]().union(*divisions), at)
    for subject, owners, places in zip(subjects, organs, divisions, strict=True):
        if not owners & reached and not places & covered:
            raise Refused(f"您没有“{permission_label(permission)}”的权限（对{subject}）", remedy=REMEDY)


def _keys(ends: Ends) -> list[set[Any]]:
    return [{key for _, key in some} for some in ends]
