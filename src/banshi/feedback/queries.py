"""Reads of feedback: what a person or a desk may see."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from banshi.access import Permission
from banshi.feedback.models import BadRating, RatedPerson, RatingInvitation
from banshi.people.posts import organs_where

OPEN_BAD_RATINGS = ("received", "verifying", "mending", "appealed", "answered")
"""States of data/workflows/bad_rating.toml in which somebody has still to act; a test compares the two."""


def invitation_by_code(code: str) -> RatingInvitation | None:
    """Find the invitation whose code stands on a ticket, however it was typed."""
    plain = code.replace(" ", "").replace("-", "").upper()
    return RatingInvitation.objects.select_related("organ", "item").filter(code=plain).first()


def bad_ratings_visible_to(user: Any, *, at: datetime) -> QuerySet[BadRating]:
    """List bad ratings of the organs where the user verifies, and those of the user's own work.

    `own` marks these: they may be appealed against, and nothing tells who rated.
    """
    own = Exists(RatedPerson.objects.filter(invitation__rating=OuterRef("rating"), user=user))
    mine = Q(organ__in=organs_where(user, Permission.RATING_VERIFY, at)) | Q(own)
    rows = BadRating.objects.annotate(own=own).filter(mine)
    return rows.select_related("organ", "rating__invitation", "rating__item")
