"""The one way pages of handling reach a case or a step: through what the user may see."""

from django.http import HttpRequest
from django.urls import reverse

from banshi.cases.models import Case, CaseTask
from banshi.cases.queries import cases_visible_to
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.people.models import User
from banshi.sites.workbench.handling.listing import CaseFilters


def case_for(user: User, pk: int) -> Case:
    """Return the case.

    Raises Missing.
    """
    found = cases_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这个办件", remedy="它可能由别的单位办理。请回到“办件”列表查找。")
    return found


def task_for(user: User, pk: int) -> CaseTask:
    """Return the step of a case.

    Raises Missing.
    """
    cases = cases_visible_to(user, at=now()).values("pk")
    found = CaseTask.objects.filter(pk=pk, case__in=cases).select_related("organ", "assignee", "case__item").first()
    if found is None:
        raise Missing("没有这个环节", remedy="它可能由别的单位办理。请回到“办件”列表查找。")
    return found


def case_address(request: HttpRequest, pk: int) -> str:
    """Return the address of a case on the desk one came from, so that the next one is a key away."""
    query = CaseFilters.read(request.GET).as_query()
    return reverse("workbench:case", args=[pk]) + (f"?{query}" if query else "")
