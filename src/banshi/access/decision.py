"""Policy decision point: who may do what to which thing, judged at the moment of the act."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import models

from banshi.access.actors import is_beyond, is_suspended
from banshi.access.permissions import Permission
from banshi.access.policies import SELF, Ends, Including, ends_of, holdings_of, including, policy_of, rules_of
from banshi.access.roles import Through, permission_label, through
from banshi.core.errors import Refused
from banshi.ledger import Actor, System

RELATIONS = (Through.ASSIGNEE, Through.APPLICANT, Through.AGENT)
REMEDY = "如果工作需要，请联系本单位负责人或系统管理员开通。"
SCOPE_REMEDY = "请在取得令牌时要这项授权（scope）；没有登记的，请系统管理员登记。"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Capability token: an actor, and the permissions it was found to have on some subjects. Only `access` makes one."""

    actor: Any
    given: tuple[tuple[Permission, tuple[models.Model, ...]], ...] = ()
    is_part: bool = False
    """Of an authorized act that `policies.includes` names, not an act of its own."""
    on_behalf: bool = False
    _ends: dict[Including, set[Any]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def ledger_id(self) -> str:
        return str(self.actor.ledger_id)

    @property
    def ledger_name(self) -> str:
        return str(self.actor.ledger_name)

    def also(self, other: "Allowed") -> "Allowed":
        both = (*self.given, *other.given)
        return replace(self, given=both, is_part=self.is_part and other.is_part, _ends={})

    def narrowed_to(self, permission: Permission, subjects: Sequence[models.Model]) -> "Allowed | None":
        """Return the token for a smaller act: this one for what it was given for, a part for what that includes."""
        if self.on_behalf or any(held is permission and not subjects for held, _ in self.given):
            return self
        if not subjects:
            return None
        model = subjects[0].__class__
        if self._reaches(Including(permission, model, SELF, SELF), subjects):
            return self
        if any(self._reaches(each, subjects) for each in including(permission, model)):
            return Allowed(self.actor, ((permission, tuple(subjects)),), is_part=True)
        return None

    def _reaches(self, one: Including, subjects: Sequence[models.Model]) -> bool:
        """Tell whether the inner paths of the subjects end where outer ones of what it was given for do."""
        if one not in self._ends:
            given = [some for held, some in self.given if one.held in (None, held)]
            own = [each for some in given for each in some if each.__class__ is one.of]
            self._ends[one] = _saved(set[Any]().union(*ends_of((one.outer,), own))) if own else set()
        reached = self._ends[one]
        return bool(reached) and all(ends and ends <= reached for ends in ends_of((one.inner,), subjects))


def _saved(ends: set[tuple[type[models.Model], object]]) -> set[tuple[type[models.Model], object]]:
    return {end for end in ends if end[1] is not None}


def on_behalf_of(actor: Actor) -> Allowed:
    """Let the software act in a person's name: the demonstration, whose catalogue was examined elsewhere."""
    return Allowed(actor, on_behalf=True)


def authorize(
    actor: Actor, permission: Permission | str, subject: models.Model | None = None, *, at: datetime
) -> Allowed:
    """Refuse, with a reason and a remedy, what the actor may not do to the subject at that moment.

    Give the answer as `by=` to the smaller acts this one is made of: what the permission on the subject includes
    (`policies.includes`) is not asked for again, anything else is asked of the actor anew.
    """
    return authorize_many(actor, permission, [] if subject is None else [subject], at=at)


def authorize_many(
    actor: Actor, permission: Permission | str, subjects: Sequence[models.Model], *, at: datetime
) -> Allowed:
    """Authorize for subjects of one kind, all or none, with a constant number of queries."""
    permission, subjects = Permission(permission), list(subjects)
    if isinstance(actor, Allowed):
        if (token := actor.narrowed_to(permission, subjects)) is not None:
            return token
        actor = actor.actor
    allowed = Allowed(actor, ((permission, tuple(subjects)),))
    if isinstance(actor, System):
        return allowed
    if is_beyond(actor, permission):
        raise Refused(f"令牌没有“{permission_label(permission)}”的授权", remedy=SCOPE_REMEDY)
    ways = through(permission)
    waiting = _unrelated(actor, ways, subjects)
    if Through.ANYONE not in ways and (waiting or not subjects):
        _require_post(actor, permission, ways, waiting, at)
    if subjects:
        for decide in rules_of(permission, subjects[0].__class__):
            decide(actor, subjects, at)
    return allowed


def allows(actor: Actor, permission: Permission | str, subject: models.Model | None = None, *, at: datetime) -> bool:
    """Tell whether `authorize` would allow it, for what a page offers."""
    try:
        authorize(actor, permission, subject, at=at)
    except Refused:
        return False
    return True


def _unrelated(actor: object, ways: Sequence[Through], subjects: list[models.Model]) -> list[models.Model]:
    """Return the subjects that only a post can open: those with no relation to the actor that gives the permission."""
    for relation in RELATIONS:
        if relation is Through.ASSIGNEE and is_suspended(actor):
            continue
        if subjects and relation in ways:
            found = ends_of(getattr(policy_of(subjects[0].__class__), relation), subjects)
            me = (actor.__class__, getattr(actor, "pk", None))
            subjects = [each for each, ends in zip(subjects, found, strict=True) if me not in ends]
    return subjects


def _require_post(
    actor: Actor, permission: Permission, ways: Sequence[Through], subjects: list[models.Model], at: datetime
) -> None:
    holdings = holdings_of(actor)
    if Through.POST not in ways or holdings is None or not holdings.holds(actor, permission, at):
        raise Refused(f"您没有“{permission_label(permission)}”的权限", remedy=REMEDY)
    if not subjects:
        return
    policy = policy_of(subjects[0].__class__)
    if policy.by_permission.get(permission) == ():
        return
    organs = _keys(ends_of(policy.organs_for(permission), subjects))
    reached = holdings.organs(actor, permission, set[Any]().union(*organs), at)
    subjects = [each for each, owners in zip(subjects, organs, strict=True) if not owners & reached]
    if not subjects:
        return
    divisions = _keys(ends_of(policy.divisions, subjects))
    covered = holdings.divisions(actor, permission, set[Any]().union(*divisions), at)
    for subject, places in zip(subjects, divisions, strict=True):
        if not places & covered:
            raise Refused(f"您没有“{permission_label(permission)}”的权限（对{subject}）", remedy=REMEDY)


def _keys(ends: Ends) -> list[set[object]]:
    return [{key for _, key in some} for some in ends]
