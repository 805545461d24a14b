"""The end: decision, delivery, withdrawal, termination, revocation."""

from datetime import date, datetime

from banshi.access import Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.cases.actions.accepting import refuse_early_lapse
from banshi.cases.actions.handling import end_task, refuse_second_signature
from banshi.cases.actions.pausing import cites_law
from banshi.cases.actions.recording import PAPERS, locked, moment_in_words, open_tasks, perform
from banshi.cases.actions.sampling import draw_sample
from banshi.cases.actions.stages import begin_delivery, end_case
from banshi.cases.enums import DECISIONS, ActKind
from banshi.cases.models import Case, CaseOutcome
from banshi.cases.policy import policy, remedies_of
from banshi.cases.sealing import APPLICANT, opened
from banshi.cases.steps import deciding_stage, plan_of
from banshi.catalog.enums import DeliveryWay, StepKind
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict
from banshi.core.prepared import PreparedQuery
from banshi.core.unit_of_work import unit_of_work
from banshi.ledger import Actor
from banshi.papers.actions import revoke
from banshi.papers.models import Paper
from banshi.people.queries import account_of
from banshi.workflow.transitions import authorize_move, check_possible
from banshi.workflow.versions import definition_of

RESULTS = (*sorted({PAPERS[kind] for kind in (*DECISIONS, ActKind.REVOKE)}), "result")
"""Papers that tell what was decided, names in data/papers."""
IN_FORCE = PreparedQuery(
    lambda number: (
        Paper.objects.filter(about=number, kind__in=RESULTS, revoked_at=None).only("number", "title").order_by("id")
    )
)


@unit_of_work()
def decide(
    case: Case, *, granted: bool, words: str = "", valid_until: date | None = None, by: Actor, at: datetime
) -> CaseOutcome:
    """Decide (准予, 不予) when every step before is done, a refusal with its reason and the remedies."""
    now, at = locked(case, at=at)
    move, kind = ("grant", ActKind.GRANT) if granted else ("deny", ActKind.DENY)
    by = authorize_move([now], move, by=by, at=at)
    check_possible(definition_of(now), definition_of(now).move_named(move), [now], at)
    number = deciding_stage(plan_of(now.publication))
    task = next((each for each in open_tasks(now) if each.stage == number), None)
    if now.stage != number or task is None:
        raise Conflict("还有环节没有办完，不能作决定", remedy="请等各环节办结，或退回重办。")
    refuse_second_signature(now, task, account_of(by), at=at)
    if not granted and not words.strip():
        raise BadInput("不予批准要写明理由", remedy="请写明事实、理由和依据，申请人会看到。")
    if valid_until and (not granted or valid_until < day_of(at)):
        raise BadInput("有效期不对", remedy="准予的才有有效期，而且不能早于今天。")
    calendar = calendar_in_force()
    end_task(task, calendar=calendar, by=by, at=at)
    if granted:
        draw_sample(now, at=at)
    content = {"words": words, "remedies": "" if granted else remedies_of(now)}
    told = (
        {"decision": words or f"准予{now.item.name}"} if granted else {"reason": words, "remedies": content["remedies"]}
    )
    return begin_delivery(
        now,
        move,
        kind,
        granted=granted,
        valid_until=valid_until,
        calendar=calendar,
        content=content,
        paper=told,
        by=by,
        at=at,
    )


@unit_of_work()
def deliver(case: Case, *, way: str, words: str = "", by: Actor, at: datetime) -> Case:
    """Deliver (送达) the result, by which the case is closed."""
    now, at = locked(case, at=at)
    by = authorize_move([now], "deliver", by=by, at=at)
    check_possible(definition_of(now), definition_of(now).move_named("deliver"), [now], at)
    if way not in DeliveryWay.values:
        raise BadInput("没有这种送达方式", remedy="请在列表里选一种。")
    task = next((each for each in open_tasks(now) if each.kind == StepKind.DELIVER), None)
    if task is None:
        raise Conflict("还有环节没有办完，不能登记送达", remedy="请先办结前面的环节，如制证。")
    end_task(task, calendar=calendar_in_force(), by=by, at=at)
    told = {
        "delivered": [str(each) for each in IN_FORCE(now.number)],
        "delivery_way": DeliveryWay(way).label,
        "delivered_on": moment_in_words(at),
        "receiver": opened(now.applicant_sealed, purpose=APPLICANT)["name"],
    }
    end_case(now, "deliver", ActKind.DELIVER, content={"words": words}, facts={"way": way}, paper=told, by=by, at=at)
    return now


