"""审核单位: which organ is 编办, 法制, 审管办 of each division."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from banshi.adjustments import queries
from banshi.adjustments.actions import set_office
from banshi.adjustments.enums import Office
from banshi.adjustments.policy import SUPERIOR, policy
from banshi.core.clock import now
from banshi.sites.console.access import found
from banshi.sites.console.offices.forms import OfficeForm
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest


@login_required
@require_http_methods(["GET", "POST"])
def offices(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.PEOPLE_MANAGE)
    form = OfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_office(**form.cleaned_data, by=request.user, at=now())
        messages.success(request, "已指定。以后提交的调整由它审核，已提交的不变。")
        return redirect("console:offices")
    words = {SUPERIOR: "上级主管", **{str(each): str(each.label) for each in Office}}
    context = {
        "form": form,
        "offices": queries.offices(),
        "routes": [
            (
                "、".join(str(kind.label) for kind in route.kinds),
                "，再由".join(words[each] for each in (route.examiner, route.second) if each),
            )
            for route in policy().routes
        ],
    }
    return render(request, "console/offices/offices.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    one = found(queries.offices(), pk=pk)
    set_office(one.division, one.office, None, by=request.user, at=now())
    messages.success(request, f"已取消。{one.division}的调整改由上一级的{one.get_office_display()}审核。")
    return redirect("console:offices")
