"""Pages that move an adjustment, from its beginning to its publication."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from banshi.adjustments import actions, queries
from banshi.adjustments.actions.applying import kinds_for
from banshi.adjustments.actions.transition import seen_of
from banshi.adjustments.enums import WITH_TEXT, Cause, ExaminationVerdict
from banshi.catalog.identity import identity_of, read_identity
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.sites.kit.address import as_key
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for, posted
from banshi.sites.workbench.adjustments.forms import DropForm, FactsForm, StartForm
from banshi.sites.workbench.adjustments.views import found_for, opinion_form, shown
from banshi.sites.workbench.items.forms import IdentityForm

AT_ONCE = 200


@login_required
@require_http_methods(["GET", "POST"])
def start(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid, Permission.ADJUST_APPLY)
    if under_way := queries.open_adjustment(item):
        return redirect("workbench:adjustment", under_way.pk)
    kinds = kinds_for(item)
    if not kinds:
        raise Conflict("这个事项已经取消或并入别的事项，不能再调整")
    initial = {"kind": kinds[0].value, "cause": Cause.SERVICE, "cause_day": today()}
    form = StartForm(posted(request), request.FILES or None, kinds=kinds, user=request.user, item=item, initial=initial)
    if not form.is_valid():
        context = {"form": form, "item": item, "back": reverse("workbench:item", args=[guid])}
        return render(request, "workbench/adjustments/start.html", context, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    made = actions.start_adjustment(
        item, kind=given["kind"], facts=_cause(given), evidence=given["evidence"], **_who(request)
    )
    messages.success(request, "已登记。" + ("接着编写指南，写好后提交。" if made.kind in WITH_TEXT else "核对后提交。"))
    return redirect("workbench:adjustment", made.pk)


def _who(request: StaffRequest) -> dict[str, Any]:
    return {"by": request.user, "at": now()}


def _cause(given: dict[str, Any]) -> actions.AdjustmentCause:
    """Read the cause as a form gave it."""
    return actions.AdjustmentCause(
        given["cause"], given["cause_day"], given["reason"], urgent=given["urgent"], into=given.get("into")
    )


@login_required
@require_http_methods(["GET", "POST"])
def facts(request: StaffRequest, pk: int) -> HttpResponse:
    one = found_for(request.user, pk)
    require(request.user, Permission.ADJUST_APPLY, one.item.organ)
    stored = {name: getattr(one, name) for name in ("cause", "cause_day", "reason", "urgent")}
    form = FactsForm(posted(request), request.FILES or None, kept=one.evidence, stored=stored)
    if not form.is_valid():
        context = {"form": form, "one": one, "item": one.item, "back": reverse("workbench:adjustment", args=[pk])}
        return render(request, "workbench/adjustments/facts.html", context, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    actions.change_facts(one, facts=_cause(given), evidence=given["evidence"], **_who(request))
    messages.success(request, "事由已保存")
    return redirect("workbench:adjustment", pk)


@login_required
@require_http_methods(["GET", "POST"])
def identity(request: StaffRequest, pk: int) -> HttpResponse:
    """Write the code, kind and category that the new version takes."""
    one = found_for(request.user, pk)
    require(request.user, Permission.ADJUST_APPLY, one.item.organ)
    asked = read_identity(one.identity) if one.identity else identity_of(one.item)
    form = IdentityForm(posted(request), stored=asked.as_json())
    doubts = form.doubts(one.item.organ, "", one.item) if form.is_valid() else []
    if doubts or not form.is_valid():
        context = {
            "form": form,
            "one": one,
            "item": one.item,
            "doubts": doubts,
            "back": reverse("workbench:adjustment", args=[pk]),
        }
        return render(request, "workbench/adjustments/identity.html", context, status=422 if form.is_bound else 200)
    actions.propose_identity(one, identity=form.identity(), **_who(request))
    messages.success(request, "已写进这件调整，审核通过后随新的一版生效。")
    return redirect("workbench:adjustment", pk)


@login_required
@require_POST
def apply(request: StaffRequest, pk: int) -> HttpResponse:
    one = found_for(request.user, pk)
    try:
        done = actions.apply_for(one, stamp=as_key(request.POST.get("stamp", "")), **_who(request))
    except BadInput as wrong:
        return shown(request, one, problems=wrong.problems or [Problem(wrong.message)])
    words = "更正已经生效，公众页面马上可见；" if done.state == "checking" else "已提交，"
    messages.success(request, f"{words}由{done.examiner}{'事后核对' if done.state == 'checking' else '审核'}。")
    return redirect("workbench:adjustment", pk)


@login_required
@require_POST
def recall(request: StaffRequest, pk: int) -> HttpResponse:
    one = found_for(request.user, pk)
    actions.recall_application(one, **_who(request))
    messages.success(request, "已撤回，改好后再提交。")
    return redirect("workbench:adjustment", pk)


@login_required
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    one = found_for(request.user, pk)
    form = DropForm(request.POST)
    if not form.is_valid():
        return shown(request, one, drop=form)
    actions.drop_adjustment(one, words=form.cleaned_data["words"], **_who(request))
    messages.success(request, "已记下不再申请的理由。草稿还留着，不要的可以放弃。")
    return redirect("workbench:adjustment", pk)


SAID = {
    "second": "已同意，转法制审核。",
    "approved": "已同意，等公布。",
    "published": "已同意并公布，公众页面马上可见。",
    "returned": "已退回，申请单位会看到您的理由。",
    "refused": "已记下，不予调整。",
    "checked": "核对无误，已办结。",
    "undone": "已恢复原来公布的内容。",
}


@login_required
@require_POST
def opinion(request: StaffRequest, pk: int) -> HttpResponse:
    one = found_for(request.user, pk)
    form = opinion_form(one, seen_of(one), request.POST)
    if not form.is_valid():
        return shown(request, one, form=form)
    given = form.cleaned_data
    done = actions.give_opinion(
        one, verdict=ExaminationVerdict(given["verdict"]), words=given["words"], seen=given["seen"], **_who(request)
    )
    messages.success(request, SAID[done.state])
    return redirect("workbench:adjustment", pk)


@login_required
@require_POST
def publish_one(request: StaffRequest, pk: int) -> HttpResponse:
    one = found_for(request.user, pk)
    actions.publish_adjustments([one], **_who(request))
    messages.success(request, "已生效，公众页面和搜索里马上可见。")
    return redirect("workbench:adjustment", pk)


@login_required
@require_http_methods(["GET", "POST"])
def publish_approved(request: StaffRequest) -> HttpResponse:
    """Publish everything approved in one act: shown first, then those ticked."""
    require(request.user, Permission.ITEM_PUBLISH)
    mine = organs_where(request.user, Permission.ITEM_PUBLISH)
    found = queries.adjustments_visible_to(request.user, at=now()).filter(state="approved", item__organ__in=mine)
    ready = list(found.order_by("due", "id")[:AT_ONCE])
    if request.method == "GET":
        return render(request, "workbench/adjustments/publish.html", {"ready": ready})
    keys = {as_key(each) for each in request.POST.getlist("adjustment")}
    chosen = [each for each in ready if each.pk in keys]
    if not chosen or len(chosen) != len(keys):
        raise Conflict("选中的调整有变动，没有公布任何一件", remedy="请刷新页面，重新选择。")
    actions.publish_adjustments(chosen, **_who(request))
    messages.success(request, f"{len(chosen)}件调整已生效。")
    return redirect("workbench:adjustments")
