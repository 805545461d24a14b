"""The door, and what is one's own: masked data, each look recorded, and where one is signed in."""

import json
from datetime import timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import LoginView
from allauth.mfa.totp.views import ActivateTOTPView
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.cases.actions import export_own_data
from banshi.clients.queries import apps_trusted_by
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.core.id_numbers import mask_id, mask_name, mask_phone
from banshi.notifications.actions import choose_mail, read_all
from banshi.notifications.queries import mailed_kinds, notifications_of, unread_of
from banshi.outbox.mail import is_on
from banshi.people.actions import end_other_sign_ins, erase_identity, look_at_identity
from banshi.people.actions.citizens import FIELDS
from banshi.people.demo import DEMO_PASSWORD, demo_accounts
from banshi.people.models import SignIn, User
from banshi.people.queries import identity_of, recent_sign_ins
from banshi.sites.kit.address import text_in
from banshi.sites.kit.downloads import send_bytes
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.staff import STAFF_PAGES
from banshi.sites.signin.adapter import account_name, client_address
from banshi.sites.signin.forms import MailForm
from banshi.sites.signin.lockout import failures_of

PAGE = 50
MASKS = {"name": mask_name, "number": mask_id, "phone": mask_phone}
ENDINGS: dict[str, str] = {
    SignIn.SignOut.IDLE: f"您有{settings.STAFF_IDLE_SECONDS // 60}分钟没有操作，为安全已退出。请重新登录。",
    SignIn.SignOut.EXPIRED: "登录已到最长时间，请重新登录。",
    SignIn.SignOut.APPOINTED: "您有了岗位，工作页面要重新登录才能使用。",
    SignIn.SignOut.CROWDED: f"这个账号最多同时在{settings.SIGN_INS_AT_ONCE}处登录，您这里最早，已退出。不是本人登录的，请马上修改密码。",
    SignIn.SignOut.CLOSED: "这次登录已由您本人或系统管理员结束。",
}


class Door(LoginView):
    """The sign-in page also says why one stands here again and, in demonstrations, who one may be."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        onward = text_in(self.request.GET, "next")
        for_the_public = onward.startswith("/") and not onward.startswith(STAFF_PAGES)
        context: dict[str, Any] = super().get_context_data(
            ended=ENDINGS.get(text_in(self.request.GET, "ended")),
            demo_accounts=demo_accounts(public_first=for_the_public) if settings.DEMO else (),
            demo_password=DEMO_PASSWORD,
            second_factor=settings.STAFF_SECOND_FACTOR,
            **more,
        )
        return context


class SecondFactorSetup(ActivateTOTPView):
    """The first code, given here, also proves the second factor in this session."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.request.session["second_factor"] = self.request.user.pk
        return response


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Tell until when and what to do, called by axes after too many wrong passwords."""
    name = account_name(request, credentials)
    of_name, of_address = failures_of(name, client_address(request), request)
    last = (of_name | of_address).order_by("-attempt_time").first()
    until = (last.attempt_time if last else now()) + (get_cool_off(request) or timedelta())
    return render(request, "signin/locked_out.html", {"until": until, "name": name}, status=429)


@login_required
@never_cache
@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """Show one's own page (我的), masked."""
    user = _me(request)
    kinds = [kind.code for kind in mailed_kinds(user)]
    return _my(request, MailForm(initial={"email": user.email, "wanted": user.mail_wanted, "kinds": kinds}))


def _my(request: HttpRequest, form: MailForm, status: int = 200) -> HttpResponse:
    identity = identity_of(_me(request))
    shown = (
        [(field, label, MASKS[field](identity.opened(field))) for field, label in FIELDS.items()] if identity else []
    )
    context = {
        "identity": identity,
        "shown": [line for line in shown if line[2]],
        "sign_ins": recent_sign_ins(_me(request)),
        "here": request.session.session_key,
        "mail": None if identity else form,
        "mail_on": is_on(),
        "unread": unread_of(_me(request)).count(),
        "apps": apps_trusted_by(_me(request), now()),
    }
    return render(request, "signin/my.html", context, status=status)


@login_required
@never_cache
@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """Let staff choose mail.

    People the office serves get no reminders.
    """
    if identity_of(_me(request)):
        raise Missing("没有这个页面")
    form = MailForm(request.POST)
    if not form.is_valid():
        return _my(request, form, status=422)
    choose_mail(_me(request), **form.cleaned_data, by=_me(request), at=now())
    messages.success(request, "已保存")
    return redirect("my")


@login_required
@never_cache
@require_safe
def my_messages(request: HttpRequest) -> HttpResponse:
    """List one's messages (我的消息), newest first."""
    page = Page(notifications_of(_me(request)), request.GET, by=("-pk",), size=PAGE, ways=("before", "after"))
    context = {"page": page, "unread": unread_of(_me(request)).count()}
    return render(request, "signin/messages.html", context)


@login_required
@require_POST
def read_messages(request: HttpRequest) -> HttpResponse:
    count = read_all(_me(request), by=_me(request), at=now())
    messages.success(request, f"{count}条都标为已读" if count else "没有未读的消息")
    return redirect("my_messages")


@login_required
@never_cache
@require_POST
def look(request: HttpRequest, field: str) -> HttpResponse:
    """Reveal one field in full, once.

    The look is on the record.
    """
    identity = identity_of(_me(request))
    if identity is None:
        raise Missing("您的账号没有登记身份信息")
    text = look_at_identity(identity, field=field, reason="本人查看", by=_me(request), at=now())
    return render(request, "signin/look.html", {"label": FIELDS[field], "text": text})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """Ask once, after the password, and erase (注销)."""
    identity = identity_of(_me(request))
    if identity is None:
        raise Missing("您的账号没有登记身份信息")
    if request.method == "POST":
        erase_identity(identity, reason="本人注销", by=_me(request), at=now())
        logout(request)
    return render(request, "signin/erase.html", {"done": request.method == "POST"})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required
def own_data(request: HttpRequest) -> HttpResponse:
    """Say what the copy of one's own data holds, and hand it out (个人信息保护法 第四十五条)."""
    if request.method == "POST":
        told = export_own_data(_me(request), by=_me(request), at=now())
        return send_bytes(json.dumps(told, ensure_ascii=False, indent=2), "我的数据.json")
    return render(request, "signin/own_data.html")


@login_required
@require_POST
def leave_elsewhere(request: HttpRequest) -> HttpResponse:
    count = end_other_sign_ins(_me(request), keep=request.session.session_key or "", by=_me(request), at=now())
    messages.success(request, f"已退出其他{count}处登录" if count else "没有其他登录")
    return redirect("my")


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
