"""Services an agency can take on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.registers import actions
from banshi.registers.models import Offer
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.registers.kinds.agencies import REGISTER
from banshi.sites.workbench.registers.views import entry_for


@login_required
@require_POST
def end_offer(request: StaffRequest, pk: int, offer: int) -> HttpResponse:
    agency = entry_for(request.user, REGISTER, pk, REGISTER.edits)
    found = Offer.objects.filter(pk=offer, agency=agency).first()
    if found is None:
        raise Missing("这家机构没有登记这项服务")
    actions.end_offer(found, by=request.user, at=now())
    messages.success(request, "已去掉这项服务")
    return redirect("workbench:agencies-entry", pk)
