"""Reads and looks that are refused to somebody whom the feedback is about, each recorded."""

from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.db import transaction

from banshi.core.errors import BanshiError, Missing
from banshi.events import emit
from banshi.feedback.events import LOOK_REFUSED
from banshi.feedback.models import BadRating, Complaint
from banshi.feedback.queries import complaints_of_desk, complaints_visible_to
from banshi.ledger import Actor, record


def refuse_look(
    subject: BadRating | Complaint, refusal: BanshiError, *, what: str, by: Actor, at: datetime
) -> NoReturn:
    """Record the try, which stays, and refuse it."""
    with transaction.atomic():
        record("feedback.refuse_look", subject, by=by, at=at, facts={"what": what})
        emit(LOOK_REFUSED, subject, by=by, at=at, what=what)
    raise refusal


def read_complaint(guid: UUID, *, by: Any, at: datetime) -> Complaint:
    """Open a complaint of one's desk, which is not there for whom it is about, whose try is recorded."""
    if found := complaints_visible_to(by, at=at).filter(guid=guid).first():
        return found
    missing = Missing("没有这件诉求", remedy="它可能已经转给别的单位。请回到“诉求”列表查找。")
    if about := complaints_of_desk(by, at=at).filter(guid=guid).first():
        refuse_look(about, missing, what="text", by=by, at=at)
    raise missing
