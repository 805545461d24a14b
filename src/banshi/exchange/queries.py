"""Reads of the exchange."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Length

from banshi.access import Permission
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import CHINA
from banshi.core.crypto import decrypt
from banshi.exchange.enums import DemandState, RequestState, ResourceState, Sharing
from banshi.exchange.held_data import HeldData
from banshi.exchange.models import (
    Anomaly,
    CallerKey,
    CallRecord,
    CallSearch,
    Correction,
    DataRequest,
    Demand,
    Grant,
    GrantDay,
    Resource,
)
from banshi.exchange.policy import exchange_policy
from banshi.people.models import Identity, User
from banshi.people.posts import organs_where

P = Permission
SAME_NAME = 50


def resources_visible_to(user: Any, *, at: datetime) -> QuerySet[Resource]:
    """List what is published, and entries still in preparation of the organs one provides for or oversees."""
    own = Q(organ__in=organs_where(user, P.EXCHANGE_PROVIDE, at)) | Q(
        organ__in=organs_where(user, P.EXCHANGE_OVERSEE, at)
    )
    return Resource.objects.filter(Q(state=ResourceState.PUBLISHED) | own).select_related("organ")


def grants_with_use(grant: int) -> QuerySet[Grant]:
    """Find a grant with all that is judged of it, the last day it was used on, and how often then."""
    days = GrantDay.objects.filter(grant=OuterRef("pk")).order_by("-day")
    used: QuerySet[Grant] = Grant.objects.annotate(  # type: ignore[no-redef]
        used_on=Subquery(days.values("day")[:1]), used=Subquery(days.values("calls")[:1])
    )
    return used.select_related("request__resource").filter(pk=grant)


def data_held() -> tuple[HeldData, ...]:
    """List the entries that are shared and say which papers they spare."""
    rows = Resource.objects.filter(state=ResourceState.PUBLISHED).exclude(sharing=Sharing.REFUSED).exclude(papers=[])
    return tuple(
        HeldData(each.organ.called, each.code, each.name, each.get_sharing_display(), tuple(each.papers))
        for each in rows.select_related("organ").order_by("code")
    )


def resource_named(text: str) -> Resource | None:
    """Find the published resource a guide names as its source (共享来源), by its code or its whole name."""
    if not text.strip():
        return None
    said = Resource.objects.filter(state=ResourceState.PUBLISHED).annotate(said=Value(text, CharField()))
    named = said.filter(Q(said__contains=F("code")) | Q(said__contains=F("name")))
    return named.select_related("organ").order_by(Length("name").desc(), "pk").first()


def public_resources() -> QuerySet[Resource]:
    """List entries whose description (never the data) is for everybody."""
    rows = Resource.objects.filter(state=ResourceState.PUBLISHED, level__lte=exchange_policy().catalogue.public_level)
    return rows.select_related("organ")


def updates_overdue(*, on: date) -> QuerySet[Resource]:
    """List entries whose days to follow a change are over, and of which no change waits for the authority."""
    today = calendar_in_force().rank_of(on)
    late = Resource.objects.filter(update_due_rank__lt=today, check_due_rank=None)
    return late.select_related("organ")


def entries_waiting(user: Any, *, at: datetime) -> QuerySet[Resource]:
    """List entries this person has to update, mend or check, the most pressing first."""
    own, overseen = organs_where(user, P.EXCHANGE_PROVIDE, at), organs_where(user, P.EXCHANGE_OVERSEE, at)
    to_update = Q(organ__in=own, check_due_rank=None) & (Q(update_due_rank__isnull=False) | ~Q(returned=""))
    to_check = Q(organ__in=overseen) & (
        Q(check_due_rank__isnull=False) | (~Q(extension_reason="") & Q(extended_at=None))
    )
    rows = Resource.objects.filter(to_update | to_check).select_related("organ")
    return rows.order_by(Coalesce("check_due_rank", "update_due_rank"), "code")


def requests_visible_to(user: Any, *, at: datetime) -> QuerySet[DataRequest]:
    """List requests of one's organ, to one's organ, and all that the data authority oversees."""
    asked = organs_where(user, P.EXCHANGE_ASK, at)
    provided, overseen = organs_where(user, P.EXCHANGE_PROVIDE, at), organs_where(user, P.EXCHANGE_OVERSEE, at)
    rows = DataRequest.objects.filter(
        Q(organ__in=asked) | Q(resource__organ__in=provided) | Q(organ__in=overseen) | Q(resource__organ__in=overseen)
    )
    return rows.select_related("resource__organ", "organ", "item", "grant")


def requests_waiting(user: Any, *, at: datetime) -> QuerySet[DataRequest]:
    """List requests this person has to answer, provide for, complete, or consent to extend, the most pressing first."""
    lacks = Q(lacking_told_at__isnull=False, completed_at=None)
    asked = Q(state=RequestState.ASKED)
    provides = (asked & ~lacks) | Q(state=RequestState.AGREED, delivered_at=None, grant__revoked_at=None)
    extends = asked & Q(extension_asked_at__isnull=False, extended_at=None)
    rows = DataRequest.objects.filter(
        Q(provides, resource__organ__in=organs_where(user, P.EXCHANGE_PROVIDE, at))
        | Q(extends, resource__organ__in=organs_where(user, P.EXCHANGE_OVERSEE, at))
        | Q(asked & lacks, organ__in=organs_where(user, P.EXCHANGE_ASK, at))
    )
    return rows.select_related("resource", "organ").order_by(Coalesce("delivery_due_rank", "due_rank"), "pk")


def demands_waiting(user: Any, *, at: datetime) -> QuerySet[Demand]:
    """List demands this person has to answer: of the office that has the data, or where none is named as the authority."""
    mine = Q(provider__in=organs_where(user, P.EXCHANGE_PROVIDE, at))
    unnamed = Q(provider=None, organ__in=organs_where(user, P.EXCHANGE_OVERSEE, at))
    return Demand.objects.filter(mine | unnamed, state=DemandState.OPEN).select_related("organ").order_by("pk")


def anomalies_waiting(user: Any, *, at: datetime) -> QuerySet[Anomaly]:
    """List findings this person may explain, which nobody does of their own calls."""
    rows = anomalies_visible_to(user, at=at).filter(explained_at=None)
    return rows.exclude(clerk=user.ledger_id).order_by("pk")


def grants_in_force(*, on: date) -> QuerySet[Grant]:
    rows = Grant.objects.filter(revoked_at=None, since__lte=on, until__gte=on, request__delivered_at__isnull=False)
    rows = rows.filter(request__resource__state=ResourceState.PUBLISHED)
    return rows.select_related("request__organ", "request__resource__organ")


def grants_for_case(user: Any, *, item_id: int, at: datetime, on: date) -> QuerySet[Grant]:
    """List grants one may use in a case of an item."""
    rows = grants_in_force(on=on).filter(request__organ__in=organs_where(user, P.EXCHANGE_USE, at))
    return rows.filter(Q(request__item=None) | Q(request__item=item_id)).order_by("request__resource__code", "pk")


def demands_visible_to(user: Any, *, at: datetime) -> QuerySet[Demand]:
    """List demands of one's organ, those one's organ is to meet, and all one oversees."""
    asked, provided = organs_where(user, P.EXCHANGE_ASK, at), organs_where(user, P.EXCHANGE_PROVIDE, at)
    overseen = organs_where(user, P.EXCHANGE_OVERSEE, at)
    rows = Demand.objects.filter(
        Q(organ__in=asked) | Q(provider__in=provided) | Q(organ__in=overseen) | Q(provider__in=overseen)
    )
    return rows.select_related("organ", "provider", "item", "resource__organ")


def calls_visible_to(user: Any, *, at: datetime) -> QuerySet[CallRecord]:
    """List calls of resources one provides, of the organ one asks for, and all one oversees."""
    provided, asked = organs_where(user, P.EXCHANGE_PROVIDE, at), organs_where(user, P.EXCHANGE_ASK, at)
    overseen = organs_where(user, P.EXCHANGE_OVERSEE, at)
    rows = CallRecord.objects.filter(
        Q(resource__organ__in=provided) | Q(organ__in=asked) | Q(organ__in=overseen) | Q(resource__organ__in=overseen)
    )
    return rows.select_related("resource", "organ", "item").order_by("-number")


def searches_of(user: Any) -> QuerySet[CallSearch]:
    """List one's own searches of the call log."""
    return CallSearch.objects.filter(made_by=user).select_related("resource", "organ", "anomaly")


