"""Reads of the clean-up: what was found, where and how often. What is kept and on what ground."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.core.cache import cache as memory
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from banshi.access import Permission
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item, Revision
from banshi.catalog.queries import items_visible_to
from banshi.core.crypto import digest
from banshi.exchange.held_data import HeldData
from banshi.exchange.queries import data_held
from banshi.law.queries import register_of_laws
from banshi.law.register import LawFacts, LawRegister
from banshi.people.models import Organ, User
from banshi.people.posts import organs_where
from banshi.rulebook import rules as rule_modules
from banshi.rulebook.engine import rulebook
from banshi.rulebook.enums import Severity
from banshi.rulebook.limits import natural_days
from banshi.rulebook.models import CommitmentForm, Examination, FlawFound, Objection, ProofKept, Retention
from banshi.rulebook.rule import About, Finding, Rule
from banshi.rulebook.word_lists import shipped_words

DaysOff = tuple[tuple[date, bool], ...]
LAWS_KEPT = 60  # seconds
RUNS_SHOWN = 30


# The rule book as of today


def current_rulebook(day: date) -> list[Rule]:
    """Prepare every rule as of `day`, with laws, calendar and data catalogue as they stood within the last minute."""
    known = memory.get_or_set(
        "rulebook.context", lambda: (register_of_laws().laws, _days_off(), data_held(), organ_names()), LAWS_KEPT
    )
    laws, days_off, held, organs = known or ((), (), (), frozenset())
    return _rulebook(day, laws, days_off, held, organs)


@lru_cache(maxsize=4)
def _rulebook(
    day: date,
    laws: tuple[LawFacts, ...],
    days_off: DaysOff,
    held: tuple[HeldData, ...],
    organs: frozenset[tuple[str, str]],
) -> list[Rule]:
    calendar = calendar_in_force()
    return rulebook(day, LawRegister(laws), natural_days(calendar) if calendar.known else None, held, organs)


def _days_off() -> DaysOff:
    """Return the calendar in force, as something to know it by again."""
    return tuple(sorted(calendar_in_force().exceptions.items()))


def organ_names() -> frozenset[tuple[str, str]]:
    """List the names, whole and short, by which steps may give work to an organ, with its division."""
    rows = Organ.objects.filter(active=True).values_list("division", "name", "short_name")
    return frozenset((division, each) for division, *names in rows for each in names if each)


def rulebook_mark(day: date) -> str:
    """Compute a mark that changes when a rule, a word list, the calendar, what is in force or what offices share changes.

    Not from one day to the next as such.
    """
    laws = sorted(
        (
            law.title,
            law.doc_no,
            law.force_on(day),
            law.replaced_by,
            str(law.version_on(day)),
            str(law.next_version(day)),
        )
        for law in register_of_laws().laws
    )
    return digest(f"{_rules_mark()}{laws}{_days_off()}{data_held()}{sorted(organ_names())}".encode())


@cache
def _rules_mark() -> str:
    sources = sorted(Path(rule_modules.__path__[0]).glob("*.py"))
    return digest(
        b"".join(path.read_bytes() for path in sources) + repr((shipped_words().lists, shipped_words().place)).encode()
    )


def about(item: Item) -> About:
    """Collect what the rules may know around the guide.

    `item` has its organ and yearly volume at hand.
    """
    organ = item.organ
    told = getattr(item, "yearly_volume", None)
    return About(item.kind, item.code, organ.name, organ.kind, organ.uscc, told and told.count, organ.division_id)


def place_of(finding: Finding) -> str:
    """Reduce a finding's place to what it says, by which it is known again when rows move."""
    element = ".".join(part for part in finding.path.split(".") if not part.isdecimal())
    return digest(f"{element}\x1f{finding.quote}".encode())


# What is to be examined


def texts_of(items: QuerySet[Item]) -> QuerySet[Revision]:
    """List of each item in use the draft and what is in force."""
    return (
        Revision.objects.filter(item__in=items, item__state="active")
        .filter(Q(state__in=Revision.OPEN) | Q(publication__isnull=False, publication__until=None))
        .select_related("item__organ", "item__yearly_volume", "publication", "examined")
        .order_by("item_id", "id")
    )


# What was found


def flaws_visible_to(user: User, permission: Permission = Permission.ITEM_VIEW, *, at: datetime) -> QuerySet[FlawFound]:
    """List findings on the texts people go on with, of the organs over which the user holds the permission."""
    return FlawFound.objects.filter(
        newest=True, organ__in=organs_where(user, permission, at), item__state="active"
    ).select_related("item", "organ", "retention")


def open_flaws(flaws: QuerySet[FlawFound]) -> QuerySet[FlawFound]:
    return flaws.filter(retention=None)


