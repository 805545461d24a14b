"""Sources looked at by the software itself: whether they answer as declared, and the quality of what they hold."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.core.clock import CHINA
from banshi.core.errors import Conflict
from banshi.exchange.actions.cataloguing import check_source
from banshi.exchange.actions.updating import follow_structure
from banshi.exchange.declarations import DeclaredResource, declared_resources
from banshi.exchange.enums import ResourceState
from banshi.exchange.models import DataSystem, Resource, ResourceMeasure
from banshi.exchange.policy import exchange_policy
from banshi.exchange.sources import Measured, MeasuredSource, Source, SourceTrouble, ask
from banshi.ledger import Actor, record


def measure_resource(resource: Resource, *, by: Actor, at: datetime) -> ResourceMeasure:
    """Count rows, blanks and duplicates at the source, without reading what they say."""
    by = authorize(by, Permission.EXCHANGE_PROVIDE, resource, at=at)
    declared = declared_resources().get(resource.code)
    if declared is None or declared.source is None:
        raise Conflict(f"“{resource}”还没有接入数据", remedy="接入以后才能测。")
    measure = ResourceMeasure(resource=resource, at=at)
    try:
        found = _count(declared, at)
    except SourceTrouble as trouble:
        measure.trouble = str(trouble)[:300]
        follow_structure(resource.code, trouble, at=at)
    else:
        measure.rows, measure.duplicates, measure.newest = found.rows, found.duplicates, moment_of(found.newest)
        measure.blanks = {each.key: found.blanks[each.column] for each in declared.items}
    with transaction.atomic():
        measure.save()
        facts = {"code": resource.code, "rows": measure.rows, "trouble": measure.trouble}
        record("exchange.measure_resource", resource, by=by, at=at, facts=facts)
    return measure


def _count(declared: DeclaredResource, at: datetime) -> Measured:
    source = declared.source
    assert source is not None
    system = DataSystem.objects.filter(code=source.system).first()
    if system is None:
        raise SourceTrouble("来源还没有登记")
    columns = [each.column for each in declared.items]
    person, seconds = declared.item(source.person).column, exchange_policy().measures.seconds

    def question(each: Source) -> Measured:
        if not isinstance(each, MeasuredSource):
            raise SourceTrouble("这种来源还不能测质量")
        return each.measure(source.table, columns, person=person, updated=source.updated, seconds=seconds)

    return ask(system, question, at=at, seconds=seconds)


def moment_of(value: Any) -> datetime | None:
    """Take for a moment what a register keeps as one, or writes as one."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=CHINA)).astimezone(UTC)


def measure_resources(*, by: Actor, at: datetime) -> int:
    """Measure each published resource that is connected, and return how many were measured."""
    authorize(by, Permission.AUTOMATIC, at=at)
    codes = [code for code, each in declared_resources().items() if each.source]
    measured = [
        measure_resource(each, by=by, at=at)
        for each in Resource.objects.filter(code__in=codes, state=ResourceState.PUBLISHED)
    ]
    return sum(not each.trouble for each in measured)


def check_systems(*, by: Actor, at: datetime) -> int:
    """Look whether each source answers as the catalogue declares, and return how many do not.

    One whose tables changed starts the clock of its entry (§17).
    """
    authorize(by, Permission.AUTOMATIC, at=at)
    troubles: dict[str, list[str]] = {}
    for code, declared in declared_resources().items():
        if declared.source is None:
            continue
        trouble = check_source(declared, at=at)
        troubles.setdefault(declared.source.system, []).append(str(trouble or ""))
        if trouble:
            follow_structure(code, trouble, at=at)
    for code, found in troubles.items():
        said = "；".join(dict.fromkeys(filter(None, found)))[:300]
        DataSystem.objects.filter(code=code).update(checked_at=at, check_trouble=said)
    return sum(any(found) for found in troubles.values())
