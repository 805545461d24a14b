"""Pages of those who organize, from plan to start, with the progress of everything."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.calendar.deadlines import remaining
from banshi.calendar.queries import calendar_in_force
from banshi.campaigns import actions, progress, queries
from banshi.campaigns.date_checks import doubts_of
from banshi.campaigns.gantt import gantt
from banshi.campaigns.models import Stage
from banshi.campaigns.plan import plan_codes, plan_named
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Missing, Problem
from banshi.sites.kit.address import as_key, text_in
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.permissions import Permission, may, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.campaigns.access import campaign_for, managed_campaign, may_manage
from banshi.sites.workbench.campaigns.forms import (
    AbsenceReasonForm,
    BodyForm,
    CampaignForm,
    FinalForm,
    StageForm,
    TeamForm,
)
from banshi.workflow.versions import state_of, states_of

PAGE = 50
MORE_LINKS = (
    ("workbench:consultation", "公示", "chat-left-text"),
    ("workbench:disputes", "联席会议", "people-fill"),
    ("workbench:campaign-decide", "审定", "check2-square"),
    ("workbench:campaign-publish", "公布", "megaphone"),
    ("workbench:bulletins", "通报", "flag"),
)


@login_required
@require_GET
def campaigns(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.ITEM_VIEW)
    context = {
        "campaigns": queries.campaigns_visible_to(request.user, at=now())[:PAGE],
        "may_start": may(request.user, Permission.CAMPAIGN_MANAGE),
    }
    return render(request, "workbench/campaigns/campaigns.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.CAMPAIGN_MANAGE)
    form, problems = CampaignForm(posted(request), request.FILES or None, user=request.user), []
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.create_campaign(
                name=given["name"],
                organ=given["organ"],
                division=given["division"],
                plan=form.chosen_plan(),
                final=given["final"],
                by=request.user,
                at=now(),
            )
        except BadInput as wrong:
            named = [each for each in wrong.problems if each.field in form.fields]
            for each in named:
                form.add_error(each.field, each.message)
            if not named:
                form.add_error("file", f"{wrong.message}。{wrong.remedy}" if wrong.remedy else wrong.message)
                problems = wrong.problems
        else:
            messages.success(request, "已建好。日期是从最后期限倒排的，请核对；再定审核单位和参加的单位。")
            return redirect("workbench:campaign", made.guid)
    context = {"form": form, "problems": problems, "plans": [plan_named(code) for code in plan_codes()]}
    return render(request, "workbench/campaigns/new.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def plan_file(request: StaffRequest, code: str) -> HttpResponse:
    """Send a shipped plan, to write one's own from."""
    require(request.user, Permission.CAMPAIGN_MANAGE)
    if code not in plan_codes():
        raise Missing("没有这个方案")
    from django.conf import settings

    text = (settings.DATA / "campaigns" / f"{code}.toml").read_text(encoding="utf-8")
    return send_bytes(text, f"{code}.toml")


