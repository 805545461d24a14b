"""Steps: taken, given back, handed to a colleague, done."""

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from banshi.cases import actions
from banshi.cases.enums import TaskVerdict
from banshi.cases.models import CaseTask
from banshi.cases.queries import DeskTab, colleagues_for, desk, may_pass_on, runs_until
from banshi.core.clock import chinese_date, day_of, now
from banshi.core.errors import BadInput, Conflict
from banshi.people.models import User
from banshi.sites.kit.address import as_key
from banshi.sites.kit.errors import error_page
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.handling.access import case_address, task_for
from banshi.sites.workbench.handling.forms import ColleagueForm, EarlyFinishForm, FinishForm

AT_ONCE = 50


@login_required
@require_POST
def take(request: StaffRequest, pk: int) -> HttpResponse:
    task = actions.claim(task_for(request.user, pk), by=request.user, at=now())
    messages.success(request, f"“{task}”由您办理了。")
    return redirect(case_address(request, task.case_id))


def _chosen(request: StaffRequest) -> list[CaseTask]:
    """Find the ticked steps of one's desk, all or none."""
    keys = [as_key(each) for each in request.POST.getlist("task")][: AT_ONCE + 1]
    if not keys:
        raise BadInput("还没有选办件", remedy="请回到列表，在左边勾选要一起办的。")
    chosen = list(desk(request.user, DeskTab.UNIT, at=now()).filter(pk__in=keys))
    if not chosen or len(chosen) != len(set(keys)) or len(chosen) > AT_ONCE:
        raise Conflict("选中的环节有变动，一件也没有办", remedy=f"请刷新页面重新选择，一次最多{AT_ONCE}件。")
    return chosen


@login_required
@require_POST
def accept_many(request: StaffRequest) -> HttpResponse:
    """Accept the ticked cases after one more look at them."""
    chosen = _chosen(request)
    if waiting := [each.case.number for each in chosen if each.stage != 0 or each.case.state != "received"]:
        raise Conflict(f"{'、'.join(waiting)}不是在等受理", remedy="请只选待受理的办件，其他的逐件办理。")
    if "confirmed" in request.POST:
        done = actions.accept_many([each.case for each in chosen], by=request.user, at=now())
        numbers = "、".join(each.number for each in done)
        messages.success(request, f"受理了{len(done)}件（{numbers}），受理通知书已经出具，申请人会收到消息。")
        return redirect("workbench:cases")
    what = f"一次受理{len(chosen)}件，每件出具受理通知书，申请人会收到通知；有一件不能受理的，一件也不受理。"
    return _many(request, chosen, f"受理{len(chosen)}件", "都受理", what)


@login_required
@require_POST
def pass_on_many(request: StaffRequest) -> HttpResponse:
    """Give the ticked steps to one colleague who may do every one of them."""
    chosen, at = _chosen(request), now()
    if held := [each for each in chosen if not may_pass_on(each, request.user, at=at)]:
        numbers = "、".join(f"{each.case.number}（{each.assignee}正在办）" for each in held)
        raise Conflict(f"不能由您交给同事：{numbers}", remedy="请先不选这几件，或者请负责人改派。")
    able = colleagues_for(chosen[0], at=at)
    for each in chosen[1:]:
        able = able.filter(pk__in=colleagues_for(each, at=at).order_by().values("pk"))
    _refuse_alone(able, "这几件都")
    form = ColleagueForm(chosen[0], able, request.POST if "confirmed" in request.POST else None)
    if form.is_valid():
        done = actions.hand_over_many(chosen, to=form.cleaned_data["to"], by=request.user, at=at)
        numbers = "、".join(each.case.number for each in chosen)
        messages.success(request, f"{len(done)}件交给{form.cleaned_data['to']}了（{numbers}）。")
        return redirect("workbench:cases")
    what = "原来的办理人不再办；期限照常走。只列出这几件都能办的同事。"
    return _many(request, chosen, f"把{len(chosen)}件交给同事", "都交给同事", what, form)


def _refuse_alone(able: QuerySet[User], what: str) -> None:
    """Refuse to hand over where nobody else may do it."""
    if not able.exists():
        raise Conflict(f"本单位没有别的同事能办{what}", remedy="请系统管理员给同事加上岗位，或者自己办。")


def _many(
    request: StaffRequest,
    chosen: list[CaseTask],
    title: str,
    action: str,
    what: str,
    form: django_forms.Form | None = None,
) -> HttpResponse:
    context = {
        "chosen": chosen,
        "form": form,
        "title": title,
        "what": what,
        "action": action,
        "back": f"{reverse('workbench:cases')}?show=unit",
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "workbench/handling/many.html", context, status=status)


@login_required
@require_POST
def take_many(request: StaffRequest) -> HttpResponse:
    """Take the ticked steps, all or none."""
    chosen = _chosen(request)
    actions.claim_many(chosen, by=request.user, at=now())
    messages.success(request, f"领了{len(chosen)}件，在“我的”里。")
    return redirect(f"{reverse('workbench:cases')}?show=mine")


@login_required
@require_POST
def give_back(request: StaffRequest, pk: int) -> HttpResponse:
    task = actions.release(task_for(request.user, pk), by=request.user, at=now())
    messages.success(request, f"“{task}”已放回，科室里别的人可以领。")
    return redirect(case_address(request, task.case_id))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: StaffRequest, pk: int) -> HttpResponse:
    task = task_for(request.user, pk)
    able = colleagues_for(task, at=now())
    _refuse_alone(able, f"“{task}”")
    form = ColleagueForm(task, able, request.POST or None)
    if form.is_valid():
        try:
            actions.hand_over(task, to=form.cleaned_data["to"], by=request.user, at=now())
        except Conflict as trouble:
            return error_page(request, trouble, back=case_address(request, task.case_id))
        messages.success(request, f"“{task}”交给{form.cleaned_data['to']}了。")
        return redirect(case_address(request, task.case_id))
    return _page(request, task, form, f"把“{task}”交给同事", "交给同事", "原来的办理人不再办；期限照常走。")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    task = task_for(request.user, pk)
    last = runs_until(task, on=day_of(now()))
    form = (EarlyFinishForm if last else FinishForm)(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            said = {"words": given["words"], "early": given.get("early", False)}
            joined = actions.finish_task(task, verdict=TaskVerdict(given["verdict"]), **said, by=request.user, at=now())
            messages.success(request, f"“{task}”办完了{'，转到下一个环节' if joined else '，等同时办的其他单位'}。")
            return redirect(case_address(request, task.case_id))
        except BadInput as trouble:
            form.add_error(None, str(trouble))
        except Conflict as trouble:
            return error_page(request, trouble, back=case_address(request, task.case_id))
    what = "办完以后不能再改。同时办的几家都办完，自动转到下一个环节；期限照常走。"
    if last:
        what = (
            f"“{task}”从{chinese_date(task.began_on)}起，到{chinese_date(last)}才满。没有依据的，请满了再办完。{what}"
        )
    return _page(request, task, form, f"办完“{task}”", "办完", what)


def _page(
    request: StaffRequest, task: CaseTask, form: django_forms.Form, title: str, action: str, what: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "what": what,
        "action": action,
        "back": case_address(request, task.case_id),
    }
    return render(request, "kit/confirm.html", context, status=422 if form.is_bound else 200)
