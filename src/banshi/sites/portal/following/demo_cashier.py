"""A cashier of demonstrations. It takes no money, and stands where the settings name no gateway."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from banshi.core.errors import Conflict
from banshi.fees.gateway import PaymentStanding
from banshi.fees.models import FeeOrder


class DemoCashier:
    """Keeps each payment as a file of the demonstration's folder."""

    def begin(self, order: FeeOrder, *, back: str, at: datetime) -> str:
        return settings.SITE_URL + reverse("portal:demo-cashier", args=[order.case_id, order.pk])

    def standing(self, order: FeeOrder, *, at: datetime) -> PaymentStanding:
        try:
            return PaymentStanding(f"演示{order.number}", datetime.fromisoformat(self._slip(order).read_text()))
        except FileNotFoundError:
            return PaymentStanding()

    def refund(self, order: FeeOrder, *, reason: str, at: datetime) -> None:
        if not self.standing(order, at=at).number:
            raise Conflict("演示收银台没有收过这笔缴费", remedy="请核对缴费单号。")

    def pay(self, order: FeeOrder, *, at: datetime) -> None:
        slip = self._slip(order)
        slip.parent.mkdir(exist_ok=True)
        if not slip.exists():
            slip.write_text(at.isoformat())

    def _slip(self, order: FeeOrder) -> Path:
        return Path(settings.HOME) / "demo-cashier" / order.number


def cashier_of_demonstrations() -> DemoCashier | None:
    return DemoCashier() if settings.DEMO and not settings.PAYMENT.address else None
