"""System checks: definitions against the permissions, roles, rules and models they name."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from banshi.access import Permission, roles
from banshi.core.errors import BadInput
from banshi.workflow.definition import Workflow, all_workflows
from banshi.workflow.limits import names_known
from banshi.workflow.models import FlowField
from banshi.workflow.rules import is_registered


def problems_of(flow: Workflow) -> Iterator[str]:
    """List sentences about names in a definition that nothing else knows."""
    known = set(Permission)
    for move in flow.moves:
        if move.permission and move.permission not in known:
            yield f"变动“{move.label}”要的权限“{move.permission}”不存在，可用的权限见 data/access/roles.toml"
        for code in move.rules:
            if not is_registered(code):
                yield f"变动“{move.label}”要守的规则“{code}”不存在，规则由程序提供，见 docs/workflows.md"
    for group in flow.groups.values():
        if group.permission not in known:
            yield f"并行组“{group.label}”要的权限“{group.permission}”不存在，可用的权限见 data/access/roles.toml"
    for state in flow.states.values():
        if isinstance(state.limit, str) and state.limit and state.limit not in names_known(flow.code):
            yield f"状态“{state.label}”的时限“{state.limit}”不存在，请写成几天，或用这项工作的规矩里有的名称"
        if state.owner and state.owner not in roles():
            yield f"状态“{state.label}”由角色“{state.owner}”办，没有这个角色，可用的角色见 data/access/roles.toml"


@register("workflow")
def check_definitions(app_configs: object, **options: object) -> list[CheckMessage]:
    """Check that each definition names what exists, and each model that moves has its definition and begins where that
    begins.
    """
    try:
        flows = all_workflows()
    except BadInput as error:
        return [Error(error.message, hint=error.remedy, obj=error.where, id="workflow.E001")]
    names = [Error(said, obj=f"{flow.code}.toml", id="workflow.E002") for flow in flows for said in problems_of(flow)]
    return [*names, *_of_models({flow.code: flow for flow in flows})]


def _of_models(flows: dict[str, Workflow]) -> Iterator[CheckMessage]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FlowField):
                state: Any = model._meta.get_field("state")
                begins, place = state.get_default(), f"{field.code}.toml"
                if field.code not in flows:
                    yield Error(f"{model.__name__}没有流程的定义", obj=place, id="workflow.E003")
                elif flows[field.code].start != begins:
                    said = f"流程从“{flows[field.code].start}”开始，而新建的{model.__name__}是“{begins}”"
                    yield Error(said, obj=place, id="workflow.E004")
