"""Answers of the express company."""

from datetime import datetime

from pydantic import BaseModel


class ParcelReply(BaseModel):
    """`tracking` is the company's own number, the same for a repeated order."""

    accepted: bool
    carrier: str = ""
    tracking: str = ""
    reason: str = ""


class StandingReply(BaseModel):
    words: str = ""
    delivered_at: datetime | None = None
    receiver: str = ""
