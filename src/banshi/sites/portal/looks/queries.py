"""Looks at one's data from both books, calls of registers and openings of what is personal, as one list in time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate

from banshi.cases.models import Case, CaseMaterial
from banshi.cases.queries import cases_of
from banshi.core.clock import CHINA, day_of
from banshi.exchange.enums import TOLD_NOTHING
from banshi.exchange.models import CallRecord, Correction
from banshi.exchange.queries import answer_of, calls_about
from banshi.feedback.models import Complaint
from banshi.feedback.queries import complaints_of
from banshi.ledger import name_of
from banshi.ledger.models import LedgerEntry
from banshi.people.models import Identity, Organ, Post, User

MATTERS = 500
OPENED = "exchange.look_at_correction"
LOOKS = ("cases.look", "feedback.look", "people.look_at_identity", OPENED)
IN_TIME = ("-at", "-book", "-number")
SEEN = {"material": "材料", "paper": "文书", "kiosk": "文书（在自助机上打印）", "reporter": "反映人的姓名和联系方式"}
ALIKE = ("grant_id", "clerk", "purpose", "person_index", "outcome")
"""Columns in which calls that gave no answer are alike: those of one day are told as one."""
OF_IDENTITY = {"name": "登记的姓名", "number": "登记的证件号码", "phone": "登记的手机号码"}


@dataclass(frozen=True, slots=True)
class DataLook:
    """One look at a person's data in words, with the `call` where a register was asked."""

    at: datetime
    organ: Organ | None
    who: str
    seen: str
    matter: str
    why: str = ""
    case: Case | None = None
    call: CallRecord | None = None
    fields: Sequence[str] = ()
    said: Sequence[tuple[Any, str]] = ()
    alike: int = 0
    """Calls before it that day which gave no answer either."""


class InTime:
    """Rows of several tables in one order, as far as `listing.pages.KeySet` asks of a query."""

    def __init__(self, *parts: QuerySet[Any]) -> None:
        self.parts = parts

    def order_by(self, *by: str) -> "InTime":
        return InTime(*(each.order_by(*by) for each in self.parts))

    def filter(self, condition: Q) -> "InTime":
        return InTime(*(each.filter(condition) for each in self.parts))


def first_in_time(rows: Any, count: int) -> list[Any]:
    """Take the first rows of all, as many of each table as might be among them."""
    found = list(chain.from_iterable(each[:count] for each in rows.parts))
    backward = rows.parts[0].query.order_by[0].startswith("-")
    return sorted(found, key=attrgetter("at", "book", "number"), reverse=backward)[:count]


def seen_in_words(entry: LedgerEntry) -> str:
    """Name what somebody opened."""
    return SEEN.get(str(entry.facts.get("what", "")), "身份信息和填写的内容")


def own_calls(user: User, *, at: datetime) -> QuerySet[CallRecord]:
    """List calls about the user and for the user's own matters."""
    return calls_about(user, matters=[name_of(each) for each in _own_cases(user)], at=at)


def looks_of(user: User, *, at: datetime) -> InTime:
    """List who looked, but for the user's own looks."""
    cases = [name_of(each) for each in _own_cases(user)]
    complaints = [name_of(each) for each in complaints_of(user).select_related(None).only("pk")[:MATTERS]]
    own = list(Identity.objects.filter(user=user).only("pk", "number_index"))
    disputed = Correction.objects.filter(Q(matter__in=cases) | Q(person_index__in=[each.number_index for each in own]))
    opened = [name_of(each) for each in disputed.order_by("-pk").only("pk")[:MATTERS]]
    matters = [*cases, *complaints, *map(name_of, own), *opened]
    seen = LedgerEntry.objects.filter(action__in=LOOKS, subject__in=matters)
    calls = calls_about(user, matters=cases, at=at).prefetch_related("corrections")
    calls = calls.annotate(day=TruncDate("at", tzinfo=CHINA))
    later = CallRecord.objects.filter(number__gt=OuterRef("number"), at__gte=OuterRef("at"))
    alike = later.filter(**{each: OuterRef(each) for each in ALIKE}, at__date=OuterRef("day"))
    calls = calls.exclude(Q(outcome__in=TOLD_NOTHING) & Exists(alike))
    return InTime(calls.annotate(book=Value(0)), seen.exclude(actor=user.ledger_id).annotate(book=Value(1)))


