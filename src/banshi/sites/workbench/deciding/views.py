"""From what passed review to what is in force: consultation, joint conference, decision, publication, and their papers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.campaigns import actions, queries
from banshi.campaigns.enums import Disposition, PhaseKind
from banshi.campaigns.models import Campaign, Comment, Entry
from banshi.campaigns.printouts import draft_for_decision
from banshi.campaigns.tasks import start_publication
from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Missing, Problem
from banshi.documents import official_files
from banshi.documents.official import Official
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.forms import add_refusal
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.campaigns.access import managed_campaign
from banshi.sites.workbench.deciding.forms import (
    CloseForm,
    CommentAnswerForm,
    ConferenceForm,
    ConsultationForm,
    DecisionForm,
    ExtendForm,
    ListCommentAnswerForm,
    PublishOnForm,
    SettleForm,
)
from banshi.sites.workbench.deciding.listing import DecisionPage, RulingFilters, page_of

PAGE = 200


# 公示征求意见


@login_required
@require_http_methods(["GET", "POST"])
def consultation(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Show what opening needs, the comments to read and answer, or the result."""
    found = managed_campaign(request.user, guid)
    one = getattr(found, "consultation", None)
    if one is not None:
        comments = one.comments.select_related("entry__item", "unit__organ").order_by("answered_at", "-id")
        context = {
            "campaign": found,
            "consultation": one,
            "comments": comments[:PAGE],
            "waiting": one.comments.filter(answered_at=None).count(),
            "over": one.closes < today(),
        }
        return render(request, "workbench/deciding/consultation.html", context)
    codes = [each.code for each in found.plan.phases if each.kind == PhaseKind.PUBLIC]
    stage = found.stages.filter(phase__in=codes).first()
    days = {"opens": stage.begins, "closes": stage.ends} if stage else {}
    body = "这些公共服务事项已经过梳理和审核，现公开征求意见。请看看：该有的服务有没有漏，要的材料有没有不必要的。"
    proposed = {"title": f"{found.division.name}公共服务事项清单（征求意见稿）公示", "body": body, **days}
    form = ConsultationForm(posted(request), initial=proposed)
    if form.is_valid():
        actions.open_consultation(found, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, "公示已安排，到时群众在门户“征求意见”里看得到。")
        return redirect("workbench:consultation", guid)
    context = {"campaign": found, "form": form, "count": queries.entries_to_decide(found).count()}
    return render(request, "workbench/deciding/consultation_new.html", context, status=422 if form.is_bound else 200)


