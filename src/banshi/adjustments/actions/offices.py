"""Saying which organ is 编办, 法制 or 审管办 of a division."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize
from banshi.adjustments.models import ExaminingOffice
from banshi.core.errors import BadInput
from banshi.ledger import Actor, record
from banshi.people.models import Division, Organ


@transaction.atomic
def set_office(division: Division, office: str, organ: Organ | None, *, by: Actor, at: datetime) -> None:
    """Name the organ that examines for a division, or none for that of the division above.

    What is under way keeps its examiner.
    """
    authorize(by, Permission.PEOPLE_MANAGE, division, at=at)
    if organ is not None and not organ.active:
        raise BadInput(f"{organ}已停用，不能指定为审核单位")
    there = ExaminingOffice.objects.filter(division=division, office=office)
    if organ is None:
        there.delete()
    else:
        ExaminingOffice.objects.update_or_create(division=division, office=office, defaults={"organ": organ})
    facts = {"office": office, "organ": organ and organ.pk}
    record("adjustments.set_office", division, by=by, at=at, facts=facts)
