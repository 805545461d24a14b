"""Looks at sealed identities that are refused to somebody whom the feedback is about."""

from datetime import datetime
from typing import NoReturn

from django.db import transaction

from banshi.core.errors import Refused
from banshi.events import emit
from banshi.feedback.events import LOOK_REFUSED
from banshi.feedback.models import BadRating, Complaint
from banshi.ledger import Actor, record


def refuse_look(subject: BadRating | Complaint, refusal: Refused, *, what: str, by: Actor, at: datetime) -> NoReturn:
    """Record the try, which stays, and refuse it."""
    with transaction.atomic():
        record("feedback.refuse_look", subject, by=by, at=at, facts={"what": what})
        emit(LOOK_REFUSED, subject, by=by, at=at, what=what)
    raise refusal
