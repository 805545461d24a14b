"""Pages of the schedule and of system health."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db.models import DBTaskResult

from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.jobs.models import ScheduledRun
from banshi.jobs.progress import WORDS, progress_of
from banshi.jobs.schedule import SCHEDULE
from banshi.sites.console.access import found
from banshi.sites.console.running.system_health import condition
from banshi.sites.kit.permissions import Permission, require
from banshi.sites.kit.staff import StaffRequest

RECENT = 50
TONES = {"READY": "", "RUNNING": "info", "FAILED": "bad", "SUCCESSFUL": "good"}


@login_required
@require_safe
def running(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.SYSTEM_VIEW)
    last = {name: ScheduledRun.objects.filter(name=name).first() for name in SCHEDULE}
    keys = [run.task for run in last.values() if run]
    states = dict(DBTaskResult.objects.filter(pk__in=keys).values_list("pk", "status"))
    schedule = [
        (entry, run, *_state(states.get(run.task) if run else None))
        for entry, run in ((entry, last[entry.name]) for entry in SCHEDULE.values())
    ]
    tasks = [(row, *_state(row.status)) for row in DBTaskResult.objects.order_by("-enqueued_at")[:RECENT]]
    return render(request, "console/running/running.html", {"schedule": schedule, "tasks": tasks})


@login_required
@require_safe
def task(request: StaffRequest, key: UUID) -> HttpResponse:
    require(request.user, Permission.SYSTEM_VIEW)
    row = found(DBTaskResult.objects.all(), pk=key)
    word, tone = _state(row.status)
    crumbs = [(reverse("console:running"), "后台任务"), ("", row.task_name)]
    context = {"row": row, "progress": progress_of(str(key)), "word": word, "tone": tone, "crumbs": crumbs}
    return render(request, "console/running/task.html", context)


@login_required
@require_POST
def run_now(request: StaffRequest, name: str) -> HttpResponse:
    """Run an entry of the schedule out of turn."""
    require(request.user, Permission.SYSTEM_VIEW)
    if name not in SCHEDULE:
        raise Missing("没有这项定时任务")
    SCHEDULE[name].task.enqueue(at=now().isoformat())
    messages.success(request, f"“{SCHEDULE[name].words}”已排队，很快运行")
    return redirect("console:running")


@login_required
@require_safe
def system(request: StaffRequest) -> HttpResponse:
    require(request.user, Permission.SYSTEM_VIEW)
    return render(request, "console/running/system.html", condition(at=now()))


def _state(status: str | None) -> tuple[str, str]:
    return (WORDS[status], TONES[status]) if status else ("还没有运行", "")
