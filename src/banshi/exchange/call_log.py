"""The call log: each call appended with the ledger's entry of it, which has its digest, and verified against the ledger."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import chain, islice
from typing import Any, NamedTuple

from django.db import connection, connections, models, transaction
from django.db.models import BigIntegerField, Func, QuerySet

from banshi.core.append_only import unprotected
from banshi.core.crypto import digest
from banshi.core.prepared import Statement, execute, insert_if
from banshi.core.progress import Progress, no_progress
from banshi.events.emitting import event_of
from banshi.exchange.events import CALLED
from banshi.exchange.models import CallerKey, CallRecord, Grant
from banshi.ledger import Actor
from banshi.ledger.models import LedgerEntry
from banshi.ledger.recording import Act, entry_of
from banshi.ledger.recording import digest_of as digest_of_entry
from banshi.ledger.verification import verify

ANCHORED = "exchange.anchor_calls"
"""Entries of the ledger that name the end of the chain in which calls stood before each had its digest there."""
CALL, TAKEN = "exchange.call", "exchange.take_batch"
TOLD = (CALL, TAKEN)
"""Actions of the ledger that name the call they are about."""
DIGESTED = (
    *("number", "at", "grant_id", "resource_id", "organ_id", "clerk", "clerk_name", "purpose", "purpose_number"),
    *("item_id", "person_index", "person_role", "kind", "fields", "outcome", "rows", "milliseconds", "answer_digest"),
    "previous",
)
"""Columns under the digest: all but itself."""
ROWS_AT_ONCE = 2000
REPORTED_EVERY = 5000
TAKEN_NUMBER = "nextval(pg_get_serial_sequence('exchange_callrecord', 'number'))"
NEXT = {
    "postgresql": f"SELECT {TAKEN_NUMBER}",
    # In a transaction that writes nobody else does.
    "sqlite": "SELECT COALESCE(MAX(number), 0) + 1 FROM exchange_callrecord",
}


class NextNumber(Func):
    """The number of a call that is to be written, or NULL where the database gives it only then."""

    output_field = BigIntegerField()

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        return "NULL", []

    def as_postgresql(self, *args: Any, **kwargs: Any) -> Any:
        return TAKEN_NUMBER, []


def append(
    call: CallRecord,
    about: Grant | CallerKey,
    *,
    action: str = CALL,
    told_of: models.Model | None = None,
    by: Actor,
    facts: dict[str, Any] | None = None,
) -> CallRecord:
    """Write the call with the ledger's entry and the event of it.

    Its answer must not leave before this has committed. The event is about the grant or key, the entry too unless it
    tells of another row.
    """
    with transaction.atomic():
        append_if((), call, about, action=action, told_of=told_of, by=by, facts=facts)
    return call


def append_if(
    conditions: Sequence[Statement],
    call: CallRecord,
    about: Grant | CallerKey,
    *,
    action: str = CALL,
    told_of: models.Model | None = None,
    by: Actor,
    facts: dict[str, Any] | None = None,
) -> int:
    """Write the call as `append` does where all conditions of `prepared.insert_if` hold, and count those that do.

    One that has its number already needs no transaction.
    """
    if not call.number:
        database = connections["default"]
        with transaction.atomic():
            [call.number] = execute(database, NEXT[database.vendor], ()).fetchone()
            return append_if(conditions, call, about, action=action, told_of=told_of, by=by, facts=facts)
    call.digest = digest_of({each: getattr(call, each) for each in DIGESTED})
    told = {"call": call.number, "digest": call.digest, **(facts or {})}
    entry = entry_of(Act(action, told_of or about, told), by=by, at=call.at)
    event = event_of(CALLED, about, by=by, at=call.at, call=call.number, outcome=str(call.outcome))
    return insert_if(conditions, (call, entry, event))


def digest_of(row: dict[str, Any]) -> str:
    plain = {**row, "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds")}
    return digest(json.dumps([plain[each] for each in DIGESTED], ensure_ascii=False, separators=(",", ":")).encode())


@dataclass(frozen=True, slots=True)
class CallLogVerdict:
    """Result of `verify_call_log`. `problem` names the first call that is not as it was written."""

    count: int
    unsealed: int = 0
    problem: str = ""
    number: int = 0

    def __str__(self) -> str:
        waiting = f"，其中{self.unsealed}条的操作记录还没有封存" if self.unsealed else ""
        return self.problem or f"{self.count}条调用记录与操作记录里的摘要一致{waiting}"


def verify_call_log(progress: Progress = no_progress) -> CallLogVerdict:
    """Hold every call against the ledger's entry of it, those of before also against their chain, and verify the ledger."""
    run = _LogWalk(progress)
    for found in chain(run.chained(), run.entered(), run.inserted()):
        return CallLogVerdict(run.count, 0, found.words, found.number)
    # The ledger is what the calls are held against, and what was cut off with its entries is missing there.
    ledger = verify()
    if not ledger.holds:
        return CallLogVerdict(run.count, 0, f"操作记录不可信：{ledger}")
    if "exchange_callrecord" in unprotected(connection):
        return CallLogVerdict(run.count, 0, "数据库不再保护调用记录：触发器被去掉、停用或换过")
    return CallLogVerdict(run.count, LedgerEntry.objects.filter(action__in=TOLD, block=None).count())


