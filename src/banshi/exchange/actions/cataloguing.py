"""The catalogue: declared, submitted by its owner, checked and announced by the data authority, withdrawn."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.events import emit
from banshi.exchange.deadlines import rank_after
from banshi.exchange.declarations import DeclaredResource
from banshi.exchange.enums import ResourceState, Sharing
from banshi.exchange.events import RESOURCE_PUBLISHED
from banshi.exchange.models import DataSystem, Grant, Resource
from banshi.exchange.policy import exchange_policy
from banshi.exchange.sources import SourceTrouble, ask
from banshi.ledger import Actor, record
from banshi.people.models import Organ

S = ResourceState
CHECK_SECONDS = 15.0
COPIED = (
    *("name", "category", "summary", "data_format", "update_cycle", "sharing", "condition", "basis", "means"),
    *("classification", "level", "open_data"),
)


@transaction.atomic
def load_resources(
    declared: Iterable[DeclaredResource], *, is_example: bool = False, by: Actor, at: datetime
) -> list[Resource]:
    """Bring the catalogue to what the files declare.

    A change of a published entry goes to the authority again (§17); entries no file names stay.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    loaded = []
    for each in declared:
        organ = Organ.objects.filter(name=each.provider, active=True).first()
        if organ is None:
            raise BadInput(
                f"没有“{each.provider}”这个单位", where=each.code, remedy="请在“机构”里先建，或改 provider。"
            )
        items = [one.model_dump(mode="json", exclude={"column"}) for one in each.items]
        values = {**{name: getattr(each, name) for name in COPIED}, "organ": organ, "items": items}
        there = Resource.objects.select_for_update().filter(code=each.code).first()
        if there and all(getattr(there, name) == value for name, value in values.items()):
            loaded.append(there)
            continue
        one = there or Resource(code=each.code, is_example=is_example)
        for name, value in values.items():
            setattr(one, name, value)
        if one.state == S.PUBLISHED:
            _submit(one, at)
        one.save()
        record("exchange.load_resources", one, by=by, at=at, facts={"code": one.code, "items": len(items)})
        loaded.append(one)
    return loaded


@transaction.atomic
def connect_system(
    organ: Organ, *, code: str, name: str, address: str, kind: str = "sql", by: Actor, at: datetime
) -> DataSystem:
    """Register the sealed address at which a system of an organ is read, or that it moved."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    values = {"organ": organ, "name": name, "kind": kind, "address_sealed": DataSystem.seal(address)}
    values |= {"active": True, "failures": 0, "resting_until": None, "last_error": ""}
    system, _ = DataSystem.objects.update_or_create(code=code, defaults=values)
    record("exchange.connect_system", system, by=by, at=at, facts={"code": code, "kind": kind})
    return system


@transaction.atomic
def submit_resource(resource: Resource, *, by: Actor, at: datetime) -> Resource:
    """Send an entry to the data authority, which checks it within two working days (§17)."""
    one = _locked(resource)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, one, at=at)
    if one.state not in (S.DRAFT, S.WITHDRAWN):
        raise Conflict(f"“{one}”{one.get_state_display()}，不用再报", remedy="请刷新页面查看。")
    _require_whole(one)
    _submit(one, at)
    one.save()
    record("exchange.submit_resource", one, by=by, at=at, facts={"code": one.code})
    return one


def _submit(one: Resource, at: datetime) -> None:
    one.state, one.submitted_at = S.SUBMITTED, at
    one.check_due_rank = rank_after(at, exchange_policy().catalogue.check)


def _require_whole(one: Resource) -> None:
    """Refuse an entry that lacks an element of §13 or §15."""
    asked = {
        "summary": "摘要",
        "data_format": "数据格式",
        "update_cycle": "更新频率",
        "means": "共享方式",
        "classification": "数据分类",
    }
    if one.sharing == Sharing.REFUSED:
        del asked["means"]
        asked["basis"] = "不予共享的法律依据"
    lacking = [Problem("没有填", where=label, field=field) for field, label in asked.items() if not getattr(one, field)]
    if not one.items:
        lacking.append(Problem("一项也没有", where="信息项", field="items"))
    if lacking:
        raise BadInput("目录还没有写全", lacking, remedy="补上以后再报。")


@transaction.atomic
def publish_resource(resource: Resource, *, by: Actor, at: datetime) -> Resource:
    """Publish an entry after checking it (§16)."""
    one = _locked(resource)
    by = authorize(by, Permission.EXCHANGE_OVERSEE, one, at=at)
    if one.state != S.SUBMITTED:
        raise Conflict(f"“{one}”{one.get_state_display()}，不能发布", remedy="请等提供单位报送。")
    one.state, one.published_at, one.check_due_rank = S.PUBLISHED, at, None
    one.save(update_fields=["state", "published_at", "check_due_rank"])
    record("exchange.publish_resource", one, by=by, at=at, facts={"code": one.code, "sharing": one.sharing})
    emit(RESOURCE_PUBLISHED, one, by=by, at=at)
    return one


@transaction.atomic
def withdraw_resource(resource: Resource, *, reason: str, by: Actor, at: datetime) -> Resource:
    """Take an entry out of the catalogue, ending at once what was granted of it."""
    one = _locked(resource)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, one, at=at)
    if one.state != S.PUBLISHED:
        raise Conflict(f"“{one}”{one.get_state_display()}，不能停用", remedy="请刷新页面查看。")
    if not reason.strip():
        raise BadInput("没有写为什么停用", remedy="正在使用的单位会看到。")
    one.state = S.WITHDRAWN
    one.save(update_fields=["state"])
    ended = Grant.objects.filter(request__resource=one, revoked_at=None)
    count = ended.update(revoked_at=at, revoke_reason=f"资源停用：{reason.strip()}"[:300])
    record("exchange.withdraw_resource", one, by=by, at=at, facts={"code": one.code, "grants": count})
    return one


def _locked(resource: Resource) -> Resource:
    return Resource.objects.select_for_update(of=("self",)).select_related("organ").get(pk=resource.pk)


def check_source(declared: DeclaredResource, *, at: datetime) -> str:
    """Tell what is wrong with the source of a resource, or ""."""
    if declared.source is None:
        return "没有接入数据"
    system = DataSystem.objects.filter(code=declared.source.system).first()
    if system is None:
        return f"还没有登记来源“{declared.source.system}”"
    table, columns = declared.source.table, [each.column for each in declared.items]
    try:
        ask(system, lambda source: source.check(table, columns), at=at, seconds=CHECK_SECONDS)
    except SourceTrouble as trouble:
        return str(trouble)
    return ""
