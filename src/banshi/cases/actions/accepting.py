"""Within five working days of receipt: accept, ask for what lacks (once), or refuse. Silence accepts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import WorkingCalendar
from banshi.cases.actions.applying import applicant_fields, refuse_ended
from banshi.cases.actions.disputing import dispute_values
from banshi.cases.actions.handling import refuse_claimed_acceptance
from banshi.cases.actions.recording import locked, on_desks, perform
from banshi.cases.actions.stages import end_case, open_stage
from banshi.cases.clocks import clocks_of, count, day_in_words, explanation, is_over, limit_in_words, main_due
from banshi.cases.enums import ActKind, ClockKind, PromiseKind, TaskEnding
from banshi.cases.events import ACT_REFUSED
from banshi.cases.models import Case, CaseAct, CaseClock, CaseTask
from banshi.cases.policy import LAPSES, policy, remedies_of
from banshi.cases.queries import (
    REQUESTED,
    WHOLE_FORM,
    askable_shared,
    asked_before,
    asked_of,
    lacking,
    lapses_in_words,
    lapses_of,
    last_request,
    overdue_on,
    supply_by,
)
from banshi.cases.sealing import ANSWERS, CONTENT, opened
from banshi.cases.steps import guide_of, text_of
from banshi.catalog.enums import ItemKind, Necessity
from banshi.core.clock import chinese_date, day_of
from banshi.core.crypto import digest
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.prepared import insert, update
from banshi.core.unit_of_work import unit_of_work
from banshi.events import emit
from banshi.forms import answer_problems, without_hidden
from banshi.forms.standard import AS
from banshi.ledger import Actor, record
from banshi.people.queries import account_of
from banshi.workflow.actions import move_held
from banshi.workflow.transitions import authorize_move, check_possible
from banshi.workflow.versions import definition_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row of the guide's list, or a field of the form, to be supplemented, and what is wrong with it."""

    problem: str
    position: int | None = None
    field: str = ""


@unit_of_work()
def accept(case: Case, *, by: Actor, at: datetime) -> Case:
    """Accept (受理): from the day the last paper came that was asked for, else from today.

    Too late it only says what the law has done already, as of the day of receipt.
    """
    now, at = locked(case, at=at)
    by = authorize_move([now], "accept", by=by, at=at)
    check_possible(definition_of(now), definition_of(now).move_named("accept"), [now], at)
    calendar = calendar_in_force()
    if is_over(now, on=day_of(at), calendar=calendar):
        return _begin_handling(now, "accept", ActKind.ACCEPT_SILENTLY, now.complete_on, calendar, by=by, at=at)
    refuse_claimed_acceptance(now, account_of(by), at)
    now.application.publication = now.publication  # the same since it was handed in, and read already
    if missing := [each.name for each in lacking(now.application)]:
        names = "、".join(f"“{each}”" for each in missing)
        raise Conflict(f"还缺{names}，不能受理", remedy="可以容缺的，请先请申请人作出承诺；其他的请要求补正。")
    supplied = now.complete_on > day_of(now.received_at) or bool(REQUESTED(now.pk))
    accepted_on = now.complete_on if supplied else day_of(at)
    reason = _coming_later(now, calendar)
    return _begin_handling(now, "accept", ActKind.ACCEPT, accepted_on, calendar, reason=reason, by=by, at=at)


def _coming_later(case: Case, calendar: WorkingCalendar) -> str:
    """Tell which minor papers come later (容缺), since a notice must not say that all are there."""
    if not any(each.necessity == Necessity.LATER for each in asked_of(case.application)):
        return ""
    owed = case.application.promises.filter(kind=PromiseKind.DEFERRAL, ending="").exclude(agreed_at=None)
    rows = [(each.name, calendar.day_of(each.last_rank)) for each in owed if each.last_rank is not None]
    named = "，".join(f"“{name}”按承诺在{chinese_date(day)}以前补交" for name, day in rows)
    return f"经审查，主要材料齐全，{named}（容缺受理）" if named else ""


@unit_of_work()
def accept_many(cases: Iterable[Case], *, by: Actor, at: datetime) -> list[Case]:
    """Accept cases, all or none, naming the one that can't be."""
    accepted = []
    for each in sorted(cases, key=lambda each: each.pk):
        try:
            accepted.append(accept(each, by=by, at=at))
        except Conflict as trouble:
            message = f"一件也没有受理：{each.number}{trouble.message}"
            raise Conflict(message, remedy=f"请先不选{each.number}，单独办理。{trouble.remedy}") from trouble
    return accepted


