"""Tasks of the clock, each effect once however late: silent acceptance and renewal, broken promises, old drafts."""

from datetime import date, datetime, time

from django_tasks import task
from django_tasks.base import TaskContext

from banshi.cases.actions import (
    accept_overdue,
    discard_expired,
    drop_unattached,
    end_unsupplied,
    fetch_shared,
    recount_cases,
    renew_overdue,
    tell_last_days,
)
from banshi.cases.models import Case
from banshi.jobs.progress import report_of
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


@task()
def mind_last_days(at: str) -> dict[str, int]:
    """Tell applicants of last days that come, and of those that are over."""
    return {"told": tell_last_days(by=System("clocks"), at=datetime.fromisoformat(at))}


@task()
def drop_unattached_files(at: str) -> dict[str, int]:
    """Delete uploads that an earlier refusal, a replaced draft or a killed process left behind."""
    return {"files": drop_unattached(by=System("clocks"), at=datetime.fromisoformat(at))}


@task(takes_context=True)
def recount_corrected(context: TaskContext, first: str, at: str) -> dict[str, int]:
    """Count anew what a correction of a past day has moved."""
    moment = datetime.fromisoformat(at)
    moved = recount_cases(date.fromisoformat(first), report=report_of(context), by=System("clocks"), at=moment)
    return {"moved": moved}


@task()
def fetch_materials(case: int, at: str) -> dict[str, int]:
    """Ask the registers for materials nobody has to hand in."""
    found = Case.objects.select_related("organ", "application", "publication__revision").get(pk=case)
    return {"fetched": len(fetch_shared(found, by=System("exchange"), at=datetime.fromisoformat(at)))}


schedule(
    "case_clocks", "办件到期的自动处理：视为受理、视为准予延续、容缺逾期终止、清理旧草稿", run_clocks, at=time(0, 5)
)
schedule("last_days", "补正、容缺补交到期前后告知申请人", mind_last_days, at=time(8, 30))
schedule("unattached_files", "清理没有归到任何申请的上传文件", drop_unattached_files, at=time(3, 50))
