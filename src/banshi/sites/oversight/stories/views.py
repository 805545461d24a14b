"""可追溯、可核查: the whole story of a case, and its receipt."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from banshi.cases.models import Case
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.ledger.receipts import receipt_text
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.ledger_words import told_entries
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.supervision.queries import irregularities_visible_to
from banshi.supervision.story import story_of_case


@login_required
@require_safe
def story(request: StaffRequest, pk: int) -> HttpResponse:
    """Tell everything that was recorded of a case."""
    case = _case_for(request, pk)
    context = {
        "case": case,
        "entries": told_entries(story_of_case(case, supervised=True)),
        "findings": irregularities_visible_to(request.user, at=now()).filter(case=case),
        "crumbs": [(reverse("oversight:cases"), "办件"), ("", case.number)],
    }
    return render(request, "oversight/stories/story.html", context)


@login_required
@require_safe
def receipt(request: StaffRequest, pk: int) -> HttpResponse:
    case = _case_for(request, pk)
    return send_bytes(receipt_text(list(story_of_case(case, supervised=True))), f"{case.number}.json")


def _case_for(request: StaffRequest, pk: int) -> Case:
    require(request.user, Permission.SUPERVISION_VIEW)
    organs = organs_where(request.user, Permission.SUPERVISION_VIEW)
    found = Case.objects.filter(organ__in=organs, pk=pk).select_related("item", "organ", "application").first()
    if found is None:
        raise Missing("没有这个办件", remedy="它可能由别的单位办理。请回到“办件”列表查找。")
    return found
