"""Programs of others that act here (接入应用): registered, changed, given a new secret, ended."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.access import Permission, permission_label
from banshi.clients import actions
from banshi.clients.models import Client
from banshi.clients.queries import clients_managed_by
from banshi.connectors.models import Webhook
from banshi.connectors.webhook.actions import check_webhook, set_webhook
from banshi.core.clock import now
from banshi.sites.console.access import found
from banshi.sites.console.clients.forms import AppForm, NewAppForm, NewSystemForm, SystemForm, WebhookForm
from banshi.sites.console.clients.keys import SECRET_TOLD_ONCE
from banshi.sites.kit.forms import RenewalForm, tried
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.named_choice import organs_of_ones_place_first
from banshi.sites.kit.permissions import require
from banshi.sites.kit.staff import StaffRequest

TOLD_ONCE, HOOK_TOLD_ONCE = "client-{}", "webhook-{}"


@login_required
@require_safe
def clients(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.CLIENT_MANAGE)
    page = Page(clients_managed_by(request.user, now()), request.GET, by=("-pk",), ways=("before", "after"))
    return render(request, "console/clients/clients.html", {"page": page})


@login_required
@never_cache
@require_safe
def client(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.CLIENT_MANAGE)
    one, at = _client(request, pk), now()
    keys = one.exchange_keys.all()
    context = {
        "client": one,
        "keys": [(each, not each.revoked_at and each.until > at) for each in keys],
        "key_secret": request.session.pop(SECRET_TOLD_ONCE.format(pk), ""),
        "permissions": [permission_label(Permission(each)) for each in one.permissions],
        "redirects": one.redirect_uris.split(),
        "secret": request.session.pop(TOLD_ONCE.format(pk), ""),
        "hook": Webhook.objects.filter(client=one).first(),
        "hook_secret": request.session.pop(HOOK_TOLD_ONCE.format(pk), ""),
        "site": settings.SITE_URL,
        "crumbs": _crumbs((one.name, "")),
    }
    return render(request, "console/clients/client.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_system(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.CLIENT_MANAGE)
    form = NewSystemForm(request.POST or None)
    organs_of_ones_place_first(form, request.user)
    made = tried(form, lambda **given: actions.register_system(**given, by=request.user, at=now()))
    if made:
        one, secret = made
        request.session[TOLD_ONCE.format(one.pk)] = secret
        return redirect("console:client", one.pk)
    return _form(request, form, "登记单位的系统", reverse("console:clients"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_app(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.CLIENT_MANAGE)
    form = NewAppForm(request.POST or None)
    organs_of_ones_place_first(form, request.user)
    made = tried(form, lambda **given: actions.register_app(**given, by=request.user, at=now()))
    if made:
        messages.success(request, "已登记")
        return redirect("console:client", made.pk)
    return _form(request, form, "登记群众用的应用", reverse("console:clients"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.CLIENT_MANAGE)
    one = _client(request, pk)
    kind = SystemForm if one.is_system else AppForm
    stored = {"name": one.name, "permissions": one.permissions, "redirect_uris": "\n".join(one.redirect_uris.split())}
    form = kind(request.POST or None, stored=stored)
    if tried(form, lambda **given: actions.change_client(one, **given, by=request.user, at=now())):
        messages.success(request, "已保存")
        return redirect("console:client", pk)
    return _form(request, form, f"修改“{one}”", reverse("console:client", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_secret(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the new secret once, on the page that follows."""
    require(request.user, Permission.CLIENT_MANAGE)
    one = _client(request, pk)
    form = RenewalForm(request.POST if request.method == "POST" else None, stored={"secret": one.client_secret})
    if secret := tried(form, lambda: actions.renew_secret(one, by=request.user, at=now())):
        request.session[TOLD_ONCE.format(pk)] = secret
    elif request.method == "POST":
        messages.warning(request, f"“{one}”的密钥刚刚换过，这一次没有再换")
    if request.method == "POST":
        return redirect("console:client", pk)
    what = "会生成一个新密钥，只显示一次；旧密钥和正在用的令牌马上失效，对方换上新密钥前接不进来。"
    return _confirm(request, f"更换“{one}”的密钥？", what, "更换密钥", pk, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: StaffRequest, pk: int) -> HttpResponse:
    """Set where cases are pushed to, and show a new secret once, on the page that follows."""
    require(request.user, Permission.CLIENT_MANAGE)
    one = _client(request, pk)
    hook = Webhook.objects.filter(client=one).first()
    stored = {"url": hook.url if hook else "", "secret": bytes(hook.secret_sealed) if hook else b""}
    form = WebhookForm(request.POST or None, stored=stored)
    secret = tried(form, lambda **given: set_webhook(one, **given, instead_of=hook, by=request.user, at=now()))
    if secret is not None:
        if secret:
            request.session[HOOK_TOLD_ONCE.format(pk)] = secret
        else:
            messages.success(request, "推送地址已保存，签名密钥没有变")
        return redirect("console:client", pk)
    return _form(request, form, "设置推送", reverse("console:client", args=[pk]))


@login_required
@require_POST
def check(request: StaffRequest, pk: int) -> HttpResponse:
    hook = found(Webhook.objects.select_related("client__organ"), client=_client(request, pk).pk)
    trouble = check_webhook(hook, by=request.user, at=now())
    if trouble:
        messages.error(request, f"没有通过：{trouble}")
    else:
        messages.success(request, "对方收到了测试推送。")
    return redirect("console:client", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.CLIENT_MANAGE)
    one = _client(request, pk)
    if request.method == "POST":
        actions.end_client(one, by=request.user, at=now())
        messages.success(request, f"“{one}”已停用")
        return redirect("console:clients")
    what = "停用后不能恢复：它的密钥和令牌马上失效，再也接不进来；它办过的事都保留。"
    return _confirm(request, f"停用“{one}”？", what, "停用", pk)


def _client(request: StaffRequest, pk: int) -> Client:
    return found(clients_managed_by(request.user, now()), pk=pk)


def _form(request: StaffRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "crumbs": _crumbs((title, ""))}
    return render(request, "console/form.html", context, status=422 if form.is_bound else 200)


def _confirm(
    request: StaffRequest, title: str, what: str, action: str, pk: int, form: forms.Form | None = None
) -> HttpResponse:
    back = reverse("console:client", args=[pk])
    context = {"title": title, "what": what, "action": action, "back": back, "danger": True, "form": form}
    return render(request, "kit/confirm.html", context)


def _crumbs(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("console:clients"), "接入应用"), *((url, word) for word, url in pages)]
