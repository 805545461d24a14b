"""Definitions by digest: a subject goes by the one it began with, whatever has become of the file since."""

from typing import Any

from banshi.core.errors import BadInput
from banshi.workflow.definition import State, Workflow, all_workflows, digest_of, workflow
from banshi.workflow.models import FlowDefinition

_read: dict[str, Workflow] = {}
"""Definitions of rows, by digest; a row never changes."""


def keep_definitions(**signal: Any) -> None:
    """Keep every present definition.

    Runs after `migrate`.
    """
    for flow in all_workflows():
        FlowDefinition.keep(flow)
    _read_kept()


def _read_kept() -> None:
    for row in FlowDefinition.objects.all():
        if digest_of(row.content) != row.digest:
            raise BadInput(
                f"保存的流程定义被改动过：{row}",
                remedy="请从备份恢复数据库的 workflow_flowdefinition 表里的这一行，再继续办理。",
            )
        _read[row.digest] = Workflow.model_validate(row.content)


def definition_of(subject: Any) -> Workflow:
    """Return the definition a subject began with."""
    if subject.flow_id not in _read:
        _read_kept()
    if subject.flow_id not in _read and subject.pk is None:  # the first of a changed file, which saving it keeps
        return workflow(subject._meta.get_field("flow").code)
    return _read[subject.flow_id]


def state_of(subject: Any) -> State:
    """Return the subject's state in the words of its own definition."""
    return definition_of(subject).states[subject.state]


def states_of(code: str) -> dict[str, State]:
    """Map every state subjects of a kind may be in, of the present definition, then of older ones."""
    if not _read:
        _read_kept()
    states = dict(workflow(code).states)
    for older in _read.values():
        if older.code == code:
            states |= {name: state for name, state in older.states.items() if name not in states}
    return states
