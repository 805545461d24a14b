"""Followers of events: who had a case (一事一评) or was served at a window (一次一评) is asked for a rating, and a published
item realises its wish."""

from banshi.cases.enums import ActKind
from banshi.cases.events import ACTED
from banshi.cases.models import Case
from banshi.catalog.events import PUBLISHED
from banshi.catalog.queries import in_force
from banshi.events.consuming import consume, follower, is_behind
from banshi.feedback.actions import invite_to_rate, realise_wish
from banshi.feedback.enums import RatingChannel
from banshi.feedback.models import Wish
from banshi.feedback.queries import handlers_of, window_of
from banshi.ledger import System
from banshi.window.enums import TicketState
from banshi.window.events import TICKET_ENDED
from banshi.window.models import Ticket

CONSUMER = "feedback.invitations"
ENDS = (ActKind.DELIVER, ActKind.REFUSE_TO_ACCEPT, ActKind.NOT_OURS, ActKind.TERMINATE)


@follower
def invite_after_cases() -> None:
    while is_behind(CONSUMER, (ACTED,)):
        with consume(CONSUMER, kinds=(ACTED,)) as events:
            if events is None:
                return
            ended = {each.subject_id: each.at for each in events if each.data["act"] in ENDS}
            some = Case.objects.filter(pk__in=ended, rating_invitation=None)
            for case in some.select_related("item", "organ", "applicant"):
                invite_to_rate(
                    case,
                    label=case.item.name,
                    organ=case.organ,
                    item=case.item,
                    rated=handlers_of(case),
                    citizen=case.applicant,
                    by=System("feedback"),
                    at=ended[case.pk],
                )


TICKETS = "feedback.ticket_invitations"


@follower
def invite_after_tickets() -> None:
    """Ask whoever was served at a window (一次一评)."""
    while is_behind(TICKETS, (TICKET_ENDED,)):
        with consume(TICKETS, kinds=(TICKET_ENDED,)) as events:
            if events is None:
                return
            ended = {each.subject_id: each.at for each in events}
            served = Ticket.objects.filter(pk__in=ended, state=TicketState.SERVED, clerk__isnull=False)
            related = ("item__organ", "hall__organ", "queue", "counter", "application__owner", "appointment__person")
            for ticket in served.select_related(*related):
                booked = ticket.appointment.person if ticket.appointment else None
                invite_to_rate(
                    ticket,
                    label=ticket.item.name if ticket.item else ticket.queue.name,
                    organ=ticket.item.organ if ticket.item else ticket.hall.organ,
                    item=ticket.item,
                    window=window_of(ticket.counter) if ticket.counter else "",
                    rated=[ticket.clerk_id] if ticket.clerk_id else [],
                    citizen=ticket.application.owner if ticket.application else booked,
                    channel=RatingChannel.WINDOW,
                    by=System("feedback"),
                    at=ended[ticket.pk],
                )


WISHES = "feedback.wishes"
IN_EFFECT = ("published", "checking", "checked")
"""States of an adjustment that is published, checked afterwards or not."""


@follower
def realise_published_wishes() -> None:
    """Close adopted wishes whose item was published since it was named, by the adjustment that was named where one was."""
    while is_behind(WISHES, (PUBLISHED,)):
        with consume(WISHES, kinds=(PUBLISHED,)) as events:
            if events is None:
                return
            published = {each.item_id: each.at for each in events}
            for wish in Wish.objects.filter(state="adopted", item__in=published).select_related("item", "adjustment"):
                at, since = published[wish.item_id], wish.linked_at or wish.answered_at
                made = wish.adjustment is None or wish.adjustment.state in IN_EFFECT
                if (
                    made
                    and (since is None or at >= since)
                    and wish.item is not None
                    and in_force(wish.item) is not None
                ):
                    realise_wish(wish, item=wish.item, by=System("feedback"), at=at)
