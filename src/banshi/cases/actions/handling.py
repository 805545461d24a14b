"""Steps: claimed, handed over, done. The last of a stage opens the next, under the lock of the case."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from banshi.access import Allowed, Permission, allows, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.actions.recording import locked, open_tasks, perform
from banshi.cases.actions.stages import open_stage
from banshi.cases.clocks import left_of
from banshi.cases.enums import ActKind, TaskEnding, TaskVerdict
from banshi.cases.events import TASK_DONE
from banshi.cases.models import Case, CaseTask
from banshi.cases.policy import policy
from banshi.cases.queries import (
    held_by_another,
    lets_steps_end,
    permission_for,
    runs_until,
    signed_before,
    signer_in_words,
)
from banshi.cases.sealing import CONTENT, seal
from banshi.cases.steps import deciding_stage, plan_of
from banshi.catalog.enums import StepKind
from banshi.core.clock import chinese_date, day_of
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.prepared import PreparedQuery, update
from banshi.core.unit_of_work import unit_of_work
from banshi.events import emit
from banshi.ledger import Actor, record
from banshi.people.models import User
from banshi.people.queries import account_of
from banshi.workflow.versions import state_of


def _open_task(
    task: CaseTask, permission: Permission | None = None, *, by: Actor, at: datetime
) -> tuple[CaseTask, Allowed]:
    """Lock a task that nobody has ended, for who has the permission, else that of its kind."""
    # The assignee is not joined: to who had to wait for the lock, a join shows the person of before.
    now = HELD.get(task.pk)
    return now, _allowed(now, permission, by=by, at=at)


def _allowed(now: CaseTask, permission: Permission | None = None, *, by: Actor, at: datetime) -> Allowed:
    by = authorize(by, permission or permission_for(now), now, at=at)
    if now.ending:
        raise Conflict(f"“{now}”已经{now.get_ending_display()}", remedy="请刷新页面查看现在的状态。")
    return by


HELD = PreparedQuery(
    lambda task: CaseTask.objects.select_for_update(of=("self",)).select_related("organ").filter(pk=task)
)
HELD_OF_CASE = PreparedQuery(
    lambda case: (
        CaseTask.objects.select_for_update(of=("self",)).select_related("organ").filter(case=case).order_by("id")
    )
)


def _refuse_claimed(task: CaseTask, person: User | None, at: datetime) -> None:
    """Tell whoever comes second who has it."""
    if held_by_another(task, person, at=at):
        raise Conflict(f"“{task}”正由{task.assignee}办理", remedy="请联系本人，或由负责人改派。")


def refuse_claimed_acceptance(case: Case, person: User | None, at: datetime) -> None:
    """Refuse whoever would accept, turn away or ask while a colleague has the case in hand."""
    for task in open_tasks(case):
        if task.stage == 0:
            _refuse_claimed(task, person, at)


def refuse_second_signature(case: Case, task: CaseTask, person: User | None, *, at: datetime) -> None:
    """Refuse a later deciding step to whoever signed one before it (双人签批), or stands in for who did."""
    if first := signed_before(case, task, person, at=at):
        raise Refused(
            f"“{first}”是{signer_in_words(first, person)}，“{task}”不能再由您签",
            remedy="请交给另一位有决定权限、也不是代行的同事。",
        )


@unit_of_work()
def claim(task: CaseTask, *, by: Actor, at: datetime) -> CaseTask:
    """Claim a step for a while, during which nobody else can."""
    now, by = _open_task(task, by=by, at=at)
    person = account_of(by)
    _refuse_claimed(now, person, at)
    now.assignee = person
    now.claimed_until = at + timedelta(minutes=policy().claim_minutes) if person else None
    now.save(update_fields=["assignee", "claimed_until"])
    record("cases.claim", now, by=by, at=at, facts={"case": now.case_id})
    return now


@unit_of_work()
def claim_many(tasks: Iterable[CaseTask], *, by: Actor, at: datetime) -> list[CaseTask]:
    """Claim steps, all or none."""
    return [claim(each, by=by, at=at) for each in sorted(tasks, key=lambda each: each.pk)]


@unit_of_work()
def release(task: CaseTask, *, by: Actor, at: datetime) -> CaseTask:
    """Give a step back to the desk."""
    now, by = _open_task(task, by=by, at=at)
    _refuse_claimed(now, account_of(by), at)
    now.assignee = now.claimed_until = None
    now.save(update_fields=["assignee", "claimed_until"])
    record("cases.release", now, by=by, at=at, facts={"case": now.case_id})
    return now


@unit_of_work()
def hand_over(task: CaseTask, *, to: User, by: Actor, at: datetime) -> CaseTask:
    """Give a step to a colleague: whoever may work on it one that nobody else has in hand, a head any."""
    assigns = allows(by, Permission.CASE_ASSIGN, task, at=at)
    now, by = _open_task(task, Permission.CASE_ASSIGN if assigns else None, by=by, at=at)
    if not assigns:
        _refuse_claimed(now, account_of(by), at)
    authorize(to, permission_for(now), now, at=at)
    before = now.assignee_id
    now.assignee, now.claimed_until = to, at + timedelta(minutes=policy().claim_minutes)
    now.save(update_fields=["assignee", "claimed_until"])
    record("cases.hand_over", now, by=by, at=at, facts={"case": now.case_id, "from": before, "to": to.pk})
    return now


@unit_of_work()
def hand_over_many(tasks: Iterable[CaseTask], *, to: User, by: Actor, at: datetime) -> list[CaseTask]:
    """Give steps to a colleague, all or none."""
    return [hand_over(each, to=to, by=by, at=at) for each in sorted(tasks, key=lambda each: each.pk)]


@unit_of_work()
def finish_task(
    task: CaseTask, *, verdict: str = TaskVerdict.AGREE, words: str = "", early: bool = False, by: Actor, at: datetime
) -> bool:
    """Finish one's step, `early` and with the reason where its limit has to pass in full and has not.

    True when it was the last of its stage, and the next has been opened.
    """
    (case, at), calendar = locked(Case(pk=task.case_id), at=at), calendar_in_force()
    tasks = HELD_OF_CASE(case.pk)
    now = next(each for each in tasks if each.pk == task.pk)
    by, now.case = _allowed(now, by=by, at=at), case
    beside = any(each.stage == case.stage and not each.ending and each != now for each in tasks)
    if not lets_steps_end(case, beside=beside):
        raise Conflict(f"办件现在是“{state_of(case).label}”，不能办结环节", remedy="请刷新页面查看现在的状态。")
    plan = plan_of(case.publication)
    if now.kind == StepKind.DELIVER or (now.kind == StepKind.DECIDE and now.stage == deciding_stage(plan)):
        raise Conflict(f"“{now}”不能这样办结", remedy="请作出准予或不予的决定，或登记送达。")
    refuse_second_signature(case, now, account_of(by), at=at)
    if TaskVerdict(verdict) is TaskVerdict.DISAGREE and not words.strip():
        raise BadInput("不同意要写明理由", remedy="作决定的人会看到这段话。")
    if (last := runs_until(now, on=day_of(at))) and not (early and words.strip()):
        spent = f"“{now}”从{chinese_date(now.began_on)}起，到{chinese_date(last)}才满"
        raise BadInput(spent, where="early", remedy="请满了再办完；确有依据提前的，确认提前，写明理由和依据。")
    end_task(now, verdict=verdict, words=words, calendar=calendar, by=by, at=at)
    if any(each.stage == case.stage and not each.ending for each in tasks):
        return False
    case.stage += 1
    update(Case, {"pk": case.pk}, stage=case.stage)
    open_stage(case, case.stage, after=tasks, calendar=calendar, by=by, at=at)
    return True


def end_task(
    task: CaseTask, *, verdict: str = "", words: str = "", calendar: WorkingCalendar, by: Allowed, at: datetime
) -> None:
    """Write the end of a step, with the days that were left of its own limit."""
    person = account_of(by)
    _refuse_claimed(task, person, at)
    left = left_of(task, on=day_of(at), calendar=calendar) if task.limit is not None else None
    ended = {
        "ending": TaskEnding.DONE,
        "ended_at": at,
        "ended_by": person,
        "assignee_id": task.assignee_id or (person and person.pk),
        "claimed_until": None,
        "verdict": verdict,
        "content_sealed": seal({"words": words} if words else {}, purpose=CONTENT),
    }
    for field, value in ended.items():
        setattr(task, field, value)
    update(CaseTask, {"pk": task.pk}, **ended)
    facts = {"case": task.case_id, "stage": task.stage, "verdict": verdict}
    record("cases.finish_task", task, by=by, at=at, facts=facts)
    told = {"task": task.pk, "step": task.kind, "organ": task.organ_id, "left": left.left if left else None}
    emit(TASK_DONE, task.case, by=by, at=at, **told)


@unit_of_work()
def return_to_step(case: Case, *, stage: int, words: str, by: Actor, at: datetime) -> Case:
    """Open an earlier stage once more (退回重办), ending what is open."""
    now, at = locked(case, at=at)
    by = authorize(by, Permission.CASE_ASSIGN, now, at=at)
    if now.state != "handling" or not 1 <= stage < now.stage:
        raise Conflict("只能在办理中退回到前面的环节", remedy="请刷新页面，选一个已经办过的环节。")
    if not words.strip():
        raise BadInput("没有写为什么退回", remedy="办理人会看到这段话。")
    now.tasks.filter(ending="").update(ending=TaskEnding.RETURNED, ended_at=at)
    Case.objects.filter(pk=now.pk).update(stage=stage)
    now.stage = stage
    open_stage(now, stage, after=now.tasks.all(), calendar=calendar_in_force(), by=by, at=at)
    perform(now, ActKind.RETURN_STEP, content={"words": words}, facts={"stage": stage}, by=by, at=at)
    return now
