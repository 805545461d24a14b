"""Gap-free numbers by organ, series and year."""

from typing import NamedTuple

from django.db import connection, transaction

from banshi.core.prepared import prepared_cursor
from banshi.papers.models import Letterhead, PaperCounter
from banshi.papers.queries import KEY_IN_FORCE
from banshi.people.models import Organ

NEXT = """
INSERT INTO {counter} (organ_id, series, year, last) VALUES (%(organ)s, %(series)s, %(year)s, 1)
ON CONFLICT (organ_id, series, year) DO UPDATE SET last = {counter}.last + 1
RETURNING last, (SELECT sign FROM {letterhead} WHERE organ_id = %(organ)s), ({template})
"""
TABLES = {"counter": PaperCounter._meta.db_table, "letterhead": Letterhead._meta.db_table}


class Numbered(NamedTuple):
    """Number of the next paper of a series, with its organ's 机关代字 and the key of the text it is printed by."""

    serial: int
    sign: str | None
    template: int | None


def next_number(kind: str, organ: Organ, *, series: str, year: int) -> Numbered:
    """Take the next number of a series, whose row stays locked until the transaction ends, so that none is lost or doubled."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number belongs in the transaction of its act")
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            NEXT.format(template=KEY_IN_FORCE, **TABLES),
            {"kind": kind, "organ": organ.pk, "series": series, "year": year},
        )
        return Numbered(*cursor.fetchone())
