"""Acts on the clock: special procedures, suspension, one extension. What may stop it is a closed list, or cites a law."""

from collections.abc import Iterable
from datetime import datetime

from banshi.access import Permission, authorize
from banshi.calendar.deadlines import LimitUnit
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.actions.recording import STOPS, locked, perform, recount
from banshi.cases.clocks import day_in_words, is_over
from banshi.cases.enums import ActKind, ClockKind, StopKind
from banshi.cases.models import Case, CaseClock, ClockStop
from banshi.cases.policy import policy
from banshi.cases.steps import guide_of
from banshi.core.clock import chinese_date, day_of
from banshi.core.errors import BadInput, Conflict
from banshi.core.prepared import insert, update
from banshi.core.unit_of_work import unit_of_work
from banshi.law.citations import read_citations
from banshi.law.loading import rank_by_name
from banshi.law.models import Law
from banshi.ledger import Actor
from banshi.workflow.actions import move_held
from banshi.workflow.transitions import authorize_move, check_possible
from banshi.workflow.versions import definition_of

CAUSE_GONE = "中止的原因已经消除"
TOLD_LATER = "恢复计时后另行书面告知的日期"
LAWS = (Law.Rank.LAW, Law.Rank.REGULATION, Law.Rank.LOCAL_REGULATION, Law.Rank.RULE)


def cites_law(text: str) -> bool:
    """Tell whether a basis names a law, a regulation or a rule, not just an office's own paper."""
    cited = read_citations(text) if "《" in text else []
    return any(rank_by_name(each.title.strip("《》 ")) in LAWS for each in cited)


def stop_basis(case: Case, procedure: str) -> str:
    """Return the article by which a procedure stops the clock, or refuse: the list of the law is closed."""
    rules = policy().stops
    if procedure in rules.procedures:
        return rules.procedures_basis
    rows = guide_of(case.publication).special_procedures
    basis = next((each.basis for each in rows if each.name == procedure), "")
    if cites_law(basis):
        return basis
    raise Conflict(
        f"“{procedure}”不能停止计时：不在{rules.procedures_basis}列举的程序里，指南也没有写明法律依据",
        remedy="这段时间计入办理时限；法律、法规、规章另有规定的，请先在指南的“特别程序”里写明依据并公布。",
    )


@unit_of_work()
def open_stop(case: Case, *, procedure: str, expected_days: int, words: str = "", by: Actor, at: datetime) -> ClockStop:
    """Begin a special procedure (特别程序), whose time does not count and is told in writing."""
    now, at = locked(case, at=at)
    by = authorize_move([now], "open_stop", by=by, at=at)
    if now.state != "stopped":
        check_possible(definition_of(now), definition_of(now).move_named("open_stop"), [now], at)
    basis = stop_basis(now, procedure)
    if not 1 <= expected_days <= 365:
        raise BadInput("没有写特别程序需要多少个工作日", remedy="所需时间要书面告知申请人，请写1到365之间的数。")
    stops = STOPS(now.pk)
    if any(each.ended_on is None and each.procedure == procedure for each in stops):
        raise Conflict(f"“{procedure}”已经开始，还没有结束", remedy="请刷新页面查看。")
    facts = {"procedure": procedure, "expected_days": expected_days}
    told = {
        **facts,
        "procedure_time": f"{expected_days}个工作日",
        "from_day": chinese_date(day_of(at)),
        "reason": words,
    }
    act = perform(
        now,
        ActKind.OPEN_STOP,
        content={"words": words},
        facts=facts,
        paper=told,
        basis=basis,
        total=expected_days,
        by=by,
        at=at,
    )
    stop = ClockStop(case=now, kind=StopKind.SPECIAL, basis=basis, began_on=day_of(at), act=act, **facts)
    insert([stop])
    move = "open_stop" if now.state == "handling" else ""
    recount(now, stops=[*stops, stop], move=move, calendar=calendar_in_force(), by=by, at=at)
    return stop


@unit_of_work()
def close_stop(stop: ClockStop, *, words: str = "", by: Actor, at: datetime) -> Case:
    """End a special procedure.

    The clock goes on from the next day, unless another one still holds it.
    """
    now, at = locked(Case(pk=stop.case_id), at=at)
    by = authorize_move([now], "close_stop", by=by, at=at)
    stops = STOPS(now.pk)
    special = [each for each in stops if each.kind == StopKind.SPECIAL and each.ended_on is None]
    mine = next((each for each in special if each.pk == stop.pk), None)
    if mine is None:
        raise Conflict(f"“{stop.procedure}”已经结束", remedy="请刷新页面查看。")
    mine.ended_on = max(day_of(at), mine.began_on)
    update(ClockStop, {"pk": mine.pk}, ended_on=mine.ended_on)
    move, calendar = "close_stop" if now.state == "stopped" and special == [mine] else "", calendar_in_force()
    clocks = recount(now, stops=stops, move=move, calendar=calendar, by=by, at=at)
    told = {"reason": f"{stop.procedure}已经结束", **_goes_on(now, stops, clocks, calendar=calendar, at=at)}
    facts = {"procedure": stop.procedure}
    perform(now, ActKind.CLOSE_STOP, content={"words": words}, facts=facts, paper=told, by=by, at=at)
    return now


