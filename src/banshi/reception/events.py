"""Events of reception: applications received at a counter, mandates given and ended, visits at home."""

from banshi.events import EventData, declare
from banshi.events.subjects import register_subject
from banshi.reception.models import BundleReception, HomeVisit, Mandate, Reception

register_subject(Reception, organ="organ", item="application__publication__item")
register_subject(BundleReception, organ="organ")
register_subject(HomeVisit, organ="organ", item="item")
register_subject(Mandate, organ="organ")


class ReceivedData(EventData):
    """`case` is its key, `seconds` the time from the first question to handing in, `distant` whether another place handles it."""

    case: int
    seconds: int
    distant: bool
    agent: bool


class BundleReceivedData(EventData):
    """`bundle` is the code of the definition, `seconds` the time from the first question to handing in."""

    bundle: str
    seconds: int
    agent: bool


class NoData(EventData):
    """Nothing beyond the subject."""


RECEIVED = declare("reception.received", "窗口收件", ReceivedData)
BUNDLE_RECEIVED = declare("reception.bundle_received", "窗口收下一件事", BundleReceivedData)
MANDATE_GIVEN = declare("reception.mandate_given", "委托代办登记", NoData)
MANDATE_ENDED = declare("reception.mandate_ended", "委托代办结束", NoData)
VISIT_ORDERED = declare("reception.visit_ordered", "预约上门服务", NoData)
VISIT_ENDED = declare("reception.visit_ended", "上门服务结束", NoData)
