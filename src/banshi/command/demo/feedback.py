"""Ratings, complaints and wishes of the demonstration's people, in every state by the real actions. All marked 示例."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from banshi.access import Visitor
from banshi.calendar.queries import calendar_in_force
from banshi.command.demo.catalogue import Catalogue
from banshi.command.demo.tables import document
from banshi.core.clock import CHINA, day_of
from banshi.feedback import actions
from banshi.feedback.models import BadRating, Complaint, RatingInvitation, Wish
from banshi.feedback.queries import window_of
from banshi.ledger import Actor, System
from banshi.people.models import Organ, User
from banshi.search.models import Miss
from banshi.window.enums import TicketState
from banshi.window.models import Ticket

OPENING, APART = time(10, 0), timedelta(minutes=3)
NEIGHBOURS = 24
EVERY_FOURTH = 4
"""Of those who were asked at the window does not rate."""


def build_feedback(city: Catalogue) -> None:
    """Build data/demo/feedback.json."""
    told = document("demo/feedback.json")
    _rate(city, told["ratings"], told["grades"])
    for row in told["complaints"]:
        _complain(city, row)
    flood = told["flood"]
    for number in range(flood["times"]):
        at = _moment(city, flood["days_ago"], number)
        actions.file_complaint(
            flood["kind"], text=flood["text"], organ=city.organs[flood["organ"]], by=Visitor(), at=at
        )
    Complaint.objects.update(is_example=True)
    people = _neighbours(city)
    for row in told["wishes"]:
        _wish(city, row, people)
    Wish.objects.update(is_example=True)
    misses = [
        Miss(text=text, day=day_of(city.now) - timedelta(days=2), count=count, last_at=city.now - timedelta(days=2))
        for text, count in told["searches"]
    ]
    Miss.objects.bulk_create(misses)


def _moment(city: Catalogue, working_days_ago: int, number: int = 0) -> datetime:
    """Return a moment of the working day so long ago, never after now."""
    calendar = calendar_in_force()
    day = calendar.day_of(calendar.rank_of(day_of(city.now)) - working_days_ago)
    return min(datetime.combine(day, OPENING, CHINA) + number * APART, city.now - timedelta(minutes=30 - number % 30))


def _rate(city: Catalogue, bad: list[dict[str, Any]], grades: list[int]) -> None:
    """Give ratings of tickets that were served, badly as told and the others by turns."""
    services = _invited()
    for row in bad:
        at = _moment(city, row["days_ago"])
        invitation = next(services)
        RatingInvitation.objects.filter(pk=invitation.pk).update(invited_at=at - APART, expires_at=at + timedelta(60))
        invitation.refresh_from_db()
        given: dict[str, Any] = {name: row[name] for name in ("grade", "tags", "words", "named")}
        if row["named"]:
            given |= {"name": "林小例", "phone": "13800000000"}
        rating = actions.rate(invitation, **given, by=Visitor(), at=at)
        for act in row["acts"]:
            BAD_RATING_ACTS[act["act"]](city, rating.handling, act, _moment(city, act["days_ago"], 1))
    for number, invitation in enumerate(services):
        if number % EVERY_FOURTH:
            at = invitation.invited_at + APART
            actions.rate(invitation, grade=grades[number % len(grades)], by=Visitor(), at=at)


def _invited() -> Iterator[RatingInvitation]:
    """Ask those who were served in the hall, as the follower of events would."""
    served = Ticket.objects.filter(state=TicketState.SERVED, clerk__isnull=False, counter__isnull=False)
    for ticket in served.select_related("hall__organ", "queue", "counter__hall").order_by("-pk"):
        assert ticket.counter and ticket.clerk_id and ticket.ended_at
        yield actions.invite_to_rate(
            ticket,
            label=ticket.queue.name,
            organ=ticket.hall.organ,
            window=window_of(ticket.counter),
            rated=[ticket.clerk_id],
            channel="window",
            by=System("feedback"),
            at=ticket.ended_at,
        )


SOFTWARE = System("demo")
BadRatingAct = Callable[[Catalogue, BadRating, dict[str, Any], datetime], object]
BAD_RATING_ACTS: dict[str, BadRatingAct] = {
    "contact": lambda city, bad, act, at: actions.contact_rater(bad, words=act["words"], by=SOFTWARE, at=at),
    "plan": lambda city, bad, act, at: actions.settle_bad_rating(
        bad, outcome="planned", words=act["words"], by=SOFTWARE, at=at
    ),
    "mend": lambda city, bad, act, at: actions.settle_bad_rating(
        bad, outcome="mended", words=act["words"], by=SOFTWARE, at=at
    ),
    "again": lambda city, bad, act, at: actions.rate_again(
        bad.rating.invitation, grade=act["grade"], by=Visitor(), at=at
    ),
    "call_back": lambda city, bad, act, at: actions.call_back(
        bad, satisfied=act["satisfied"], words=act["words"], by=SOFTWARE, at=at
    ),
    "appeal": lambda city, bad, act, at: actions.appeal_bad_rating(bad, words=act["words"], by=SOFTWARE, at=at),
    "exclude": lambda city, bad, act, at: actions.decide_appeal(
        bad, upheld=True, words=act["words"], by=city.accounts["supervisor"], at=at
    ),
}


def _complain(city: Catalogue, row: dict[str, Any]) -> None:
    by: Actor = city.accounts[row["by"]] if row["by"] else Visitor()
    item = city.items[tuple(row["item"])] if "item" in row else None
    complaint = actions.file_complaint(
        row["kind"],
        text=row["text"],
        item=item,
        organ=city.organs[row["organ"]] if "organ" in row else None,
        anonymous=not row["by"],
        by=by,
        at=_moment(city, row["days_ago"]),
    )
    for number, act in enumerate(row["acts"], 1):
        given = {name: act[name] for name in ("answer", "reason", "words", "question") if name in act}
        if "to" in act:
            given["to"] = city.organs[act["to"]]
        at = _moment(city, act["days_ago"], number)
        COMPLAINT_ACTS[act["act"]](complaint, **given, by=city.accounts[act["by"]], at=at)


COMPLAINT_ACTS: dict[str, Callable[..., object]] = {
    "accept": actions.accept_complaint,
    "answer": actions.answer_complaint,
    "transfer": actions.transfer_complaint,
    "refuse": actions.refuse_complaint,
    "confirm": actions.confirm_complaint,
    "reopen": actions.reopen_complaint,
    "publish": actions.publish_answer,
}


def _neighbours(city: Catalogue) -> list[User]:
    """Create people of the city who wish and support, and who can't sign in."""
    people = [
        User(username=f"neighbour-{n}", full_name=f"市民{n}", date_joined=city.now - timedelta(days=500))
        for n in range(1, NEIGHBOURS + 1)
    ]
    for each in people:
        each.set_unusable_password()
    User.objects.bulk_create(people)
    return neighbours()


