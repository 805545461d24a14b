"""今天要做: the home of those who work here."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from banshi.adjustments.queries import waiting_for
from banshi.core.clock import now
from banshi.core.clock import today as clock_today
from banshi.notifications.queries import unread_of
from banshi.rulebook.queries import objections_waiting
from banshi.sites.kit.permissions import ROLES, Permission, permissions_of, require_post
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.workbench.today import campaigns, queries
from banshi.spreadsheets.models import ImportBatch

NEWS = 5
P_SHARING = {Permission.EXCHANGE_PROVIDE, Permission.EXCHANGE_OVERSEE}


@login_required
@require_GET
def today(request: StaffRequest) -> HttpResponse:
    user = request.user
    require_post(user)
    held, day = permissions_of(user), clock_today()
    imports = queries.imports_of(user)[: queries.SHOWN]
    context = {
        "may_edit": Permission.ITEM_EDIT in held,
        "only_looks": held <= ROLES["window"].permissions,
        "may_import": Permission.ITEM_IMPORT in held,
        "drafts": queries.drafts_of(user)[: queries.SHOWN],
        "incomplete": queries.incomplete_items(user)[: queries.SHOWN],
        "imports": [each for each in imports if each.state == ImportBatch.State.PREVIEWED],
        "imports_done": [each for each in imports if each.state == ImportBatch.State.APPLIED],
        "must_change": queries.must_change(user),
        "changed_above": queries.changed_above(user) if Permission.ITEM_EDIT in held else [],
        "shown": queries.SHOWN,
        "adjustments": waiting_for(user, at=now())[: queries.SHOWN],
        "day": day,
        "reports_owed": campaigns.reports_owed(user, day) if Permission.REPORT_PREPARE in held else [],
        "lists_owed": campaigns.lists_to_hand_in(user, day) if Permission.REPORT_PREPARE in held else [],
        "reviews_waiting": campaigns.reviews_waiting(user, day) if Permission.REVIEW_GIVE in held else [],
        "orders_to_answer": campaigns.orders_to_answer(user, day) if Permission.REPORT_PREPARE in held else [],
        "watched": campaigns.watched(user, day) if Permission.CAMPAIGN_MANAGE in held else [],
        "cases_due": queries.cases_due(user) if Permission.CASE_VIEW in held else None,
        "commitments_due": queries.commitments_due(user) if Permission.CASE_HANDLE in held else [],
        "entries_due": queries.entries_due(user) if P_SHARING & held else [],
        "corrections_due": queries.corrections_due(user) if Permission.EXCHANGE_PROVIDE in held else [],
        "sharing_due": queries.sharing_due(user, held),
        "supervision_orders": queries.supervision_orders(user) if Permission.SUPERVISION_ANSWER in held else [],
        "objections": objections_waiting(user, at=now())[: queries.SHOWN],
        "unread": unread_of(user)[:NEWS],
        "published": queries.recently_published(user)[: queries.SHOWN],
        "publishes": Permission.ITEM_PUBLISH in held,
        "advisers": queries.whom_to_ask(user)[:3],
    }
    owed = (
        *("may_edit", "imports", "cases_due", "entries_due", "objections", "adjustments", "reports_owed", "lists_owed"),
        *("reviews_waiting", "orders_to_answer", "watched", "supervision_orders", "commitments_due", "corrections_due"),
        "sharing_due",
    )
    context["nothing_to_do"] = not any(context[each] for each in owed)
    return render(request, "workbench/today/today.html", context)
