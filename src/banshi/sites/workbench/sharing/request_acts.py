"""Acts on a request for data, one act a form."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from banshi.access import Permission, allows
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.exchange.actions import (
    agree,
    ask_extension,
    complete_request,
    consent_extension,
    deliver_data,
    end_subscription,
    refuse_request,
    revoke_grant,
    subscribe,
    tell_lacking,
)
from banshi.exchange.actions.requesting import Granting
from banshi.exchange.enums import BatchFormat, Sharing
from banshi.exchange.models import DataRequest, Grant, Subscription
from banshi.exchange.policy import exchange_policy
from banshi.people.models import User
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.sharing.access import request_for
from banshi.sites.workbench.sharing.acts import (
    SharingAct,
    SharingActForm,
    SharingWordsForm,
    ask_and_do,
    plainly,
    with_words,
)

P = Permission


class ExtensionDaysForm(SharingActForm):
    days = forms.IntegerField(label="延长几个工作日", min_value=1)

    def __init__(self, one: DataRequest, data: Any = None) -> None:
        super().__init__(one, data)
        self.fields["days"].initial = exchange_policy().answer.extension


class SubscribingForm(SharingActForm):
    form = forms.ChoiceField(label="格式", choices=BatchFormat.choices, widget=forms.RadioSelect, initial="csv")


class GrantingForm(SharingActForm):
    fields_ = forms.MultipleChoiceField(label="同意提供的信息项", widget=forms.CheckboxSelectMultiple)
    verify_only = forms.BooleanField(label="只能核验（答一致、不一致、无记录，不给数据）", required=False, initial=True)
    limited_to = forms.ChoiceField(label="只限哪些数据", required=False, help_text="不选就是全部。")
    values = forms.CharField(
        label="值", required=False, max_length=200, help_text="几个值用顿号隔开，例如 例桥街道、例山镇。"
    )
    unmasked = forms.MultipleChoiceField(
        label="取数据时给原文的",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选的，分级高的信息项打码，例如“林*例”。",
    )
    in_batches = forms.BooleanField(
        label="可以整批取（订阅）", required=False, help_text="先全量、后增量；只能核验的不能整批取。"
    )
    daily_quota = forms.IntegerField(label="每天最多几次", min_value=1, max_value=10_000_000, initial=1000)
    until = forms.DateField(label="可以用到", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, one: DataRequest, data: Any = None) -> None:
        super().__init__(one, data)
        labels, shown = one.resource.labels, dict[str, Any](self.fields)
        shown["fields_"].choices = [(each, labels.get(each, each)) for each in one.fields]
        shown["fields_"].initial = one.fields
        shown["unmasked"].choices = shown["fields_"].choices
        shown["limited_to"].choices = [("", "不限"), *labels.items()]
        shown["until"].initial = one.wanted_until

    def granting(self) -> Granting:
        told = self.cleaned_data
        values = [each.strip() for each in told["values"].replace("，", "、").split("、") if each.strip()]
        rows = [{"item": told["limited_to"], "values": values}] if told["limited_to"] else []
        return Granting(
            tuple(told["fields_"]),
            told["until"],
            told["verify_only"],
            told["daily_quota"],
            conditions=rows,
            unmasked=tuple(told["unmasked"]),
            in_batches=told["in_batches"],
        )


ACTS = {
    "agree": SharingAct(
        "同意",
        "同意以后，来源已经接入的马上可以用；没有接入的，要在{policy.delivery.days}个工作日内提供。授权随时可以收回。",
        lambda one, form, **more: agree(one, granting=form.granting(), **more),
        "已同意，申请单位收到了通知。",
        GrantingForm,
    ),
    "refuse": SharingAct(
        "不同意",
        "申请单位会看到理由。",
        with_words(refuse_request, "reason"),
        "已答复不同意。",
        SharingWordsForm,
        asks="不同意的理由",
    ),
    "lacking": SharingAct(
        "要补充材料",
        "只能一次，请把要补的写全。补齐以前不计答复的期限；材料不齐不是不同意的理由。",
        with_words(tell_lacking, "lacking"),
        "已一次告知要补充的内容。",
        SharingWordsForm,
        asks="要补充什么",
    ),
    "complete": SharingAct(
        "补充",
        "补充以后，答复的期限重新计算。",
        with_words(complete_request, "scene"),
        "已补充。",
        SharingWordsForm,
        asks="补充的内容",
    ),
    "extend": SharingAct(
        "申请延长答复",
        "要经同级主管部门同意，并告知申请单位。",
        with_words(ask_extension, "reason"),
        "已报主管部门。",
        SharingWordsForm,
        asks="为什么要延长",
    ),
    "consent": SharingAct(
        "同意延长",
        "申请单位会收到新的答复日期和理由。",
        lambda one, form, **more: consent_extension(one, days=form.cleaned_data["days"], **more),
        "已同意延长，申请单位收到了通知。",
        ExtensionDaysForm,
    ),
    "deliver": SharingAct("已经提供", "登记数据已经可以使用，申请单位会收到通知。", plainly(deliver_data), "已登记。"),
    "subscribe": SharingAct(
        "订阅",
        "做好一批会列在申请页面下面，也会推送给登记了推送地址的系统；第一批是全量。",
        lambda one, form, **more: subscribe(one.grant, form=BatchFormat(form.cleaned_data["form"]), **more),
        "已订阅，一小时以内做第一批。",
        SubscribingForm,
    ),
    "unsubscribe": SharingAct(
        "停止订阅",
        "做好的批次还在，不再做新的。",
        lambda one, form, **more: end_subscription(one.grant.subscription, **more),
        "已停止订阅。",
    ),
    "revoke": SharingAct(
        "收回授权",
        "马上生效，正在办的件也不能再用。",
        lambda one, form, **more: revoke_grant(one.grant, reason=form.cleaned_data["words"], **more),
        "授权已经收回。",
        SharingWordsForm,
        asks="收回的原因",
        danger=True,
    ),
}


def acts_open_to(user: User, one: DataRequest, grant: Grant | None, *, at: datetime) -> list[tuple[str, SharingAct]]:
    """List what this person may do with the request as it stands."""
    provides, asks, oversees = (
        allows(user, each, one, at=at) for each in (P.EXCHANGE_PROVIDE, P.EXCHANGE_ASK, P.EXCHANGE_OVERSEE)
    )
    waiting, lacking = one.state == "asked", bool(one.lacking_told_at and not one.completed_at)
    conditional = one.resource.sharing == Sharing.CONDITIONAL
    batches = grant is not None and grant.in_batches and grant.revoked_at is None and one.delivered_at is not None
    subscribed = batches and Subscription.objects.filter(grant=grant, ended_at=None).exists()
    open_now = {
        "agree": provides and waiting,
        "refuse": provides and waiting and conditional,
        "lacking": provides and waiting and not one.lacking_told_at,
        "extend": provides and waiting and conditional and not one.extension_asked_at and one.due_rank is not None,
        "complete": asks and waiting and lacking,
        "consent": oversees and waiting and bool(one.extension_asked_at) and not one.extension,
        "deliver": provides and one.state == "agreed" and one.delivered_at is None,
        "subscribe": asks and batches and not subscribed,
        "unsubscribe": asks and subscribed,
        "revoke": (provides or oversees) and grant is not None and grant.revoked_at is None,
    }
    return [(name, each) for name, each in ACTS.items() if open_now[name]]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    one, at = request_for(request.user, pk), now()
    grant = Grant.objects.filter(request=one).first()
    chosen = dict(acts_open_to(request.user, one, grant, at=at)).get(name)
    if chosen is None:
        raise Missing("现在不能这样做", remedy="它可能已经答复。请回到申请页面查看。")
    return ask_and_do(request, one, chosen, back=reverse("workbench:data_request", args=[pk]))
