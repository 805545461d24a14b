"""Findings and inspections that keep a case from deletion until they are closed."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from banshi.cases.retention import register_hold
from banshi.supervision.models import Inspection, Irregularity
from banshi.workflow.definition import workflow


def _supervised(_: date) -> Q:
    final = [code for code, state in workflow("irregularity").states.items() if state.final]
    found = Irregularity.objects.filter(case=OuterRef("pk")).exclude(state__in=final)
    drawn = Inspection.objects.filter(Q(inspected_at=None) | Q(faulty=True, righted_at=None), case=OuterRef("pk"))
    return Q(Exists(found)) | Q(Exists(drawn))


register_hold("监察或抽查没有了结", _supervised)
