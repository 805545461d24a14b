"""Tasks of connectors that nobody's act starts."""

from datetime import datetime, timedelta

from django_tasks import task

from banshi.connectors.timestamp.connector import authority_in_settings
from banshi.jobs.schedule import schedule
from banshi.ledger.stamps import digest_to_stamp, keep_stamp, waiting_for_stamps


@task()
def stamp_anchors(at: str) -> dict[str, int]:
    """Have the newest anchors stamped.

    Where the authority is away the next hour asks again.
    """
    now, authority = datetime.fromisoformat(at), authority_in_settings()
    waiting = waiting_for_stamps(at=now) if authority else []
    for note in waiting:
        assert authority
        keep_stamp(note, authority.stamp(digest_to_stamp(note)), at=now)
    return {"stamped": len(waiting)}


schedule("stamp_anchors", "给留底加盖时间戳", stamp_anchors, every=timedelta(hours=1))
