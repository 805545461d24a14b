"""Twelve months of an office's ended cases with what people said of them, as taken over from a former system, for boards and bulletins to tell of.

Rows are inserted month by month, each act with its ledger entry and its event ([ADR 23](docs/adr)).
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.actions.applying import next_serial
from banshi.cases.clocks import counted
from banshi.cases.enums import ActKind, CaseChannel
from banshi.cases.events import ACTED
from banshi.cases.models import Application, Case, CaseAct, CaseOutcome
from banshi.cases.sealing import APPLICANT, CODE, CONTENT, seal
from banshi.cases.steps import plan_of
from banshi.catalog.models import Publication
from banshi.command.demo.voices import add_complaints, add_draws, add_orders, add_wishes
from banshi.core.clock import CHINA
from banshi.core.crypto import digest, encrypt
from banshi.core.ids import new_guid
from banshi.core.prepared import insert
from banshi.core.unit_of_work import unit_of_work
from banshi.events import emit
from banshi.feedback.enums import BadRatingOutcome, Grade, RatingChannel
from banshi.feedback.events import INVITED, RATED
from banshi.feedback.models import BadRating, Rating, RatingInvitation
from banshi.ledger import Act, System, record, record_many
from banshi.ledger.models import LedgerEntry
from banshi.people.models import Organ, User
from banshi.supervision.models import Irregularity, RuleStanding
from banshi.supervision.periods import Period
from banshi.supervision.rules import monitoring_rules

BUILT = "demo.build_months"
BY = System("demo")
MONTHS, ITEMS = 12, 30
RATED_SHARE = 0.35
SETTLED = timedelta(days=4)
"""What was said of a case came, and was answered, within so long: nothing of it may lie in the future."""


@dataclass(slots=True)
class PastMonth:
    """Rows a month inserts, model by model, with the acts to be recorded of it."""

    applications: list[Application] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    acts: list[tuple[CaseAct, dict[str, Any]]] = field(default_factory=list)
    outcomes: list[CaseOutcome] = field(default_factory=list)
    late: list[tuple[Case, date]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PastGuide:
    """A guide in force, with the days it promises and the last stage of its cases."""

    publication: Publication
    promised: int
    stage: int

    @classmethod
    def of(cls, publication: Publication) -> "PastGuide":
        limit = counted(publication.revision.guide.promised_limit)
        return cls(publication, max(min((limit or (10, None))[0], 20), 1), len(plan_of(publication)) - 1)


def is_built() -> bool:
    return LedgerEntry.objects.filter(action=BUILT).exists()


def build_months(*, cases: int, at: datetime, seed: int = 12) -> None:
    """Insert so many ended cases of the twelve months before the one of `at`, the same ones for the same seed."""
    chance, calendar = Random(seed), calendar_in_force()  # noqa: S311 - a demonstration, the same each time
    offered = Publication.objects.filter(
        until=None, item__is_example=True, item__state="active", item__organ__active=True
    )
    publications = list(offered.select_related("item__organ__division", "revision").order_by("item_id")[:ITEMS])
    person = User(username="earlier-applicant", full_name="往年申请人", is_active=False)
    person.set_unusable_password()
    person.save()
    offers = [PastGuide.of(each) for each in publications]
    # Each organ has its own pace and manners, so that peers differ.
    pace = {each.item.organ_id: chance.triangular(0.45, 1.05, 0.7) for each in publications}
    months = Period.month_of(at.astimezone(CHINA).date()).months[:-1][-MONTHS:] or []
    months = [months[0].before, *months] if len(months) < MONTHS else months
    for place, month in enumerate(months):
        wave = 1 + 0.25 * math.sin(place / len(months) * 2 * math.pi)
        with unit_of_work():
            past = _drawn(month, round(cases / len(months) * wave), offers, pace, person, at, chance, calendar)
            _inserted(past)
            _rated(past, pace, chance, calendar)
            _found(past, calendar, chance)
            add_complaints(past.cases, pace, chance, calendar, lately=month == months[-1], at=at)
    with unit_of_work():
        add_wishes(months)
        add_orders(months, calendar, at=at)
        add_draws(months, calendar)
        record(BUILT, Organ.objects.order_by("pk")[0], by=BY, at=at, facts={"cases": cases, "seed": seed})


def _drawn(
    month: Period,
    count: int,
    offers: list[PastGuide],
    pace: dict[int, float],
    person: User,
    now: datetime,
    chance: Random,
    calendar: WorkingCalendar,
) -> PastMonth:
    """Draw the lives of a month's cases, those that have ended by now."""
    past = PastMonth()
    days = [
        day for n in range(31) if (day := month.first + timedelta(days=n)) < month.until and calendar.is_working(day)
    ]
    of_person = {
        "applicant_masked": "往**人",
        "applicant_sealed": seal({"name": "往年申请人", "number": "", "phone": ""}, purpose=APPLICANT),
        "query_code_sealed": encrypt("XXXX", purpose=CODE),
    }
    weights = [1 / (2 + place % 7) for place in range(len(offers))]
    for offer in chance.choices(offers, weights, k=count):
        publication, promised = offer.publication, offer.promised
        item, organ, day = publication.item, publication.item.organ, chance.choice(days)
        used = max(0, round(promised * min(chance.gauss(pace[organ.pk], 0.18), 1.4)))
        received = _moment(day, chance)
        accepted = _after(received, chance.choice((0, 0, 1, 2)), calendar, chance)
        decided = _after(accepted, used, calendar, chance)
        delivered = _after(decided, chance.choice((0, 1, 3)), calendar, chance)
        if delivered > now - SETTLED:
            continue
        application = Application(
            owner=person,
            publication=publication,
            channel=chance.choice((CaseChannel.WINDOW, CaseChannel.ONLINE)),
            created_at=received,
            saved_at=received,
            expires_at=received,
            submitted_at=received,
            is_example=True,
        )
        case = Case(
            year=received.year,
            application=application,
            publication=publication,
            item=item,
            organ=organ,
            applicant=person,
            state="delivered",
            stage=offer.stage,
            received_at=received,
            complete_on=received.date(),
            accepted_on=accepted.date(),
            decided_on=decided.date(),
            ended_at=delivered,
            is_example=True,
            **of_person,
        )
        past.applications.append(application)
        past.cases.append(case)
        granted = chance.random() > 0.04
        if chance.random() < 0.12:
            past.acts.append((_act(case, ActKind.ASK_SUPPLEMENT, received + timedelta(hours=1)), {}))
        timing = {"left": promised - used, "used": used, "promised": promised}
        for kind, moment, told in (
            (ActKind.RECEIVE, received, {}),
            (ActKind.ACCEPT, accepted, {}),
            (ActKind.GRANT if granted else ActKind.DENY, decided, timing),
            (ActKind.DELIVER, delivered, {}),
        ):
            past.acts.append((_act(case, kind, moment), told))
        past.outcomes.append(CaseOutcome(case=case, granted=granted, decided_at=decided))
        if used > promised:
            past.late.append((case, calendar.add_working_days(accepted.date(), promised)))
    return past


