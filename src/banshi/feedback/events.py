"""Events of feedback, for supervision and figures. Who said it is in none of them."""

from banshi.events import EventData, declare
from banshi.events.subjects import register_subject
from banshi.feedback.models import BadRating, Rating, RatingInvitation

register_subject(RatingInvitation, organ="organ", item="item")
register_subject(Rating, organ="organ", item="item")
register_subject(BadRating, organ="organ")


class RatingData(EventData):
    grade: int
    channel: str
    named: bool


class BadRatingData(EventData):
    """`contact_rank` and `due_rank` number the working days it is to be contacted and put right by."""

    contact_rank: int | None = None
    due_rank: int


class OutcomeData(EventData):
    outcome: str


class LookData(EventData):
    what: str


INVITED = declare("feedback.invited", "邀请评价")
RATED = declare("feedback.rated", "评价", RatingData)
BAD_RATING_RECEIVED = declare("feedback.bad_rating_received", "收到差评", BadRatingData)
BAD_RATING_ANSWERED = declare("feedback.bad_rating_answered", "差评已处理", OutcomeData)
RATED_AGAIN = declare("feedback.rated_again", "再评价", RatingData)
LOOK_REFUSED = declare("feedback.look_refused", "被评价、被反映的人查看是谁说的，被拒绝", LookData)
