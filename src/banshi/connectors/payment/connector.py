"""Payment by a gateway like a city's 统一公共支付平台, which knows each order by its number."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings

from banshi.connectors.payment.schema import BegunPayment, PaymentReply, RefundReply
from banshi.connectors.signed_gateway import SignedGateway
from banshi.core.errors import Conflict
from banshi.fees.gateway import GatewayAway, PaymentStanding
from banshi.fees.models import FeeOrder
from banshi.outbox.channels import Unavailable

logger = logging.getLogger("banshi.fees")


class PublicPayment:
    def __init__(self, gateway: SignedGateway) -> None:
        self.gateway = gateway

    def begin(self, order: FeeOrder, *, back: str, at: datetime) -> str:
        body = {"order": order.number, "amount": str(order.total), "subject": order.case.item.name, "back": back}
        with _told("没有扣款。请过一会儿再试，或到窗口缴纳。"):
            return self.gateway.ask("/orders", body, BegunPayment, at=at).pay_url

    def standing(self, order: FeeOrder, *, at: datetime) -> PaymentStanding:
        with _told("不知道缴了没有。已经缴过的请不要再缴，过一会儿再查。"):
            said = self.gateway.ask("/standings", {"order": order.number}, PaymentReply, at=at)
        return PaymentStanding(said.number, said.paid_at)

    def refund(self, order: FeeOrder, *, reason: str, at: datetime) -> None:
        body = {"order": order.number, "amount": str(order.total), "reason": reason}
        with _told("还没有退。请过一会儿再退。"):
            said = self.gateway.ask("/refunds", body, RefundReply, at=at)
        if not said.accepted:
            raise Conflict(f"支付平台没有退：{said.reason or '没有说明原因'}", remedy="请与支付平台核对后再退。")


@contextmanager
def _told(remedy: str) -> Iterator[None]:
    """Tell whoever is at the page what it means that the gateway is away."""
    try:
        yield
    except Unavailable as trouble:
        # Why it is away is for the log alone.
        logger.warning("payment gateway away: %s", trouble)
        raise GatewayAway("支付平台现在连不上", remedy=remedy) from trouble


def gateway_in_settings() -> PublicPayment | None:
    return PublicPayment(SignedGateway(settings.PAYMENT)) if settings.PAYMENT.address else None