def calls_found(search: CallSearch, user: Any, *, at: datetime) -> QuerySet[CallRecord]:
    """List the calls a search is after, within the organs one audits, newest first."""
    audited = list(organs_where(user, P.EXCHANGE_AUDIT, at).values_list("pk", flat=True))
    # Reckoned and fetched apart, so that no database walks another index than the one that ends in time, and sorts.
    rows = CallRecord.objects.annotate(of_organ=F("organ_id") + 0).filter(of_organ__in=audited)
    if search.organ_id:
        rows = rows.filter(of_organ=search.organ_id)
    if search.resource_id:
        rows = rows.filter(resource_id=search.resource_id)
    if search.clerk:
        people = User.objects.filter(full_name=search.clerk).values_list("pk", flat=True)[:SAME_NAME]
        systems = CallerKey.objects.order_by().values_list("client", flat=True).distinct()
        named = [f"user:{each}" for each in people] + [f"client:{each}/{search.clerk}" for each in systems]
        rows = rows.filter(clerk__in=named)
    if search.case_number:
        rows = rows.filter(purpose_number=search.case_number)
    if search.person_index:
        rows = rows.filter(person_index=search.person_index)
    if search.since:
        rows = rows.filter(at__gte=datetime.combine(search.since, time(), CHINA))
    if search.until:
        rows = rows.filter(at__lt=datetime.combine(search.until + timedelta(days=1), time(), CHINA))
    if search.anomaly:
        rows = rows.filter(number__in=search.anomaly.numbers)
    return rows.prefetch_related("resource", "organ", "item").order_by("-at", "-number")


