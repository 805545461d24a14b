"""经办人: whom a company's account lets act in its name, and who of them goes on with what was begun."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from banshi.cases.actions import name_handler, pass_to_colleague, withdraw_handler
from banshi.cases.queries import applications_of, handlers_of
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.people.enums import CitizenKind
from banshi.people.queries import identity_of
from banshi.sites.kit.address import key_in
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.staff import StaffRequest


class HandlerForm(PageForm):
    account = forms.CharField(label="经办人的账号名", max_length=150, help_text="他自己注册的账号，不是单位的账号")
    name = forms.CharField(label="经办人的姓名", max_length=60, help_text="与他的身份证一致")
    follows = forms.BooleanField(label="也能看单位的全部办件（不勾的，只看得到他自己经手的）", required=False)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handlers(request: StaffRequest) -> HttpResponse:
    """List a company's handlers, name one, withdraw one."""
    me, identity = request.user, identity_of(request.user)
    if identity is None or identity.kind == CitizenKind.PERSON:
        raise Missing("个人账号没有经办人", remedy="要指定经办人的，请用单位的账号登录。")
    if "withdraw" in request.POST:
        one = handlers_of(me).filter(pk=key_in(request.POST, "withdraw")).first()
        if one is None:
            raise Missing("没有这位经办人", remedy="可能已经收回，请刷新页面查看。")
        withdraw_handler(one, by=me, at=now())
        messages.success(request, f"{one.handler}不再是经办人，他经手的办件仍然在单位名下。")
        return redirect("portal:handlers")
    form = HandlerForm(request.POST or None)
    if form.is_valid():
        made = name_handler(me, **form.cleaned_data, by=me, at=now())
        messages.success(request, f"{made.handler}可以替单位办事了。")
        return redirect("portal:handlers")
    context = {"form": form, "handlers": handlers_of(me)}
    return render(request, "portal/following/handlers.html", context, status=422 if form.is_bound else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def colleague(request: StaffRequest, guid: UUID) -> HttpResponse:
    """Give what one fills in or handles for a company to a colleague."""
    application = applications_of(request.user).select_related("owner", "agent").filter(guid=guid).first()
    if application is None:
        raise Missing("没有这份申请", remedy="请到“我的办件”查看。")
    others = handlers_of(application.owner).exclude(handler=application.agent_id)
    if request.method == "POST":
        one = others.filter(pk=key_in(request.POST, "to")).first()
        if one is None:
            raise Missing("没有这位经办人", remedy="可能已经收回，请刷新页面查看。")
        pass_to_colleague(application, to=one.handler, by=request.user, at=now())
        messages.success(request, f"已经交给{one.handler}，他登录自己的账号，在“我的办件”里接着办。")
        return redirect("portal:my-cases")
    context = {"application": application, "item": application.publication.item, "others": others}
    return render(request, "portal/following/colleague.html", context)