def _comment(found: Campaign, number: int) -> Comment:
    comment = Comment.objects.filter(consultation__campaign=found, pk=number).select_related("entry__item").first()
    if comment is None:
        raise Missing("没有这条意见")
    return comment


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: StaffRequest, guid: UUID, number: int) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    comment = _comment(found, number)
    form = CommentAnswerForm(posted(request), initial={"show": "1"})
    if comment.entry is None:
        form = ListCommentAnswerForm(posted(request), initial={"show": "1"}, consultation=comment.consultation)
    if form.is_valid():
        actions.settle_comment(comment, **form.cleaned_data, by=request.user, at=now())
        opened = comment.entry is not None and Entry.objects.filter(comments=comment, state="returned").exists()
        rest = f"，“{comment.entry}”已退回单位修改，改好再报" if form.cleaned_data["accepted"] and opened else ""
        messages.success(request, f"已答复{rest}")
        return redirect("workbench:consultation", guid)
    context = {"campaign": found, "comment": comment, "form": form}
    return render(request, "workbench/deciding/answer.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def comment_contact(request: StaffRequest, guid: UUID, number: int) -> HttpResponse:
    """Ask first, then show the contact once.

    The look is recorded.
    """
    comment = _comment(managed_campaign(request.user, guid), number)
    seen = ""
    if request.method == "POST":
        seen = actions.look_at_comment_contact(comment, by=request.user, at=now())
    context = {
        "campaign": comment.consultation.campaign,
        "comment": comment,
        "seen": seen,
        "asked": request.method == "POST",
    }
    return render(request, "workbench/deciding/contact.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    one = getattr(found, "consultation", None)
    if one is None:
        raise Missing("还没有公示")
    form = CloseForm(posted(request))
    if form.is_valid():
        actions.close_consultation(one, summary=form.cleaned_data["summary"], by=request.user, at=now())
        messages.success(request, "公示已办结，采纳情况已公开")
        return redirect("workbench:consultation", guid)
    context = {"campaign": found, "consultation": one, "form": form}
    return render(request, "workbench/deciding/close.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def extend(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    one = getattr(found, "consultation", None)
    if one is None:
        raise Missing("还没有公示")
    form = ExtendForm(posted(request))
    if form.is_valid():
        try:
            actions.extend_consultation(one, closes=form.cleaned_data["closes"], by=request.user, at=now())
        except BadInput as wrong:
            form.add_error("closes", wrong.message)
        else:
            messages.success(request, "已延长，公众页面上的日期同时改了。")
            return redirect("workbench:consultation", guid)
    context = {"campaign": found, "consultation": one, "form": form}
    return render(request, "workbench/deciding/extend.html", context, status=422 if form.is_bound else 200)


# 联席会议


@login_required
@require_GET
def disputes(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    all_of_them = found.entries.filter(disputes__isnull=False)
    context = {
        "campaign": found,
        "open": queries.open_disputes(found)[:PAGE],
        "settled": queries.settled_disputes(found)[:PAGE],
        "count": all_of_them.count(),
        "conferences": found.conferences.all()[:PAGE],
    }
    return render(request, "workbench/deciding/disputes.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def conference(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Keep a 联席会议: who came, the agenda, what was concluded."""
    found = managed_campaign(request.user, guid)
    topics = "\n".join(each.entry.item.name for each in queries.open_disputes(found)[:PAGE])
    form = ConferenceForm(posted(request), members=found.plan.conference, agenda=topics)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("held_on", "agenda", "minutes")}
        try:
            actions.hold_conference(found, **given, members=form.everybody(), by=request.user, at=now())
        except BadInput as wrong:
            add_refusal(form, wrong)
        else:
            messages.success(request, "会议已登记，现在可以逐个议题登记结果")
            return redirect("workbench:disputes", guid)
    context = {"campaign": found, "form": form}
    return render(request, "workbench/deciding/conference.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def settle(request: StaffRequest, guid: UUID, number: int) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    dispute = queries.open_disputes(found).filter(pk=number).first()
    if dispute is None:
        raise Missing("没有这个待定的议题")
    form = SettleForm(posted(request), campaign=found)
    if form.is_valid():
        actions.settle_dispute(dispute, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, "联席会议结果已登记")
        return redirect("workbench:disputes", guid)
    context = {
        "campaign": found,
        "dispute": dispute,
        "opinions": queries.opinions_seen(request.user, dispute.entry, at=now()),
        "form": form,
    }
    return render(request, "workbench/deciding/settle.html", context, status=422 if form.is_bound else 200)


# 审定


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Take the meeting's result, as agreed but for the items named one by one."""
    found = managed_campaign(request.user, guid)
    filters, saving = RulingFilters.read(request.GET), request.POST.get("go", "")
    form = DecisionForm(None if saving else posted(request))
    page = page_of(request, found, filters)
    problems: list[Problem] = []
    if page.is_valid() and (form.is_valid() or saving):
        try:
            return _save(request, found, page, saving) if saving else _decide(request, found, page, form)
        except BadInput as wrong:
            problems = wrong.problems or [Problem(wrong.message)]
    count, noted = _stands(found)
    context = {
        "campaign": found,
        "form": form,
        "page": page,
        "filters": filters,
        "query": filters.as_query(),
        "controls": filters.controls(disposition=Disposition.choices),
        "count": count,
        "noted": noted,
        "as_agreed": count - noted,
        "problems": problems,
        "saving": saving,
    }
    return render(request, "workbench/deciding/decide.html", context, status=422 if request.method == "POST" else 200)


def _stands(found: Campaign) -> tuple[int, int]:
    """Count the items that wait, and those the meeting decided otherwise."""
    return queries.entries_to_decide(found).count(), queries.noted_rulings(found).count()


def _save(request: StaffRequest, found: Campaign, page: DecisionPage, go: str) -> HttpResponse:
    """Keep the page's rulings, then go on to the next page, or show the same again."""
    rulings = page.rulings()
    actions.note_rulings(found, rulings, by=request.user, at=now())
    if rulings:
        messages.success(request, f"已记下{len(rulings)}项的改动，登记审定结果时一并生效。")
    query = page.after if go == "next" and page.after else request.GET.urlencode()
    return redirect(f"{reverse('workbench:campaign-decide', args=[found.guid])}?{query}")


def _decide(request: StaffRequest, found: Campaign, page: DecisionPage, form: DecisionForm) -> HttpResponse:
    """Record what was shown."""
    # Not when items came or went, or a colleague noted something, meanwhile.
    count, noted = _stands(found)
    if request.POST.get("stands", f"{count}-{noted}") != f"{count}-{noted}":
        raise BadInput(f"刚才有变动：现在是{count}项，其中会议另有决定{noted}项。请核对后再登记")
    rulings, by = page.rulings(), request.user
    decision = actions.decide_agreed(found, rulings, **form.cleaned_data, by=by, at=now())
    messages.success(request, f"已登记{decision.meeting}的审定结果，可以安排公布了。")
    return redirect("workbench:campaign-publish", found.guid)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Publish everything decided, in one act, on a day.

    Shows exactly what will happen to how many, and asks once.
    """
    found = managed_campaign(request.user, guid)
    form = PublishOnForm(posted(request), initial={"on": today()})
    if form.is_valid():
        start_publication(found, on=form.cleaned_data["on"], by=request.user, at=now())
        messages.success(request, "公布已安排。到时全部一起生效，中途断电也不会只公布一半。")
        return redirect("workbench:campaign", guid)
    context = {
        "campaign": found,
        "form": form,
        "counts": queries.decided_by_result(found),
        "published": queries.published_by_result(found),
    }
    return render(request, "workbench/deciding/publish.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["POST"])
def recall_publication(request: StaffRequest, guid: UUID) -> HttpResponse:
    found = managed_campaign(request.user, guid)
    reason = request.POST.get("reason", "").strip() or "重新安排日期"
    actions.recall_publication(found, reason=reason, by=request.user, at=now())
    messages.success(request, "公布安排已撤回")
    return redirect("workbench:campaign", guid)


# 文稿


@login_required
@require_GET
def draft_paper(request: StaffRequest, guid: UUID, form: str) -> HttpResponse:
    """Send the draft paper (送审稿) as Word to work on or as PDF to read."""
    found = managed_campaign(request.user, guid)
    return paper(draft_for_decision(found, today()), f"送审稿-{found}", form)


def paper(made: Official, name: str, form: str) -> HttpResponse:
    if form not in ("pdf", "docx"):
        raise Missing("只有 PDF 和 Word 两种")
    data = official_files.as_pdf(made) if form == "pdf" else official_files.as_docx(made)
    return send_bytes(data, f"{name}.{form}", inline=form == "pdf")
