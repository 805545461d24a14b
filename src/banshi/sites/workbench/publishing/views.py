"""Publishing: check your answers, see what will happen to how many, confirm once."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from banshi.adjustments.policy import Refusal, why_not_directly
from banshi.adjustments.queries import open_adjustment
from banshi.catalog.actions import publish, publish_many
from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.differences import differences
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, Revision
from banshi.catalog.queries import in_force, items_visible_to
from banshi.core.clock import now
from banshi.core.errors import BadInput, Conflict, Missing, Problem
from banshi.rulebook.enums import Severity
from banshi.sites.kit.address import as_guids, text_in
from banshi.sites.kit.permissions import Permission, may, organs_where
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for, open_draft, posted
from banshi.sites.workbench.editor.findings import findings_on
from banshi.sites.workbench.publishing.forms import PublishForm

AT_ONCE = 500
NAMED = 3


@login_required
@require_http_methods(["GET", "POST"])
def publish_one(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid, Permission.ITEM_PUBLISH)
    draft = open_draft(item)
    if draft is None:
        raise Conflict("这个事项没有待公布的草稿", remedy="可能刚有人公布或放弃了它，请回到事项页面查看。")
    if request.method == "GET" and (refusal := why_not_directly([draft]).get(draft.pk)):
        current = in_force(item)
        context = {
            "item": item,
            "refusal": refusal,
            "current": current,
            "found": differences(current.revision.guide, draft.guide) if current else [],
            "adjustment": open_adjustment(item),
            "may_adjust": may(request.user, Permission.ADJUST_APPLY, item.organ),
        }
        return render(request, "workbench/publishing/not_directly.html", context)
    progress = completeness(draft.guide)
    form = PublishForm(posted(request), stamp=draft.stamp)
    if not form.is_valid():
        current = in_force(item)
        last = current or item.publications.first()
        context = {
            "form": form,
            "item": item,
            "draft": draft,
            "progress": progress,
            "findings": [each for each in findings_on(item, draft.guide) if each.rule.severity != Severity.HINT],
            "current": current,
            "found": differences(current.revision.guide, draft.guide) if current else [],
            "guide": draft.guide,
            "number": last.number + 1 if last else 1,
            "back": reverse("workbench:item", args=[item.guid]),
        }
        return render(request, "workbench/publishing/check.html", context, status=422 if form.is_bound else 200)
    draft.stamp = form.cleaned_data["stamp"]
    publication = publish(draft, reason=form.cleaned_data["reason"], by=request.user, at=now())
    return redirect("workbench:published", guid, publication.number)


@login_required
@require_GET
def published(request: StaffRequest, guid: UUID, number: int) -> HttpResponse:
    """Show the receipt, with what is in force now, where people see it, and what comes next."""
    item = item_for(request.user, guid)
    publication = item.publications.select_related("revision").filter(number=number).first()
    if publication is None:
        raise Missing("没有这一版")
    return render(request, "workbench/publishing/published.html", {"item": item, "publication": publication})


@dataclass(frozen=True, slots=True)
class PublishPreview:
    """A preview of publishing the chosen items, with drafts that go out, and items that stay, each with why."""

    ready: list[tuple[Item, Revision]]
    left: list[tuple[Item, str]]

    @property
    def new(self) -> int:
        return sum(1 for item, _ in self.ready if not hasattr(item, "listing"))

    @property
    def replacing(self) -> int:
        return len(self.ready) - self.new


@login_required
@require_POST
def publish_chosen(request: StaffRequest) -> HttpResponse:
    """Show the chosen items of a list, then publish all at once when `confirmed` names the drafts seen."""
    guids = as_guids(request.POST.getlist("item"))
    if not guids:
        raise BadInput("没有选中任何事项", [Problem("请先在列表里勾选要公布的事项")])
    if len(guids) > AT_ONCE:
        raise BadInput(f"一次最多公布{AT_ONCE}项，现在选了{len(guids)}项", remedy="请分几次公布。")
    items = {each.pk: each for each in items_visible_to(request.user, at=now()).filter(guid__in=guids)}
    drafts = {each.item_id: each for each in Revision.objects.filter(item__in=items, state=Revision.State.DRAFT)}
    may = set(organs_where(request.user, Permission.ITEM_PUBLISH).filter(items__in=items).values_list("pk", flat=True))
    refusals = why_not_directly(list(drafts.values()))
    batch = PublishPreview([], [])
    for key, item in items.items():
        draft = drafts.get(key)
        guide = draft.guide if draft else None
        if why := _why_not(item, guide, item.organ_id in may, refusals.get(draft.pk) if draft else None):
            batch.left.append((item, why))
        elif draft and guide:
            batch.ready.append((item, draft))
    if request.POST.get("confirmed") != "1":
        return render(request, "workbench/publishing/chosen.html", {"batch": batch, "back": reverse("workbench:items")})
    seen = set(request.POST.getlist("draft"))
    ready = [draft for _, draft in batch.ready]
    if {f"{draft.pk}:{draft.stamp}" for draft in ready} != seen:
        raise Conflict("有草稿刚有变动，没有公布任何一项", remedy="请回到列表重新选择，再核对一次。")
    done = publish_many(ready, reason=text_in(request.POST, "reason", 300), by=request.user, at=now())
    return render(request, "workbench/publishing/chosen_done.html", {"done": done})


def _why_not(item: Item, guide: Guide | None, may: bool, refusal: Refusal | None) -> str:
    if not may:
        return "您没有公布这个单位指南的权限"
    if item.state != "active":
        return "事项不在用"
    if guide is None:
        return "没有草稿，没有要公布的"
    if refusal:
        return refusal.message
    if missing := completeness(guide).missing:
        return f"还缺{len(missing)}处必填：{'；'.join(each.message for each in missing[:NAMED])}"
    return ""
