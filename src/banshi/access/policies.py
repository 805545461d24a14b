"""Policy registry: how the people and organs a subject concerns are found, and rules that data cannot say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from django.db import models
from django.db.models import prefetch_related_objects

from banshi.access.permissions import Permission
from banshi.ledger import Actor

SELF = "self"
"""The path of a subject that is itself the organ, the person."""
Rule = Callable[[Any, Sequence[Any], datetime], None]
Clause = tuple[Permission | None, type[models.Model], str]


@dataclass(frozen=True, slots=True)
class Policy:
    """Paths from a subject (`entry__item__organ`) to those it concerns. Several when any of them will do."""

    organs: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    applicant: tuple[str, ...] = ()
    agent: tuple[str, ...] = ()
    by_permission: dict[Permission, tuple[str, ...]] = field(default_factory=dict)

    @property
    def fields(self) -> set[str]:
        """Return the subject's own fields at which the paths begin."""
        paths = (self.organs, self.divisions, self.assignee, self.applicant, self.agent, *self.by_permission.values())
        return {path.partition("__")[0] for some in paths for path in some} - {SELF}

    def organs_for(self, permission: Permission) -> tuple[str, ...]:
        return self.by_permission.get(permission, self.organs)


@dataclass(frozen=True, slots=True)
class Including:
    """An act on `of` that needs `held`, of which a smaller act is a part. `outer` and `inner` lead to what both are about."""

    held: Permission | None
    of: type[models.Model]
    outer: str
    inner: str


class Holdings(Protocol):
    """Posts of one kind of actor."""

    def holds(self, actor: Any, permission: Permission, at: datetime) -> bool: ...
    def organs(self, actor: Any, permission: Permission, organs: set[Any], at: datetime) -> set[Any]: ...
    def divisions(self, actor: Any, permission: Permission, divisions: set[Any], at: datetime) -> set[Any]: ...


_policies: dict[type[models.Model], Policy] = {}
_rules: dict[tuple[Permission, type[models.Model]], list[Rule]] = {}
_holdings: dict[type, Holdings] = {}
_includes: dict[tuple[Permission | None, type[models.Model]], list[Including]] = {}


def register(
    model: type[models.Model],
    *,
    organs: str | tuple[str, ...] = (),
    divisions: str | tuple[str, ...] = (),
    assignee: str | tuple[str, ...] = (),
    applicant: str | tuple[str, ...] = (),
    agent: str | tuple[str, ...] = (),
    by_permission: dict[Permission, str | tuple[str, ...]] | None = None,
) -> None:
    """Register where a model's organs and people are found.

    `by_permission` names other organs than the owner's for some permissions, and () leaves them to the rules.
    """
    _policies[model] = Policy(
        organs=_paths(organs),
        divisions=_paths(divisions),
        assignee=_paths(assignee),
        applicant=_paths(applicant),
        agent=_paths(agent),
        by_permission={permission: _paths(path) for permission, path in (by_permission or {}).items()},
    )


def _paths(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def rule(permission: Permission, model: type[models.Model]) -> Callable[[Rule], Rule]:
    """Register code that raises Refused for what roles and paths cannot say.

    Asked with all subjects at once.
    """

    def keep(decide: Rule) -> Rule:
        _rules.setdefault((permission, model), []).append(decide)
        return decide

    return keep


def includes(outer: Clause, *inner: Clause) -> None:
    """Let an act allowed by `outer` be made of acts that ask `inner`, where both paths end at the same thing.

    An outer permission of None is any, for what moves by a definition that names its own. An inner None is the outer's.
    """
    held, of, path = outer
    for permission, model, inner_path in inner:
        _includes.setdefault((permission, model), []).append(Including(held, of, path, inner_path))


def including(permission: Permission, model: type[models.Model]) -> list[Including]:
    """List what includes this permission on subjects of this model."""
    same = [replace(each, held=permission) for each in _includes.get((None, model), ())]
    return [*_includes.get((permission, model), ()), *same]


def register_holdings(kind: type, holdings: Holdings) -> None:
    _holdings[kind] = holdings


def policy_of(model: type[models.Model]) -> Policy:
    for each in model.__mro__:
        if each in _policies:
            return _policies[each]
    raise LookupError(f"no access policy is registered for {model.__name__}")


def rules_of(permission: Permission, model: type[models.Model]) -> list[Rule]:
    return [decide for each in model.__mro__ for decide in _rules.get((permission, each), ())]


def holdings_of(actor: Actor) -> Holdings | None:
    return next((_holdings[each] for each in actor.__class__.__mro__ if each in _holdings), None)


Ends = list[set[tuple[type[models.Model], Any]]]


def ends_of(paths: Sequence[str], subjects: Sequence[models.Model]) -> Ends:
    """Collect the models and keys at the ends of the paths with a constant number of queries."""
    for path in paths:
        # What is loaded costs no query, but to find that out by prefetching costs more than the rest.
        if "__" in path and not all(_is_loaded(path, each) for each in subjects):
            prefetch_related_objects(subjects, path.rpartition("__")[0])
    return [{end for path in paths if (end := _end_of(path, subject))} for subject in subjects]


def _is_loaded(path: str, subject: Any) -> bool:
    *steps, _ = path.split("__")
    for step in steps:
        if subject is None:
            return True
        if step not in subject._state.fields_cache:
            return False
        subject = subject._state.fields_cache[step]
    return True


def _end_of(path: str, subject: Any) -> tuple[type[models.Model], object] | None:
    if path == SELF:
        return subject.__class__, subject.pk
    *steps, last = path.split("__")
    for step in steps:
        subject = getattr(subject, step)
        if subject is None:
            return None
    field = subject._meta.get_field(last)
    key = getattr(subject, field.attname)
    return None if key is None else (field.related_model, key)
