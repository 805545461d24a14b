"""Batches of a subscription: taken on record, and counted by who took them."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.exchange.actions import count_batch, parts_in_force, take_batch
from banshi.exchange.models import DataBatch
from banshi.exchange.queries import requests_visible_to
from banshi.people.models import User
from banshi.sites.kit.downloads import send_parts
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

COUNT_AT_MOST = 10**12


def batch_for(user: User, pk: int) -> DataBatch:
    rows = DataBatch.objects.filter(subscription__grant__request__in=requests_visible_to(user, at=now()).order_by())
    one = rows.select_related("subscription__grant__request", "file").filter(pk=pk).first()
    if one is None:
        raise Missing("没有这一批", remedy="它可能是别的单位的。请回到“共享申请”查找。")
    return one


@login_required
@require_POST
def take(request: StaffRequest, pk: int) -> HttpResponseBase:
    batch = take_batch(batch_for(request.user, pk), by=request.user, at=now())
    assert batch.file is not None
    return send_parts(parts_in_force(batch, clock=now), batch.file)


class BatchCountForm(PageForm):
    rows = forms.IntegerField(label="这一批收到几条", min_value=0, max_value=COUNT_AT_MOST)
    total = forms.IntegerField(
        label="入库以后共有几条",
        min_value=0,
        max_value=COUNT_AT_MOST,
        required=False,
        help_text="和来源不一样的，下一批重新给全量。",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: StaffRequest, pk: int) -> HttpResponse:
    """Take down what the other side counted."""
    require(request.user, Permission.EXCHANGE_ASK)
    one = batch_for(request.user, pk)
    back = reverse("workbench:data_request", args=[one.subscription.grant.request_id])
    form = BatchCountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        counted = count_batch(one, **form.cleaned_data, by=request.user, at=now())
        said = "条数不一样，下一批重新给全量。" if counted.differs else "两边条数一样。"
        messages.success(request, said)
        return redirect(back)
    what = f"我们数的：这一批{one.rows}条，来源共有{one.total}条。"
    context = {"form": form, "title": f"核对条数：{one}", "what": what, "action": "核对", "back": back}
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)
