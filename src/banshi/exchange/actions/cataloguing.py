"""The catalogue: declared or imported, submitted by its owner, checked and announced or returned by the data authority, withdrawn."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from banshi.access import Permission, authorize, authorize_many
from banshi.core.clock import day_of
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.events import emit
from banshi.exchange.catalogue_sheets import CatalogueSheet, read_catalogue
from banshi.exchange.deadlines import rank_after
from banshi.exchange.declarations import DeclaredResource, catalogue_item
from banshi.exchange.enums import ResourceState, Sharing
from banshi.exchange.events import RESOURCE_PUBLISHED
from banshi.exchange.models import DataSystem, Grant, Resource
from banshi.exchange.notifications import RESOURCE_TOLD
from banshi.exchange.policy import exchange_policy
from banshi.exchange.sources import SourceTrouble, ask
from banshi.ledger import Act, Actor, record, record_many
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders
from banshi.people.models import Organ
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.workbook_reader import SourceWorkbook

S = ResourceState
CHECK_SECONDS = 15.0
COPIED = (
    *("name", "category", "summary", "data_format", "update_cycle", "sharing", "condition", "basis", "means"),
    *("classification", "level", "open_data", "open_condition", "duty"),
)
IMPORTED = (*COPIED, "organ_id", "items", "related", "papers")


@transaction.atomic
def load_resources(
    declared: Iterable[DeclaredResource], *, is_example: bool = False, by: Actor, at: datetime
) -> list[Resource]:
    """Bring the catalogue to what the files declare.

    A change of a published entry waits for the authority (§17); entries no file names stay.
    """
    by = authorize(by, Permission.AUTOMATIC, at=at)
    loaded = []
    for each in declared:
        organ = Organ.objects.filter(name=each.provider, active=True).first()
        if organ is None:
            raise BadInput(
                f"没有“{each.provider}”这个单位", where=each.code, remedy="请在“机构”里先建，或改 provider。"
            )
        items = [catalogue_item(one.model_dump(mode="json", exclude={"column"})) for one in each.items]
        values = {**{name: getattr(each, name) for name in COPIED}, "organ_id": organ.pk, "items": items}
        values |= {"related": list(each.related), "papers": list(each.papers)}
        there = Resource.objects.select_for_update().filter(code=each.code).first()
        one = there or Resource(code=each.code, is_example=is_example)
        if _bring(one, values, at):
            record("exchange.load_resources", one, by=by, at=at, facts={"code": one.code, "items": len(items)})
        loaded.append(one)
    return loaded


@transaction.atomic
def import_catalogue(book: SourceWorkbook, owners: Owners, *, by: Actor, at: datetime) -> CatalogueSheet:
    """Import as `read_catalogue` promises.

    Nothing at all when any cell is wrong; a change of a published entry waits for the authority (§17).
    """
    authorize(by, Permission.EXCHANGE_PROVIDE, at=at)
    found = read_catalogue(book, owners)
    authorize_many(by, Permission.EXCHANGE_PROVIDE, [row.resource for row in found.rows], at=at)
    if found.errors:
        problems = [Problem(each.message, where=f"{each.sheet} {each.cell}") for each in found.errors]
        raise BadInput(f"有{len(problems)}处错误，一行都没有导入", problems, remedy="请在原表上改好后重新上传。")
    acts = []
    for row in found.rows:
        values = {name: getattr(row.resource, name) for name in IMPORTED}
        there = Resource.objects.select_for_update().filter(pk=row.resource.pk).first()
        one = there or Resource(code=row.resource.code)
        if _bring(one, values, at):
            facts = {"code": one.code, "file": found.digest, "changed": list(row.changed)}
            acts.append(Act("exchange.import_catalogue", one, facts))
    if acts:
        record_many(acts, by=by, at=at)
    return found


def _bring(one: Resource, values: Mapping[str, Any], at: datetime) -> bool:
    """Bring an entry to these values, and tell whether anything differed."""
    # What differs of a published entry waits in `proposed`, so that whoever uses the data goes on meanwhile.
    as_proposed = {**{name: getattr(one, name) for name in values}, **one.proposed}
    if one.pk and all(as_proposed[name] == value for name, value in values.items()):
        return False
    if one.state == S.PUBLISHED:
        one.proposed = {name: value for name, value in values.items() if getattr(one, name) != value}
        _submit(one, at)
    else:
        for name, value in values.items():
            setattr(one, name, value)
    one.save()
    return True


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
    """Send an entry, or what changes of it, to the data authority, which checks it within two working days (§17)."""
    one = _locked(resource)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, one, at=at)
    if not may_be_submitted(one):
        raise Conflict(f"“{one}”{one.get_state_display()}，不用再报", remedy="请刷新页面查看。")
    _require_whole(one)
    _submit(one, at)
    one.save()
    record("exchange.submit_resource", one, by=by, at=at, facts={"code": one.code})
    return one


def may_be_submitted(one: Resource) -> bool:
    return one.check_due_rank is None and (one.state != S.PUBLISHED or bool(one.proposed))


def _submit(one: Resource, at: datetime) -> None:
    one.state = S.PUBLISHED if one.state == S.PUBLISHED else S.SUBMITTED
    one.submitted_at, one.returned = at, ""
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
    """Publish an entry, or what changes of it, after checking it (§16)."""
    one = _locked(resource)
    by = authorize(by, Permission.EXCHANGE_OVERSEE, one, at=at)
    if one.check_due_rank is None:
        raise Conflict(f"“{one}”{one.get_state_display()}，不能发布", remedy="请等提供单位报送。")
    changed = sorted(one.proposed)
    for name, value in one.proposed.items():
        setattr(one, name, value)
    _require_whole(one)
    one.state, one.published_at, one.check_due_rank, one.proposed = S.PUBLISHED, at, None, {}
    one.end_of_update()
    one.save()
    facts = {"code": one.code, "sharing": one.sharing, **({"changed": changed} if changed else {})}
    record("exchange.publish_resource", one, by=by, at=at, facts=facts)
    emit(RESOURCE_PUBLISHED, one, by=by, at=at)
    return one


@transaction.atomic
def return_resource(resource: Resource, *, reason: str, by: Actor, at: datetime) -> Resource:
    """Give an entry back to its owner, who keeps all that was written and is told what to mend."""
    one = _locked(resource)
    by = authorize(by, Permission.EXCHANGE_OVERSEE, one, at=at)
    if one.check_due_rank is None:
        raise Conflict(f"“{one}”{one.get_state_display()}，不能退回", remedy="请刷新页面查看。")
    if not reason.strip():
        raise BadInput("没有写要改什么", remedy="提供单位会看到，请写明。")
    one.state = S.PUBLISHED if one.state == S.PUBLISHED else S.DRAFT
    one.check_due_rank, one.returned = None, reason.strip()[:300]
    one.save(update_fields=["state", "check_due_rank", "returned"])
    record("exchange.return_resource", one, by=by, at=at, facts={"code": one.code, "reason": one.returned})
    who = holders([one.organ_id], Permission.EXCHANGE_PROVIDE, day_of(at)).get(one.organ_id, set())
    notify(RESOURCE_TOLD, who, subject=one, context={"resource": one, "said": f"目录退回来改：{one.returned}"}, at=at)
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
    one.state, one.check_due_rank = S.WITHDRAWN, None
    one.end_of_update()
    one.save()
    ended = Grant.objects.filter(request__resource=one, revoked_at=None)
    count = ended.update(revoked_at=at, revoke_reason=f"资源停用：{reason.strip()}"[:300])
    record("exchange.withdraw_resource", one, by=by, at=at, facts={"code": one.code, "grants": count})
    return one


def _locked(resource: Resource) -> Resource:
    return Resource.objects.select_for_update(of=("self",)).select_related("organ").get(pk=resource.pk)


def check_source(declared: DeclaredResource, *, at: datetime) -> SourceTrouble | None:
    """Return what is wrong with the source of a resource."""
    if declared.source is None:
        return SourceTrouble("没有接入数据")
    system = DataSystem.objects.filter(code=declared.source.system).first()
    if system is None:
        return SourceTrouble(f"还没有登记来源“{declared.source.system}”")
    table, columns = declared.source.table, [each.column for each in declared.items]
    columns += [each for each in (declared.source.row, declared.source.updated) if each and each not in columns]
    try:
        ask(system, lambda source: source.check(table, columns), at=at, seconds=CHECK_SECONDS)
    except SourceTrouble as trouble:
        return trouble
    return None