class _Break(NamedTuple):
    words: str
    number: int


class _LogWalk:
    """One walk over the log and the ledger's entries of it."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.count = progress, 0
        anchors = LedgerEntry.objects.filter(action=ANCHORED).iterator(ROWS_AT_ONCE)
        self.anchors = {entry.facts["number"]: entry.facts["digest"] for entry in anchors}
        self.chain_end = max(self.anchors, default=0)
        self.entered_numbers = bytearray()
        """A byte for each number from which calls have their digest in the ledger, which is less than a set of them."""

    def chained(self) -> Iterator[_Break]:
        """Recompute the chain of the calls written before each had its digest in the ledger."""
        previous = ""
        for row in _rows(CallRecord.objects.filter(number__lte=self.chain_end).order_by("number")):
            number = self.count + 1
            if row["number"] != number:
                yield _Break(f"第{number}条调用记录不在了：被删去了", number)
            if row["digest"] != digest_of(row):
                yield _Break(f"第{number}条调用记录的内容与它的摘要不符：被改动过", number)
            if row["previous"] != previous:
                yield _Break(f"第{number}条调用记录与前一条接不上：它或它之前的记录被改写过", number)
            previous = row["digest"]
            if self.anchors.get(number, previous) != previous:
                yield _Break(f"第{number}条调用记录与操作记录里的留底不同：从头改写过", number)
            self._count()
        if self.count < self.chain_end:
            yield _Break(f"第{self.count + 1}条调用记录不在了：末尾的记录被删去了", self.count + 1)

    def entered(self) -> Iterator[_Break]:
        """Look for the call of each entry, and whether it is what the entry has the digest of."""
        entries = LedgerEntry.objects.filter(action__in=TOLD).order_by("number").iterator(ROWS_AT_ONCE)
        while some := list(islice(entries, ROWS_AT_ONCE)):
            told = {each.facts["call"]: each for each in some if each.facts["call"] > self.chain_end}
            rows = {row["number"]: row for row in _rows(CallRecord.objects.filter(number__in=[*told]))}
            for number, entry in told.items():
                if entry.digest != digest_of_entry(entry):
                    yield _Break(f"第{number}条调用记录的操作记录被改动过", number)
                row = rows.get(number)
                if row is None:
                    last = not CallRecord.objects.filter(number__gt=number).exists()
                    yield _Break(f"第{number}条调用记录不在了：{'末尾的记录' if last else ''}被删去了", number)
                elif not entry.facts.get("digest") == row["digest"] == digest_of(row):
                    yield _Break(f"第{number}条调用记录的内容与操作记录里的摘要不符：被改动过", number)
                self._mark(number)
                self._count()

    def _mark(self, number: int) -> None:
        place = number - self.chain_end
        self.entered_numbers.extend(bytes(max(0, place + 1 - len(self.entered_numbers))))
        self.entered_numbers[place] = True

    def inserted(self) -> Iterator[_Break]:
        """Look for calls of which the ledger has no entry."""
        rows = CallRecord.objects.filter(number__gt=self.chain_end).order_by("number").values_list("number", "at")
        strange = dict(row for row in rows.iterator(ROWS_AT_ONCE) if not self._is_marked(row[0]))
        if strange:  # of calls made meanwhile the entries were not walked over; they are of the same moment
            span = {"at__gte": min(strange.values()), "at__lte": max(strange.values())}
            for entry in LedgerEntry.objects.filter(action__in=TOLD, **span).iterator(ROWS_AT_ONCE):
                strange.pop(entry.facts["call"], None)
        for number in strange:
            yield _Break(f"第{number}条调用记录没有操作记录：是另外插入的", number)

    def _is_marked(self, number: int) -> bool:
        place = number - self.chain_end
        return place < len(self.entered_numbers) and bool(self.entered_numbers[place])

    def _count(self) -> None:
        self.count += 1
        if self.count % REPORTED_EVERY == 0:
            self.progress(self.count)


def _rows(calls: QuerySet[CallRecord]) -> Iterator[dict[str, Any]]:
    yield from calls.values(*DIGESTED, "digest").iterator(ROWS_AT_ONCE)
