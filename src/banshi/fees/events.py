"""Events of fees: charged, paid, refunded."""

from banshi.events import EventData, declare
from banshi.events.subjects import register_subject
from banshi.fees.models import FeeOrder

register_subject(FeeOrder, organ="case__organ", item="case__item")


class FeeData(EventData):
    """`cents`: the amount in hundredths of a yuan."""

    cents: int


CHARGED = declare("fees.charged", "收费", FeeData)
PAID = declare("fees.paid", "缴费", FeeData)
REFUNDED = declare("fees.refunded", "退费", FeeData)
