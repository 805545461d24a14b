"""发现的问题 and 督办: the list, one of them with its acts, and the rules with how each fares."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import now, today
from banshi.core.errors import Missing
from banshi.feedback.models import BadRating, Complaint, Wish
from banshi.feedback.queries import kept_from
from banshi.papers.printing import file_of
from banshi.papers.queries import papers_about
from banshi.people.models import User
from banshi.sites.kit.address import as_key
from banshi.sites.kit.downloads import send_stored
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.listing.filters import Contains, Equals, Filters, FlowState, OrganNamed
from banshi.sites.kit.listing.organs import organ_options
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.supervision.actions import (
    alert,
    answer_order,
    censure,
    check_alert,
    check_order,
    close,
    dismiss,
    give_order,
    return_answer,
)
from banshi.supervision.lights import Light
from banshi.supervision.models import Inspection, Irregularity, RuleStanding
from banshi.supervision.queries import (
    irregularities_visible_to,
    office_of,
    overdue_orders,
    receiver_of,
    why_no_order,
    why_unread,
    with_what_is_inspected,
)
from banshi.supervision.rules import label_of_finding, monitoring_rules
from banshi.supervision.thresholds import order_limits
from banshi.workflow.queries import moves_open_to
from banshi.workflow.transitions import check_move
from banshi.workflow.versions import states_of

PAGE = 50
ACTS: dict[str, Callable[..., Any]] = {
    "alert": alert,
    "order": give_order,
    "order_again": give_order,
    "answer": answer_order,
    "return_answer": return_answer,
    "close": close,
    "dismiss": dismiss,
    "censure": censure,
}
EXPLAINED = {
    "alert": "出具监察提醒函，告知单位负责人。不要求答复。",
    "order": "出具督办通知书，告知单位负责人，在期限内答复。",
    "order_again": "再出具一份督办通知书，由上一级主管督促并答复；发出督办的单位自己不算一级。",
    "answer": "出具答复书，告知发出督办的监察员。",
    "return_answer": "告知单位重新答复；原来的答复期限不变。",
    "close": "出具结案通知书，告知单位。结案以后不能再改。",
    "dismiss": "出具结案通知书，写明没有问题。结案以后不能再改。",
    "censure": "出具问责建议书。以后不能再改。",
}
DANGEROUS = ("censure",)


class IrregularityFilters(Filters):
    q = Contains("case__number", "item__name", label="办件编号或事项")
    rule = Equals("rule", "规则")
    level = Equals("level", "等级", options=[("red", "红灯"), ("yellow", "黄灯")])
    state = FlowState("irregularity", "状态")
    organ = OrganNamed(label="单位")
    back = Equals("retrospective", "追溯", options=[("True", "规则加上以前的事")])


class ActWordsForm(PageForm):
    words = forms.CharField(label="内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class SupervisionOrderForm(ActWordsForm):
    due = forms.DateField(label="答复期限", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


@login_required
@require_safe
def findings(request: StaffRequest) -> HttpResponse:
    """List what supervision found, newest first."""
    require(request.user, Permission.SUPERVISION_VIEW)
    filters = IrregularityFilters.read(request.GET)
    page = Page(
        irregularities_visible_to(request.user, at=now()).filter(filters.condition()),
        request.GET,
        by=("-id",),
        size=PAGE,
    )
    organs = organs_where(request.user, Permission.SUPERVISION_VIEW)
    rules, states = monitoring_rules(), states_of("irregularity")
    controls = filters.controls(
        rule=[(code, each.label) for code, each in rules.items()],
        state=[(code, each.label) for code, each in states.items()],
        organ=organ_options(organs, filters.organ),
    )
    late = set(
        overdue_orders(today())
        .filter(irregularity__in=[e.pk for e in page.rows])
        .values_list("irregularity", flat=True)
    )
    about = subjects_named(page.rows, request.user)
    lines = [
        (each, label_of(each), states[each.state].label, each.pk in late, about.get(each.pk, "")) for each in page.rows
    ]
    context = {"filters": filters, "controls": controls, "page": page, "lines": lines}
    return render(request, "oversight/findings/findings.html", context)


@login_required
@require_safe
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one finding, the orders about it, and what one may do."""
    it = finding_for(request.user, pk)
    rule, office = monitoring_rules().get(it.rule), office_of(request.user, at=now())
    no_order, unread = (why(it, sender=office, day=today()) for why in (why_no_order, why_unread))
    context = {
        "it": it,
        "about": subjects_named([it], request.user).get(it.pk, ""),
        "label": label_of(it),
        "basis": rule.basis_at(it.level) if rule else "规则已经删去",
        "no_order": no_order,
        "unread": unread,
        "state": states_of("irregularity")[it.state].label,
        "orders": it.orders.select_related("organ", "paper", "answer_paper", "ordered_by", "answered_by"),
        "moves": it.moves.all(),
        "papers": papers_about(f"JC{it.pk}").order_by("id"),
        "acts": [
            each
            for each in moves_open_to(request.user, it, at=now())
            if not ((no_order and ACTS[each.name] is give_order) or (unread and ACTS[each.name] is alert))
        ],
        "today": today(),
        "late": set(overdue_orders(today()).filter(irregularity=it).values_list("pk", flat=True)),
        "crumbs": [(reverse("oversight:findings"), "发现的问题"), ("", label_of(it))],
    }
    return render(request, "oversight/findings/finding.html", context)