def anomalies_visible_to(user: Any, *, at: datetime) -> QuerySet[Anomaly]:
    return Anomaly.objects.filter(organ__in=organs_where(user, P.EXCHANGE_AUDIT, at)).select_related("organ")


def calls_for(purpose: str) -> QuerySet[CallRecord]:
    """List calls made for a matter, newest first."""
    return CallRecord.objects.filter(purpose=purpose).select_related("resource__organ", "organ").order_by("-number")


def calls_about(person: Any, *, matters: list[str], at: datetime) -> QuerySet[CallRecord]:
    """List calls about a person, and those made for the person's own matters (about a child, for instance).

    Those of a request that may be told later by law are left out until then.
    """
    own = Identity.objects.filter(user=person).values_list("number_index", flat=True).first()
    about = Q(purpose__in=matters) | (Q(person_index=own) if own else Q())
    rows = CallRecord.objects.filter(about) if matters or own else CallRecord.objects.none()
    late = DataRequest.objects.filter(told_after_days__gt=0).order_by().values_list("told_after_days", flat=True)
    for days in late.distinct():
        hidden = Grant.objects.filter(request__told_after_days=days)
        rows = rows.exclude(grant__in=hidden, at__gt=at - timedelta(days=days))
    return rows.select_related("resource__organ", "organ", "item").order_by("-number")


def corrections_visible_to(user: Any, *, at: datetime) -> QuerySet[Correction]:
    """List corrections of resources one provides or oversees, and of calls of the organ one asks or handles for."""
    rows = Correction.objects.filter(
        Q(resource__organ__in=organs_where(user, P.EXCHANGE_PROVIDE, at))
        | Q(resource__organ__in=organs_where(user, P.EXCHANGE_OVERSEE, at))
        | Q(organ__in=organs_where(user, P.EXCHANGE_USE, at))
        | Q(organ__in=organs_where(user, P.EXCHANGE_ASK, at))
    )
    return rows.select_related("resource__organ", "organ", "item", "call")


def corrections_waiting(user: Any, *, at: datetime) -> QuerySet[Correction]:
    """List corrections the person's organ, as provider, has to answer, the most urgent first."""
    organs = organs_where(user, P.EXCHANGE_PROVIDE, at)
    rows = Correction.objects.filter(resource__organ__in=organs, answered_at=None).order_by("due_rank")
    return rows.select_related("resource__organ")


def answer_of(correction: Correction) -> str:
    """Open what the owner answered, for whoever raised it."""
    return decrypt(bytes(correction.answer_sealed), purpose=Correction.WORDS)
