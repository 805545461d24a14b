"""Tasks of the clock, each effect once however late: silent acceptance and renewal, broken promises, old drafts."""

from datetime import datetime, time

from django_tasks import task

from banshi.cases.actions import accept_overdue, discard_expired, end_unsupplied, renew_overdue
from banshi.jobs.schedule import schedule
from banshi.ledger import System


@task()
def run_clocks(at: str) -> dict[str, int]:
    """Do what the law says follows from days gone by, and count it."""
    moment, software = datetime.fromisoformat(at), System("clocks")
    return {
        "accepted": accept_overdue(by=software, at=moment),
        "ended": end_unsupplied(by=software, at=moment),
        "renewed": renew_overdue(by=software, at=moment),
        "discarded": discard_expired(by=software, at=moment),
    }


schedule(
    "case_clocks", "办件到期的自动处理：视为受理、视为准予延续、容缺逾期终止、清理旧草稿", run_clocks, at=time(0, 5)
)
