"""Tokens of parallel groups: one row for each branch, opened with the state of its group and over when that state is left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from banshi.core.errors import BadInput
from banshi.workflow.definition import Workflow
from banshi.workflow.models import ParallelBranch


def branches_of(kind: type[Any]) -> type[ParallelBranch]:
    return kind.branches.rel.related_model  # type: ignore[no-any-return]


def open_branches(
    flow: Workflow, state: str, subjects: Sequence[Any], given: Sequence[ParallelBranch], *, at: datetime
) -> None:
    """Open the branches of the group that runs in `state`, those given, else those the definition names."""
    if (found := flow.group_at(state)) is None:
        if given:
            raise ValueError(f"no parallel group runs in the state {state} of {flow.code}")
        return
    code, group = found
    model = branches_of(type(subjects[0]))
    wanted = given or [model(code=each, label=label) for each, label in group.branches.items()]
    if not wanted:
        raise BadInput(f"没有写“{group.label}”由哪些单位办", remedy="请至少选一个。")
    if len({each.code for each in wanted}) != len(wanted):
        raise BadInput(f"“{group.label}”里同一支写了两次", remedy="请去掉重复的。")
    before = model._default_manager.filter(subject__in=subjects, group=code).order_by().values_list("subject")
    rounds: dict[object, int] = dict(before.annotate(last=Max("round")))
    own = {"subject_id", "group", "round", "opened_at", model._meta.pk.attname}
    asked = [field.attname for field in model._meta.concrete_fields if field.attname not in own]
    rows = [
        model(
            subject=subject,
            group=code,
            round=rounds.get(subject.pk, 0) + 1,
            opened_at=at,
            **{name: getattr(each, name) for name in asked},
        )
        for subject in subjects
        for each in wanted
    ]
    model._default_manager.bulk_create(rows, batch_size=1000)


def drop_branches(flow: Workflow, states: set[str], subjects: Sequence[object], *, at: datetime) -> None:
    """End what is still open of groups whose state is left before all of it was done."""
    for state in states:
        if found := flow.group_at(state):
            rows = branches_of(type(subjects[0]))._default_manager.filter(
                subject__in=subjects, group=found[0], ending=""
            )
            rows.update(ending=ParallelBranch.BranchEnding.DROPPED, ended_at=at)