def accept_overdue(*, by: Actor, at: datetime) -> int:
    """Accept (视为受理) whatever the office has said nothing about in time, each once, as of the day it was received.

    How many.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    waiting = Case.objects.filter(overdue_on(day_of(at)), state="received").order_by("id")
    return sum(_accept_silently(each, by=by, at=at) for each in waiting.values_list("pk", flat=True).iterator())


@unit_of_work()
def _accept_silently(key: int, *, by: Allowed, at: datetime) -> bool:
    """Accept unless somebody has acted meanwhile."""
    (case, at), calendar = locked(Case(pk=key), at=at), calendar_in_force()
    if case.state != "received" or not is_over(case, on=day_of(at), calendar=calendar):
        return False
    _begin_handling(case, "accept_silently", ActKind.ACCEPT_SILENTLY, case.complete_on, calendar, by=by, at=at)
    return True


def _begin_handling(
    case: Case,
    move: str,
    kind: ActKind,
    accepted_on: date,
    calendar: WorkingCalendar,
    *,
    reason: str = "",
    by: Allowed,
    at: datetime,
) -> Case:
    """Start the clocks of the law and of the promise, and open the first stage behind acceptance."""
    clocks = clocks_of(guide_of(case.publication), case.item.kind, began_on=accepted_on)
    for each in clocks:
        each.case = case
        count(each, (), calendar=calendar)
    waited = {"case": case.pk, "kind": ClockKind.ACCEPTANCE, "ended_on": None}
    update(CaseClock, waited, ended_on=day_of(at))
    insert(clocks)
    done = {"ending": TaskEnding.DONE, "ended_at": at, "ended_by": account_of(by)}
    update(CaseTask, {"case": case.pk, "ending": ""}, **done)
    move_held([case], move, accepted_on=accepted_on, stage=1, **main_due(clocks), by=by, at=at)
    open_stage(case, 1, calendar=calendar, by=by, at=at)
    facts = {"accepted_on": accepted_on.isoformat()}
    told = {"reason": reason, **_until(kind, clocks, calendar)}
    perform(case, kind, facts=facts, paper=told, effective_on=accepted_on, by=by, at=at)
    return case


def _until(kind: ActKind, clocks: Sequence[CaseClock], calendar: WorkingCalendar) -> dict[str, Any]:
    """Tell on the notice of acceptance until when, why on this day, and whether silence has accepted."""
    told: dict[str, Any] = {"limit": "指南没有写明期限", "due_on": "依法办理"}
    if clocks:
        main = clocks[0]
        told = {"limit": limit_in_words(main), "due_on": day_in_words(main, calendar=calendar)}
        told["due_why"] = explanation(main, (), calendar=calendar)
    if kind is ActKind.ACCEPT_SILENTLY:
        told["reason"] = (
            f"逾期未告知：收件后{policy().acceptance.days}个工作日内没有告知补正，自收到申请材料之日起即为受理"
        )
    return told


def request_supplement(
    case: Case, *, wanted: Sequence[Wanted], words: str = "", until: date | None = None, by: Actor, at: datetime
) -> Case:
    """Ask (要求补正) for everything that lacks, once.

    A second request for what was visible the first time, or one too late, is refused, and that it was tried is kept.
    """
    with unit_of_work():
        now, at = locked(case, at=at)
        by = authorize_move([now], "ask_supplement", by=by, at=at)
        refuse_claimed_acceptance(now, account_of(by), at)
        if not wanted:
            raise BadInput("没有写要补正什么", remedy="请把要补正的一次写全：哪一项、缺什么、要什么样的。")
        calendar = calendar_in_force()
        if too_late := is_over(now, on=day_of(at), calendar=calendar) and now.state == "received":
            _begin_handling(now, "accept", ActKind.ACCEPT_SILENTLY, now.complete_on, calendar, by=by, at=at)
        refusal = _why_no_supplement(now, wanted, too_late=too_late)
        if refusal is None:
            _ask(now, wanted, words, until, by, at)
        else:
            facts = {"act": ActKind.ASK_SUPPLEMENT, "reason": refusal.message}
            record("cases.refuse_act", now, by=by, at=at, facts=facts)
            emit(ACT_REFUSED, now, by=by, at=at, act=str(ActKind.ASK_SUPPLEMENT), reason=refusal.message)
    if refusal:
        raise refusal
    return now


def _why_no_supplement(case: Case, wanted: Sequence[Wanted], *, too_late: bool) -> Conflict | None:
    """Explain why the law gives no (second) request: silence has accepted, or all had to be asked for at once."""
    if too_late or case.acts.filter(kind=ActKind.ACCEPT_SILENTLY).exists():
        return Conflict(
            f"收件后{policy().acceptance.days}个工作日内没有告知补正，自收到之日起已视为受理，不能再要求补正",
            remedy="请按已经收到的材料办理。",
        )
    earlier = asked_before(case)
    if earlier is None:
        return None
    positions, fields = set(earlier.facts["positions"]), set(earlier.facts["fields"])
    again = [
        each
        for each in wanted
        if (each.field not in fields if each.position is None else each.position not in positions)
    ]
    if not again:
        return None
    names = "、".join(f"“{wanted_name(case, each)}”" for each in again)
    return Conflict(
        f"补正只能要求一次：{names}第一次就看得到，当时没有提出，不能再要求",
        remedy="请按已经收到的材料办理；这次的要求已经记录。",
    )


def wanted_name(case: Case, wanted: Wanted) -> str:
    """Name a row of the list, or a question of the form."""
    if wanted.position is not None:
        return asked_of(case.application)[wanted.position].name
    return next((each.label for each in text_of(case.publication).form if each.key == wanted.field), wanted.field)


def _ask(case: Case, wanted: Sequence[Wanted], words: str, until: date | None, by: Allowed, at: datetime) -> None:
    """Stop the clock of acceptance until everything has come."""
    asked = asked_of(case.application)
    if any(each.position is not None and not 0 <= each.position < len(asked) for each in wanted):
        raise BadInput("材料清单里没有这一项", remedy="请在清单里选要补正的材料。")
    fetchable = {number for number, each in enumerate(asked) if each.shared} - askable_shared(case)
    if shared := [wanted_name(case, each) for each in wanted if each.position in fetchable]:
        raise BadInput(
            f"“{'、'.join(shared)}”由数据共享取得，不能要求申请人交",
            remedy="共享不到的，请由本单位向数据提供部门核实（国务院令第716号第七条）。",
        )
    questions = {each.key for each in text_of(case.publication).form} - {AS} | {WHOLE_FORM}
    if any(each.position is None and each.field not in questions for each in wanted):
        raise BadInput("表单里没有要补正的这一项", remedy="请写清单里的第几项材料，或者表单里能改的一项。")
    case.clocks.filter(ended_on=None).update(ended_on=day_of(at))
    move_held([case], "ask_supplement", **main_due([]), by=by, at=at)
    case.tasks.filter(ending="").update(**on_desks(case))
    positions = sorted({each.position for each in wanted if each.position is not None})
    fields = sorted({each.field for each in wanted if each.field})
    said = [{"position": each.position, "field": each.field, "problem": each.problem} for each in wanted]
    content = {"words": words, "wanted": said}
    days = policy().supplement.days
    last = until or calendar_in_force().add_working_days(day_of(at), days)
    if last <= day_of(at):
        raise BadInput("补正的最后一天不对", remedy="要晚于今天。")
    lapses = [str(each.act) for each in policy().supplement.lapses_for(case.item.kind)]
    facts = {"positions": positions, "fields": fields, "until": last.isoformat(), "lapses": lapses}
    facts |= {} if until else {"days": days}
    told = {
        "wanted": [
            [
                wanted_name(case, each),
                each.problem,
                "" if each.position is None else asked[each.position].basis,
            ]
            for each in wanted
        ],
        "supply_by": chinese_date(last),
        "consequence": f"到期没有补正的，{lapses_in_words(lapses, office='本机关')}；以后可以重新申请",
    }
    perform(case, ActKind.ASK_SUPPLEMENT, content=content, facts=facts, paper=told, total=len(wanted), by=by, at=at)


def wanted_of(act: CaseAct) -> list[Wanted]:
    """Read what a request asked for."""
    said = opened(act.content_sealed, purpose=CONTENT)
    return [Wanted(each["problem"], each["position"], each["field"]) for each in said.get("wanted", ())]


@unit_of_work()
def supply(case: Case, *, by: Actor, at: datetime) -> Case:
    """Supply (补正) all that was asked for, marked late where its last day is over.

    The materials were attached before.
    """
    now, at = locked(case, at=at)
    by = authorize_move([now], "supply", by=by, at=at)
    refuse_ended(now)
    check_possible(definition_of(now), definition_of(now).move_named("supply"), [now], at)
    last = supply_by(now)
    request = last_request(now)
    assert request is not None
    fresh = now.application.materials.filter(replaced_at=None, attached_at__gte=request.at)
    there = set(fresh.values_list("position", flat=True))
    materials = asked_of(now.application)
    if missing := [each for each in request.facts["positions"] if each not in there]:
        lacks = [Problem(f"还没有补交“{materials[each].name}”", field=f"materials.{each}") for each in missing]
        raise BadInput("要补正的还没有交齐", lacks, remedy="请按补正通知一次交齐。")
    fields = text_of(now.publication).form
    answers = without_hidden(fields, opened(now.application.answers_sealed, purpose=ANSWERS))
    if wrong := answer_problems(fields, answers, on=day_of(at)):
        raise BadInput("填写的内容有要改的", wrong, remedy="请按提示改好再提交。")
    clock = CaseClock(case=now, kind=ClockKind.ACCEPTANCE, began_on=day_of(at), limit=policy().acceptance.days)
    count(clock, (), calendar=calendar_in_force())
    clock.save(force_insert=True)
    given = applicant_fields(now.application, answers) if request.facts["fields"] else {}
    move_held([now], "supply", complete_on=day_of(at), **given, **main_due([clock]), by=by, at=at)
    now.tasks.filter(ending="").update(**on_desks(now))
    facts = {"positions": request.facts["positions"], "answers": digest(bytes(now.application.answers_sealed))}
    said = ""
    if last is not None and last < day_of(at):
        facts |= {"late": (day_of(at) - last).days}
        said = f"补正的材料已经收到，比最后一天（{chinese_date(last)}）晚了{facts['late']}天，已经注明"
    perform(now, ActKind.SUPPLY, facts=facts, said=said, by=by, at=at)
    dispute_values(now, answers, by=by, at=at)
    return now


@unit_of_work()
def refuse_to_accept(
    case: Case, *, ground: str, reason: str, citation: str = "", where: str = "", by: Actor, at: datetime
) -> Case:
    """Refuse to accept (不予受理) on a lawful ground, with its article, the facts, where to go, and the remedies."""
    possible = policy().refusals_for(supplemented=last_request(case) is not None)
    chosen = next((each for each in possible if each.name == ground), None)
    if chosen is None or (chosen.cited and not citation.strip()):
        authorize_move([case], "refuse_to_accept", by=by, at=at)
        known = "、".join(f"{each.name}（{each.label}）" for each in possible)
        if chosen is None:
            raise BadInput("没有选不予受理的情形", where="ground", remedy=f"请选一种：{known}。")
        raise BadInput("没有写不予受理的依据", where="citation", remedy="请写明哪部法律、法规、规章的哪一条。")
    analogous = chosen.by_analogy or case.item.kind != ItemKind.LICENCE
    basis = citation.strip() if chosen.cited else f"{'参照' * analogous}{chosen.basis}"
    given = reason.strip() and f"{chosen.label}。{reason}"
    facts = {"ground": chosen.name}
    return _turn_away(case, "refuse_to_accept", ActKind.REFUSE_TO_ACCEPT, given, where, by, at, basis, facts)


def refuse_early_lapse(case: Case, kind: ActKind, *, at: datetime) -> None:
    """Refuse to end a case that waits for a supplement before its last day, or in a way that the notice did not tell."""
    if (last := supply_by(case)) and day_of(at) <= last:
        raise Conflict(
            f"申请人可以补正到{chinese_date(last)}，现在不能{LAPSES[kind]}", remedy="请等补正期满，或者等申请人撤回。"
        )
    if case.state == "supplementing" and kind not in lapses_of(case):
        raise Conflict(
            f"补正通知书没有告知期满可以{LAPSES[kind]}",
            remedy=f"通知书告知的是：{lapses_in_words(lapses_of(case))}。",
        )


@unit_of_work()
def not_ours(case: Case, *, where: str, reason: str = "", by: Actor, at: datetime) -> Case:
    """Say that it is another organ's matter (不属于本机关), and whose."""
    if not where.strip():
        authorize_move([case], "not_ours", by=by, at=at)
        raise BadInput("没有写应当向哪个机关申请", remedy="请写明机关的名称，能写地址电话更好。")
    return _turn_away(case, "not_ours", ActKind.NOT_OURS, reason or "申请的事项不属于本机关职权范围", where, by, at)


def _turn_away(
    case: Case,
    move: str,
    kind: ActKind,
    reason: str,
    where: str,
    by: Actor,
    at: datetime,
    basis: str = "",
    facts: dict[str, Any] | None = None,
) -> Case:
    now, at = locked(case, at=at)
    allowed = authorize_move([now], move, by=by, at=at)
    check_possible(definition_of(now), definition_of(now).move_named(move), [now], at)
    refuse_early_lapse(now, kind, at=at)
    refuse_claimed_acceptance(now, account_of(allowed), at)
    if not reason.strip():
        raise BadInput("没有写理由", remedy="申请人会看到这段话，请写明事实和依据。")
    if is_over(now, on=day_of(at), calendar=calendar_in_force()):
        raise Conflict("收件后没有按时告知，自收到之日起已视为受理，不能再不予受理", remedy="请受理以后依法作出决定。")
    content = {"words": reason, "where": where, "remedies": remedies_of(now)}
    told = {"reason": reason, "where_to": where, "remedies": content["remedies"]}
    end_case(now, move, kind, content=content, facts=facts, paper=told, basis=basis, by=allowed, at=at)
    return now
