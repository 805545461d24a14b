"""The only writer of states: asks who (access), when (the state) and what (rules), moves, and keeps the history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from banshi.access import authorize
from banshi.access.policies import policy_of
from banshi.core.errors import Conflict
from banshi.core.prepared import insert, update
from banshi.events import Occurrence, emit, emit_many
from banshi.ledger import Actor
from banshi.workflow.definition import Move, Workflow
from banshi.workflow.events import BRANCH_FINISHED, MOVED, digest_of_words
from banshi.workflow.models import ParallelBranch
from banshi.workflow.parallel import drop_branches, open_branches
from banshi.workflow.rules import rule_named
from banshi.workflow.transitions import authorize_move, by_definition, check_possible
from banshi.workflow.versions import definition_of

NOTE = 500
Subject = TypeVar("Subject", bound=models.Model)


def move(
    subject: Subject,
    name: str,
    *,
    note: str = "",
    branches: Sequence[ParallelBranch] = (),
    by: Actor,
    at: datetime,
    **changes: Any,
) -> Subject:
    """Lock the row, go the move, keep its record.

    `changes` are fields set with the state. The caller writes the ledger.

    `branches` are the unsaved tasks of a parallel group that begins with the move; without them, those of the
    definition.
    """
    move_many([subject], name, note=note, branches=branches, by=by, at=at, **changes)
    return subject


@transaction.atomic(savepoint=False)
def move_many(
    subjects: Sequence[Subject],
    name: str,
    *,
    note: str = "",
    branches: Sequence[ParallelBranch] = (),
    by: Actor,
    at: datetime,
    **changes: Any,
) -> Sequence[Subject]:
    """Move many of one kind, all or none, with the same changes for each.

    Queries do not grow with their number.
    """
    if not subjects:
        return subjects
    steps = [flow.move_named(name) for flow, _ in by_definition(subjects)]
    related = {each for step in steps for code in step.rules for each in rule_named(code).related}
    rows = type(subjects[0])._default_manager.select_for_update(of=("self",)).select_related(*sorted(related))
    locked = {each.pk: each for each in rows.filter(pk__in=[each.pk for each in subjects]).order_by("pk")}
    if len(locked) != len(subjects):
        raise Conflict("有的已经不在了，或选了两次", remedy="请刷新页面重新选择。")
    move_held(list(locked.values()), name, note=note, branches=branches, by=by, at=at, **changes)
    for subject in subjects:
        for field in ("state", *changes):
            setattr(subject, field, getattr(locked[subject.pk], field))
    return subjects


def move_held(
    subjects: Sequence[Any],
    name: str,
    *,
    note: str = "",
    branches: Sequence[ParallelBranch] = (),
    by: Actor,
    at: datetime,
    **changes: Any,
) -> None:
    """Move many within an action that has locked the rows, and holds them as they were read then."""
    allowed = authorize_move(subjects, name, by=by, at=at)
    for flow, some in by_definition(subjects):
        _go(flow, flow.move_named(name), some, note, branches, allowed, at, changes)


def _go(
    flow: Workflow,
    step: Move,
    subjects: Sequence[Any],
    note: str,
    branches: Sequence[ParallelBranch],
    by: Actor,
    at: datetime,
    changes: dict[str, Any],
) -> None:
    """Move subjects of one definition, locked, for an actor who was asked for the permission."""
    check_possible(flow, step, subjects, at)
    kind: Any = type(subjects[0])
    _refuse_protected(kind, changes)
    changes = {**changes, "state": step.to}
    for state in {each.state for each in subjects}:
        keys = [each.pk for each in subjects if each.state == state]
        if update(kind, {"pk": keys, "state": state}, **changes) != len(keys):
            raise Conflict("有的刚由别人办过，现在的状态已经变了", remedy="请刷新页面，查看现在的状态再办。")
    record = kind.moves.rel.related_model
    actor, said = {"actor": by.ledger_id, "actor_name": by.ledger_name}, note[:NOTE]
    words = digest_of_words(by.ledger_name, said)
    told = {"flow": flow.code, "move": step.name, "to": step.to, "words": words}
    moved = [Occurrence(each, {**told, "source": each.state}) for each in subjects]
    emit_many(MOVED, moved, by=by, at=at)
    left = {each.state for each in subjects} - {step.to}
    records = [
        record(subject=each, name=step.name, source=each.state, to=step.to, at=at, note=said, **actor)
        for each in subjects
    ]
    insert(records)
    for each in subjects:
        for field, value in changes.items():
            setattr(each, field, value)
    drop_branches(flow, left, subjects, at=at)
    if left:
        open_branches(flow, step.to, subjects, branches, at=at)


def _refuse_protected(kind: type[models.Model], changes: dict[str, Any]) -> None:
    """Keep what says where a subject stands and whose it is out of the fields set with a move."""
    policy = policy_of(kind)
    protected = {"state", "flow", "pk", kind._meta.pk.name, *policy.fields}
    if taken := {name for name in changes if name in protected or name.removesuffix("_id") in protected}:
        raise ValueError(f"a move of {kind.__name__} does not set {', '.join(sorted(taken))}")


@transaction.atomic
def finish_branch(branch: ParallelBranch, *, note: str = "", by: Actor, at: datetime, **changes: Any) -> bool:
    """End one branch under the lock of its whole.

    True when it was the last, and the whole has moved on.
    """
    whole: Any = type(branch)._meta.get_field("subject").related_model
    subject = whole._default_manager.select_for_update(of=("self",)).get(pk=branch.subject_id)  # type: ignore[attr-defined]
    branch.refresh_from_db()
    flow = definition_of(subject)
    group = flow.groups[branch.group]
    authorize(by, group.permission, branch, at=at)
    if branch.ending:
        said = ParallelBranch.BranchEnding(branch.ending).label
        who = f"，由{branch.actor_name}办的" if branch.actor_name else ""
        raise Conflict(f"“{branch}”已经{said}{who}", remedy="请刷新页面查看现在的状态。")
    ended = {
        "ending": ParallelBranch.BranchEnding.DONE,
        "ended_at": at,
        "actor": by.ledger_id,
        "actor_name": by.ledger_name,
    }
    for field, value in {**ended, "note": note[:NOTE], **changes}.items():
        setattr(branch, field, value)
    branch.save(update_fields=[*ended, "note", *changes])
    emit(BRANCH_FINISHED, subject, by=by, at=at, flow=flow.code, group=branch.group, branch=branch.code)
    if type(branch)._default_manager.filter(subject=subject, group=branch.group, ending="").exists():
        return False
    _go(flow, flow.move_named(group.join), [subject], f"{group.label}各支都已办完", (), by, at, {})
    return True
