"""Preconditions of transitions: who may, when, and what must hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from banshi.access import Allowed, authorize_many
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger import Actor
from banshi.workflow.definition import Move, Workflow
from banshi.workflow.rules import rule_named
from banshi.workflow.versions import definition_of


def authorize_move(subjects: Sequence[object], name: str, *, by: Actor, at: datetime) -> Allowed:
    """Authorize the permission that the subjects' definitions ask for a move."""
    allowed: Allowed | None = None
    for flow, some in by_definition(subjects):
        step = flow.move_named(name)
        if not step.permission:
            raise Refused(f"“{step.label}”在各支都办完时自动进行", remedy="请等还没有办的单位办完。")
        token = authorize_many(by, step.permission, some, at=at)
        allowed = allowed.also(token) if allowed else token
    if allowed is None:
        raise BadInput("没有选中要办的", remedy="请先勾选。")
    return allowed


def check_move(subject: object, name: str, *, by: Actor, at: datetime) -> Move:
    """Refuse as `move` would, without moving.

    For a page that asks more before it moves.
    """
    authorize_move([subject], name, by=by, at=at)
    flow = definition_of(subject)
    step = flow.move_named(name)
    check_possible(flow, step, [subject], at)
    return step


def by_definition(subjects: Sequence[Any]) -> list[tuple[Workflow, list[Any]]]:
    """Group subjects by the definition they began with, nearly always one."""
    groups: dict[str, list[Any]] = {}
    for each in subjects:
        groups.setdefault(each.flow_id, []).append(each)
    return [(definition_of(group[0]), group) for group in groups.values()]


def check_possible(flow: Workflow, step: Move, subjects: Sequence[Any], at: datetime) -> None:
    """Refuse when the state or a rule does not allow the move."""
    for each in subjects:
        flow.check(step.name, each.state)
    for rule in map(rule_named, step.rules):
        if broken := [each for each in subjects if not rule.holds(each, at)]:
            more = f"（共{len(broken)}项）" if len(broken) > 1 else ""
            raise Conflict(f"不能{step.label}：{rule.refusal}{more}", where=str(broken[0]), remedy=rule.remedy)