def _own_cases(user: User) -> Iterable[Case]:
    return cases_of(user).select_related(None).only("pk")[:MATTERS]


def told(rows: Sequence[CallRecord | LedgerEntry], user: User) -> list[DataLook]:
    """Put rows of both books into words, with as many questions for one as for twenty."""
    entries = [each for each in rows if isinstance(each, LedgerEntry)]
    keys = [(each.subject.partition(":")[0], each.subject.partition(":")[2]) for each in entries]
    cases = Case.objects.select_related("item").in_bulk([int(key) for label, key in keys if label == Case._meta.label])
    complaints = Complaint.objects.in_bulk([int(key) for label, key in keys if label == Complaint._meta.label])
    papers = CaseMaterial.objects.filter(application__case__in=cases, replaced_at=None)
    materials = {
        (case, place): name for case, place, name in papers.values_list("application__case", "position", "name")
    }
    lookers = {int(each.actor.partition(":")[2]) for each in entries if each.actor.startswith("user:")}
    posts = list(Post.objects.filter(user__in=lookers).select_related("organ").order_by("id"))
    alike = _alike([each for each in rows if isinstance(each, CallRecord) and each.told_nothing])
    return [
        _entry(each, cases, complaints, materials, posts)
        if isinstance(each, LedgerEntry)
        else _call(each, user, alike[_of_day(each)] - 1)
        for each in rows
    ]


def _alike(calls: Sequence[CallRecord]) -> Counter[tuple[Any, ...]]:
    """Count the calls without an answer that are told as these."""
    if not calls:
        return Counter()
    days = {day_of(each.at) for each in calls}
    found = CallRecord.objects.filter(
        at__date__range=(min(days), max(days)),
        **{f"{name}__in": {getattr(each, name) for each in calls} for name in ALIKE},
    )
    return Counter(map(_of_day, found.only("at", *ALIKE)))


def _of_day(call: CallRecord) -> tuple[Any, ...]:
    return day_of(call.at), *(getattr(call, each) for each in ALIKE)


def _call(call: CallRecord, user: User, alike: int) -> DataLook:
    said = [(one, answer_of(one) if one.raised_by_id == user.pk else "") for one in call.corrections.all()]
    return DataLook(
        call.at,
        call.organ,
        "系统自动核对，没有经过人" if call.by_software else call.clerk_name,
        call.resource.name if call.resource else "没有登记的数据",
        f"{call.item.name if call.item else ''}（{call.purpose_number}），{call.person_role}的信息",
        call=call,
        fields=[call.resource.labels.get(key, key) if call.resource else key for key in call.fields],
        said=said,
        alike=max(0, alike),
    )


def _entry(
    entry: LedgerEntry,
    cases: dict[int, Case],
    complaints: dict[int, Complaint],
    materials: dict[tuple[int, int], str],
    posts: Sequence[Post],
) -> DataLook:
    facts, (label, _, key) = entry.facts, entry.subject.partition(":")
    case = cases.get(int(key)) if label == Case._meta.label else None
    complaint = complaints.get(int(key)) if label == Complaint._meta.label else None
    day = day_of(entry.at)
    held = [
        each.organ
        for each in posts
        if f"user:{each.user_id}" == entry.actor and each.since <= day and (each.until is None or each.until >= day)
    ]
    organ = next((each for each in held if case and each.pk == case.organ_id), held[0] if held else None)
    what = str(facts.get("what", ""))
    seen = seen_in_words(entry)
    if what == "material" and case:
        seen = f"材料“{materials.get((case.pk, facts.get('position', -1)), '已经换过的一份')}”"
    if what in ("paper", "kiosk"):
        seen = f"{seen} {facts.get('number', '')}"
    if entry.action == OPENED:
        seen = "说登记不对的话，和说的是谁（姓名、证件号码）"
    if entry.action == "people.look_at_identity":
        seen = OF_IDENTITY.get(str(facts.get("field")), "登记的身份信息")
    matter = (
        f"{case.item.name}（{case.number}）" if case else f"您反映的诉求（{complaint.number}）" if complaint else ""
    )
    return DataLook(entry.at, organ, entry.actor_name, seen, matter, str(facts.get("reason", "")), case)
