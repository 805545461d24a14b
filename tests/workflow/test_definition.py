"""Workflows are data; wrong ones are refused with the reason, right ones say what is allowed."""

from pathlib import Path

import pytest
from django.conf import settings

from banshi.core.errors import BadInput, Conflict
from banshi.people.permissions import Permission
from banshi.workflow.definition import read_workflow, workflow

FILES = sorted((settings.DATA / "workflows").glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_shipped_workflows_hold_together_and_name_known_permissions(path: Path) -> None:
    for move in read_workflow(path).moves:
        assert Permission(move.permission)


MATRIX = [
    (path.stem, state, move.name)
    for path in FILES
    for move in workflow(path.stem).moves
    for state in workflow(path.stem).states
]


@pytest.mark.parametrize(("code", "state", "name"), MATRIX)
def test_each_move_from_each_state_is_allowed_or_refused_with_a_sentence(code: str, state: str, name: str) -> None:
    flow = workflow(code)
    if state in flow.move_named(name).sources:
        assert flow.check(name, state).to in flow.states
    else:
        with pytest.raises(Conflict, match=f"现在是“{flow.states[state].label}”"):
            flow.check(name, state)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('to = "suspended"', 'to = "gone"'), "没有定义的状态：gone"),
        (('from = ["suspended"]', 'from = ["cancelled"]'), "从终止状态出发的变动：恢复办理"),
        (('to = "merged"', 'to = "active"'), "到不了的状态：merged"),
        (("version = 1", "versoin = 1"), "versoin"),
        (("version = 1", "version = "), "流程定义有误"),
    ],
)
def test_a_wrong_workflow_is_refused_with_the_reason(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    text = (settings.DATA / "workflows" / "item.toml").read_text().replace(*change)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text)
    with pytest.raises(BadInput, match=reason):
        read_workflow(wrong)
