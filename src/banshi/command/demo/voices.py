"""Complaints of the twelve months before as rows, and wishes, orders, draws and a bulletin by the real actions."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.db.models import Max

from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.models import Case
from banshi.cases.sealing import seal
from banshi.command.demo.feedback import neighbours
from banshi.command.demo.tables import document
from banshi.core.clock import CHINA, day_of
from banshi.core.crypto import digest
from banshi.events import emit
from banshi.events.models import Event
from banshi.events.sequencing import sequence
from banshi.feedback.actions import answer_wish, make_wish, moderate_wish, support_wish
from banshi.feedback.enums import ComplaintChannel
from banshi.feedback.events import COMPLAINT_ANSWERED, COMPLAINT_FILED, COMPLAINT_TRANSFERRED
from banshi.feedback.models import Complaint, ComplaintTransfer, Wish
from banshi.feedback.policy import policy
from banshi.feedback.queries import new_complaint_number
from banshi.feedback.sealing import CODE
from banshi.ledger import System, record
from banshi.people.models import Organ, User
from banshi.people.posts import current_posts
from banshi.supervision.actions import (
    answer_order,
    ask_party,
    close,
    close_list,
    give_order,
    issue_bulletin,
    open_number,
    prepare_draw,
    put_right,
    record_inspection,
    run_draw,
    seal_number,
)
from banshi.supervision.drawing import seal_of
from banshi.supervision.measures import count_events
from banshi.supervision.models import Irregularity, SupervisionBulletin
from banshi.supervision.periods import Period
from banshi.supervision.queries import inspectors_for, office_of, receiver_of, reporting_organ

BY = System("demo")
SHARE = 0.06
"""Complaints and questions to a case."""


def add_complaints(
    cases: Sequence[Case],
    pace: dict[int, float],
    chance: Random,
    calendar: WorkingCalendar,
    *,
    lately: bool,
    at: datetime,
) -> None:
    """Insert complaints and questions about a month's cases: the slower the office, the later and the oftener passed on.

    `lately` one was passed on twice, which supervision finds by its rule.
    """
    kinds = document("demo/months.json")["complaints"]
    weights = [each["weight"] for each in kinds]
    organs = list({each.organ_id: each.organ for each in cases}.values())
    about = [case for case in cases if chance.random() < SHARE] or list(cases[:1])
    drawn = [(case, _drawn(case, chance.choices(kinds, weights)[0], pace, chance, calendar)) for case in about]
    past = [(case, each) for case, each in drawn if each.ended_at and each.ended_at <= at]
    about, rows = [case for case, _ in past], [each for _, each in past]
    Complaint.objects.bulk_create(rows, 500)
    for place, each in enumerate(rows):
        told = {"what": each.kind, "channel": each.channel, "due_rank": each.due_rank, "accept_rank": each.accept_rank}
        record("feedback.file_complaint", each, by=BY, at=each.received_at, facts={**told, "text": each.likeness})
        emit(COMPLAINT_FILED, each, by=BY, at=each.received_at, **told)
        times = 2 if lately and place == 0 else int(chance.random() < pace[about[place].organ_id] * 0.15)
        others = [organ for organ in organs if organ.pk != each.organ_id]
        for to in chance.sample(others, min(times, len(others))):
            _pass_on(each, to)
        _answer(each)
    Complaint.objects.bulk_update(rows, ["organ", "division", "transfers"], 500)


def _drawn(
    case: Case, said: dict[str, Any], pace: dict[int, float], chance: Random, calendar: WorkingCalendar
) -> Complaint:
    """Draw the life of one complaint, answered long ago."""
    assert case.ended_at is not None
    received, kind = case.ended_at + timedelta(minutes=chance.randrange(5, 300)), said["kind"]
    limit, day = policy().complaint.limit_of(kind), received.astimezone(CHINA).date()
    due = calendar.rank_of(day) + limit.days
    used = max(1, round(limit.days * min(chance.gauss(pace[case.organ_id] * 0.9, 0.2), 1.5)))
    answered = datetime.combine(calendar.day_of(calendar.rank_of(day) + used), time(16), CHINA)
    text = said["text"].format(item=case.item.name)
    satisfied = chance.choices((True, False, None), (6, 1, 4))[0]
    return Complaint(
        number=new_complaint_number(received),
        code_sealed=seal("XXXXXXXX", purpose=CODE),
        kind=kind,
        channel=chance.choice((ComplaintChannel.SITE, ComplaintChannel.SITE, ComplaintChannel.PHONE)),
        service_class=policy().complaint.classes[-1].code,
        text=text,
        likeness=digest(text.encode()),
        item=case.item,
        division=case.organ.division,
        organ=case.organ,
        anonymous=True,
        state="closed",
        received_at=received,
        accept_rank=calendar.rank_of(day) + policy().complaint.accept_days,
        due_rank=due,
        promised={"days": limit.days, "basis": limit.basis, "last": calendar.day_of(due).isoformat()},
        answer=said["answer"].format(item=case.item.name),
        answered_at=answered,
        late_at=answered if used > limit.days else None,
        satisfied=satisfied,
        reopened=int(satisfied is False),
        ended_at=answered + timedelta(days=policy().complaint.reopen_days),
        is_example=True,
    )


def _pass_on(complaint: Complaint, to: Organ) -> None:
    source, complaint.transfers = complaint.organ, complaint.transfers + 1
    assert source is not None
    complaint.organ, complaint.division = to, to.division
    at, facts = complaint.received_at + timedelta(hours=complaint.transfers), {"to": to.pk, "source": source.pk}
    ComplaintTransfer.objects.create(complaint=complaint, source=source, to=to, reason="不归本单位管", at=at)
    record("feedback.transfer_complaint", complaint, by=BY, at=at, facts=facts)
    emit(COMPLAINT_TRANSFERRED, complaint, by=BY, at=at, times=complaint.transfers, **facts)


def _answer(complaint: Complaint) -> None:
    at, said = complaint.answered_at, digest(complaint.answer.encode())
    assert at is not None
    record("feedback.answer_complaint", complaint, by=BY, at=at, facts={"answer": said})
    emit(COMPLAINT_ANSWERED, complaint, by=BY, at=at, together=1, due_rank=complaint.due_rank)


def add_wishes(months: Sequence[Period]) -> None:
    """Let the demonstration's people wish, support and be answered by the real actions, a wish every other month."""
    people, desk = neighbours(), User.objects.filter(username="feedback").first()
    if desk is None or not people:
        return
    for place, told in enumerate(document("demo/months.json")["wishes"]):
        at = datetime.combine(months[told["month"]].first, time(10), CHINA)
        organ, author = Organ.objects.select_related("division").get(name=told["organ"]), people[place]
        wish = make_wish(title=told["title"], text=told["text"], organ=organ, by=author, at=at)
        moderate_wish(wish, publish=True, organ=organ, by=desk, at=at + timedelta(hours=2))
        text = wish.texts.get()
        others = [each for each in people if each != author][: told["supporters"] - 1]
        for number, person in enumerate(others, 1):
            if Wish.objects.filter(pk=wish.pk, state="open").exists():
                support_wish(wish, text=text, by=person, at=at + timedelta(hours=2 + number))
        if told.get("answer"):
            there = organ.items.filter(name=told["item"]).first() if "item" in told else None
            answered = at + timedelta(days=12)
            answer_wish(wish, kind=told["kind"], answer=told["answer"], item=there, by=BY, at=answered)
        Wish.objects.filter(pk=wish.pk).update(is_example=True)


