"""Deletion of signatures and addresses of a reception with its case, of a bundle with the last of its cases."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from banshi.cases.models import Case
from banshi.cases.signals import contents_deleted
from banshi.reception.models import BundleReception, HomeVisit, Reception


@receiver(contents_deleted)
def forget_signatures(*, cases: Sequence[Case], **_: object) -> set[int]:
    alone = Reception.objects.filter(application__case__in=cases)
    HomeVisit.objects.filter(reception__in=alone).update(content_sealed=b"")
    kept = Case.objects.filter(application__bundle_part__submission=OuterRef("submission"), contents_deleted_at=None)
    parts = BundleReception.objects.filter(submission__parts__application__case__in=cases)
    together = BundleReception.objects.filter(~Exists(kept), pk__in=parts.values("pk"))
    files: set[int] = set()
    for each in (alone, together):
        files |= set(each.exclude(signature=None).values_list("signature", flat=True))
        each.update(agreed_by="", agreed_at=None, agreed_index="", signature=None)
    return files
