"""Asking the gateway about payments people have begun."""

import logging
from datetime import datetime, timedelta

from django_tasks import task

from banshi.core.errors import Conflict
from banshi.fees.actions import confirm_payment, return_second_payment
from banshi.fees.gateway import is_open
from banshi.fees.models import FeeOrder
from banshi.jobs.schedule import schedule
from banshi.ledger import System

logger = logging.getLogger("banshi.fees")
ASK_FOR = timedelta(days=2)
CASHIER = System("fees")


@task()
def confirm_payments(at: str) -> int:
    """Ask about each order begun in the last days: give receipts, and return what was paid online beside the window."""
    moment = datetime.fromisoformat(at)
    if not is_open():
        return 0
    begun = FeeOrder.objects.filter(begun_at__gte=moment - ASK_FOR)
    count = 0
    try:
        for each in begun.filter(state=FeeOrder.State.DUE):
            count += confirm_payment(each, by=CASHIER, at=moment)
        for each in begun.filter(at_window=True, returned_at=None):
            return_second_payment(each, by=CASHIER, at=moment)
    except Conflict as trouble:
        logger.warning("payment gateway: %s", trouble)
    return count


schedule("confirm_payments", "核对网上缴费", confirm_payments, every=timedelta(minutes=1))
