"""Asking the gateway about payments people have begun."""

import logging
from datetime import datetime, timedelta

from django_tasks import task

from banshi.core.errors import Conflict
from banshi.fees.actions import confirm_payment
from banshi.fees.gateway import is_open
from banshi.fees.models import FeeOrder
from banshi.jobs.schedule import schedule
from banshi.ledger import System

logger = logging.getLogger("banshi.fees")
ASK_FOR = timedelta(days=2)
CASHIER = System("fees")


@task()
def confirm_payments(at: str) -> int:
    """Ask about each order begun in the last days and not paid, and give receipts."""
    moment = datetime.fromisoformat(at)
    if not is_open():
        return 0
    begun = FeeOrder.objects.filter(state=FeeOrder.State.DUE, begun_at__gte=moment - ASK_FOR)
    count = 0
    for each in begun:
        try:
            count += confirm_payment(each, by=CASHIER, at=moment)
        except Conflict as trouble:
            logger.warning("payment gateway: %s", trouble)
            break
    return count


schedule("confirm_payments", "核对网上缴费", confirm_payments, every=timedelta(minutes=1))