@dataclass(frozen=True, slots=True)
class SeverityTally:
    """Findings counted by severity."""

    key: str
    label: str
    must: int
    should: int
    hint: int

    @property
    def total(self) -> int:
        return self.must + self.should + self.hint


def tally_by_organ(flaws: QuerySet[FlawFound], limit: int) -> list[SeverityTally]:
    """Return the most burdened organs first, by what must be changed."""
    return _tally(flaws, "organ", "organ__name", ("-must", "-should", "-hint"), limit)


def tally_by_rule(flaws: QuerySet[FlawFound], limit: int) -> list[SeverityTally]:
    """Return the rules most often broken first.

    Their sentences stand in the rule book.
    """
    return _tally(flaws, "rule", "rule", ("-total",), limit)


def _tally(flaws: QuerySet[FlawFound], key: str, label: str, order: tuple[str, ...], limit: int) -> list[SeverityTally]:
    counts: dict[str, Any] = {str(each.value): Count("pk", filter=Q(severity=each)) for each in Severity}
    rows: Any = flaws.order_by().values(key, label).annotate(total=Count("pk"), **counts).order_by(*order, key)
    return [SeverityTally(str(row[key]), row[label], row["must"], row["should"], row["hint"]) for row in rows[:limit]]


def broken_in_force() -> dict[str, int]:
    """Count breaches of each rule in what the public reads.

    Kept findings do not count.
    """
    found = FlawFound.objects.filter(in_force=True, retention=None, item__listing__isnull=False)
    return dict(found.order_by().values_list("rule").annotate(Count("pk")))


def retentions_of(item: Item) -> dict[tuple[str, str], Retention]:
    """List those in effect, by rule and place."""
    return {(each.rule, each.place): each for each in item.retentions.filter(ended_at=None)}


# Runs


def examinations_of(organs: Iterable[int]) -> list[Examination]:
    """Return the newest finished runs that covered any of the organs, oldest first."""
    asked = set(organs)
    runs = Examination.objects.exclude(finished_at=None)[: RUNS_SHOWN * 4]
    return [run for run in runs if asked & set(run.organs)][:RUNS_SHOWN][::-1]


def running_examination(organs: Iterable[int]) -> Examination | None:
    """Return the run under way, when it covers any of the organs."""
    run = Examination.objects.filter(finished_at=None).first()
    return run if run and set(organs) & set(run.organs) else None


@dataclass(frozen=True, slots=True)
class Point:
    """The open findings of the organs together after a run."""

    at: datetime
    must: int
    should: int
    hint: int


def trend(organs: Iterable[int]) -> list[Point]:
    """Draw one point for each run.

    An organ a run did not cover stands as the run before left it.
    """
    asked, points = {str(each) for each in organs}, []
    standing: dict[str, dict[str, int]] = {}
    for run in examinations_of(int(each) for each in asked):
        covered = asked & {str(each) for each in run.organs}
        standing |= {organ: run.counts.get("organ", {}).get(organ, {}) for organ in covered}
        sums = {each: sum(counts.get(each, 0) for counts in standing.values()) for each in Severity.values}
        points.append(Point(run.finished_at or run.started_at, **sums))
    return points


# Proofs that are kept, and commitments


def proofs_public() -> QuerySet[ProofKept]:
    """List the proofs of items the public knows."""
    return proofs_kept().filter(item__listing__isnull=False)


def proofs_kept() -> QuerySet[ProofKept]:
    """List every proof that may still be asked for."""
    return ProofKept.objects.filter(until=None).select_related("item__organ", "item__listing").order_by("name", "id")


def proofs_visible_to(user: User, *, at: datetime) -> QuerySet[ProofKept]:
    """List those of the user's organs, with how many objections wait for an answer."""
    mine = items_visible_to(user, at=at).order_by().values("pk")
    waiting = Count("objections", filter=Q(objections__answered_at=None))
    return proofs_kept().filter(item__in=mine).annotate(waiting=waiting)


def objections_waiting(user: User, *, at: datetime) -> QuerySet[Objection]:
    organs = organs_where(user, Permission.ITEM_EDIT, at)
    return (
        Objection.objects.filter(answered_at=None, proof__item__organ__in=organs)
        .select_related("proof__item__organ")
        .order_by("id")
    )


def objections_shown(proof: ProofKept) -> QuerySet[Objection]:
    """List objections that were answered and approved for anyone to read."""
    return proof.objections.filter(public=True)


def commitments() -> QuerySet[CommitmentForm]:
    """List forms of items in force.

    For the public.
    """
    return CommitmentForm.objects.filter(item__listing__isnull=False).select_related("item__organ")


def organs_with_items(user: User, *, at: datetime) -> QuerySet[Organ]:
    """List organs whose items the user may have examined."""
    has = Item.objects.filter(organ=OuterRef("pk"), state="active")
    return organs_where(user, Permission.ITEM_EDIT, at).filter(Exists(has))
