"""Port to an express company, which a connector registers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from banshi.core.errors import Conflict


@dataclass(frozen=True, slots=True)
class Parcel:
    """An order to the company. By `key` the company knows a repeated order."""

    key: str
    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Waybill:
    """The company's word on an order."""

    carrier: str
    tracking: str


@dataclass(frozen=True, slots=True)
class ExpressStanding:
    """The place of a parcel. `delivered_at` only when it was signed for, by `receiver` as the company wrote it down."""

    words: str
    delivered_at: datetime | None = None
    receiver: str = ""


class ExpressGateway(Protocol):
    """Every method is safe to repeat. All raise Conflict in words when the company cannot be reached."""

    def order(self, parcel: Parcel, *, at: datetime) -> Waybill:
        """Order a parcel to be fetched and sent."""

    def standing(self, tracking: str, *, at: datetime) -> ExpressStanding:
        """Ask where it is."""


_makers: list[Callable[[], ExpressGateway | None]] = []


def register_express(make: Callable[[], ExpressGateway | None]) -> None:
    _makers.append(make)


def is_open() -> bool:
    return any(make() for make in _makers)


def express_gateway() -> ExpressGateway:
    found = next((made for make in _makers if (made := make())), None)
    if found is None:
        raise Conflict("还没有接通快递公司", remedy="请自己寄出后，登记快递公司和单号。")
    return found