def add_draws(months: Sequence[Period], calendar: WorkingCalendar) -> None:
    """Let supervision draw by the real actions: one drawn, inspected and put right, one whose party gave none, which waits for the beacon."""
    watcher, people = User.objects.filter(username="supervisor").first(), neighbours()
    if watcher is None or not people:
        return
    at = datetime.combine(months[-1].first, time(9), CHINA)
    inspectors, office = list(inspectors_for(watcher, at=at)[:4]), current_posts(watcher, at)[0].organ
    for told in document("demo/months.json")["draws"]:
        asked = {name: told[name] for name in ("title", "kind", "count", "checklist")}
        made = prepare_draw(office, **asked, by=watcher, at=at)
        party = ask_party(made, party=told["party"], account=people[0].username, by=watcher, at=at)
        closing = {"ended_since": months[0].first, "inspectors": inspectors, "beacon": told["beacon"]}
        made = close_list(made, **closing, by=watcher, at=at)
        if "number" not in told:
            continue
        seal = seal_of(made.commitment, party.name, told["number"])
        party = seal_number(party, seal=seal, by=people[0], at=at + timedelta(minutes=30))
        open_number(party, number=told["number"], by=people[0], at=at + timedelta(hours=1))
        made = run_draw(made, by=watcher, at=at + timedelta(hours=2))
        last = calendar.add_working_days(months[-1].first, 10)
        for place, one in enumerate(made.inspections.select_related("inspector")):
            seen, faulty = at + timedelta(days=1, hours=place), place == 1
            marks = ["ok", "not" if faulty else "ok", "ok"]
            record_inspection(
                one,
                faulty=faulty,
                marks=marks,
                words=told["found"][place],
                right_by=last if faulty else None,
                by=one.inspector,
                at=seen,
            )
            if faulty:
                put_right(one, words=told["righted"], by=BY, at=seen + timedelta(days=2))


def issue_last_bulletin(*, at: datetime) -> None:
    """Issue the bulletin of the month before, once what happened in it is counted."""
    watcher = User.objects.filter(username="supervisor").first()
    if watcher is None or SupervisionBulletin.objects.exists():
        return
    sequence()
    count_events(until=Event.objects.aggregate(newest=Max("number", default=0))["newest"])
    office = reporting_organ(watcher, at=at)
    if office is not None:
        issue_bulletin(office, Period.month_of(at.astimezone(CHINA).date()).before, by=watcher, at=at)


def add_orders(months: Sequence[Period], calendar: WorkingCalendar, *, at: datetime) -> None:
    """Let supervision order one thing a month: answered and closed, the last answered and not judged yet."""
    watcher = User.objects.filter(username="supervisor").first()
    if watcher is None:
        return
    told = document("demo/months.json")
    late = Irregularity.objects.filter(rule="case-overdue", level="red", state="found")
    late = late.filter(found_at__lt=at - timedelta(days=6))  # so that all that follows has happened by now
    spans = [{"happened_at__date__gte": each.first, "happened_at__date__lt": each.until} for each in months]
    offered = (late.filter(**span).select_related("organ").order_by("pk") for span in spans)
    office = office_of(watcher, at=at)
    of_months = [
        found
        for some in offered
        if (found := next((each for each in some if receiver_of(each, sender=office, day=day_of(each.found_at))), None))
    ]
    for place, found in enumerate(of_months):
        moment = found.found_at + timedelta(hours=3)
        due = calendar.add_working_days(moment.astimezone(CHINA).date(), 5)
        give_order(found, words=told["order"], due=due, by=watcher, at=moment)
        found.refresh_from_db()
        answer_order(found, words=told["answers"][place % len(told["answers"])], by=BY, at=moment + timedelta(days=3))
        if found != of_months[-1]:
            found.refresh_from_db()
            close(found, words=told["verdict"], by=watcher, at=moment + timedelta(days=5))