def neighbours() -> list[User]:
    return list(User.objects.filter(username__startswith="neighbour-").order_by("pk"))


def _wish(city: Catalogue, row: dict[str, Any], people: list[User]) -> None:
    organ: Organ = city.organs[row["organ"]]
    at = _moment(city, row["days_ago"])
    wish = actions.make_wish(title=row["title"], text=row["text"], organ=organ, by=people[0], at=at)
    if row.get("waiting"):
        return
    actions.moderate_wish(wish, publish=True, organ=organ, by=city.accounts["feedback"], at=at + APART)
    text = wish.texts.get()
    for number, person in enumerate(people[1 : row["supporters"]], 2):
        if Wish.objects.filter(pk=wish.pk, state="open").exists():
            actions.support_wish(wish, text=text, by=person, at=at + number * APART)
    for act in row["acts"]:
        moment, item = _moment(city, act["days_ago"], 1), city.items.get(tuple(act.get("item", ())))
        if act["act"] == "answer":
            actions.answer_wish(wish, kind=act["kind"], answer=act["answer"], item=item, by=SOFTWARE, at=moment)
        elif act["act"] == "link" and item:
            adjustment = item.adjustments.order_by("-pk").first()
            actions.link_wish(wish, item=item, adjustment=adjustment, by=SOFTWARE, at=moment)
        else:
            linked = Wish.objects.select_related("item").get(pk=wish.pk)
            assert linked.item is not None
            actions.realise_wish(wish, item=linked.item, by=SOFTWARE, at=moment)
