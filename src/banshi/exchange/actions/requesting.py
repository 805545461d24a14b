"""Requests: asked, completed once, extended with consent, answered in the days of decree 809 §21, delivered in those of §22."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from banshi.access import Allowed, Permission, authorize
from banshi.calendar.queries import calendar_in_force
from banshi.catalog.models import Item
from banshi.core.clock import chinese_date, day_of
from banshi.core.errors import BadInput, Conflict, Problem, Refused
from banshi.core.json_types import JsonObject
from banshi.core.repeats import refuse_repeated
from banshi.events import emit
from banshi.exchange.deadlines import answer_rank, day_of_rank, rank_after
from banshi.exchange.declarations import declared_resources
from banshi.exchange.enums import RequestState, ResourceState, Sharing
from banshi.exchange.events import ANSWERED, REQUESTED
from banshi.exchange.models import DataRequest, DataSystem, Grant, Resource
from banshi.exchange.notifications import REQUEST_TOLD
from banshi.exchange.policy import exchange_policy
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders, nearest_holders
from banshi.people.models import Organ
from banshi.people.queries import account_of

S = RequestState
LONGEST_SCENE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """Elements of a request (§20)."""

    fields: tuple[str, ...]
    basis: str
    scene: str
    scope: str
    until: date
    means: str = "接口"
    monthly_volume: int = 0
    item: Item | None = None
    told_after_days: int = 0
    told_late_basis: str = ""


@transaction.atomic
def request_data(resource: Resource, *, organ: Organ, asked: Asked, by: Actor, at: datetime) -> DataRequest:
    """Ask for data of another organ."""
    by = authorize(by, Permission.EXCHANGE_ASK, organ, at=at)
    if resource.state != ResourceState.PUBLISHED:
        raise Conflict(f"“{resource}”{resource.get_state_display()}，不能申请", remedy="请在目录里选已发布的资源。")
    if resource.sharing == Sharing.REFUSED:
        raise Refused(f"“{resource}”不予共享，依据是{resource.basis}", remedy="请向群众要材料，或同提供单位协商。")
    if resource.organ_id == organ.pk:
        raise BadInput("这是本单位自己的数据", remedy="不用申请。")
    problems = _problems(resource, asked, at)
    if problems:
        raise BadInput("申请还没有写全", problems, remedy="补上以后再提交。")
    told = {
        "resource": resource,
        "organ": organ,
        "item": asked.item,
        "fields": list(asked.fields),
        "basis": asked.basis.strip(),
        "scene": asked.scene.strip(),
        "scope": asked.scope.strip(),
        "means": asked.means,
        "monthly_volume": asked.monthly_volume,
        "wanted_until": asked.until,
        "told_after_days": asked.told_after_days,
        "told_late_basis": asked.told_late_basis.strip(),
    }
    same = DataRequest.objects.filter(**told, state=RequestState.ASKED)
    refuse_repeated(organ, same, "同样的申请已经提交，正在等答复", remedy="请在“我的申请”里查看。")
    request = DataRequest(
        **told,
        asked_by=account_of(by),
        received_at=at,
    )
    request.due_rank = answer_rank(request)
    request.save()
    facts = {"resource": resource.code, "fields": request.fields, "due": day_of_rank(request.due_rank).isoformat()}
    if request.told_after_days:
        facts |= {"told_after_days": request.told_after_days, "told_late_basis": request.told_late_basis}
    record("exchange.request_data", request, by=by, at=at, facts=facts)
    emit(REQUESTED, request, by=by, at=at)
    _tell_provider(request, f"请在{chinese_date(day_of_rank(request.due_rank))}前答复", at)
    return request


def _problems(resource: Resource, asked: Asked, at: datetime) -> list[Problem]:
    said = {"basis": (asked.basis, "使用依据"), "scene": (asked.scene, "使用场景"), "scope": (asked.scope, "使用范围")}
    found = [Problem("没有写", where=label, field=key) for key, (text, label) in said.items() if not text.strip()]
    if not asked.fields or set(asked.fields) - set(resource.labels):
        found.append(Problem("请选这个资源有的信息项", where="信息项", field="fields"))
    if unshared := [resource.labels[each] for each in asked.fields if each in resource.refused_items]:
        found.append(Problem(f"{'、'.join(unshared)}不予共享", where="信息项", field="fields"))
    if asked.until <= day_of(at):
        found.append(Problem("要晚于今天", where="使用时限", field="until"))
    if bool(asked.told_after_days) != bool(asked.told_late_basis.strip()):
        late = "过几天才让本人看到和法律依据，要写就两样都写；没有法律规定的，都不写"
        found.append(Problem(late, where="本人什么时候看得到", field="told_late_basis"))
    return found


@transaction.atomic
def tell_lacking(request: DataRequest, *, lacking: str, by: Actor, at: datetime) -> DataRequest:
    """Tell once everything a request lacks, which is no ground to refuse it (§21)."""
    now = _locked(request)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, now, at=at)
    _require_waiting(now)
    if now.lacking_told_at:
        raise Conflict("已经一次告知过要补什么，不能再要", remedy="请按现有的申请答复。")
    if not lacking.strip():
        raise BadInput("没有写要补什么", remedy="请一次写全，以后不能再要。")
    now.lacking, now.lacking_told_at, now.due_rank = lacking.strip()[:500], at, None
    now.save(update_fields=["lacking", "lacking_told_at", "due_rank"])
    record("exchange.tell_lacking", now, by=by, at=at, facts={})
    _tell_asker(now, f"要补充：{now.lacking}", at)
    return now


@transaction.atomic
def complete_request(request: DataRequest, *, scene: str, by: Actor, at: datetime) -> DataRequest:
    """Supply what was lacking, so that the days to answer begin anew."""
    now = _locked(request)
    by = authorize(by, Permission.EXCHANGE_ASK, now, at=at)
    _require_waiting(now)
    if now.lacking_told_at is None or now.completed_at:
        raise Conflict("没有要补充的", remedy="请刷新页面查看。")
    if not scene.strip():
        raise BadInput("没有写补充的内容", remedy="请按告知的内容补充。")
    whole = f"{now.scene}\n补充：{scene.strip()}"
    if (over := len(whole) - LONGEST_SCENE) > 0:
        raise BadInput(f"补充的内容长了{over}字，没有保存", remedy=f"连原来的场景一起最多{LONGEST_SCENE}字，请写短些。")
    now.scene, now.completed_at, now.escalated_on = whole, at, None  # new days, of whose silence is told again
    now.due_rank = answer_rank(now)
    now.save(update_fields=["scene", "completed_at", "due_rank", "escalated_on"])
    record("exchange.complete_request", now, by=by, at=at, facts={"due": day_of_rank(now.due_rank).isoformat()})
    _tell_provider(now, f"补齐了，请在{chinese_date(day_of_rank(now.due_rank))}前答复", at)
    return now


@transaction.atomic
def ask_extension(request: DataRequest, *, reason: str, by: Actor, at: datetime) -> DataRequest:
    """Ask the data authority to let the owner answer later."""
    now = _locked(request)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, now, at=at)
    _require_waiting(now)
    if now.resource.sharing == Sharing.UNCONDITIONAL:
        raise Conflict("无条件共享的不能延长", remedy="请直接答复。")
    if now.extension_asked_at:
        raise Conflict("已经申请过延长", remedy="请等主管部门同意。")
    if now.due_rank is None:
        raise Conflict("正在等申请单位补充，答复的期限还没有重新开始算", remedy="补齐以后再看要不要延长。")
    if calendar_in_force().rank_of(day_of(at)) > now.due_rank:
        raise Conflict("已经过了答复期限，不能再延长", remedy="请尽快答复。")
    if not reason.strip():
        raise BadInput("没有写为什么要延长", remedy="主管部门和申请单位都会看到。")
    now.extension_reason, now.extension_asked_at = reason.strip()[:300], at
    now.save(update_fields=["extension_reason", "extension_asked_at"])
    record("exchange.ask_extension", now, by=by, at=at, facts={})
    who = nearest_holders([now.resource.organ], Permission.EXCHANGE_OVERSEE, day_of(at))[now.resource.organ_id]
    _tell(now, who, f"提供单位申请延长答复：{now.extension_reason}", at)
    return now


@transaction.atomic
def consent_extension(request: DataRequest, *, days: int, by: Actor, at: datetime) -> DataRequest:
    """Grant a later answer, as the data authority of the same level, and tell who asked (§21)."""
    now = _locked(request)
    by = authorize(by, Permission.EXCHANGE_OVERSEE, now, at=at)
    _require_waiting(now)
    most = exchange_policy().answer.extension
    if now.extension_asked_at is None or now.extension:
        raise Conflict("没有等着同意的延长", remedy="请刷新页面查看。")
    if not 1 <= days <= most:
        raise BadInput(f"最多延长{most}个工作日", remedy="请改天数。")
    now.extension, now.extended_at, now.extended_by = days, at, account_of(by)
    if now.due_rank is not None:  # else the days begin when what is lacking has come, with these added
        now.due_rank = answer_rank(now)
    now.save(update_fields=["extension", "extended_at", "extended_by", "due_rank"])
    due = None if now.due_rank is None else day_of_rank(now.due_rank)
    record("exchange.consent_extension", now, by=by, at=at, facts={"days": days, "due": due and due.isoformat()})
    until = f"到{chinese_date(due)}" if due else f"{days}个工作日，补齐以后一起算"
    _tell_asker(now, f"答复延长{until}，理由：{now.extension_reason}", at)
    return now


@dataclass(frozen=True, slots=True)
class Granting:
    """Terms the owner agrees to: fields, rows, until when, how much."""

    fields: tuple[str, ...]
    until: date
    verify_only: bool = True
    daily_quota: int = 1000
    in_batches: bool = False
    conditions: list[dict[str, Any]] = field(default_factory=list)
    unmasked: tuple[str, ...] = ()


TERMS = ("fields", "conditions", "unmasked", "verify_only", "in_batches", "daily_quota")


def terms_of(grant: Grant) -> JsonObject:
    """Return what a grant allows, as its entry records it."""
    return {name: getattr(grant, name) for name in TERMS} | {"until": grant.until.isoformat()}


@transaction.atomic
def agree(request: DataRequest, *, granting: Granting, words: str = "", by: Actor, at: datetime) -> Grant:
    """Grant what was agreed to, delivered at once if the source is connected."""
    now = _locked(request)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, now, at=at)
    _require_waiting(now)
    if not granting.fields or set(granting.fields) - set(now.fields):
        raise BadInput("只能从申请的信息项里选", remedy="申请之外的，请申请单位另行申请。")
    if not now.resource.shares(granting.fields):
        raise BadInput("选了目录里现在写明不予共享的信息项", remedy="请去掉它；全部不予共享的，请写明依据答复不同意。")
    if not day_of(at) <= granting.until <= now.wanted_until:
        raise BadInput("授权的时间要在申请的时限以内", remedy="请改日期。")
    if any(each["item"] not in now.resource.labels or not each["values"] for each in granting.conditions):
        raise BadInput("数据范围要用这个资源的信息项", remedy="请改“只限哪些数据”。")
    if granting.in_batches and granting.verify_only:
        raise BadInput("只能核验的，不能整批取", remedy="去掉“只能核验”，或者去掉“可以整批取”。")
    now.delivery_due_rank = rank_after(at, exchange_policy().delivery.days)
    now.delivered_at = at if _is_connected(now.resource) else None
    _answer(now, S.AGREED, words, by=by, at=at)
    grant = Grant.objects.create(
        request=now,
        fields=list(granting.fields),
        conditions=granting.conditions,
        unmasked=[each for each in granting.fields if each in granting.unmasked],
        verify_only=granting.verify_only,
        daily_quota=granting.daily_quota,
        in_batches=granting.in_batches,
        since=day_of(at),
        until=granting.until,
        granted_at=at,
    )
    facts = {"grant": grant.pk, **terms_of(grant)}
    record("exchange.agree", now, by=by, at=at, facts=facts)
    _tell_asker(now, f"同意，可以用到{chinese_date(grant.until)}", at)
    return grant


def _is_connected(resource: Resource) -> bool:
    declared = declared_resources().get(resource.code)
    source = declared.source if declared else None
    return source is not None and DataSystem.objects.filter(code=source.system, active=True).exists()


@transaction.atomic
def refuse_request(request: DataRequest, *, reason: str, by: Actor, at: datetime) -> DataRequest:
    """Refuse, with reasons (§21)."""
    now = _locked(request)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, now, at=at)
    _require_waiting(now)
    if now.resource.sharing == Sharing.UNCONDITIONAL:
        raise Conflict("无条件共享的数据不能拒绝", remedy="确实不能共享的，先改目录里的共享属性并经主管部门审核。")
    if not reason.strip():
        raise BadInput("没有写不同意的理由", remedy="申请单位会看到；材料不齐不是理由，可以一次告知补齐。")
    _answer(now, S.REFUSED, reason, by=by, at=at)
    record("exchange.refuse_request", now, by=by, at=at, facts={})
    _tell_asker(now, f"不同意：{now.answer}", at)
    return now


def _answer(now: DataRequest, state: RequestState, words: str, *, by: Allowed, at: datetime) -> None:
    now.state, now.answer, now.answered_at, now.answered_by = state, words.strip()[:500], at, account_of(by)
    now.escalated_on = None  # data that come too late are told of too
    now.save()
    emit(ANSWERED, now, by=by, at=at, state=str(state))


@transaction.atomic
def deliver_data(request: DataRequest, *, by: Actor, at: datetime) -> DataRequest:
    """Record that the data agreed to can be used (§22)."""
    now = _locked(request)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, now, at=at)
    if now.state != S.AGREED or now.delivered_at:
        raise Conflict("没有等着提供的", remedy="请刷新页面查看。")
    now.delivered_at = at
    now.save(update_fields=["delivered_at"])
    record("exchange.deliver_data", now, by=by, at=at, facts={})
    _tell_asker(now, "数据已经接好，可以使用", at)
    return now


@transaction.atomic
def escalate_silence(*, by: Actor, at: datetime) -> int:
    """Tell the data authority, once, of each request whose last day is over without an answer or without data."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    today = calendar_in_force().rank_of(day_of(at))
    late = DataRequest.objects.select_for_update(of=("self",)).select_related("organ", "resource__organ")
    unanswered = list(late.filter(state=S.ASKED, due_rank__lt=today, escalated_on=None))
    undelivered = list(late.filter(state=S.AGREED, delivered_at=None, delivery_due_rank__lt=today, escalated_on=None))
    for each in (*unanswered, *undelivered):
        each.escalated_on = day_of(at)
        each.save(update_fields=["escalated_on"])
        record("exchange.escalate_silence", each, by=by, at=at, facts={"state": each.state})
        owner = each.resource.organ
        who = nearest_holders([owner], Permission.EXCHANGE_OVERSEE, day_of(at))[owner.pk]
        _tell(each, who, f"{owner.called}超期没有{'答复' if each.state == S.ASKED else '提供数据'}", at)
    return len(unanswered) + len(undelivered)


def _require_waiting(request: DataRequest) -> None:
    if request.state != S.ASKED:
        raise Conflict(f"这件申请{request.get_state_display()}", remedy="请刷新页面查看。")


def _locked(request: DataRequest) -> DataRequest:
    rows = DataRequest.objects.select_for_update(of=("self",))
    return rows.select_related("resource__organ", "organ").get(pk=request.pk)


def _tell_provider(request: DataRequest, said: str, at: datetime) -> None:
    owner = request.resource.organ_id
    _tell(request, holders([owner], Permission.EXCHANGE_PROVIDE, day_of(at)).get(owner, set()), said, at)


def _tell_asker(request: DataRequest, said: str, at: datetime) -> None:
    organ = request.organ_id
    _tell(request, holders([organ], Permission.EXCHANGE_ASK, day_of(at)).get(organ, set()), said, at)


def _tell(request: DataRequest, who: set[int], said: str, at: datetime) -> None:
    context = {"resource": request.resource, "organ": request.organ.called, "said": said}
    notify(REQUEST_TOLD, who, subject=request, context=context, at=at)
