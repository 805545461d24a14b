"""A call log at the size of a city, written in bulk with the chain it would have."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction

from banshi.core.crypto import digest
from banshi.exchange.call_log import CALL, DIGESTED, digest_of
from banshi.exchange.models import CallRecord, Grant
from banshi.ledger.models import LedgerEntry
from banshi.ledger.recording import Act, entry_of
from tests import factories as make

AT_ONCE = 10_000
COLUMNS = (*DIGESTED, "digest")
OUTCOMES = ("match", "match", "match", "mismatch", "none")


def fill(
    grant: Grant, count: int, *, clerks: int = 40, cases_of: int = 5, people: int = 1_000, entered: bool = False
) -> int:
    """Append calls a minute apart, several for each case, and return how many. By COPY where there is one.

    `entered` writes the ledger's entries too, which no search asks for.
    """
    last = CallRecord.objects.order_by("-number").values_list("number", flat=True).first() or 0
    rows = _rows(grant, last, count, clerks, cases_of, people)
    table = CallRecord._meta.db_table
    names = ", ".join(connection.ops.quote_name(each) for each in COLUMNS)
    while some := list(islice(rows, AT_ONCE)):
        lines = [_line(row) for row in some]
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as to:
                    for line in lines:
                        to.write_row(line)
            else:
                marks = ", ".join(["%s"] * len(COLUMNS))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", lines)
            if entered:
                LedgerEntry.objects.bulk_create([_entry(grant, row) for row in some])
    return count


def _entry(grant: Grant, row: dict[str, Any]) -> LedgerEntry:
    told = {"call": row["number"], "digest": row["digest"]}
    return entry_of(Act(CALL, grant, told), by=make.TESTS, at=row["at"])


def _line(row: dict[str, Any]) -> tuple[Any, ...]:
    """Write a row as the database keeps it."""
    kept = {**row, "at": connection.ops.adapt_datetimefield_value(row["at"]), "fields": json.dumps(row["fields"])}
    return tuple(kept[each] for each in COLUMNS)


def _rows(grant: Grant, number: int, count: int, clerks: int, cases_of: int, people: int) -> Iterator[dict[str, Any]]:
    request = grant.request
    indexes = [digest(str(each).encode()) for each in range(people)]
    for place in range(count):
        case, clerk = place // cases_of, place % clerks
        row: dict[str, Any] = {
            "number": number + place + 1,
            "at": make.NOON + timedelta(minutes=place),
            "grant_id": grant.pk,
            "resource_id": request.resource_id,
            "organ_id": request.organ_id,
            "item_id": request.item_id,
            "clerk": f"user:{1_000_000 + clerk}",
            "clerk_name": f"经办{clerk}",
            "purpose": f"cases.Case:{1_000_000 + case}",
            "purpose_number": f"2026-{case}",
            "person_index": indexes[place % people],
            "person_role": "申请人",
            "kind": "verify",
            "fields": ["name"],
            "outcome": OUTCOMES[place % len(OUTCOMES)],
            "rows": 1,
            "milliseconds": 0,
            "answer_digest": "",
            "previous": "",
        }
        row["digest"] = digest_of(row)
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
