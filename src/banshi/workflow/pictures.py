"""A workflow as people read it: a Mermaid diagram and two tables. `docs/workflows.md` is made of these and compared in tests."""

from banshi.workflow.definition import Move, Workflow

INTRODUCTION = """# 流程

本页由 `data/workflows/*.toml` 生成（`./run banshi workflows`），请改那些文件，不要改这里。

一个流程文件写：状态（名称、是否终止）和变动（从哪些状态、到哪个状态、要什么权限）。文件里没有表达式，也没有程序名；
某个变动发生时做什么，由程序写。写错了（状态没定义、从终止状态出发、有状态到不了），系统启动和测试都会说明哪里错。
"""


def page(workflows: list[Workflow]) -> str:
    return INTRODUCTION + "".join(_chapter(each) for each in workflows)


def _chapter(workflow: Workflow) -> str:
    rows = "".join(_row(workflow, move) for move in workflow.moves)
    return (
        f"\n## {workflow.label}(`{workflow.code}`,第{workflow.version}版)\n\n```mermaid\n{diagram(workflow)}```\n\n"
        f"| 变动 | 从 | 到 | 权限 |\n| --- | --- | --- | --- |\n{rows}"
    )


def _row(workflow: Workflow, move: Move) -> str:
    sources = "、".join(workflow.states[each].label for each in move.sources)
    return f"| {move.label} | {sources} | {workflow.states[move.to].label} | `{move.permission}` |\n"


def diagram(workflow: Workflow) -> str:
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {code}' for code, state in workflow.states.items()]
    lines += [f"    [*] --> {workflow.start}"]
    lines += [f"    {source} --> {move.to}: {move.label}" for move in workflow.moves for source in move.sources]
    lines += [f"    {code} --> [*]" for code, state in workflow.states.items() if state.final]
    return "\n".join(lines) + "\n"