@unit_of_work()
def suspend(case: Case, *, reason: str, basis: str, by: Actor, at: datetime) -> Case:
    """Suspend (中止) a case that a law lets wait, with the reason."""
    now, at = locked(case, at=at)
    by = authorize_move([now], "suspend", by=by, at=at)
    if not reason.strip():
        raise BadInput("没有写为什么中止", remedy="请写明事实，申请人会看到。")
    if not cites_law(basis):
        raise BadInput("中止要有法律、法规、规章的依据", remedy="请写明依据，如《工伤保险条例》第二十条第三款。")
    move_held([now], "suspend", by=by, at=at)
    told = {"from_day": chinese_date(day_of(at)), "reason": reason}
    act = perform(now, ActKind.SUSPEND, content={"words": reason}, paper=told, basis=basis, by=by, at=at)
    ClockStop.objects.create(case=now, kind=StopKind.SUSPENSION, basis=basis, began_on=day_of(at), act=act)
    recount(now, calendar=calendar_in_force(), by=by, at=at)
    return now


@unit_of_work()
def resume(case: Case, *, words: str = "", by: Actor, at: datetime) -> Case:
    """Resume (恢复) a suspended case.

    A special procedure that is still open goes on holding the clock.
    """
    now, at = locked(case, at=at)
    special = now.stops.filter(kind=StopKind.SPECIAL, ended_on=None).exists()
    move = "resume_stopped" if special else "resume"
    by = authorize_move([now], move, by=by, at=at)
    move_held([now], move, by=by, at=at)
    now.stops.filter(kind=StopKind.SUSPENSION, ended_on=None).update(ended_on=day_of(at))
    stops, calendar = STOPS(now.pk), calendar_in_force()
    clocks = recount(now, stops=stops, calendar=calendar, by=by, at=at)
    told = {"reason": words or CAUSE_GONE, **_goes_on(now, stops, clocks, calendar=calendar, at=at)}
    perform(now, ActKind.RESUME, content={"words": words}, paper=told, by=by, at=at)
    return now


def _goes_on(
    case: Case, stops: Iterable[ClockStop], clocks: Iterable[CaseClock], *, calendar: WorkingCalendar, at: datetime
) -> dict[str, str]:
    """Tell on a notice from when a case goes on and until when, or what still holds its clock."""
    held = "、".join(each.procedure or "中止的事由" for each in stops if each.ended_on is None)
    due = "" if held else last_day_in_words(case.due_kind, clocks, calendar=calendar)
    return {"until_day": chinese_date(day_of(at)), "still_held": held, "new_due_on": due}


def limit_to_extend(clocks: Iterable[CaseClock]) -> CaseClock | None:
    """Return the limit an extension is of: the law's, else the promised one."""
    running = {each.kind: each for each in clocks if each.ended_on is None}
    return running.get(ClockKind.STATUTORY) or running.get(ClockKind.PROMISED)


def unit_of_extension(clock: CaseClock | None) -> str:
    """Name the days an extension counts in: those of the guide's limit."""
    return "个自然日" if clock and clock.unit == LimitUnit.DAY else "个工作日"


@unit_of_work()
def extend(case: Case, *, reason: str, days: int | None = None, by: Actor, at: datetime) -> Case:
    """Extend (延长) the limit once, before it ends: by the unit's head, or for several organs by the government.

    A promise that is broken already stays broken.
    """
    now, at = locked(case, at=at)
    by = authorize(by, Permission.CASE_EXTEND_JOINT if now.joint else Permission.CASE_EXTEND, now, at=at)
    most = policy().extension.joint if now.joint else policy().extension.single
    days = most if days is None else days
    if now.state not in ("handling", "stopped", "suspended"):
        raise Conflict("只有受理以后、决定以前可以延长", remedy="请刷新页面查看现在的状态。")
    if now.acts.filter(kind=ActKind.EXTEND).exists():
        raise Conflict("已经延长过一次，不能再延长", remedy="请在期限内作出决定。")
    if not reason.strip():
        raise BadInput("没有写延长的理由", remedy="延长的理由要告知申请人，请写明。")
    running = list(now.clocks.filter(ended_on=None))
    law = limit_to_extend(running)
    if law is None:
        raise Conflict("这件办件没有写明期限，不用延长", remedy="请查看指南里的法定时限和承诺时限。")
    if law.unit == LimitUnit.MONTH:
        raise Conflict(
            "这件办件的期限按月计算，不能按工作日延长", remedy="规定这个期限的法律允许延长的，请按它写明的办法办理。"
        )
    calendar = calendar_in_force()
    unit = unit_of_extension(law)
    if not 1 <= days <= most:
        raise BadInput(f"最多延长{most}{unit}", remedy="请改小延长的天数。")
    if is_over(law, on=day_of(at), calendar=calendar):
        raise Conflict("期限已经过了，不能再延长", remedy="延长要在期限届满以前批准并告知。")
    open_ones = [each for each in running if not is_over(each, on=day_of(at), calendar=calendar)]
    main = next((each.kind for each in open_ones if each.kind == now.due_kind), law.kind)
    told = {
        "due_on": last_day_in_words(main, running, calendar=calendar),
        "extended_by": f"{days}{unit}",
        "approved_by": by.ledger_name,
        "reason": reason,
    }
    extended = [each.pk for each in open_ones if each.unit != LimitUnit.MONTH]
    now.clocks.filter(pk__in=extended).update(extension=days)
    clocks = recount(now, calendar=calendar, by=by, at=at)
    told["new_due_on"] = last_day_in_words(main, clocks, calendar=calendar) or TOLD_LATER
    perform(now, ActKind.EXTEND, content={"words": reason}, facts={"days": days}, paper=told, total=days, by=by, at=at)
    return now


def last_day_in_words(kind: str, clocks: Iterable[CaseClock], *, calendar: WorkingCalendar) -> str:
    """Write the last day of the running clock of a kind, or "" while it stands still."""
    main = next((each for each in clocks if each.kind == kind), None)
    return day_in_words(main, calendar=calendar) if main else ""
