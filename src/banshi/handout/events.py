"""Events of hand-out."""

from banshi.events import EventData, declare
from banshi.events.subjects import register_subject
from banshi.handout.models import HandOut

register_subject(HandOut, organ="organ", item="case__item")


class HandOutData(EventData):
    """`way` is a code of `enums.HandOutWay`."""

    way: str


SHELVED = declare("handout.shelved", "结果上架", HandOutData)
SENT = declare("handout.sent", "结果寄出或放入取件柜", HandOutData)
HANDED_OUT = declare("handout.handed_out", "结果领取", HandOutData)
