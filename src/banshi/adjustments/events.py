"""Events of adjustments: what examiners said."""

from banshi.adjustments.models import Adjustment
from banshi.events import EventData, declare
from banshi.events.subjects import register_subject

register_subject(Adjustment, organ="item__organ", item="item")


class ExaminationData(EventData):
    """`desk`: key of the examining organ."""

    verdict: str
    desk: int


EXAMINED = declare("adjustments.examined", "审核", ExaminationData)
