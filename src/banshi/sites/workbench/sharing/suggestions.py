"""少交材料的建议: which shared data would spare most paper."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from banshi.core.clock import now
from banshi.insight.paper_spared import paper_spared
from banshi.sites.kit.permissions import Permission, may, organs_where, require
from banshi.sites.kit.staff import StaffRequest

SHOWN = 50


@login_required
@require_GET
def suggestions(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.EXCHANGE_VIEW)
    rows = paper_spared(organs_where(request.user, Permission.EXCHANGE_VIEW), at=now())
    crumbs = [(reverse("workbench:data_resources"), "数据资源目录"), ("", "少交材料的建议")]
    context = {"rows": rows[:SHOWN], "asks": may(request.user, Permission.EXCHANGE_ASK), "crumbs": crumbs}
    return render(request, "workbench/sharing/suggestions.html", context)
