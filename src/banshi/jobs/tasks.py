"""The house's own tasks: keeping the ledger anchored and checked, and clearing away what has served."""

from datetime import datetime, time, timedelta

from django.contrib.sessions.models import Session
from django_tasks import task
from django_tasks.base import TaskContext
from django_tasks_db.models import DBTaskResult

from banshi import files
from banshi.core import nodes
from banshi.jobs.models import ScheduledRun
from banshi.jobs.progress import report_of
from banshi.jobs.schedule import schedule
from banshi.ledger import System
from banshi.ledger.anchors import anchor
from banshi.ledger.models import LedgerEntry
from banshi.ledger.sealing import seal
from banshi.ledger.verification import verify

KEEP_RUNS = timedelta(days=30)


@task()
def anchor_ledger(at: str) -> None:
    """Seal first, so that the anchor is of what is there now."""
    seal(at=datetime.fromisoformat(at))
    anchor(at=datetime.fromisoformat(at))


@task(takes_context=True)
def verify_ledger(context: TaskContext, at: str) -> dict[str, object]:
    """Return the verdict as words, for the pages.

    A broken chain makes no failed task, it is an answer.
    """
    report, total = report_of(context), LedgerEntry.objects.count()
    verdict = verify(lambda done, of=0, _="": report(done, total, "正在逐条核对"))
    report(verdict.count, total, str(verdict))
    return {
        "holds": verdict.holds,
        "words": str(verdict),
        "more": [each.words for each in verdict.problems[1:]] + list(verdict.notes),
        "count": verdict.count,
        "broken": next((each.entry.number for each in verdict.problems if each.entry), None),
        "at": at,
    }


@task()
def clear_away(at: str) -> dict[str, int]:
    """Clear away finished tasks and runs of a month ago, expired sessions, bytes no row names, processes long gone."""
    limit = datetime.fromisoformat(at) - KEEP_RUNS
    return {
        "tasks": DBTaskResult.objects.finished().filter(finished_at__lt=limit).delete()[0],
        "runs": ScheduledRun.objects.filter(due__lt=limit).delete()[0],
        "sessions": Session.objects.filter(expire_date__lt=at).delete()[0],
        "files": files.sweep(at=datetime.fromisoformat(at)),
        "nodes": nodes.forget_dead(),
    }


@task()
def seal_files(at: str) -> dict[str, int]:
    """Encrypt what an earlier version kept in the clear, and follow a rotation of keys."""
    return {"files": files.seal_kept(by=System("seal-files"), at=datetime.fromisoformat(at))}


schedule("anchor_ledger", "给操作记录留底", anchor_ledger, every=timedelta(hours=1))
schedule("verify_ledger", "核对全部操作记录", verify_ledger, at=time(3, 30))
schedule("seal_files", "把申请人的文件加密存放，跟上换过的密钥", seal_files, at=time(2, 30))
schedule("clear_away", "清理过期的会话、任务和无主文件", clear_away, at=time(4, 0))
