"""The sequencer: numbers events once they have committed, so that no consumer passes one that commits later.

Sequence values are taken at insert, in another order than transactions commit. Numbering what is visible, one process at a time,
gives an order that only grows at its end. An act never waits for it: whoever finds it busy leaves, and the busy one looks again
after its own commit.
"""

from django.db import connection, transaction

from banshi.events.models import Event

LOCK = 7_305_815
NUMBERING = """
UPDATE events_event SET number = placed.number FROM (
    SELECT id, (SELECT COALESCE(MAX(number), 0) FROM events_event) + ROW_NUMBER() OVER (ORDER BY first, id) AS number
    FROM (SELECT id, MIN(id) OVER (PARTITION BY act) AS first FROM events_event WHERE number IS NULL) AS fresh
) AS placed WHERE events_event.id = placed.id
"""


def sequence() -> None:
    """Number every committed event, those of an act beside each other."""
    while _number() and is_waiting():
        pass


def is_waiting() -> bool:
    """Tell whether committed events have no number yet."""
    return Event.objects.filter(number=None).exists()


@transaction.atomic
def _number() -> bool:
    """Number what has committed, or return False while another process does."""
    # SQLite's write transaction is a lock by itself.
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return False
        cursor.execute(NUMBERING)
    return True
