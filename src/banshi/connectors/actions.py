"""What people do with outlets. What is secret goes in sealed, and into no ledger."""

from datetime import datetime
from typing import Any

from django.db import transaction
from pydantic import BaseModel, ValidationError

from banshi.access import Permission, authorize
from banshi.connectors.base import Unavailable
from banshi.connectors.kinds import connector_of, kind_named, kind_of, sealed
from banshi.connectors.models import Delivery, Outlet
from banshi.connectors.queries import newest_change
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.ledger import Actor, record

State = Delivery.State


@transaction.atomic
def add_outlet(
    *, kind: str, name: str, place: dict[str, Any], secrets: dict[str, Any], by: Actor, at: datetime
) -> Outlet:
    """A new outlet gets everything in force first (初始化全量), then each change."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    chosen = kind_named(kind)
    outlet = Outlet.objects.create(
        name=_free_name(name),
        kind=chosen.code,
        place=_checked(chosen.place, place),
        secrets_sealed=sealed(_checked(chosen.secrets, secrets)),
        first_until=newest_change(),
        created_at=at,
    )
    record("connectors.add_outlet", outlet, by=by, at=at, facts={"kind": kind, "name": name, "place": outlet.place})
    return outlet


@transaction.atomic
def change_outlet(
    outlet: Outlet, *, name: str, place: dict[str, Any], secrets: dict[str, Any], by: Actor, at: datetime
) -> Outlet:
    """New settings; secrets left empty stay as they are. Tried again at once."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    kind = kind_of(outlet)
    before, given = outlet.place, {key: value for key, value in secrets.items() if value}
    outlet.name, outlet.place = _free_name(name, outlet), _checked(kind.place, place)
    if given:
        outlet.secrets_sealed = sealed(_checked(kind.secrets, given))
    outlet.failures, outlet.trouble, outlet.next_at = 0, "", None
    outlet.save(update_fields=["name", "place", "secrets_sealed", "failures", "trouble", "next_at"])
    facts = {"name": name, "before": before, "after": outlet.place, "new_secrets": sorted(given)}
    record("connectors.change_outlet", outlet, by=by, at=at, facts=facts)
    return outlet


def _free_name(name: str, outlet: Outlet | None = None) -> str:
    if Outlet.objects.filter(name=name).exclude(pk=outlet.pk if outlet else 0).exists():
        raise BadInput("渠道没有保存", [Problem("已经有同名的渠道（也可能已停用），请换一个名称", field="name")])
    return name


def _checked(form: type[BaseModel], given: dict[str, Any]) -> dict[str, Any]:
    try:
        return form.model_validate(given).model_dump(mode="json")
    except ValidationError as trouble:
        raise BadInput("渠道没有保存", [_problem(form, each) for each in trouble.errors()]) from trouble


def _problem(form: type[BaseModel], error: Any) -> Problem:
    name = str(error["loc"][0])
    title = form.model_fields[name].title or name
    return Problem(WORDS.get(error["type"], "不符合要求"), where=title, field=name)


WORDS = {
    "url_parsing": "请填写完整的地址，以 https:// 开头",
    "url_scheme": "地址要以 https:// 或 http:// 开头",
    "missing": "请填写",
    "string_too_short": "太短",
    "string_too_long": "太长",
}


@transaction.atomic
def pause_outlet(outlet: Outlet, *, by: Actor, at: datetime) -> Outlet:
    """Nothing is sent for a while; changes are kept for it."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    return _stand(outlet, "pause_outlet", {"paused_at": None}, {"paused_at": at}, by, at)


@transaction.atomic
def resume_outlet(outlet: Outlet, *, by: Actor, at: datetime) -> Outlet:
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    return _stand(outlet, "resume_outlet", {"paused_at__isnull": False}, {"paused_at": None, "next_at": None}, by, at)


@transaction.atomic
def end_outlet(outlet: Outlet, *, by: Actor, at: datetime) -> Outlet:
    """For good. Its secrets go at once; what was sent stays on record."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    return _stand(outlet, "end_outlet", {}, {"ended_at": at, "secrets_sealed": b""}, by, at)


def _stand(
    outlet: Outlet, act: str, only_if: dict[str, Any], becomes: dict[str, Any], by: Actor, at: datetime
) -> Outlet:
    if not Outlet.objects.filter(pk=outlet.pk, ended_at=None, **only_if).update(**becomes):
        raise Conflict(f"“{outlet}”的状态刚有变动", remedy="请刷新页面查看。")
    record(f"connectors.{act}", outlet, by=by, at=at, facts={"name": outlet.name})
    outlet.refresh_from_db()
    return outlet


def check_outlet(outlet: Outlet, *, by: Actor, at: datetime) -> str:
    """Ask the other side whether it answers and knows us; the trouble in words, or "". Waits for no lock while asking."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    try:
        connector_of(outlet).check(at=at)
        trouble = ""
    except Unavailable as unavailable:
        trouble = str(unavailable)
    _note_check(outlet, trouble=trouble, by=by, at=at)
    return trouble


@transaction.atomic
def _note_check(outlet: Outlet, *, trouble: str, by: Actor, at: datetime) -> None:
    """An outlet that answers again need not wait for its next try."""
    better: dict[str, Any] = {} if trouble else {"failures": 0, "next_at": None}
    Outlet.objects.filter(pk=outlet.pk).update(checked_at=at, trouble=trouble[:300], **better)
    record("connectors.check_outlet", outlet, by=by, at=at, facts={"trouble": trouble})


@transaction.atomic
def resend(delivery: Delivery, *, by: Actor, at: datetime) -> Delivery:
    """Try one again that was refused."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    if not _again(Delivery.objects.filter(pk=delivery.pk)):
        raise Conflict("这一条已经不是“未送达”", remedy="请刷新页面查看。")
    record("connectors.resend", delivery.outlet, by=by, at=at, facts={"changes": [delivery.change_id]})
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def resend_refused(outlet: Outlet, *, by: Actor, at: datetime) -> int:
    """Try all again that were refused, as after a setting was put right; how many."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    refused = list(outlet.deliveries.filter(state=State.REFUSED).values_list("change_id", flat=True)[:500])
    count = _again(outlet.deliveries.filter(change__in=refused))
    if count:
        record("connectors.resend", outlet, by=by, at=at, facts={"changes": refused})
    return count


def _again(deliveries: Any) -> int:
    count: int = deliveries.filter(state=State.REFUSED).update(
        state=State.WAITING, settled_at=None, next_at=None, setbacks=0, receipt=""
    )
    return count


@transaction.atomic
def skip(delivery: Delivery, *, reason: str, by: Actor, at: datetime) -> Delivery:
    """Give one up that was refused, with the reason on record."""
    authorize(by, Permission.OUTLET_MANAGE, at=at)
    if not reason.strip():
        raise BadInput("请写明为什么不再发送")
    refused = Delivery.objects.filter(pk=delivery.pk, state=State.REFUSED)
    if not refused.update(state=State.SKIPPED, settled_at=at, reason=reason.strip()[:500]):
        raise Conflict("这一条已经不是“未送达”", remedy="请刷新页面查看。")
    facts = {"change": delivery.change_id, "reason": reason.strip(), "refused_because": delivery.reason}
    record("connectors.skip", delivery.outlet, by=by, at=at, facts=facts)
    delivery.refresh_from_db()
    return delivery