@login_required
@require_GET
def campaign(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = campaign_for(request.user, guid)
    stages, day, seen = list(found.stages.all()), today(), progress.seen_by(request.user, found, at=now())
    calendar, axis = calendar_in_force(), progress.AXES.get(text_in(request.GET, "by"), progress.AXES["batch"])
    given = text_in(request.GET, "after")
    rows, after = progress.board_along(
        axis, found, seen, after=given if axis.code == "division" else str(as_key(given))
    )
    reached = {state for row in rows for state in row.states}
    context = {
        "campaign": found,
        "may_supervise": may(request.user, Permission.SUPERVISION_VIEW, found.organ),
        "state": state_of(found),
        "stages": [
            (each, found.plan.phase(each.phase), remaining(each.ends, on=day, calendar=calendar))
            for each in stages
            if each.begins <= day <= each.ends and found.state in ("preparing", "running")
        ],
        "next": next(((each, found.plan.phase(each.phase)) for each in stages if each.begins > day), None),
        "batches": {each.code: each.label for each in found.plan.batches},
        "gantt": gantt(found, stages, day),
        "axis": axis,
        "axes": progress.AXES.values(),
        "rows": rows,
        "after": f"by={axis.code}&after={after}#board" if after else "",
        "states": {code: each for code, each in states_of("entry").items() if code in reached},
        "bodies": [(each, each.planned) for each in found.bodies.select_related("organ", "campaign")],
        "manages": may_manage(request.user, found),
        "oversees": seen.whole,
        "more_links": MORE_LINKS,
        "overdue": queries.units_overdue(found, day).count(),
        "nameless": queries.units_without_contacts(found).count(),
    }
    return render(request, "workbench/campaigns/campaign.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def dates(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    stages, problems = list(found.stages.select_related("campaign")), list[Problem]()
    forms = [StageForm(posted(request), stage=each) for each in stages]
    if request.method == "POST" and all(form.is_valid() for form in forms):
        moves = [
            (form.stage, form.cleaned_data["begins"], form.cleaned_data["ends"]) for form in forms if form.has_changed()
        ]
        try:
            actions.move_stages(moves, by=request.user, at=now())
        except BadInput as wrong:
            problems = wrong.problems
        else:
            messages.success(request, "日期已保存")
            return redirect("workbench:campaign", guid)
    batches = {each.code: each.label for each in found.plan.batches}
    rows = [(form, found.plan.phase(form.stage.phase), batches.get(form.stage.batch, "全部一起")) for form in forms]
    context = {
        "campaign": found,
        "rows": rows,
        "final": FinalForm(stored=_laid_out(stages)),
        "problems": problems,
        "doubts": list(doubts_of(list(found.stages.select_related("campaign")), today(), calendar_in_force())),
    }
    return render(request, "workbench/campaigns/dates.html", context, status=422 if request.method == "POST" else 200)


def _laid_out(stages: Sequence[Stage]) -> dict[str, Any]:
    """Tell the last day, and all the days that laying them out again replaces."""
    days = [(each.pk, each.begins, each.ends) for each in stages]
    return {"final": max((each.ends for each in stages), default=None), "days": days}


@login_required
@require_http_methods(["POST"])
def lay_out(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    form = FinalForm(request.POST, stored=_laid_out(list(found.stages.all())))
    if form.non_field_errors():
        raise Conflict("您打开这一页以后，有人改过日期，没有重新倒排", remedy="请刷新页面，看过现在的日期再倒排。")
    if not form.is_valid():
        raise BadInput("请写最后完成日期", remedy="写成 2027-03-31 这样的日期。")
    actions.lay_out_again(found, final=form.cleaned_data["final"], by=request.user, at=now())
    messages.success(request, "各阶段的日期已重新倒排，请核对")
    return redirect("workbench:campaign-dates", guid)


@login_required
@require_http_methods(["GET", "POST"])
def bodies(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    rows = found.bodies.select_related("organ", "division", "campaign")
    forms = [BodyForm(posted(request), body=each, campaign=found) for each in rows]
    teams = {each.pk: TeamForm(posted(request), body=each) for each in rows if each.planned.team and each.organ_id}
    if request.method == "POST" and all(form.is_valid() for form in [*forms, *teams.values()]):
        changed = [(form.body, form.cleaned_data["organ"]) for form in forms if form.has_changed()]
        chosen = [(body, organ) for body, organ in changed if organ]
        actions.appoint_bodies(chosen, by=request.user, at=now())
        for team in teams.values():
            if team.has_changed():
                actions.second_reviewers(
                    team.body, members=list(team.cleaned_data["members"]), by=request.user, at=now()
                )
        messages.success(request, "审核单位已保存")
        return redirect("workbench:campaign", guid)
    named = [
        (form, form.body.planned, found.plan.criteria_of(form.body.planned), teams.get(form.body.pk)) for form in forms
    ]
    context = {"campaign": found, "rows": named}
    return render(request, "workbench/campaigns/bodies.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "POST"])
def open_(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    if request.method == "POST":
        actions.open_campaign(found, by=request.user, at=now())
        messages.success(request, "已启动。各单位现在就能看到并开始准备。")
        return redirect("workbench:campaign", guid)
    context = {
        "campaign": found,
        "title": f"启动“{found}”",
        "action": "启动",
        "back": reverse("workbench:campaign", args=[guid]),
        "units": found.participations.count(),
        "entries": found.entries.count(),
        "first": found.stages.first(),
        "doubts": list(doubts_of(list(found.stages.select_related("campaign")), today(), calendar_in_force())),
    }
    return render(request, "workbench/campaigns/open.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def stop(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    form = AbsenceReasonForm(posted(request))
    if form.is_valid():
        actions.stop_campaign(found, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, "已中止")
        return redirect("workbench:campaign", guid)
    context = {
        "campaign": found,
        "form": form,
        "title": f"中止“{found}”",
        "action": "中止",
        "danger": True,
        "back": reverse("workbench:campaign", args=[guid]),
    }
    return render(request, "workbench/campaigns/stop.html", context, status=422 if form.is_bound else 200)
