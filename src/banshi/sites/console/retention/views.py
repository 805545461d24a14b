"""保存期限: what is due to be deleted by data/retention.toml, shown first and deleted when confirmed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from banshi.cases.actions import delete_due_contents
from banshi.cases.retention import deletion_plan
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest


@login_required
@require_safe
def retention(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.CASE_RETAIN)
    return render(request, "console/retention/retention.html", {"plan": list(deletion_plan(at=now()))})


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: StaffRequest, code: str) -> HttpResponse:
    """Name the cases, ask once, and delete what was shown."""
    require(request.user, Permission.CASE_RETAIN)
    if request.method == "POST":
        count = delete_due_contents(code, shown=request.POST.get("shown", ""), by=request.user, at=now())
        messages.success(request, f"{count}件的个人信息已删除")
        return redirect("console:retention")
    due = next((each for each in deletion_plan(at=now()) if each.rule.code == code), None)
    if due is None or not due.count:
        raise Missing("现在没有要删除的", remedy="请回到“保存期限”查看。")
    context = {
        "due": due,
        "title": f"删除{len(due.listed)}件{due.rule.label}里的个人信息？",
        "action": "删除",
        "back": reverse("console:retention"),
        "danger": True,
    }
    return render(request, "console/retention/delete.html", context)
