"""A ticket's place in the queue, for whoever has its address (the QR code on the slip)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from banshi.access import Visitor
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.feedback.queries import invitation_to
from banshi.window import actions
from banshi.window.enums import TicketState
from banshi.window.models import Ticket
from banshi.window.queries import expected_wait, tickets_with_names


def _found(guid: UUID) -> Ticket:
    ticket = tickets_with_names().filter(guid=guid).first()
    if ticket is None:
        raise Missing("没有这个号", remedy="请扫号票上的二维码。")
    return ticket


@require_safe
@never_cache
def ticket(request: HttpRequest, guid: UUID) -> HttpResponse:
    found = _found(guid)
    waits = found.state == TicketState.WAITING
    context = {
        "ticket": found,
        "hall": found.hall,
        "wait": expected_wait(found, at=now()) if waits else None,
        "invitation": invitation_to(found) if found.state == TicketState.SERVED else None,
    }
    return render(request, "counter/ticket.html", context)


@require_POST
def give_up(request: HttpRequest, guid: UUID) -> HttpResponse:
    """Give a number up, so that nobody is called in vain."""
    actions.leave(_found(guid), by=Visitor(), at=now())
    return redirect("counter:ticket", guid)
