"""A call log at the size of a city, written in bulk with the chain it would have."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from banshi.core.crypto import digest
from banshi.exchange.call_log import CHAINED, digest_of
from banshi.exchange.models import CallHead, CallRecord, Grant
from tests import factories as make

AT_ONCE = 2_000
OUTCOMES = ("match", "match", "match", "mismatch", "none")


def fill(grant: Grant, count: int, *, clerks: int = 40, cases_of: int = 5, people: int = 1_000) -> int:
    """Append calls a minute apart, several for each case, and return how many."""
    head = CallHead.objects.filter(pk=1).first() or CallHead(pk=1)
    rows = _rows(grant, head.number, head.digest, count, clerks, cases_of, people)
    last: CallRecord | None = None
    while some := list(islice(rows, AT_ONCE)):
        CallRecord.objects.bulk_create(some)
        last = some[-1]
    if last:
        CallHead.objects.update_or_create(pk=1, defaults={"number": last.number, "digest": last.digest})
    return count


def _rows(
    grant: Grant, number: int, previous: str, count: int, clerks: int, cases_of: int, people: int
) -> Iterator[CallRecord]:
    request = grant.request
    for place in range(count):
        case, clerk = place // cases_of, place % clerks
        row = CallRecord(
            number=number + place + 1,
            at=make.NOON + timedelta(minutes=place),
            grant=grant,
            resource=request.resource,
            organ=request.organ,
            item_id=request.item_id,
            clerk=f"user:{1_000_000 + clerk}",
            clerk_name=f"经办{clerk}",
            purpose=f"cases.Case:{1_000_000 + case}",
            purpose_number=f"2026-{case}",
            person_index=digest(str(place % people).encode()),
            person_role="申请人",
            kind="verify",
            fields=["name"],
            outcome=OUTCOMES[place % len(OUTCOMES)],
            rows=1,
            previous=previous,
        )
        row.digest = previous = digest_of({each: getattr(row, each) for each in CHAINED})
        yield row


def world() -> tuple[Grant, Any]:
    """A grant and whoever may search the log, made once."""
    from tests.factories import exchange

    known = Grant.objects.first()
    if known:
        return known, make.user("data_manager", make.organ())
    provider, bureau = make.organ("示例市公安局"), make.organ("示例市教育局")
    resource = exchange.resource(provider, "GA-RK-001", "户籍人口登记信息")
    grant = exchange.request(resource, bureau, "核对").grant
    assert grant.until > date(2026, 12, 31)
    return grant, make.user("data_manager", make.organ())
