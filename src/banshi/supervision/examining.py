"""Examination of events by the rules, and of what is due by clocks. Each finding once, however often it is met."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from banshi.access import Permission, roles_with
from banshi.core.clock import day_of
from banshi.core.crypto import digest
from banshi.core.models import Cursor
from banshi.events.consuming import consume, events_after, is_behind
from banshi.events.kinds import KINDS
from banshi.events.models import Event
from banshi.feedback.models import Complaint
from banshi.feedback.queries import desks_over
from banshi.fees.models import FeeOrder
from banshi.ledger import Act, System, record_many
from banshi.notifications.notify import NewNotification, notify, notify_many
from banshi.notifications.recipients import holders
from banshi.people.models import Organ
from banshi.supervision.indicators import note_indicators
from banshi.supervision.lights import Light
from banshi.supervision.measures import count_events
from banshi.supervision.models import Irregularity, RuleStanding
from banshi.supervision.notifications import BROKEN, FOUND
from banshi.supervision.rules import Met, MonitoringRule, by_event, monitoring_rules

log = logging.getLogger("banshi.supervision")
CONSUMER = "supervision.rules"
BATCH = 1000
ROWS_AT_ONCE = 500
LOOKS_BACK = timedelta(days=31)
SOFTWARE = System("supervision")
Kept = tuple[str, str, str, str, int]
"""Rule, subject, mark, level and organ of a finding."""


def slices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(values), ROWS_AT_ONCE):
        yield values[first : first + ROWS_AT_ONCE]


def catch_up() -> None:
    """Examine what has happened since the last time, and what rules that are new or mended still owe."""
    look_back()
    if (newest := Event.objects.filter(number__isnull=False).order_by("-number").first()) is not None:
        note_indicators(at=newest.at)
    while is_behind(CONSUMER):
        with consume(CONSUMER, batch_size=BATCH) as events:
            if events is None:
                break
            apply(list(events))
    count_events()


def apply(events: Sequence[Event], rules: Iterable[MonitoringRule] | None = None) -> int:
    """Examine some events by the rules, and return how many findings are new.

    Idempotent, whatever order they come in: occurrences are read from the log.
    """
    if not events:
        return 0
    # Numbers go by when events were written down: one that happened earlier may be numbered later.
    at = max(each.at for each in events)
    first = min(each.number or 0 for each in events)
    met = []
    for rule in by_event(monitoring_rules().values()) if rules is None else rules:
        met += [(rule, each) for each in _examined(rule, events, first - 1, at=at)]
    return keep(_findings(met, at=at, retrospective=False), at=at)


def _examined(rule: MonitoringRule, events: Sequence[Event], before: int, *, at: datetime) -> list[Met]:
    """Ask one rule, whose failure is its own."""
    try:
        with transaction.atomic():
            return list(rule.examine(events))
    except Exception as error:
        log.exception("rule %s of supervision failed", rule.code)
        _report_failure(rule, before, f"{type(error).__name__}: {error}"[:500], at=at)
        return []


def _report_failure(rule: MonitoringRule, before: int, error: str, *, at: datetime) -> None:
    """Keep from which event on the rule owes its findings, and tell whoever supervises once."""
    standing = standing_of(rule, at=at)
    first_time = standing.failed_at is None
    standing.failed_after = before if standing.failed_after is None else min(before, standing.failed_after)
    standing.failed_at, standing.error = standing.failed_at or at, error
    standing.save()
    if first_time:
        supervising = Organ.objects.filter(posts__role__in=roles_with(Permission.SUPERVISION_ORDER)).distinct()
        found = holders(supervising.values_list("pk", flat=True), Permission.SUPERVISION_ORDER, day_of(at))
        told = sorted(set().union(*found.values())) if found else []
        notify(BROKEN, told, subject=standing, context={"label": rule.label, "error": error[:100]}, at=at)


def standing_of(rule: MonitoringRule, *, at: datetime) -> RuleStanding:
    kept, _ = RuleStanding.objects.get_or_create(code=rule.code, defaults={"digest": rule.digest, "known_at": at})
    return kept


@transaction.atomic
def look_back(*, retry: bool = False) -> None:
    """Let rules that are new or changed examine the last month, and those that failed what they owe.

    One that fails unchanged is tried again only on `retry`.
    """
    rules = {each.code: each for each in by_event(monitoring_rules().values())}
    standings = {each.code: each for each in RuleStanding.objects.all()}
    owing = [
        each
        for code, each in rules.items()
        if code not in standings or standings[code].digest != each.digest or (retry and standings[code].failed_at)
    ]
    if not owing:
        return
    reached = Cursor.objects.filter(reader=CONSUMER).values_list("position", flat=True).first() or 0
    newest = Event.objects.filter(number__lte=reached).order_by("-number").first()
    first = newest or Event.objects.filter(number__isnull=False).order_by("number").first()
    if first is None:
        return
    for rule in owing:
        standing, at = standing_of(rule, at=first.at), first.at
        failed, after = standing.failed_at, standing.failed_after or 0
        standing.digest, standing.failed_at, standing.failed_after, standing.error = rule.digest, None, None, ""
        standing.looked_back_at = at if newest else None
        standing.save()
        since = None if failed else at - LOOKS_BACK
        _examine_again(rule, after, reached, since, at=at)


def _examine_again(rule: MonitoringRule, after: int, until: int, since: datetime | None, *, at: datetime) -> None:
    """Examine what was consumed before, chunk by chunk, and stop where the rule fails."""
    kinds = [KINDS[each] for each in rule.event_kinds]
    while chunk := list(events_after(after, kinds).filter(number__lte=until)[:BATCH]):
        first, after = after, chunk[-1].number or 0
        recent = [each for each in chunk if since is None or each.at >= since]
        met = [(rule, each) for each in _examined(rule, recent, first, at=at)]
        keep(_findings(met, at=at, retrospective=since is not None), at=at)
        if RuleStanding.objects.filter(code=rule.code, failed_at__isnull=False).exists():
            return


def _findings(met: Sequence[tuple[MonitoringRule, Met]], *, at: datetime, retrospective: bool) -> list[Irregularity]:
    """Make findings of what rules met, each with the case it concerns."""
    orders = [each.event.subject_id for _, each in met if each.event.subject_type == "fees.FeeOrder"]
    cases = dict(FeeOrder.objects.filter(pk__in=orders).values_list("pk", "case")) if orders else {}
    # What nobody was given yet is for the desk that should have given it to somebody.
    complaints = [each.event.subject_id for _, each in met if each.event.subject_type == "feedback.Complaint"]
    unplaced = (
        dict(Complaint.objects.filter(pk__in=complaints).values_list("pk", "division__code")) if complaints else {}
    )
    desks = desks_over(set(unplaced.values()), at=at) if unplaced else {}
    found = []
    for rule, each in met:
        event = each.event
        nobody_s = event.organ_id is None and event.subject_type == "feedback.Complaint"
        organ = desks.get(unplaced[event.subject_id]) if nobody_s else event.organ_id
        if organ is None:
            continue
        own = {"cases.Case": event.subject_id, "fees.FeeOrder": cases.get(event.subject_id)}
        found.append(
            Irregularity(
                rule=rule.code,
                level=each.level,
                subject=f"{event.subject_type}:{event.subject_id}",
                mark=str(event.number),
                case_id=own.get(event.subject_type),
                organ_id=organ,
                item_id=event.item_id,
                happened_at=event.at,
                found_at=max(at, event.at),
                retrospective=retrospective,
            )
        )
    return found


@transaction.atomic
def keep(found: Sequence[Irregularity], *, at: datetime) -> int:
    """Keep the findings nobody has kept before, record them, and tell the organs' heads, once for all of an organ."""
    if not found:
        return 0
    subjects = {each.subject for each in found}
    known = set[tuple[str, str, str]]()
    for some in slices(sorted(subjects)):
        known |= set(Irregularity.objects.filter(subject__in=some).values_list("rule", "subject", "mark"))
    unique = {(each.rule, each.subject, each.mark): each for each in found}
    new = [each for key, each in unique.items() if key not in known]
    if not new:
        return 0
    kept = Irregularity.objects.bulk_create(new, ROWS_AT_ONCE)
    return tell([(each.rule, each.subject, each.mark, each.level, each.organ_id) for each in kept], at=at)


def tell(kept: Sequence[Kept], *, at: datetime) -> int:
    """Record findings that were just kept, and tell the organs' heads of them."""
    rules, acts = monitoring_rules(), []
    for code, of_rule in groupby(sorted(kept), key=lambda each: each[0]):
        those = list(of_rule)
        lines = "\n".join(f"{subject} {mark} {level}" for _, subject, mark, level, _ in those)
        facts = {"rule": code, "count": len(those), "digest": digest(lines.encode())}
        standing = RuleStanding.objects.filter(code=code).first() or standing_of(rules[code], at=at)
        acts.append(Act("supervision.find", standing, facts))
    record_many(acts, by=SOFTWARE, at=at)
    counted = Counter((organ, level) for *_, level, organ in kept)
    heads = holders({organ for organ, _ in counted}, Permission.SUPERVISION_ANSWER, day_of(at))
    names = Organ.objects.in_bulk(list(heads))
    notices = []
    for organ, people in heads.items():
        red, yellow = counted[organ, Light.RED], counted[organ, Light.YELLOW]
        context = {"count": red + yellow, "red": red}
        notices.append(NewNotification(FOUND, sorted(people), names[organ], context))
    notify_many(notices, at=at)
    return len(kept)
