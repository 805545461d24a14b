"""The clock of §17: when duties or data change, the entry follows within ten working days, five more with consent."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.clock import chinese_date, day_of
from banshi.core.errors import BadInput, Conflict
from banshi.events import emit
from banshi.exchange.deadlines import day_of_rank, rank_after
from banshi.exchange.enums import ResourceState
from banshi.exchange.events import UPDATE_OVERDUE
from banshi.exchange.models import Resource
from banshi.exchange.notifications import RESOURCE_TOLD
from banshi.exchange.policy import exchange_policy
from banshi.exchange.queries import updates_overdue
from banshi.exchange.sources import SourceTrouble, StructureChanged
from banshi.ledger import Actor, System, record
from banshi.notifications.notify import notify
from banshi.notifications.recipients import holders, nearest_holders


@transaction.atomic
def report_change(resource: Resource, *, what: str, by: Actor, at: datetime) -> Resource:
    """Write down that duties or data changed, from when the days to update the entry are counted."""
    one = Resource.objects.select_for_update(of=("self",)).select_related("organ").get(pk=resource.pk)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, one, at=at)
    if one.state != ResourceState.PUBLISHED:
        raise Conflict(f"“{one}”{one.get_state_display()}，直接改了再报就行", remedy="请在目录表里改好后导入、报送。")
    if one.update_due_rank is not None:
        raise Conflict(f"已经登记过变化：{one.change}", remedy="请按登记的日期更新目录。")
    if not what.strip():
        raise BadInput("没有写什么变了", remedy="例如：机构改革后这项职责划到民政局；库里加了一列。")
    one.change, one.changed_at = what.strip()[:300], at
    one.update_due_rank = rank_after(at, exchange_policy().catalogue.update)
    one.save(update_fields=["change", "changed_at", "update_due_rank"])
    due = day_of_rank(one.update_due_rank)
    record("exchange.report_change", one, by=by, at=at, facts={"what": one.change, "due": due.isoformat()})
    return one


def follow_structure(code: str, trouble: SourceTrouble, *, at: datetime) -> None:
    """Start the clock of an entry whose table is no longer as declared, whoever met it first."""
    if not isinstance(trouble, StructureChanged):
        return
    entry = Resource.objects.filter(code=code, state=ResourceState.PUBLISHED, update_due_rank=None).first()
    if entry:
        with suppress(Conflict):  # another met it meanwhile
            report_change(entry, what=str(trouble), by=System("exchange"), at=at)


@transaction.atomic
def ask_update_extension(resource: Resource, *, reason: str, by: Actor, at: datetime) -> Resource:
    """Ask the data authority for more days to update an entry."""
    one = Resource.objects.select_for_update(of=("self",)).select_related("organ").get(pk=resource.pk)
    by = authorize(by, Permission.EXCHANGE_PROVIDE, one, at=at)
    if one.update_due_rank is None or one.extension_reason:
        raise Conflict("现在不能申请延长", remedy="没有在更新的，或者已经申请过。请刷新页面查看。")
    if not reason.strip():
        raise BadInput("没有写为什么要延长", remedy="主管部门要看理由。")
    one.extension_reason = reason.strip()[:300]
    one.save(update_fields=["extension_reason"])
    record("exchange.ask_update_extension", one, by=by, at=at, facts={"reason": one.extension_reason})
    return one


@transaction.atomic
def consent_update_extension(resource: Resource, *, by: Actor, at: datetime) -> Resource:
    """Give the days of §17 once, counted from the last day there was."""
    one = Resource.objects.select_for_update(of=("self",)).select_related("organ").get(pk=resource.pk)
    by = authorize(by, Permission.EXCHANGE_OVERSEE, one, at=at)
    if one.update_due_rank is None or not one.extension_reason or one.extended_at:
        raise Conflict("没有要同意的延长", remedy="请刷新页面查看。")
    one.update_due_rank += exchange_policy().catalogue.extension
    one.extended_at, one.overdue_told_on = at, None
    one.save(update_fields=["update_due_rank", "extended_at", "overdue_told_on"])
    due = day_of_rank(one.update_due_rank)
    record("exchange.consent_update_extension", one, by=by, at=at, facts={"due": due.isoformat()})
    who = holders([one.organ_id], Permission.EXCHANGE_PROVIDE, day_of(at)).get(one.organ_id, set())
    said = f"同意延长，请在{chinese_date(due)}前更新目录"
    notify(RESOURCE_TOLD, who, subject=one, context={"resource": one, "said": said}, at=at)
    return one


@transaction.atomic
def tell_overdue_updates(*, by: Actor, at: datetime) -> int:
    """Tell owners and the authority, once, of entries that were not updated in time, and return how many."""
    by = authorize(by, Permission.AUTOMATIC, at=at)
    told = 0
    for one in updates_overdue(on=day_of(at)).filter(overdue_told_on=None).select_for_update(of=("self",)):
        one.overdue_told_on = day_of(at)
        one.save(update_fields=["overdue_told_on"])
        due = day_of_rank(one.update_due_rank or 0)
        record("exchange.tell_overdue_updates", one, by=by, at=at, facts={"due": due.isoformat()})
        emit(UPDATE_OVERDUE, one, by=by, at=at)
        owners = holders([one.organ_id], Permission.EXCHANGE_PROVIDE, day_of(at)).get(one.organ_id, set())
        who = owners | nearest_holders([one.organ], Permission.EXCHANGE_OVERSEE, day_of(at))[one.organ_id]
        said = f"目录应在{chinese_date(due)}前更新，已经超期：{one.change}"
        notify(RESOURCE_TOLD, who, subject=one, context={"resource": one, "said": said}, at=at)
        told += 1
    return told
