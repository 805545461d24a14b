"""The guide's editor, one page and one form, saved as often as one likes. Nothing typed is lost."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from banshi.campaigns.review_context import laws_cited
from banshi.catalog import flowchart
from banshi.catalog.actions import discard_draft, save_draft, start_draft
from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.differences import differences
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, Revision
from banshi.catalog.queries import history, in_force
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Conflict, Missing
from banshi.sites.kit.address import as_key, text_in
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.permissions import Permission, may
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import item_for, open_draft, saved_guide
from banshi.sites.workbench.editor.controls import SectionControl, sections
from banshi.sites.workbench.editor.findings import Advice, accepted, advice_on, saved_tokens
from banshi.sites.workbench.editor.form_data import (
    FormData,
    from_document,
    from_form,
    rearrange,
    to_guide,
    to_guide_and_tokens,
)
from banshi.sites.workbench.editor.form_preview import pages_of
from banshi.sites.workbench.editor.merging import clashes, merged, seen
from banshi.sites.workbench.editor.uploads import keep_uploads

SIDES = {"lacks": "还缺什么", "findings": "要改什么", "laws": "法条", "differences": "改了什么", "history": "版本"}


@login_required
@require_POST
def start(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid)
    start_draft(item, by=request.user, at=now())
    return redirect("workbench:editor", guid)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid, Permission.ITEM_EDIT)
    if request.method == "POST":
        if request.POST.get("whole") != "1":
            raise BadInput("这次提交没有完整送到，什么都没有改", remedy="请返回上一页，再按一次“保存”。")
        typed = from_form(request.POST)
        refused = keep_uploads(typed, request.FILES, organ=item.organ, by=request.user, at=now())
        act = request.POST.get("act", "save")
        focus = rearrange(typed, act) if ":" in act and not act.startswith("accept:") else ""
        guide, problems = to_guide(typed)
        problems |= refused
        if act.startswith("accept:") and not problems:
            guide = accepted(item, guide, act)
            typed = from_document(guide)
        if act == "show":
            return _page(request, item, _draft_seen(request, item), typed, guide, problems, stamp=_stamp(request))
        try:
            saved = save_draft(
                _draft_seen(request, item), guide=guide, stamp=_stamp(request), by=request.user, at=now()
            )
        except Conflict as conflict:
            return _conflict(request, item, guide, problems, conflict)
        if wants_json(request):
            progress = completeness(guide)
            return JsonResponse(
                {
                    "stamp": saved.stamp,
                    "seen": seen(guide),
                    "words": saved_words(saved),
                    "problems": problems,
                    "percent": progress.percent,
                    "sections": {
                        code: {"percent": percent, "lacks": len(lacks)}
                        for code in progress.by_section()
                        for percent, lacks in [progress.in_section(code)]
                    },
                }
            )
        if problems or focus:
            return _page(request, item, saved, typed, guide, problems, focus=focus, status=422 if problems else 200)
        messages.success(request, saved_words(saved))
        return redirect("workbench:editor", item.guid)
    draft = open_draft(item)
    if draft is None:
        return redirect("workbench:item", guid)
    return _page(request, item, draft, from_document(draft.guide), draft.guide)


def _draft_seen(request: StaffRequest, item: Item) -> Revision:
    """Return the revision the page was loaded with."""
    # It may no longer be a draft (saving then tells).
    key = as_key(request.POST.get("revision", ""))
    draft = item.revisions.select_related("author").filter(pk=key).first()
    if draft is None:
        raise Missing("没有这份草稿")
    draft.item = item
    return draft


def _stamp(request: StaffRequest) -> int:
    return as_key(request.POST.get("stamp", ""))


def wants_json(request: StaffRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def saved_words(draft: Revision) -> str:
    return f"已保存 {localtime(draft.saved_at):%H:%M}"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the form and how far it has come."""

    section: SectionControl
    percent: int
    lacks: int


def _page(
    request: StaffRequest,
    item: Item,
    draft: Revision,
    typed: FormData,
    guide: Guide,
    problems: dict[str, str] | None = None,
    *,
    focus: str = "",
    stamp: int | None = None,
    status: int = 200,
) -> HttpResponse:
    problems = problems or {}
    progress = completeness(guide)
    context = {
        "item": item,
        "draft": draft,
        "reasons": [each for each in draft.reason.split("；") if each],
        "stamp": draft.stamp if stamp is None else stamp,
        "seen": request.POST.get("seen") if stamp is not None else seen(guide),
        "unsaved": stamp is not None,
        "chapters": [
            Chapter(each, progress.in_section(each.code)[0], len(progress.in_section(each.code)[1]))
            for each in sections(typed, problems)
        ],
        "progress": progress,
        "problems": problems,
        "focus": focus,
        "saved_words": saved_words(draft),
        "may_publish": may(request.user, Permission.ITEM_PUBLISH, item.organ),
        "chart": flowchart.svg(guide),
        "form_pages": pages_of(guide),
        **_side(request, item, guide),
    }
    return render(request, "workbench/editor/edit.html", context, status=status)


