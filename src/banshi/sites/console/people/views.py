"""Accounts of staff, their posts, who stands in for whom, and what each role may do."""

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banshi.core.clock import now, today
from banshi.core.errors import BadInput, Problem
from banshi.core.id_numbers import mask_email
from banshi.people import actions
from banshi.people.models import Delegation, Post, User
from banshi.people.queries import delegations_on, identity_by_number, posts_on, recent_sign_ins, staff
from banshi.sites.console.access import found
from banshi.sites.console.people.forms import (
    AccountForm,
    AppointmentForm,
    DelegationForm,
    EndingForm,
    ErasureForm,
    NewAccountForm,
    PostReasonForm,
)
from banshi.sites.kit.address import key_in
from banshi.sites.kit.forms import RenewalForm, tried
from banshi.sites.kit.listing.filters import Filter, Filters
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.named_choice import organs_of_ones_place_first
from banshi.sites.kit.permissions import PERMISSION_WORDS, ROLES, Permission, Scope, require
from banshi.sites.kit.staff import StaffRequest

PAGE = 50
SCOPES = {Scope.OWN: "本单位和所属单位", Scope.DIVISION: "本级及以下各单位", Scope.ALL: "所有单位"}


class PeopleFilters(Filters):
    q = Filter("姓名或账号", kind="search")


