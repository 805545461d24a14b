"""Tasks of hand-out: reminders in the morning, and where parcels are."""

from datetime import datetime, time

from django_tasks import task

from banshi.handout.actions import follow_parcels, remind_uncollected
from banshi.handout.express import is_open
from banshi.jobs.schedule import schedule
from banshi.ledger import System


@task()
def mind_hand_outs(at: str) -> dict[str, int]:
    """Remind of what nobody came for, and close what was signed for."""
    moment, software = datetime.fromisoformat(at), System("handout")
    reminded = remind_uncollected(by=software, at=moment)  # first, as the company may be away
    return {"reminded": reminded, "delivered": follow_parcels(by=software, at=moment) if is_open() else 0}


schedule("hand_outs", "出件：提醒没有来领的，查询快递签收", mind_hand_outs, at=time(9, 0))
