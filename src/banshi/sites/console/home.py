"""/console/ leads to the first page of the console a person may use."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from banshi.core.errors import Refused
from banshi.sites.kit.menu import registered
from banshi.sites.kit.permissions import permissions_of
from banshi.sites.kit.staff import StaffRequest


@login_required
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    held = permissions_of(request.user)
    for entry in registered():
        if entry.url_name.startswith("console:") and entry.permission in held:
            return redirect(entry.url_name)
    raise Refused("您没有管理后台的权限", remedy="如果工作需要，请联系系统管理员开通。")
