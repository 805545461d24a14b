"""Deletion of who collected a result, with what is personal in its case."""

from collections.abc import Sequence

from django.dispatch import receiver

from banshi.cases.models import Case
from banshi.cases.signals import contents_deleted
from banshi.handout.models import HandOut


@receiver(contents_deleted)
def forget_receivers(*, cases: Sequence[Case], **_: object) -> set[int]:
    done = HandOut.objects.filter(case__in=cases)
    files = {each for row in done.values_list("authority", "signature") for each in row if each}
    done.update(
        address_sealed=b"",
        locker_code_sealed=b"",
        receiver_sealed=b"",
        receiver_masked="",
        authority=None,
        signature=None,
    )
    return files