def _act(case: Case, kind: ActKind, at: datetime) -> CaseAct:
    said = seal({"words": "不符合规定的条件"}, purpose=CONTENT) if kind == ActKind.DENY else b""
    return CaseAct(case=case, kind=kind, at=at, effective_on=at.date(), by_name="原系统", facts={}, content_sealed=said)


def _moment(day: date, chance: Random) -> datetime:
    return datetime.combine(day, time(9), CHINA) + timedelta(seconds=chance.randrange(7 * 3600))


def _after(at: datetime, days: int, calendar: WorkingCalendar, chance: Random) -> datetime:
    """Take a moment so many working days later, and later on the same day for none."""
    if not days:
        return at + timedelta(minutes=chance.randrange(15, 60))
    return _moment(calendar.add_working_days(at.date(), days), chance)


def _inserted(past: PastMonth) -> None:
    """Insert a month's rows, numbered after what each organ has numbered already."""
    for case in past.cases:
        case.serial = next_serial(case.organ, case.year)
        case.number = f"{case.year}-{case.organ_id}-{case.serial:06d}"
    insert(past.applications)
    insert(past.cases)
    acts = [each for each, _ in past.acts]
    insert(acts)
    insert(past.outcomes)
    for act, timing in sorted(past.acts, key=lambda each: each[0].at):
        said = digest(bytes(act.content_sealed)) if act.content_sealed else ""
        facts = {"case": act.case_id, "effective_on": act.effective_on, "content": said}
        record(f"cases.{act.kind}", act, by=BY, at=act.at, facts=facts)
        emit(ACTED, act.case, by=BY, at=act.at, act=str(act.kind), effective_on=act.effective_on.isoformat(), **timing)


