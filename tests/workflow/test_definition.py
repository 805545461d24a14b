"""Workflows are data; wrong ones are refused with the reason, right ones say what is allowed."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from banshi.core.errors import BadInput, Conflict
from banshi.sites.kit.permissions import Permission
from banshi.workflow.checks import check_definitions
from banshi.workflow.definition import Workflow, read_workflow, workflow

FILES = sorted((settings.DATA / "workflows").glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_shipped_workflows_hold_together_and_name_known_permissions(path: Path) -> None:
    for move in read_workflow(path).moves:
        assert Permission(move.permission)


@pytest.mark.parametrize("code", [path.stem for path in FILES])
def test_each_move_from_each_state_is_allowed_or_refused_with_a_sentence(code: str) -> None:
    flow = workflow(code)
    for move, state in product(flow.moves, flow.states):
        told = answer(flow, move.name, state)
        refused = f"现在是“{flow.states[state].label}”" in told
        assert told in flow.states if state in move.sources else refused, (move.name, state)


def answer(flow: Workflow, name: str, state: str) -> str:
    try:
        return flow.check(name, state).to
    except Conflict as refused:
        return str(refused)


GROUP = '[groups.both]\nlabel = "两家"\nstate = "active"\njoin = "resume"\npermission = "item.edit"\n\n'


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('to = "suspended"', 'to = "gone"'), "没有定义的状态：gone"),
        (('from = ["suspended"]', 'from = ["cancelled"]'), "从终止状态出发的变动：恢复办理"),
        (('to = "merged"', 'to = "active"'), "到不了的状态：merged"),
        (("version = 1", "versoin = 1"), "versoin"),
        (("version = 1", "version = "), "流程定义有误"),
        (('code = "item"', 'code = "thing"'), "code 是“thing”"),
        (('name = "resume"', 'name = "suspend"'), "写了不止一次的变动：suspend"),
        (('label = "取消"', 'label = "取消"\nlimit = "x"'), "终止状态不能有时限，也不能停表：取消"),
        (('label = "暂停"', 'label = "暂停"\nlimit = "x"\npause = true'), "停表的状态不能再写时限：暂停"),
        (('to = "suspended"\npermission = "item.lifecycle"', 'to = "suspended"'), "没有写要什么权限的变动：暂停办理"),
        (("[states.active]", GROUP + "[states.active]"), "起始状态不能并行：在用"),
        (
            ("[states.active]", GROUP.replace("active", "suspended") + "[states.active]"),
            "自动走的变动不要写权限：恢复办理",
        ),
        (
            ("[states.active]", GROUP.replace("active", "suspended").replace("resume", "merge") + "[states.active]"),
            "只从“暂停”出发的变动",
        ),
    ],
)
def test_a_wrong_workflow_is_refused_with_the_reason(tmp_path: Path, change: tuple[str, str], reason: str) -> None:
    text = (settings.DATA / "workflows" / "item.toml").read_text().replace(*change)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text)
    with pytest.raises(BadInput, match=reason):
        read_workflow(wrong)


def test_names_nothing_else_knows_are_found_by_the_system_check(tmp_path: Path, settings: Any) -> None:
    """As `banshi manage check` says it, and every command before it begins."""
    settings.WORKFLOWS = tmp_path
    text = (settings.DATA / "workflows" / "item.toml").read_text()
    for old, new in (
        ('permission = "item.lifecycle"', 'permission = "item.live"\nrules = ["item.sunny"]'),
        ('label = "暂停"', 'label = "暂停"\nowner = "wizard"\nlimit = "soon"'),
    ):
        text = text.replace(old, new, 1)
    (tmp_path / "item.toml").write_text(text)
    assert [each.msg for each in check_definitions(None)][:4] == [
        "变动“暂停办理”要的权限“item.live”不存在，可用的权限见 data/access/roles.toml",
        "变动“暂停办理”要守的规则“item.sunny”不存在，规则由程序提供，见 docs/workflows.md",
        "状态“暂停”的时限“soon”不存在，请写成几天，或用这项工作的规矩里有的名称",
        "状态“暂停”由角色“wizard”办，没有这个角色，可用的角色见 data/access/roles.toml",
    ]


def test_a_model_begins_where_its_definition_does_and_has_one(tmp_path: Path, settings: Any) -> None:
    assert check_definitions(None) == []
    settings.WORKFLOWS = tmp_path
    for path in FILES:
        (tmp_path / path.name).write_text(path.read_text().replace('start = "active"', 'start = "suspended"'))
    assert [each.msg for each in check_definitions(None)] == ["流程从“suspended”开始，而新建的Item是“active”"]
    (tmp_path / "transfer.toml").unlink()
    assert ("Transfer没有流程的定义", "transfer.toml") in [(each.msg, each.obj) for each in check_definitions(None)]
