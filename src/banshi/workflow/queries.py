"""Queries of the moves a page offers."""

from datetime import datetime
from typing import Any

from banshi.access import allows
from banshi.workflow.definition import Move
from banshi.workflow.rules import rule_named
from banshi.workflow.versions import definition_of


def moves_possible(subject: Any, *, at: datetime) -> list[Move]:
    """List moves that the state and the rules allow, whoever asks."""
    return [
        each
        for each in definition_of(subject).moves_from(subject.state)
        if each.permission and all(rule_named(code).holds(subject, at) for code in each.rules)
    ]


def moves_open_to(actor: Any, subject: Any, *, at: datetime) -> list[Move]:
    """List moves the actor may go now."""
    possible = moves_possible(subject, at=at)
    held = {each for each in {move.permission for move in possible} if allows(actor, each, subject, at=at)}
    return [each for each in possible if each.permission in held]
