"""公示与公告 as staff write them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from banshi.catalog.actions import change_notice, publish_notice, remove_notice
from banshi.catalog.models import Notice
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.people.models import User
from banshi.sites.kit.listing.pages import Page
from banshi.sites.kit.permissions import Permission, organs_where, require
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.access import posted
from banshi.sites.workbench.notices.forms import NoticeForm, NoticeRemovalForm, WordsForm

PAGE = 50


def _notices_of(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(organ__in=organs_where(user, Permission.NOTICE_EDIT)).select_related("organ")


def _notice(user: User, number: int) -> Notice:
    notice = _notices_of(user).filter(pk=number).first()
    if notice is None:
        raise Missing("没有找到这条公告")
    return notice


@login_required
@require_GET
def notices(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.NOTICE_EDIT)
    page = Page(_notices_of(request.user), request.GET, by=("-id",), size=PAGE)
    return render(request, "workbench/notices/notices.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.NOTICE_EDIT)
    form = NoticeForm(posted(request), user=request.user)
    if not form.is_valid():
        return _form(request, form, "发布公告", "发布")
    publish_notice(**form.cleaned_data, by=request.user, at=now())
    messages.success(request, "公告已发布，群众现在就能看到")
    return redirect("workbench:notices")


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, number: int) -> HttpResponse:
    notice = _notice(request.user, number)
    form = WordsForm(posted(request), stored={"title": notice.title, "body": notice.body})
    if not form.is_valid():
        return _form(request, form, f"修改公告：{notice.title}", "保存修改")
    change_notice(notice, **form.cleaned_data, by=request.user, at=now())
    messages.success(request, "修改已保存，群众现在看到的就是新内容")
    return redirect("workbench:notices")


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: StaffRequest, number: int) -> HttpResponse:
    notice = _notice(request.user, number)
    form = NoticeRemovalForm(posted(request))
    if not form.is_valid():
        context = {
            "form": form,
            "notice": notice,
            "title": "撤下公告",
            "action": "撤下",
            "danger": True,
            "back": reverse("workbench:notices"),
        }
        return render(request, "workbench/notices/remove.html", context, status=422 if form.is_bound else 200)
    remove_notice(notice, reason=form.cleaned_data["reason"], by=request.user, at=now())
    messages.success(request, "公告已撤下")
    return redirect("workbench:notices")


def _form(request: StaffRequest, form: BaseForm, title: str, action: str) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "back": reverse("workbench:notices")}
    return render(request, "workbench/notices/form.html", context, status=422 if form.is_bound else 200)
