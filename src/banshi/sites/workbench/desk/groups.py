"""分组分片、条块: who of a body reviews which units."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.campaigns.actions import dissolve_group, form_group
from banshi.campaigns.models import Campaign, ReviewGroup
from banshi.core.clock import now
from banshi.core.errors import Missing, Refused
from banshi.sites.kit.address import text_in
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.desk.access import bodies_arranged_by, body_arranged, campaign_asked
from banshi.sites.workbench.desk.forms import GroupForm


@login_required
@require_GET
def groups(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.REVIEW_GIVE)
    campaign, _ = campaign_asked(request.user, text_in(request.GET, "campaign"))
    bodies = bodies_arranged_by(request.user, campaign) if campaign else []
    if not bodies:
        raise Refused("审核分组由组织单位或牵头审核单位安排", remedy="需要调整的，请找他们。")
    shown = [(body, [(each, "、".join(map(str, each.members.all()))) for each in body.groups.all()]) for body in bodies]
    return render(request, "workbench/desk/groups.html", {"campaign": campaign, "bodies": shown})


@login_required
@require_http_methods(["GET", "POST"])
def new_group(request: StaffRequest, pk: int) -> HttpResponse:
    """Form a group of a body."""
    body = body_arranged(request.user, pk)
    form = GroupForm(posted(request), body=body)
    if not form.is_valid():
        context = {"form": form, "body": body, "back": _groups(body.campaign)}
        return render(request, "workbench/desk/new_group.html", context, status=422 if form.is_bound else 200)
    group = form_group(body, **form.cleaned_data, by=request.user, at=now())
    messages.success(request, f"已编成“{group.label}”。{body}的事项从现在起按组分。")
    return redirect(_groups(body.campaign))


@login_required
@require_http_methods(["GET", "POST"])
def dissolve(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.REVIEW_GIVE)
    group = ReviewGroup.objects.select_related("body").filter(pk=pk).first()
    if group is None:
        raise Missing("没有这个组")
    body = body_arranged(request.user, group.body_id)
    if request.method == "POST":
        dissolve_group(group, by=request.user, at=now())
        messages.success(request, f"“{group.label}”已撤销。")
        return redirect(_groups(body.campaign))
    last = body.groups.count() == 1
    context = {
        "title": f"撤销“{group.label}”",
        "what": "这个单位不再分组，每位审核人看得到全部事项。"
        if last
        else "只在这个组里的成员，以后看不到这个单位审核的事项，除非编进别的组。提过的意见不变。",
        "action": "撤销这个组",
        "danger": True,
        "back": _groups(body.campaign),
    }
    return render(request, "kit/confirm.html", context)


def _groups(campaign: Campaign) -> str:
    return f"{reverse('workbench:desk-groups')}?campaign={campaign.guid}"
