"""责任清单 and 负面清单 as the catalogue gives them: duties of each office, and what is shared with nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from banshi.core.clock import day_of
from banshi.exchange.deadlines import days_left
from banshi.exchange.enums import ResourceState, Sharing
from banshi.exchange.models import Resource, ResourceMeasure


@dataclass(frozen=True, slots=True)
class Duty:
    """Data one office has to keep shared. `owed` says what is late or waits, or ""."""

    resource: Resource
    users: int
    demands: int
    owed: str
    measure: ResourceMeasure | None


def duties_of(*, at: datetime) -> Iterator[Duty]:
    """List the published entries that are shared, office by office."""
    in_force = Q(
        requests__grant__isnull=False, requests__grant__revoked_at=None, requests__grant__until__gte=day_of(at)
    )
    rows = (
        Resource.objects.filter(state=ResourceState.PUBLISHED)
        .exclude(sharing=Sharing.REFUSED)
        .select_related("organ")
        .annotate(
            users=Count("requests__organ", filter=in_force, distinct=True),
            undelivered=Count(
                "requests", filter=Q(requests__state="agreed", requests__delivered_at=None), distinct=True
            ),
            met=Count("demands", distinct=True),
        )
        .order_by("organ_id", "code")
    )
    newest = ResourceMeasure.objects.values("resource").annotate(newest=Max("pk")).values("newest")
    measures = {each.resource_id: each for each in ResourceMeasure.objects.filter(pk__in=newest)}
    for one in rows:
        left = days_left(one.update_due_rank, on=day_of(at))
        owed = [f"{one.undelivered}件申请同意了还没有提供"] if one.undelivered else []
        owed += [f"目录要更新，{left.words}"] if left else []
        yield Duty(one, one.users, one.met, "；".join(owed), measures.get(one.pk))


@dataclass(frozen=True, slots=True)
class UnsharedData:
    """An entry, or an item of one, that is not shared, with its law."""

    organ: str
    code: str
    resource: str
    what: str
    basis: str


def refused_data() -> Iterator[UnsharedData]:
    for one in (
        Resource.objects.filter(state=ResourceState.PUBLISHED).select_related("organ").order_by("organ_id", "code")
    ):
        if one.sharing == Sharing.REFUSED:
            yield UnsharedData(one.organ.name, one.code, one.name, "全部", one.basis)
            continue
        for item in one.items:
            if item["key"] in one.refused_items:
                yield UnsharedData(one.organ.name, one.code, one.name, item["label"], item.get("basis", ""))
