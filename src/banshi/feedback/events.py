"""Events of feedback, for supervision and figures. Who said it is in none of them."""

from banshi.events import EventData, declare
from banshi.events.subjects import register_subject
from banshi.feedback.models import BadRating, Complaint, Rating, RatingInvitation, Wish

register_subject(RatingInvitation, organ="organ", item="item")
register_subject(Rating, organ="organ", item="item")
register_subject(BadRating, organ="organ")
register_subject(Complaint, organ="organ", item="item")
register_subject(Wish, organ="organ", item="item")


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


class ComplaintData(EventData):
    """The ranks number the working days it is to be accepted and answered by. `what` is a code of `enums.ComplaintKind`."""

    what: str
    channel: str
    accept_rank: int
    due_rank: int
    joined: bool = False


class TransferData(EventData):
    """Keys of the organs it went from and to, and how often it was passed on so far."""

    to: int
    source: int | None = None
    times: int = 0


class ReclassingData(EventData):
    """Codes of `enums.ComplaintKind`, keys of the organs it was with and is with, and how often it was re-classed so far."""

    before: str
    after: str
    to: int | None = None
    source: int | None = None
    times: int


class RecountData(EventData):
    """Numbers added to the complaints that count and to those that joined another, at the moment of their receipt."""

    counted: int
    alike: int


class ComplaintAnswerData(EventData):
    together: int
    due_rank: int


class WishData(EventData):
    round: int = 1
    due_rank: int | None = None
    answer: str = ""


class FeedbackLateData(EventData):
    """`due_rank` numbers the working day it was promised by."""

    due_rank: int


CONTACT_LATE = declare("feedback.contact_late", "差评没有在期限内联系", FeedbackLateData)
BAD_RATING_LATE = declare("feedback.bad_rating_late", "差评没有在期限内处理完", FeedbackLateData)
ACCEPTANCE_LATE = declare("feedback.acceptance_late", "诉求没有在期限内受理", FeedbackLateData)
ANSWER_LATE = declare("feedback.answer_late", "诉求没有在期限内答复", FeedbackLateData)
WISH_LATE = declare("feedback.wish_late", "愿望没有在期限内答复", FeedbackLateData)
COMPLAINT_FILED = declare("feedback.complaint_filed", "收到诉求", ComplaintData)
COMPLAINT_TRANSFERRED = declare("feedback.complaint_transferred", "转办诉求", TransferData)
COMPLAINT_RECLASSED = declare("feedback.complaint_reclassed", "改诉求的类型", ReclassingData)
COMPLAINT_RECOUNTED = declare("feedback.complaint_recounted", "诉求并入另一件或者分开", RecountData)
COMPLAINT_ANSWERED = declare("feedback.complaint_answered", "答复诉求", ComplaintAnswerData)
WISH_MADE = declare("feedback.wish_made", "许愿", WishData)
WISH_SUPPORTED = declare("feedback.wish_supported", "支持愿望", WishData)
WISH_OWED_ANSWER = declare("feedback.wish_owed_answer", "愿望支持的人够了", WishData)
WISH_ANSWERED = declare("feedback.wish_answered", "答复愿望", WishData)
WISH_REALISED = declare("feedback.wish_realised", "愿望实现", WishData)
