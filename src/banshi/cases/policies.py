"""Access policies of cases: applicants and agents their own, the organ's people its cases, other organs their tasks."""

from collections.abc import Sequence
from datetime import datetime

from banshi.access import Permission, policies
from banshi.cases.models import Application, Case, CaseTask
from banshi.core.errors import Refused
from banshi.people.posts import Anyone, organs_where

policies.register(Application, applicant="owner", agent="agent", organs="publication__item__organ")
policies.register(
    Case,
    organs="organ",
    applicant="applicant",
    agent="agent",
    by_permission={Permission.CASE_VIEW: (), Permission.CASE_PERSONAL: ()},
)
policies.register(CaseTask, organs="organ", assignee="assignee")


def _who_handles_it(permission: Permission, refusal: Refused, **steps: str) -> None:
    @policies.rule(permission, Case)
    def reached_through_the_case_or_a_task(user: Anyone, cases: Sequence[Case], at: datetime) -> None:
        """Let an organ that has one of the steps in a case see it, as far as its people may."""
        mine = set(organs_where(user, permission, at).values_list("pk", flat=True))
        away = [each.pk for each in cases if each.organ_id not in mine]
        if away:
            tasks = CaseTask.objects.filter(case__in=away, organ__in=mine, **steps)
            if set(away) - set(tasks.values_list("case_id", flat=True)):
                raise refusal


_who_handles_it(Permission.CASE_VIEW, Refused("您没有查看这件办件的权限", remedy="请由承办单位的同事办理。"))
_who_handles_it(  # whoever helps needs to know who it is while they do
    Permission.CASE_PERSONAL,
    Refused("您现在不能看申请人的信息和材料：您的单位在这件办件里没有正在办的环节", remedy="请由承办单位的同事查看。"),
    ending="",
)
