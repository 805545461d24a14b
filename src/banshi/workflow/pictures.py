"""A workflow as people read it: a Mermaid diagram and tables. `docs/workflows.md` is made of these and compared in tests."""

from collections.abc import Iterator

from banshi.access import Permission, permission_label, roles
from banshi.workflow.definition import Limit, Move, ParallelGroup, State, Workflow
from banshi.workflow.rules import rule_named

INTRODUCTION = """# 流程

本页由 `data/workflows/*.toml` 生成（`./run banshi workflows`），请改那些文件，不要改这里。

一个流程文件写三样：

- 状态：名称、是否终止（`final`）、时限（`limit`，写明几天，如 `{ days = 20, unit = "working" }`，或写时限的名称，由该项工作的规矩
  定几天）、轮到哪个角色办（`owner`）、是否停表（`pause`，停在这个状态的日子不算进时限）。前后两个状态时限相同的，接着算，不重新开始。
- 变动：从哪些状态、到哪个状态、要什么权限（`permission`）、要守什么规则（`rules`）。谁有这项权限，写在
  `data/access/roles.toml`；规则由程序提供，只有名字写在这里。
- 并行组（`groups`）：整体停在 `state` 时，各支同时办；最后一支办完，自动走 `join` 这个变动。各支可以写在 `branches` 里，
  不写的由开始那一步临时指定。

文件里没有表达式，也没有程序。写错了（状态没定义、从终止状态出发、有状态到不了、权限或规则不存在），系统启动和测试都会说明哪里错。
改了文件，重启后生效：新开始的按新的办；已经在办的，仍按开始时的定义办完（每个定义按内容摘要保存在数据库里）。
"""


def page(workflows: list[Workflow]) -> str:
    return INTRODUCTION + "".join(_chapter(each) for each in workflows)


def _chapter(workflow: Workflow) -> str:
    states = "".join(_state_row(each) for each in workflow.states.values())
    moves = "".join(_move_row(workflow, each) for each in workflow.moves)
    return (
        f"\n## {workflow.label}(`{workflow.code}`,第{workflow.version}版)\n\n```mermaid\n{diagram(workflow)}```\n\n"
        f"| 状态 | 由谁办 | 时限 |\n| --- | --- | --- |\n{states}\n"
        f"| 变动 | 从 | 到 | 权限 | 规则 |\n| --- | --- | --- | --- | --- |\n{moves}"
        + "".join(_group(workflow, each) for each in workflow.groups.values())
    )


def _state_row(state: State) -> str:
    limit = str(state.limit) if isinstance(state.limit, Limit) else f"`{state.limit}`" if state.limit else ""
    owner = roles()[state.owner].label if state.owner else ""
    return f"| {state.label} | {owner} | {'停表' if state.pause else limit} |\n"


def _move_row(workflow: Workflow, move: Move) -> str:
    sources = "、".join(workflow.states[each].label for each in move.sources)
    permission = f"{permission_label(Permission(move.permission))}(`{move.permission}`)" if move.permission else "自动"
    rules = "；".join(f"否则：{rule_named(each).refusal}" for each in move.rules)
    return f"| {move.label} | {sources} | {workflow.states[move.to].label} | {permission} | {rules} |\n"


def _group(workflow: Workflow, group: ParallelGroup) -> str:
    branches = "、".join(group.branches.values()) or "由开始的一步指定"
    join = workflow.move_named(group.join).label
    return (
        f"\n并行组“{group.label}”：在“{workflow.states[group.state].label}”时各支同时办（{branches}），"
        f"办结一支要`{group.permission}`；都办完了自动“{join}”。\n"
    )


def diagram(workflow: Workflow) -> str:
    return "\n".join(["stateDiagram-v2", *_lines(workflow)]) + "\n"


def _lines(workflow: Workflow) -> Iterator[str]:
    for code, state in workflow.states.items():
        if found := workflow.group_at(code):
            branches = found[1].branches or {"each": "每个单位一支"}
            yield f'    state "{state.label}" as {code} {{'
            for number, (branch, label) in enumerate(branches.items()):
                if number:
                    yield "        --"
                yield f'        state "{label}" as {code}_{branch}'
                yield f"        [*] --> {code}_{branch}"
                yield f"        {code}_{branch} --> [*]"
            yield "    }"
        else:
            yield f'    state "{state.label}" as {code}'
    yield f"    [*] --> {workflow.start}"
    yield from (f"    {source} --> {move.to}: {move.label}" for move in workflow.moves for source in move.sources)
    yield from (f"    {code} --> [*]" for code, state in workflow.states.items() if state.final)
