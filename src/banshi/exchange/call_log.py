"""The call log: appended under the lock of its head, chained by digest, verified from the first call to the last."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connection, transaction

from banshi.core.append_only import unprotected
from banshi.core.crypto import digest
from banshi.core.prepared import PreparedQuery, update
from banshi.core.progress import Progress, no_progress
from banshi.core.unit_of_work import append as add_row
from banshi.exchange.models import CallHead, CallRecord
from banshi.ledger.models import LedgerEntry

ANCHORED = "exchange.anchor_calls"
TOLD = ("exchange.call", "exchange.take_batch")
"""Actions of the ledger that name the call they are about."""
CHAINED = (
    *("number", "at", "grant_id", "resource_id", "organ_id", "clerk", "clerk_name", "purpose", "purpose_number"),
    *("item_id", "person_index", "person_role", "kind", "fields", "outcome", "rows", "milliseconds", "answer_digest"),
    "previous",
)
"""Columns under the digest: all but itself."""
ROWS_AT_ONCE = 2000
REPORTED_EVERY = 5000


HEAD = PreparedQuery(lambda: CallHead.objects.select_for_update().filter(pk=1))


@transaction.atomic(savepoint=False)
def append(call: CallRecord) -> CallRecord:
    """Give the call its number and chain it to the one before.

    The answer must not leave before this has committed.
    """
    head = HEAD.first() or CallHead.objects.create(pk=1)
    call.number, call.previous = head.number + 1, head.digest
    call.digest = digest_of({each: getattr(call, each) for each in CHAINED})
    add_row(CallRecord, [call])
    update(CallHead, {"pk": 1}, number=call.number, digest=call.digest)
    return call


def digest_of(row: dict[str, Any]) -> str:
    plain = {**row, "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds")}
    return digest(json.dumps([plain[each] for each in CHAINED], ensure_ascii=False, separators=(",", ":")).encode())


@dataclass(frozen=True, slots=True)
class CallLogVerdict:
    """Result of `verify_call_log`. `problem` names the first entry that is not as it was written."""

    count: int
    anchors: int
    problem: str = ""
    number: int = 0

    def __str__(self) -> str:
        return self.problem or f"{self.count}条调用记录前后相接，与操作记录里的{self.anchors}个留底一致"


def verify_call_log(progress: Progress = no_progress) -> CallLogVerdict:
    """Recompute the chain and compare it with its head, with anchors and newest call in the ledger, and with the table's triggers."""
    anchors = {
        entry.facts["number"]: entry.facts["digest"]
        for entry in LedgerEntry.objects.filter(action=ANCHORED).iterator(ROWS_AT_ONCE)
    }
    count, previous = 0, ""
    newest = LedgerEntry.objects.filter(action__in=TOLD).order_by("-number").first()
    told = int(newest.facts["call"]) if newest else 0
    before = CallHead.objects.filter(pk=1).first() or CallHead()

    def broken(words: str, number: int = 0) -> CallLogVerdict:
        return CallLogVerdict(count, len(anchors), words, number)

    for row in _rows():
        if row["number"] != count + 1:
            return broken(f"第{count + 1}条调用记录不在了：被删去了", count + 1)
        if row["digest"] != digest_of(row):
            return broken(f"第{row['number']}条调用记录的内容与它的摘要不符：被改动过", row["number"])
        if row["previous"] != previous:
            return broken(f"第{row['number']}条调用记录与前一条接不上：它或它之前的记录被改写过", row["number"])
        count, previous = row["number"], row["digest"]
        if anchors.get(count, previous) != previous:
            return broken(f"第{count}条调用记录与操作记录里的留底不同：从头改写过", count)
        if count == before.number and previous != before.digest:
            return broken(f"第{count}条调用记录与链尾记下的摘要不同：链尾被换过，或者末尾改写过", count)
        if count % REPORTED_EVERY == 0:
            progress(count)
    if max([before.number, told, *anchors]) > count:
        return broken(f"第{count + 1}条调用记录不在了：末尾的记录被删去了", count + 1)
    # Calls made while the rows were read are under the head of afterwards.
    after = CallHead.objects.filter(pk=1).first() or CallHead()
    if count > after.number:
        return broken(f"第{after.number + 1}条调用记录在链尾以后：是另外插入的", after.number + 1)
    if "exchange_callrecord" in unprotected(connection):
        return broken("数据库不再保护调用记录：触发器被去掉、停用或换过")
    return CallLogVerdict(count, len(anchors))


def _rows() -> Iterator[dict[str, Any]]:
    yield from CallRecord.objects.order_by("number").values(*CHAINED, "digest").iterator(ROWS_AT_ONCE)