@unit_of_work()
def withdraw(case: Case, *, words: str = "", by: Actor, at: datetime) -> Case:
    """Withdraw (撤回) one's application, at any time before the decision."""
    now, at = locked(case, at=at)
    by = authorize_move([now], "withdraw", by=by, at=at)
    check_possible(definition_of(now), definition_of(now).move_named("withdraw"), [now], at)
    told = {"reason": "申请人撤回申请", "remedies": "对终止有疑问的，可以向本机关询问"}
    end_case(now, "withdraw", ActKind.WITHDRAW, content={"words": words}, paper=told, by=by, at=at)
    return now


@unit_of_work()
def terminate(case: Case, *, reason: str, by: Actor, at: datetime) -> Case:
    """Terminate (终止) a case that cannot go on, with the reason and the remedies.

    What has to be supplemented may come until the last day it was told.
    """
    now, at = locked(case, at=at)
    by = authorize_move([now], "terminate", by=by, at=at)
    check_possible(definition_of(now), definition_of(now).move_named("terminate"), [now], at)
    refuse_early_lapse(now, ActKind.TERMINATE, at=at)
    if not reason.strip():
        raise BadInput("没有写为什么终止", remedy="请写明事实和依据，申请人会看到。")
    content = {"words": reason, "remedies": remedies_of(now)}
    told = {"reason": reason, "remedies": content["remedies"]}
    lapsed, kind = now.state == "supplementing", ActKind.TERMINATE
    basis = policy().supplement.basis_of_lapse(kind, now.item.kind) if lapsed else ""
    end_case(now, "terminate", kind, content=content, paper=told, basis=basis, by=by, at=at)
    return now


@unit_of_work()
def deem_withdrawn(case: Case, *, reason: str, basis: str, by: Actor, at: datetime) -> Case:
    """End a case as withdrawn (视为撤回) whose supplement did not come by its last day, by the law that says so."""
    now, at = locked(case, at=at)
    by = authorize_move([now], "deem_withdrawn", by=by, at=at)
    check_possible(definition_of(now), definition_of(now).move_named("deem_withdrawn"), [now], at)
    refuse_early_lapse(now, ActKind.DEEM_WITHDRAWN, at=at)
    if not reason.strip():
        raise BadInput("没有写理由", remedy="请写明要补正的哪些没有补、补正到哪天，申请人会看到。")
    if not cites_law(basis):
        raise BadInput("视为撤回要有法律、法规、规章的明文规定", where="basis", remedy="请写明哪部法的哪一条。")
    content = {"words": reason, "remedies": remedies_of(now)}
    told = {"reason": f"{reason.rstrip('。')}，视为撤回申请", "remedies": content["remedies"]}
    kind = ActKind.DEEM_WITHDRAWN
    end_case(now, "deem_withdrawn", kind, content=content, paper=told, basis=basis, by=by, at=at)
    return now


@unit_of_work()
def revoke_outcome(outcome: CaseOutcome, *, reason: str, basis: str, by: Actor, at: datetime) -> CaseOutcome:
    """Revoke (撤销) what was granted, with the reason, its article and the remedies."""
    case, at = locked(Case(pk=outcome.case_id), at=at)
    by = authorize(by, Permission.CASE_DECIDE, case, at=at)
    now = CaseOutcome.objects.select_for_update(of=("self",)).select_related("paper").get(pk=outcome.pk)
    if not now.granted or now.revoked_at:
        raise Conflict("没有可以撤销的准予决定", remedy="可能已经撤销过，请刷新页面查看。")
    if not reason.strip():
        raise BadInput("没有写为什么撤销", remedy="请写明事实和依据，申请人会看到。")
    if not basis.strip():
        raise BadInput("没有写撤销的依据", where="basis", remedy="请写明哪部法律、法规、规章的哪一条。")
    now.revoked_at = at
    now.save(update_fields=["revoked_at"])
    content = {"words": reason, "remedies": remedies_of(case)}
    decision = case.acts.filter(kind__in=DECISIONS).select_related("paper").get()
    papers = [each for each in (decision.paper, now.paper) if each]
    told = {"revoked_number": "、".join(map(str, papers)), "reason": reason, "remedies": content["remedies"]}
    perform(case, ActKind.REVOKE, content=content, paper=told, basis=basis, by=by, at=at)
    for each in papers:
        revoke(each, reason=reason, by=by, at=at)
    return now
