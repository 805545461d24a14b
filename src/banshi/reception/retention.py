"""Deletion of signatures and addresses of receptions with their case or draft, of mandates and visits in their own time."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.dispatch import receiver

from banshi.cases.models import Application, Case
from banshi.cases.retention import Hold, KeptMatter, register_matter
from banshi.cases.signals import contents_deleted, drafts_discarded
from banshi.core.clock import day_of
from banshi.reception.models import BundleReception, HomeVisit, Mandate, Reception


@receiver(contents_deleted)
def forget_signatures(*, cases: Sequence[Case], **_: object) -> set[int]:
    """Delete signatures and addresses of a reception with its case, of a bundle with the last of its cases."""
    alone = Reception.objects.filter(application__case__in=cases)
    HomeVisit.objects.filter(reception__in=alone).update(content_sealed=b"")
    kept = Case.objects.filter(application__bundle_part__submission=OuterRef("submission"), contents_deleted_at=None)
    parts = BundleReception.objects.filter(submission__parts__application__case__in=cases)
    return _unsigned(alone) | _unsigned(BundleReception.objects.filter(~Exists(kept), pk__in=parts.values("pk")))


@receiver(drafts_discarded)
def forget_signatures_of_drafts(*, sender: type, drafts: Sequence[Any], **_: object) -> set[int]:
    if sender is Application:
        return _unsigned(Reception.objects.filter(application__in=drafts))
    return _unsigned(BundleReception.objects.filter(submission__in=drafts))


def _unsigned(receptions: QuerySet[Any]) -> set[int]:
    files = set(receptions.exclude(signature=None).values_list("signature", flat=True))
    receptions.update(agreed_by="", agreed_at=None, agreed_index="", signature=None)
    return files


def _ended_mandates(before: datetime) -> QuerySet[Mandate]:
    ended = Mandate.objects.filter(Q(ended_at__lt=before) | Q(until__lt=day_of(before))).exclude(paper=None)
    return ended.select_related("organ").order_by("until", "id")


def _still_shown(_: date) -> Q:
    """Hold for mandates under which a case was handed in that keeps what is personal in it."""
    cases = Case.objects.filter(contents_deleted_at=None)
    alone = cases.filter(application__reception__mandate=OuterRef("pk"))
    together = cases.filter(application__bundle_part__submission__reception__mandate=OuterRef("pk"))
    return Q(Exists(alone)) | Q(Exists(together))


def _told_mandate(one: Mandate) -> tuple[str, str, str, date]:
    return str(one), "委托代办", one.organ.name, min(one.until, day_of(one.ended_at)) if one.ended_at else one.until


def _forget_mandates(rows: Sequence[Mandate]) -> set[int]:
    mandates = Mandate.objects.filter(pk__in=[each.pk for each in rows])
    files = {each for each in mandates.values_list("paper", flat=True) if each}
    mandates.update(paper=None, matters="")
    return files


def _visits_without_case(before: datetime) -> QuerySet[HomeVisit]:
    """List visits that were cancelled, forgotten, or begun and given up."""
    nothing = Q(reception=None) | Q(reception__application__discarded_at__isnull=False)
    past = HomeVisit.objects.filter(nothing, wanted_on__lt=day_of(before)).exclude(content_sealed=b"")
    return past.select_related("item", "organ").order_by("wanted_on", "id")


def _told_visit(one: HomeVisit) -> tuple[str, str, str, date]:
    return str(one), one.item.name, one.organ.name, one.wanted_on


def _forget_visits(rows: Sequence[HomeVisit]) -> set[int]:
    HomeVisit.objects.filter(pk__in=[each.pk for each in rows]).update(content_sealed=b"")
    return set()


HELD = Hold("委托办的件还没有到期", _still_shown)
register_matter("mandates", KeptMatter(_ended_mandates, _told_mandate, _forget_mandates, (HELD,)))
register_matter("visits", KeptMatter(_visits_without_case, _told_visit, _forget_visits))
