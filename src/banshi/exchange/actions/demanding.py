"""Demands: data an office needs and finds in no entry, taken up with an entry or declined with reasons."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.catalog.models import Item
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.repeats import refuse_repeated
from banshi.events import emit
from banshi.exchange.enums import DemandState, ResourceState
from banshi.exchange.events import DEMAND_ANSWERED, DEMANDED
from banshi.exchange.models import Demand, Resource
from banshi.exchange.notifications import DEMAND_TOLD
from banshi.ledger import Actor, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders, nearest_holders
from banshi.people.models import Organ
from banshi.people.queries import account_of


@dataclass(frozen=True, slots=True)
class WantedData:
    """The data that are needed. `provider` is who has them, where that is known."""

    wanted: str
    scene: str
    basis: str
    items: str = ""
    provider: Organ | None = None
    item: Item | None = None


@transaction.atomic
def raise_demand(organ: Organ, *, data: WantedData, by: Actor, at: datetime) -> Demand:
    """Say what data an office needs, to whoever has them, or to the data authority where nobody knows who."""
    by = authorize(by, Permission.EXCHANGE_ASK, organ, at=at)
    said = {"wanted": (data.wanted, "需要什么数据"), "scene": (data.scene, "用来办什么"), "basis": (data.basis, "依据")}
    lacking = [Problem("没有写", where=label, field=name) for name, (text, label) in said.items() if not text.strip()]
    if lacking:
        raise BadInput("需求还没有写全", lacking, remedy="补上以后再提。")
    if data.provider and data.provider.pk == organ.pk:
        raise BadInput("责任单位是本单位自己", remedy="请改责任单位。")
    told = {
        "organ": organ,
        "wanted": data.wanted.strip()[:200],
        "items": data.items.strip()[:500],
        "scene": data.scene.strip()[:500],
        "basis": data.basis.strip()[:300],
        "item": data.item,
        "provider": data.provider,
    }
    same = Demand.objects.filter(**told, state=DemandState.OPEN)
    refuse_repeated(organ, same, "同样的需求已经提过了，正在等回应", remedy="请在“供需对接”里查看。")
    one = Demand.objects.create(
        **told,
        raised_by=account_of(by),
        raised_at=at,
    )
    record("exchange.raise_demand", one, by=by, at=at, facts={"wanted": one.wanted, "organ": organ.name})
    emit(DEMANDED, one, by=by, at=at)
    day = day_of(at)
    who = (
        holders([data.provider.pk], Permission.EXCHANGE_PROVIDE, day).get(data.provider.pk, set())
        if data.provider
        else nearest_holders([organ], Permission.EXCHANGE_OVERSEE, day)[organ.pk]
    )
    _tell(one, who, "请看看能不能提供", at)
    return one


@transaction.atomic
def answer_demand(demand: Demand, *, resource: Resource, by: Actor, at: datetime) -> Demand:
    """Answer a demand with a published entry, which its office then asks for."""
    one = _open(demand)
    by = authorize(by, Permission.EXCHANGE_PROVIDE if one.provider else Permission.EXCHANGE_OVERSEE, one, at=at)
    if resource.state != ResourceState.PUBLISHED:
        raise BadInput(f"“{resource}”{resource.get_state_display()}，还不能对接", remedy="发布以后再对接。")
    one.state, one.resource, one.provider = DemandState.MATCHED, resource, resource.organ
    one.answered_at, one.answered_by = at, account_of(by)
    one.save()
    record("exchange.answer_demand", one, by=by, at=at, facts={"resource": resource.code})
    emit(DEMAND_ANSWERED, one, by=by, at=at)
    _tell_asker(one, f"可以申请使用“{resource}”", at)
    return one


@transaction.atomic
def refuse_demand(demand: Demand, *, reason: str, by: Actor, at: datetime) -> Demand:
    """Say that the data can't be provided, and why."""
    one = _open(demand)
    by = authorize(by, Permission.EXCHANGE_PROVIDE if one.provider else Permission.EXCHANGE_OVERSEE, one, at=at)
    if not reason.strip():
        raise BadInput("没有写为什么提供不了", remedy="例如：没有采集这项数据；法律不准共享，写明哪一条。")
    one.state, one.answer = DemandState.REFUSED, reason.strip()[:500]
    one.answered_at, one.answered_by = at, account_of(by)
    one.save()
    record("exchange.refuse_demand", one, by=by, at=at, facts={"reason": one.answer})
    emit(DEMAND_ANSWERED, one, by=by, at=at)
    _tell_asker(one, f"提供不了：{one.answer}", at)
    return one


def answering(one: Demand) -> Permission:
    """Let the office that has the data answer, and the authority where none is named."""
    return Permission.EXCHANGE_PROVIDE if one.provider_id else Permission.EXCHANGE_OVERSEE


def _open(demand: Demand) -> Demand:
    one = Demand.objects.select_for_update(of=("self",)).select_related("organ", "provider").get(pk=demand.pk)
    if one.state != DemandState.OPEN:
        raise Conflict(f"这个需求{one.get_state_display()}", remedy="请刷新页面查看。")
    return one


def _tell_asker(one: Demand, said: str, at: datetime) -> None:
    _tell(one, holders([one.organ_id], Permission.EXCHANGE_ASK, day_of(at)).get(one.organ_id, set()), said, at)


def _tell(one: Demand, who: set[int], said: str, at: datetime) -> None:
    context = {"wanted": one.wanted, "organ": one.organ.called, "said": said}
    notify(DEMAND_TOLD, who, subject=one, context=context, at=at)
