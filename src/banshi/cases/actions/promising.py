"""Promises: minor papers that come later (容缺), and commitments that stand for a proof and are checked (告知承诺)."""

from collections.abc import Sequence
from datetime import date, datetime

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.calendar.working_days import DAY
from banshi.cases.actions.applying import held_application
from banshi.cases.actions.recording import locked, perform
from banshi.cases.actions.stages import end_case
from banshi.cases.clocks import clocks_of, count, due_on
from banshi.cases.enums import ActKind, PromiseEnding, PromiseKind
from banshi.cases.models import Application, Case, CreditEntry, Promise
from banshi.cases.policy import remedies_of
from banshi.cases.queries import has_bad_credit, lacking
from banshi.cases.steps import guide_of
from banshi.core.clock import chinese_date, day_of
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.unit_of_work import unit_of_work
from banshi.ledger import Actor, record
from banshi.people.models import User
from banshi.people.queries import account_of

DISCREDITED = (
    "承诺不实的，已经记入失信记录，修复以前不能容缺受理，也不能用承诺代替材料。"
    "您可以向承办单位说明、申辩，改正以后可以申请修复信用。"
)
UNDER_WAY = ("handling", "stopped", "suspended")


def refuse_bad_credit(person: User) -> None:
    if has_bad_credit(person):
        raise Refused(
            "有没有修复的失信记录，不能容缺受理，也不能用承诺代替材料",
            remedy="请按一般方式交齐材料；修复信用以后可以再用。",
        )


def latest_day(case: Case, *, on: date) -> date | None:
    """Return the last day a paper may come later, when it is accepted on a day: that of the promised limit."""
    calendar = calendar_in_force()
    clocks = clocks_of(guide_of(case.publication), case.item.kind, began_on=on)
    for each in clocks:
        count(each, (), calendar=calendar)
    return min((day for each in clocks if (day := due_on(each, calendar=calendar))), default=None)


@unit_of_work()
def offer_deferral(
    case: Case, *, positions: Sequence[int], until: date, form: str = "", by: Actor, at: datetime
) -> list[Promise]:
    """Offer (容缺受理) to accept without minor papers, told once: which, in what form, until when, and what then."""
    now, at = locked(case, at=at)
    by = authorize(by, Permission.CASE_ACCEPT, now, at=at)
    if now.state != "received":
        raise Conflict("只有待受理的办件可以容缺", remedy="请刷新页面查看现在的状态。")
    refuse_bad_credit(now.applicant)
    may = {each.position: each.name for each in lacking(now.application) if each.later}
    if not positions or any(each not in may for each in positions):
        raise BadInput("只有指南写明“容缺后补”、还没有交的材料可以后补", remedy="请在清单里选；主要材料请要求补正。")
    until = calendar_in_force().next_working(until)  # one that is a day of rest, 民法典 第二百零三条
    last = latest_day(now, on=day_of(at))
    if until <= day_of(at) or (last and until > last):
        raise BadInput(
            "补交的最后一天不对",
            remedy=f"要晚于今天，最晚{chinese_date(last)}（承诺时限内）。" if last else "要晚于今天。",
        )
    rank = calendar_in_force().rank_of(until)
    offered = [
        Promise(
            application=now.application,
            kind=PromiseKind.DEFERRAL,
            position=each,
            name=may[each],
            form=form,
            offered_at=at,
            last_rank=rank,
        )
        for each in sorted(set(positions))
    ]
    now.application.promises.filter(ending="", position__in=positions).update(
        ending=PromiseEnding.WITHDRAWN, ended_at=at, ended_by=account_of(by)
    )
    Promise.objects.bulk_create(offered)
    facts = {"positions": [each.position for each in offered], "until": until.isoformat()}
    content = {"form": form, "papers": [each.name for each in offered]}
    told = {
        "lacking": [[each.name, form or "原件或复印件", chinese_date(until)] for each in offered],
        "supply_by": chinese_date(until),
        "consequence": "到期没有补交的，终止办理；终止以后可以重新申请",
        "commitment": ["在最后日期以前补交以上材料", "到期没有补交的，终止办理"],
    }
    perform(now, ActKind.OFFER_DEFERRAL, content=content, facts=facts, paper=told, total=len(offered), by=by, at=at)
    return offered


@unit_of_work()
def agree_to_deferral(case: Case, *, by: Actor, at: datetime) -> Case:
    """Promise in writing to bring what was offered to come later."""
    now, at = locked(case, at=at)
    by = authorize(by, Permission.CASE_APPLY, now, at=at)
    open_offers = now.application.promises.filter(kind=PromiseKind.DEFERRAL, ending="", agreed_at=None)
    positions = sorted(open_offers.values_list("position", flat=True))
    if now.state != "received" or not positions:
        raise Conflict("现在没有要承诺补交的材料", remedy="请刷新页面查看。")
    open_offers.update(agreed_at=at)
    perform(now, ActKind.PROMISE, facts={"positions": positions}, total=len(positions), by=by, at=at)
    return now


