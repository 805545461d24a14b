"""数据共享运行: whether the sources answer, and how much of each quota is used."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from banshi.core.clock import now
from banshi.exchange.operation import quotas_run, systems_run
from banshi.exchange.queries import anomalies_visible_to
from banshi.sites.kit.listing.filters import Tab
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

TABS = {
    "console:exchange": "来源和配额",
    "console:exchange-searches": "查调用记录",
    "console:exchange-anomalies": "异常",
}
STATES = {
    "well": ("正常", "good", "check-circle-fill"),
    "ailing": ("出过问题", "warn", "exclamation-triangle-fill"),
    "resting": ("暂停，等它恢复", "bad", "pause-circle-fill"),
    "stopped": ("停用", "", "dash-circle"),
}


def frame(request: StaffRequest, name: str) -> dict[str, Any]:
    """Build the tabs, the number of anomalies that wait on theirs."""
    waiting = anomalies_visible_to(request.user, at=now()).filter(explained_at=None).order_by()[:999].count()
    counts = {"console:exchange-anomalies": waiting}
    return {"tabs": [Tab(label, reverse(each), each == name, counts.get(each, 0)) for each, label in TABS.items()]}


@login_required
@require_safe
def operation(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.EXCHANGE_AUDIT)
    at = now()
    context = {
        "systems": [(each, *STATES[each.state]) for each in systems_run(request.user, at=at)],
        "quotas": quotas_run(request.user, at=at),
    }
    return render(request, "console/exchange/operation.html", {**frame(request, "console:exchange"), **context})