@login_required
@require_safe
def people(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    filters = PeopleFilters.read(request.GET)
    page = Page(staff(filters.q).prefetch_related("posts__organ"), request.GET, by=("pk",), size=PAGE)
    held = {
        user.pk: [post for post in user.posts.all() if post.until is None or post.until >= today()]
        for user in page.rows
    }
    context = {
        "lines": [(user, [(post.organ, ROLES[post.role].label) for post in held[user.pk]]) for user in page.rows],
        "page": page,
        "filters": filters,
        "controls": filters.controls(),
    }
    return render(request, "console/people/people.html", context)


@login_required
@never_cache
@require_safe
def person(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    user = _person(pk)
    context = {
        "person": user,
        "posts_held": [(post, ROLES[post.role]) for post in posts_on(today()).filter(user=user)],
        "past": [(post, ROLES[post.role]) for post in user.posts.filter(until__lt=today()).select_related("organ")],
        "given": delegations_on(today()).filter(post__user=user),
        "taken": delegations_on(today()).filter(to=user),
        "sign_ins": recent_sign_ins(user),
        "second_factor": is_mfa_enabled(user),
        "email": mask_email(user.email),
        "is_me": user.pk == request.user.pk,
        "password": request.session.pop(f"told-{user.pk}", ""),
        "crumbs": _crumbs((str(user), "")),
    }
    return render(request, "console/people/person.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_person(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    form = NewAccountForm(request.POST or None)
    made = tried(form, lambda **given: actions.create_account(**given, by=request.user, at=now()))
    if made:
        user, password = made
        request.session[f"told-{user.pk}"] = password
        return redirect("console:person", user.pk)
    return _form(request, form, "新增人员", reverse("console:people"))


@login_required
@require_http_methods(["GET", "POST"])
def edit_person(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    user = _person(pk)
    stored = {"full_name": user.full_name, "phone": user.phone, "email": user.email}
    form = AccountForm(request.POST or None, stored=stored)
    if tried(form, lambda **given: actions.change_account(user, **given, by=request.user, at=now())):
        messages.success(request, "已保存")
        return redirect("console:person", pk)
    return _form(request, form, f"修改{user}", reverse("console:person", args=[pk]))


@login_required
@require_http_methods(["GET", "POST"])
def appoint_person(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    user = _person(pk)
    form = AppointmentForm(request.POST or None, initial={"organ": key_in(request.GET, "organ") or None})
    organs_of_ones_place_first(form, request.user)
    if tried(form, lambda **given: actions.appoint(user, **given, by=request.user, at=now())):
        messages.success(request, "已安排岗位")
        return redirect("console:person", pk)
    return _form(request, form, f"给{user}安排岗位", reverse("console:person", args=[pk]))


@login_required
@require_http_methods(["GET", "POST"])
def end(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    post = found(Post.objects.select_related("user", "organ"), pk=pk)
    form = EndingForm(request.POST or None)
    if tried(form, lambda **given: actions.end_post(post, **given, by=request.user, at=now())):
        messages.success(request, "岗位已结束")
        return redirect("console:person", post.user_id)
    return _form(request, form, f"结束{post.user}在{post.organ}的岗位", reverse("console:person", args=[post.user_id]))


@login_required
@require_http_methods(["GET", "POST"])
def delegate_post(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    post = found(Post.objects.select_related("user", "organ"), pk=pk)
    form = DelegationForm(request.POST or None, holder=post.user)
    if tried(form, lambda **given: actions.delegate(post, **given, by=request.user, at=now())):
        messages.success(request, "已委托")
        return redirect("console:person", post.user_id)
    return _form(request, form, f"委托{post.user}在{post.organ}的岗位", reverse("console:person", args=[post.user_id]))


@login_required
@require_POST
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    delegation = actions.end_delegation(found(Delegation.objects.all(), pk=pk), by=request.user, at=now())
    messages.success(request, "委托已收回")
    return redirect("console:person", delegation.post.user_id)


@login_required
@require_http_methods(["GET", "POST"])
def new_password(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the new password once, on the page that follows."""
    require(request.user, Permission.PEOPLE_MANAGE)
    user = _person(pk)
    form = RenewalForm(request.POST if request.method == "POST" else None, stored={"password": user.password})
    if password := tried(form, lambda: actions.reset_password(user, by=request.user, at=now())):
        request.session[f"told-{pk}"] = password
    elif request.method == "POST":
        messages.warning(request, f"{user}的密码刚刚重设过，这一次没有再设")
    if request.method == "POST":
        return redirect("console:person", pk)
    what = "会生成一个新密码，只显示一次；该账号的所有登录马上退出，下次登录要改成自己的密码。"
    return _confirm(request, f"重设{user}的密码？", what, "重设密码", pk, form)


@login_required
@require_http_methods(["GET", "POST"])
def free_second_factor(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    user, form = _person(pk), PostReasonForm(request.POST or None)
    if tried(form, lambda **given: [actions.remove_second_factor(user, **given, by=request.user, at=now())]):
        messages.success(request, "已取消绑定，下次登录要重新绑定")
        return redirect("console:person", pk)
    what = "用于手机丢失或更换。请先当面或电话核实是本人。该账号的所有登录马上退出，下次登录要重新绑定。"
    return _confirm(request, f"取消{user}的二次验证绑定？", what, "取消绑定", pk, form)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, pk: int) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    user, form = _person(pk), PostReasonForm(request.POST or None)
    if tried(form, lambda **given: actions.close_account(user, **given, by=request.user, at=now())):
        messages.success(request, "账号已停用")
        return redirect("console:person", pk)
    return _confirm(
        request, f"停用{user}的账号？", "马上退出所有登录，不能再登录；做过的事都保留。", "停用账号", pk, form
    )


@login_required
@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    actions.open_account(_person(pk), by=request.user, at=now())
    messages.success(request, "账号已重新启用")
    return redirect("console:person", pk)


@login_required
@require_http_methods(["GET", "POST"])
def erase(request: StaffRequest) -> HttpResponse:
    """Delete (注销) a citizen's account for who asks at the window."""
    require(request.user, Permission.PEOPLE_MANAGE)
    form = ErasureForm(request.POST or None)

    def act(number: str, reason: str) -> bool:
        identity = identity_by_number(number)
        if identity is None:
            raise BadInput("没有用这个号码注册的账号", [Problem("没有用这个号码注册的账号，请核对", field="number")])
        actions.erase_identity(identity, reason=reason, by=request.user, at=now())
        return True

    if tried(form, act):
        messages.success(request, "已注销，身份信息已删除")
        return redirect("console:people")
    what = "删除姓名、证件号码、手机号码、密码和登录地点，退出所有登录。删了找不回来；操作记录里只留“某账号已注销”。"
    context = {"title": "注销群众的账号", "what": what, "action": "注销并删除", "back": reverse("console:people")}
    return render(request, "kit/confirm.html", {**context, "danger": True, "form": form})


@login_required
@require_safe
def roles(request: StaffRequest) -> HttpResponse:
    """Show every role and permission in words."""
    require(request.user, Permission.PEOPLE_MANAGE)
    context = {
        "roles": [
            (role, "；".join(SCOPES[reach] for reach in Scope if getattr(role, reach))) for role in ROLES.values()
        ],
        "rows": [
            (words, [permission in role.permissions for role in ROLES.values()])
            for permission, words in PERMISSION_WORDS.items()
        ],
    }
    return render(request, "console/people/roles.html", context)


def _person(pk: int) -> User:
    return found(staff(), pk=pk)


def _form(request: StaffRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    return render(
        request, "console/form.html", {"form": form, "title": title, "back": back, "crumbs": _crumbs((title, ""))}
    )


def _confirm(
    request: StaffRequest, title: str, what: str, action: str, pk: int, form: forms.Form | None = None
) -> HttpResponse:
    back = reverse("console:person", args=[pk])
    context = {"title": title, "what": what, "action": action, "back": back, "danger": True, "form": form}
    return render(request, "kit/confirm.html", context)


def _crumbs(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("console:people"), "人员与岗位"), *((url, word) for word, url in pages)]