@login_required
@require_POST
def paper(request: StaffRequest, pk: int, paper: int) -> FileResponse:
    """Send a paper about a finding, printed now where nobody has printed it yet."""
    it = finding_for(request.user, pk)
    found = papers_about(f"JC{it.pk}").select_related("template").filter(pk=paper).first()
    if found is None:
        raise Missing("没有这份文书", remedy="请回到问题页面，从文书里选。")
    return send_stored(file_of(found, at=now()), inline=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """Ask for the words of an act, and do it."""
    it = finding_for(request.user, pk)
    if name not in ACTS:
        raise Missing("没有这种操作", remedy="请回到问题页面，按上面的按钮。")
    step = check_move(it, name, by=request.user, at=now())
    if ordering := ACTS[name] is give_order:
        check_order(it, by=request.user, at=now())
    if ACTS[name] is alert:
        check_alert(it, by=request.user, at=now())
    limits = order_limits()
    initial = {"due": calendar_in_force().add_working_days(today(), limits.answer_days)}
    form = (SupervisionOrderForm if ordering else ActWordsForm)(request.POST or None, initial=initial)
    if form.is_valid():
        ACTS[name](it, **form.cleaned_data, by=request.user, at=now())
        told = "监察人员" if ACTS[name] is answer_order else "单位"
        messages.success(request, f"已{step.label}，{told}收到了通知。")
        return redirect("oversight:finding", pk)
    context: dict[str, Any] = {
        "form": form,
        "title": f"{step.label}：{label_of(it)}",
        "what": EXPLAINED[name] + _instead(it, name, request.user),
    }
    context |= {"action": step.label, "danger": name in DANGEROUS, "back": reverse("oversight:finding", args=[pk])}
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """List the rules with their grounds, and tell of those that fail."""
    require(request.user, Permission.SUPERVISION_VIEW)
    standings = {each.code: each for each in RuleStanding.objects.all()}
    lines = [(each, standings.get(code)) for code, each in monitoring_rules().items()]
    return render(request, "oversight/findings/rules.html", {"lines": lines, "Light": Light})


def finding_for(user: User, pk: int) -> Irregularity:
    found = irregularities_visible_to(user, at=now()).filter(pk=pk).first()
    if found is None:
        raise Missing("没有这个问题", remedy="它可能属于别的单位。请回到“发现的问题”列表查找。")
    return found


def subjects_named(found: Iterable[Irregularity], user: User) -> dict[int, str]:
    """Name by finding what it is about where that is no case: not what was said, nor to whom it is about."""
    keys = {each.pk: (each.subject.partition(":")[0], as_key(each.subject.partition(":")[2])) for each in found}
    asked = {kind: [key for of, key in keys.values() if of == kind] for kind, _ in keys.values()}
    names: dict[tuple[str, int], str] = {}
    told: dict[str, QuerySet[Any]] = {
        "feedback.Complaint": Complaint.objects.exclude(kept_from(user)),
        "feedback.BadRating": BadRating.objects.exclude(rating__invitation__rated__user=user),
        "feedback.Wish": Wish.objects.all(),
        "supervision.Inspection": with_what_is_inspected(Inspection.objects.all()),
    }
    for kind, rows in told.items():
        if asked.get(kind):
            names |= {(kind, each.pk): str(each) for each in rows.filter(pk__in=asked[kind])}
    return {pk: names[key] for pk, key in keys.items() if key in names}


def _instead(it: Irregularity, name: str, user: User) -> str:
    """Say to whom an act goes where nobody in the organ can answer."""
    if ACTS[name] not in (alert, give_order):
        return ""
    receiver = receiver_of(it, sender=office_of(user, at=now()), day=today())
    if receiver is None or receiver == it.organ or it.orders.exists():
        return f"这一份发给{receiver}。" if receiver else ""
    return f"{it.organ}没有能答复督办的人（单位负责人），所以发给上级：{receiver}。"


def label_of(it: Irregularity) -> str:
    return label_of_finding(it.rule, it.level)
