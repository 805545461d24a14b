"""One view of how far every part of a bundle has come."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from banshi.bundles.queries import progress_of, submissions_of
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.portal.following.whereabouts import ENDED, TONES, label_of


@login_required
@never_cache
@require_safe
def follow(request: StaffRequest, pk: int) -> HttpResponse:
    submission = submissions_of(request.user).filter(pk=pk).first() if pk < 2**63 else None
    if submission is None:
        raise Missing("没有这份申请", remedy="请到“我的办件”查看；用别的账号提交的，请换账号登录。")
    if submission.submitted_at is None:
        return redirect("portal:bundle-draft", submission.guid)
    it = progress_of(submission, at=now())
    rows = [
        (each, *((label_of(each.case), *TONES.get(each.case.state, ENDED)) if each.case else ("", "", "")))
        for each in it.parts
    ]
    context = {
        "submission": submission,
        "definition": submission.version.definition,
        "it": it,
        "rows": rows,
        "sent": "sent" in request.GET,
    }
    return render(request, "portal/bundles/progress.html", context)
