"""查调用记录: asked with a reason, by form only, so that nobody's number stands in an address."""

from functools import partial
from typing import IO, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.core.clock import CHINA, now
from banshi.core.errors import BadInput
from banshi.documents.workbook import new_workbook, write_table
from banshi.exchange.actions import CallCriteria, export_calls, search_calls
from banshi.exchange.models import CallRecord
from banshi.exchange.queries import calls_found, resources_visible_to, searches_of
from banshi.people.models import User
from banshi.sites.console.access import found
from banshi.sites.console.exchange.operation import frame
from banshi.sites.kit.downloads import send_written
from banshi.sites.kit.forms import PageForm, add_refusal
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.named_choice import OrganField, ResourceField
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest

AUDIT = Permission.EXCHANGE_AUDIT
PAGE, RECENT, ROWS_AT_MOST, AT_ONCE = 50, 20, 100_000, 2000
HEADS = ("序号", "时间", "单位", "经办人", "资源", "事项", "办件", "在这件事里是谁", "方式", "信息项", "结果", "几条")


class CallSearchForm(PageForm):
    reason = forms.CharField(label="为什么查", max_length=300, help_text="记在操作记录里。例如：群众举报、例行抽查。")
    organ = OrganField(label="哪个单位问的", required=False, empty_label="全部")
    resource = ResourceField(label="资源", required=False, empty_label="全部")
    clerk = forms.CharField(label="经办人姓名", required=False, max_length=150)
    case_number = forms.CharField(label="办件编号", required=False, max_length=60)
    person_number = forms.CharField(
        label="被查的人的证件号码",
        required=False,
        max_length=40,
        help_text="只用来比对，不保存号码。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        shown: dict[str, Any] = self.fields
        shown["organ"].queryset = organs_where(user, AUDIT).order_by("pk")
        shown["resource"].queryset = resources_visible_to(user, at=now()).order_by("code")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def searches(request: StaffRequest) -> HttpResponse:
    require(request.user, AUDIT)
    form = CallSearchForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = dict(form.cleaned_data)
        reason = told.pop("reason")
        try:
            made = search_calls(CallCriteria(**told), reason=reason, by=request.user, at=now())
        except BadInput as wrong:
            add_refusal(form, wrong)
        else:
            return redirect("console:exchange-search", made.pk)
    context = {"form": form, "recent": searches_of(request.user)[:RECENT]}
    status = 422 if form.errors else 200
    frame_of = frame(request, "console:exchange-searches")
    return render(request, "console/exchange/searches.html", {**frame_of, **context}, status=status)


@login_required
@never_cache
@require_safe
def search(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what a search found, to its maker alone."""
    require(request.user, AUDIT)
    one = found(searches_of(request.user), pk=pk)
    page = Page(calls_found(one, request.user, at=now()), request.GET, by=("-at", "-number"), size=PAGE)
    context = {
        "search": one,
        "page": page,
        "rows": [(each, labels_of(each)) for each in page.rows],
        "crumbs": [
            (reverse("console:exchange"), "数据共享运行"),
            (reverse("console:exchange-searches"), "查调用记录"),
            ("", one.reason),
        ],
    }
    return render(request, "console/exchange/search.html", context)


@login_required
@require_POST
def export(request: StaffRequest, pk: int) -> HttpResponseBase:
    one = export_calls(found(searches_of(request.user), pk=pk), by=request.user, at=now())
    rows = calls_found(one, request.user, at=now())[:ROWS_AT_MOST]
    return send_written(partial(_write, rows), f"调用记录{one.made_at.astimezone(CHINA):%Y%m%d}-{one.pk}.xlsx")


def labels_of(call: CallRecord) -> list[str]:
    """Name the items a call asked for."""
    labels = call.resource.labels if call.resource else {}
    return [labels.get(each, each) for each in call.fields]


def _write(rows: QuerySet[CallRecord], to: IO[bytes]) -> None:
    with new_workbook(to) as book:
        write_table(book, "调用记录", HEADS, map(_cells, rows.iterator(AT_ONCE)), widths=(10, 18, 22), frozen=1)


def _cells(each: CallRecord) -> list[object]:
    fields, resource = "、".join(labels_of(each)), each.resource.name if each.resource else ""
    asked = [each.number, each.at, each.organ.name if each.organ else "", each.clerk_name, resource]
    purpose = [each.item.name if each.item else "", each.purpose_number, each.person_role]
    return [*asked, *purpose, each.get_kind_display(), fields, each.get_outcome_display(), each.rows]
