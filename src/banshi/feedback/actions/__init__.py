"""Everything that changes feedback."""

from banshi.feedback.actions.bad_ratings import (
    appeal_bad_rating,
    call_back,
    contact_rater,
    decide_appeal,
    look_at_rater,
    settle_bad_rating,
)
from banshi.feedback.actions.rating import invite_to_rate, rate, rate_again

__all__ = [
    "appeal_bad_rating",
    "call_back",
    "contact_rater",
    "decide_appeal",
    "invite_to_rate",
    "look_at_rater",
    "rate",
    "rate_again",
    "settle_bad_rating",
]
