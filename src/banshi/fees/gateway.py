"""Port to a payment gateway, which a connector registers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from banshi.core.errors import Conflict
from banshi.fees.models import FeeOrder


class GatewayAway(Conflict):
    """Nobody answers there."""


@dataclass(frozen=True, slots=True)
class PaymentStanding:
    """The gateway's word on an order. `number` is its own, "" while nothing was paid."""

    number: str = ""
    paid_at: datetime | None = None


class PaymentGateway(Protocol):
    """Every method is safe to repeat: the gateway knows an order by its number. All raise GatewayAway in words when it is."""

    def begin(self, order: FeeOrder, *, back: str, at: datetime) -> str:
        """Register the order and return the address where the person pays."""

    def standing(self, order: FeeOrder, *, at: datetime) -> PaymentStanding:
        """Ask whether it was paid."""

    def refund(self, order: FeeOrder, *, reason: str, at: datetime) -> None:
        """Give everything back the way it came."""


_makers: list[Callable[[], PaymentGateway | None]] = []


def register_gateway(make: Callable[[], PaymentGateway | None]) -> None:
    _makers.append(make)


def is_open() -> bool:
    return any(make() for make in _makers)


def payment_gateway() -> PaymentGateway:
    found = next((made for make in _makers if (made := make())), None)
    if found is None:
        raise Conflict("还没有开通网上缴费", remedy="请到收件窗口缴纳。")
    return found