def _side(request: StaffRequest, item: Item, guide: Guide) -> dict[str, Any]:
    """Prepare the side panel, of the one tab that is open."""
    tab = text_in(request.GET, "side")
    tab = tab if tab in SIDES else "lacks"
    context: dict[str, Any] = {"item": item, "sides": SIDES, "tab": tab}
    if tab == "lacks":
        context["lacks"] = completeness(guide).lacks
    elif tab == "findings":
        context["advice"] = advice_on(item, guide, saved_tokens(guide))
    elif tab == "laws":
        context["laws"] = laws_cited(guide.bases, today())
    elif tab == "differences":
        context["current"] = in_force(item)
        context["found"] = differences(context["current"].revision.guide, guide) if context["current"] else []
    else:
        context["publications"] = history(item)[:20]
    return context


@login_required
@require_GET
def side(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Return the right-hand panel alone, from what is saved."""
    item = item_for(request.user, guid, Permission.ITEM_EDIT)
    return render(request, "workbench/editor/side.html", _side(request, item, saved_guide(item)))


@login_required
@require_POST
def check(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Check the form as it stands, saved or not, for each field and for the side."""
    item = item_for(request.user, guid, Permission.ITEM_EDIT)
    guide, tokens = to_guide_and_tokens(from_form(request.POST))
    advice = advice_on(item, guide, tokens)
    at_fields: dict[str, list[Advice]] = {}
    for each in advice:
        at_fields.setdefault(each.field, []).append(each)
    fields = {
        field: render_to_string("workbench/editor/advice.html", {"advice": some}) for field, some in at_fields.items()
    }
    whole = render_to_string("workbench/editor/advices.html", {"advice": advice, "item": item})
    return JsonResponse({"fields": fields, "side": whole, "count": len(advice)})


@login_required
@require_GET
def chart(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Return the flow chart of the saved steps, as it will stand on the public page."""
    item = item_for(request.user, guid, Permission.ITEM_EDIT)
    return send_bytes(flowchart.svg(saved_guide(item)), "flowchart.svg", inline=True)


def _conflict(
    request: StaffRequest, item: Item, mine: Guide, problems: dict[str, str], conflict: Conflict
) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": conflict.message, "remedy": conflict.remedy}, status=409)
    theirs = _newest(item)
    context = {
        "item": item,
        "conflict": conflict,
        "theirs": theirs,
        "clashes": clashes(mine=mine, theirs=theirs.guide, seen=request.POST.get("seen", "")),
        "mine": mine.model_dump_json(exclude_defaults=True),
        "seen": request.POST.get("seen", ""),
        "problems": problems,
    }
    return render(request, "workbench/editor/conflict.html", context, status=409)


def _newest(item: Item) -> Revision:
    """Return the open draft, or what was last published when there is none."""
    kept = item.revisions.exclude(state=Revision.State.DISCARDED).select_related("author")
    return kept.first() or item.revisions.select_related("author").all()[0]


@login_required
@require_POST
def resolve(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Save the guide made of what was chosen from both.

    When somebody saved again meanwhile, ask again.
    """
    item = item_for(request.user, guid)
    try:
        mine = Guide.model_validate_json(request.POST.get("mine", ""))
    except ValidationError as error:
        raise BadInput("您写的内容没有完整送到，什么都没有改", remedy="请返回上一页再试一次。") from error
    theirs = _newest(item)
    if str(theirs.pk) != request.POST.get("theirs") or theirs.stamp != _stamp(request):
        return _conflict(request, item, mine, {}, Conflict("又有人保存了新的内容", remedy="请再对照一次。"))
    keep = [name for name in Guide.model_fields if request.POST.get(f"keep-{name}") == "mine"]
    try:
        draft = start_draft(item, by=request.user, at=now())
        stamp = theirs.stamp if draft.pk == theirs.pk else draft.stamp
        draft = save_draft(
            draft, guide=merged(mine=mine, theirs=theirs.guide, keep_mine=keep), stamp=stamp, by=request.user, at=now()
        )
    except Conflict as conflict:
        return _conflict(request, item, mine, {}, conflict)
    messages.success(request, f"{saved_words(draft)}，两份内容已合在一起")
    return redirect("workbench:editor", item.guid)


@login_required
@require_http_methods(["GET", "POST"])
def discard(request: StaffRequest, guid: UUID) -> HttpResponse:
    item = item_for(request.user, guid, Permission.ITEM_EDIT)
    draft = open_draft(item)
    if draft is None:
        return redirect("workbench:item", guid)
    if request.method == "GET":
        current = in_force(item)
        return render(
            request,
            "workbench/editor/discard.html",
            {
                "item": item,
                "draft": draft,
                "current": current,
                "found": differences(current.revision.guide, draft.guide) if current else [],
                "title": f"放弃草稿：{item.name}",
                "action": "放弃草稿",
                "danger": True,
                "back": reverse("workbench:editor", args=[item.guid]),
            },
        )
    published = item.publications.exists()
    discard_draft(draft, by=request.user, at=now())
    rest = "现行的指南没有变。" if published else "这个事项没有公布过，不再需要的，可以在下面删除。"
    messages.success(request, f"草稿已放弃。{rest}")
    return redirect("workbench:item", guid)