def _rated(past: PastMonth, pace: dict[int, float], chance: Random, calendar: WorkingCalendar) -> None:
    """Ask after each case, and let some answer: the slower the office, the worse."""
    invitations, ratings = [], []
    for case in past.cases:
        assert case.ended_at is not None
        invitation = RatingInvitation(
            service=f"cases.Case:{case.pk}",
            code=new_guid().hex[-16:].upper(),
            label=case.item.name,
            case=case,
            organ=case.organ,
            item=case.item,
            channel=RatingChannel.ONLINE,
            invited_at=case.ended_at,
            expires_at=case.ended_at + timedelta(days=30),
        )
        invitations.append(invitation)
        if chance.random() < RATED_SHARE:
            bad = max(0.0, pace[case.organ_id] - 0.55) * 0.25
            grade = chance.choices(Grade.values, (0.62, 0.25, 0.13 - bad / 2, bad, bad / 2))[0]
            at = case.ended_at + timedelta(minutes=chance.randrange(5, 600))
            ratings.append(
                Rating(
                    invitation=invitation,
                    organ=case.organ,
                    item=case.item,
                    channel=RatingChannel.ONLINE,
                    grade=grade,
                    at=at,
                )
            )
    insert(invitations)
    insert(ratings)
    for each in invitations:
        record("feedback.invite_to_rate", each, by=BY, at=each.invited_at, facts={"service": each.service})
        emit(INVITED, each, by=BY, at=each.invited_at)
    for rating in ratings:
        told = {"grade": int(rating.grade), "channel": str(rating.channel), "named": False}
        record("feedback.rate", rating, by=BY, at=rating.at, facts={**told, "words": "", "tags": []})
        emit(RATED, rating, by=BY, at=rating.at, **told)
    answered = [each for each in ratings if each.grade >= Grade.BAD]
    BadRating.objects.bulk_create(
        BadRating(
            rating=each,
            organ=each.organ,
            state="closed",
            due_rank=calendar.rank_of(each.at.date()) + 5,
            outcome=BadRatingOutcome.MENDED,
            finding="原系统已经处理",
            answered_at=each.at + timedelta(days=2),
            ended_at=each.at + timedelta(days=3),
        )
        for each in answered
    )


def _found(past: PastMonth, calendar: WorkingCalendar, chance: Random) -> None:
    """Keep what supervision found of cases that were late, dealt with long ago but for the first of a month, which is ordered."""
    rules = [code for code in ("case-overdue",) if code in monitoring_rules()]
    found = defaultdict[str, list[Irregularity]](list)
    for rule, place, (case, last) in ((rule, *each) for rule in rules for each in enumerate(past.late)):
        rank, over = calendar.rank_of(last), datetime.combine(last, time(23, 59, 59), CHINA)
        found[rule].append(
            Irregularity(
                rule=rule,
                level="red",
                subject=f"cases.Case:{case.pk}",
                mark=f"red:{rank}",
                case=case,
                organ=case.organ,
                item=case.item,
                happened_at=over,
                found_at=over + timedelta(hours=7),
                due_rank=rank,
                state="found" if place == 0 else "closed" if chance.random() < 0.9 else "dismissed",
            )
        )
    for rule, rows in found.items():
        insert(rows)
        standing, _ = RuleStanding.objects.get_or_create(
            code=rule, defaults={"digest": monitoring_rules()[rule].digest, "known_at": rows[0].found_at}
        )
        acts = [Act("supervision.find", standing, {"rule": rule, "count": len(rows)})]
        record_many(acts, by=BY, at=max(each.found_at for each in rows))
