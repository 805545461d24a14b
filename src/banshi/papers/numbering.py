"""Gap-free numbers by organ, series and year."""

from django.db import connection, transaction

from banshi.papers.models import PaperCounter
from banshi.people.models import Organ

NEXT = """
INSERT INTO {table} (organ_id, series, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (organ_id, series, year) DO UPDATE SET last = {table}.last + 1 RETURNING last
"""


def next_number(organ: Organ, series: str, year: int) -> int:
    """Take the next number of a series, whose row stays locked until the transaction ends, so that none is lost or doubled."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number belongs in the transaction of its act")
    with connection.cursor() as cursor:
        cursor.execute(NEXT.format(table=PaperCounter._meta.db_table), [organ.pk, series, year])
        return int(cursor.fetchone()[0])
