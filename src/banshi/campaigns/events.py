"""Events of campaigns: what reviewers said and what was decided, by entry."""

from banshi.campaigns.models import Campaign, Entry
from banshi.events import EventData, declare
from banshi.events.subjects import register_subject

register_subject(Campaign, organ="organ")
register_subject(Entry, organ="participation__organ", item="item")


class ReviewData(EventData):
    """A body's verdict on an entry in a round."""

    body: str
    round: int
    verdict: str


class RulingData(EventData):
    """The data of a meeting's ruling. `decision` is the key of the campaigns.Decision."""

    decision: int
    final: str
    admitted: bool


REVIEWED = declare("campaigns.reviewed", "提出审核意见", ReviewData)
DECIDED = declare("campaigns.decided", "审定", RulingData)
