"""Answers of the SMS gateway."""

from pydantic import BaseModel


class SmsReceipt(BaseModel):
    """The gateway's word on one message, known by its key: taken, refused for good (`reason`), or `later`."""

    key: str
    accepted: bool
    later: bool = False
    reason: str = ""
    number: str = ""


class SmsReply(BaseModel):
    messages: list[SmsReceipt]
