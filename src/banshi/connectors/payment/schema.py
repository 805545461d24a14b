"""Answers of the payment gateway."""

from datetime import datetime

from pydantic import BaseModel


class BegunPayment(BaseModel):
    pay_url: str


class PaymentReply(BaseModel):
    """`number` is the gateway's own for what was paid, "" while nothing was."""

    number: str = ""
    paid_at: datetime | None = None


class RefundReply(BaseModel):
    accepted: bool
    reason: str = ""