@unit_of_work()
def commit(application: Application, position: int, *, by: Actor, at: datetime) -> Promise:
    """Commit (告知承诺) to what a material would prove, instead of bringing it."""
    held = held_application(application)
    by = authorize(by, Permission.CASE_APPLY, held, at=at)
    if held.submitted_at or held.discarded_at:
        raise Conflict("已经提交的申请不能再改承诺", remedy="要改的，请撤回后重新申请。")
    rows = guide_of(held.publication).materials
    if not 0 <= position < len(rows) or not rows[position].commitment_ok:
        raise BadInput("这份材料不能用承诺代替", remedy="请按清单上传。")
    refuse_bad_credit(held.owner)
    if held.promises.filter(position=position, ending="").exists():
        raise Conflict("已经承诺过这份材料", remedy="请刷新页面查看。")
    name = rows[position].name
    promise = Promise.objects.create(
        application=held, kind=PromiseKind.COMMITMENT, position=position, name=name, offered_at=at, agreed_at=at
    )
    record(
        "cases.commit", promise, by=by, at=at, facts={"application": held.pk, "position": position, "material": name}
    )
    return promise


@unit_of_work()
def withdraw_commitment(promise: Promise, *, by: Actor, at: datetime) -> None:
    """Withdraw a commitment before the decision.

    The material has to be brought then.
    """
    held = held_application(promise.application)
    by = authorize(by, Permission.CASE_APPLY, held, at=at)
    case = Case.objects.select_for_update().filter(application=held).first()
    open_one = held.promises.filter(pk=promise.pk, kind=PromiseKind.COMMITMENT, ending="")
    if case and case.decided_on:
        raise Conflict("已经作出决定，不能再撤回承诺", remedy="承诺有误的，请联系承办单位说明。")
    if not open_one.update(ending=PromiseEnding.WITHDRAWN, ended_at=at, ended_by=account_of(by)):
        raise Conflict("这份承诺已经不在", remedy="请刷新页面查看。")
    record("cases.withdraw_commitment", promise, by=by, at=at, facts={"application": held.pk})


@unit_of_work()
def check_promise(promise: Promise, *, true: bool, words: str, by: Actor, at: datetime) -> Promise:
    """Check (事后核查) a commitment.

    One found false is entered against the person, and the head may revoke the decision.
    """
    case, at = locked(Case.objects.get(application=promise.application_id), at=at)
    by = authorize(by, Permission.CASE_HANDLE, case, at=at)
    now = Promise.objects.select_for_update().get(pk=promise.pk)
    if now.kind != PromiseKind.COMMITMENT or now.ending:
        raise Conflict("没有要核查的承诺", remedy="可能已经核查过，请刷新页面查看。")
    if not words.strip():
        raise BadInput("没有写核查的情况", remedy="请写明怎么核查的、查到什么。")
    now.ending = PromiseEnding.TRUE if true else PromiseEnding.FALSE
    now.ended_at, now.ended_by = at, account_of(by)
    now.save(update_fields=["ending", "ended_at", "ended_by"])
    facts = {"promise": now.pk, "position": now.position, "true": true}
    content = {"words": words} if true else {"words": words, "remedies": DISCREDITED}
    perform(case, ActKind.CHECK_PROMISE, content=content, facts=facts, by=by, at=at)
    if not true:
        ground = f"承诺“{now.name}”经核查不实"
        CreditEntry.objects.create(user=case.applicant, promise=now, ground=ground[:200], entered_at=at)
    return now


@unit_of_work()
def repair_credit(entry: CreditEntry, *, reason: str, by: Actor, at: datetime) -> CreditEntry:
    """End a credit entry (信用修复), after which promises are open to the person again."""
    assert entry.promise is not None
    case, at = locked(Case.objects.get(application=entry.promise.application_id), at=at)
    by = authorize(by, Permission.CASE_DECIDE, case, at=at)
    if not reason.strip():
        raise BadInput("没有写为什么修复", remedy="请写明依据和情况。")
    if not CreditEntry.objects.filter(pk=entry.pk, repaired_at=None).update(repaired_at=at):
        raise Conflict("已经修复过", remedy="请刷新页面查看。")
    entry.repaired_at = at
    facts = {"entry": entry.pk, "promise": entry.promise_id}
    perform(case, ActKind.REPAIR_CREDIT, content={"words": reason}, facts=facts, by=by, at=at)
    return entry


def end_unsupplied(*, by: Actor, at: datetime) -> int:
    """Terminate each case whose promised paper did not come by its last day, once.

    How many.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    over = calendar_in_force().rank_of(day_of(at) - DAY)
    late = Promise.objects.filter(kind=PromiseKind.DEFERRAL, ending="", last_rank__lte=over).exclude(agreed_at=None)
    cases = Case.objects.filter(application__in=late.values("application"), state__in=UNDER_WAY).order_by("id")
    return sum(_end_unsupplied(each, over, by=by, at=at) for each in cases.values_list("pk", flat=True).iterator())


@unit_of_work()
def _end_unsupplied(key: int, over: int, *, by: Allowed, at: datetime) -> bool:
    """Terminate unless the papers have come meanwhile."""
    case, at = locked(Case(pk=key), at=at)
    late = case.application.promises.filter(kind=PromiseKind.DEFERRAL, ending="", last_rank__lte=over)
    names = [each.name for each in late.exclude(agreed_at=None)]
    if case.state not in UNDER_WAY or not names:
        return False
    late.update(ending=PromiseEnding.BROKEN, ended_at=at)
    words = f"容缺受理时承诺补交的{'、'.join(names)}，到期没有补交"
    content = {"words": words, "remedies": remedies_of(case)}
    told = {"reason": words, "remedies": content["remedies"]}
    facts = {"unsupplied": len(names)}
    end_case(case, "terminate_silently", ActKind.TERMINATE, content=content, facts=facts, paper=told, by=by, at=at)
    return True
