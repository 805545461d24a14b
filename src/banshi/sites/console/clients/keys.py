"""签名密钥: keys by which a system signs its calls for shared data, registered and taken back."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from banshi.access import Permission
from banshi.clients.models import Client
from banshi.clients.queries import clients_managed_by
from banshi.core.clock import CHINA, now
from banshi.exchange.actions import RegisteredKey, register_key, revoke_key
from banshi.exchange.enums import KeyAlgorithm
from banshi.exchange.models import PUBLIC_KEYS, CallerKey
from banshi.sites.console.access import found
from banshi.sites.kit.forms import PageForm, tried
from banshi.sites.kit.permissions import require
from banshi.sites.kit.staff import StaffRequest

SECRET_TOLD_ONCE = "exchange-key-{}"  # noqa: S105  # the session's key, no secret


class CallerKeyForm(PageForm):
    algorithm = forms.ChoiceField(label="算法", choices=KeyAlgorithm.choices, widget=forms.RadioSelect)
    public = forms.CharField(
        label="对方的公钥",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ed25519 和 SM2 要填：对方用 openssl 生成密钥对，私钥自己保管，把公钥（PEM）贴在这里。",
    )
    until = forms.DateField(
        label="用到哪一天",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="最长两年，到期前登记新的。",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("algorithm") in PUBLIC_KEYS and not cleaned.get("public"):
            self.add_error("public", "请贴上对方的公钥。")
        return cleaned


class RevokeKeyForm(PageForm):
    reason = forms.CharField(label="收回的原因", max_length=300, help_text="例如：密钥外泄、系统下线。")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_key(request: StaffRequest, pk: int) -> HttpResponse:
    """Register a key, whose secret, where there is one, the page that follows shows once."""
    require(request.user, Permission.CLIENT_MANAGE)
    client = found(clients_managed_by(request.user, now()), pk=pk)
    form = CallerKeyForm(request.POST or None)
    made = tried(form, lambda **given: _register(request, client, **given))
    if made:
        request.session[SECRET_TOLD_ONCE.format(pk)] = made.secret
        messages.success(request, f"已登记密钥 {made.key.keyid}")
        return redirect("console:client", pk)
    context = {
        "form": form,
        "title": f"登记“{client}”的签名密钥",
        "back": reverse("console:client", args=[pk]),
        "crumbs": _crumbs(client, "登记签名密钥"),
    }
    return render(request, "console/form.html", context, status=422 if form.is_bound else 200)


def _register(request: StaffRequest, client: Client, *, algorithm: str, public: str, until: date) -> RegisteredKey:
    ends = datetime.combine(until, time.max, CHINA)
    return register_key(client, algorithm=algorithm, public=public, until=ends, by=request.user, at=now())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: StaffRequest, pk: int, key: int) -> HttpResponse:
    require(request.user, Permission.CLIENT_MANAGE)
    client = found(clients_managed_by(request.user, now()), pk=pk)
    one = found(CallerKey.objects.filter(client=client), pk=key)
    form = RevokeKeyForm(request.POST or None)
    if tried(form, lambda **given: revoke_key(one, **given, by=request.user, at=now())):
        messages.success(request, f"密钥 {one.keyid} 已收回")
        return redirect("console:client", pk)
    context = {
        "form": form,
        "title": f"收回密钥 {one.keyid}？",
        "what": "马上生效，不能恢复：对方用它签名的调用都不再接受。",
        "action": "收回",
        "back": reverse("console:client", args=[pk]),
        "crumbs": _crumbs(client, "收回签名密钥"),
        "danger": True,
    }
    return render(request, "kit/confirm.html", context, status=422 if form.is_bound else 200)


def _crumbs(client: Client, title: str) -> list[tuple[str, str]]:
    clients = (reverse("console:clients"), "接入应用")
    return [clients, (reverse("console:client", args=[client.pk]), client.name), ("", title)]
