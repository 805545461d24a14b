"""The follower of cases: a result opens the parts that wait for it, exactly once, by a cursor in the transaction."""

from banshi.bundles.actions import go_on_with_parts
from banshi.bundles.queries import waiting_parts
from banshi.cases.enums import ActKind
from banshi.cases.events import ACTED
from banshi.events.consuming import consume, follower, is_behind
from banshi.ledger import System

CONSUMER = "bundles"
ENDING = frozenset(
    {
        ActKind.GRANT,
        ActKind.GRANT_SILENTLY,
        ActKind.DENY,
        ActKind.REFUSE_TO_ACCEPT,
        ActKind.NOT_OURS,
        ActKind.TERMINATE,
        ActKind.WITHDRAW,
        ActKind.DEEM_WITHDRAWN,
    }
)
"""Acts that say whether there will be a result."""


@follower
def open_what_waited() -> None:
    """Read on until nothing is left."""
    if not is_behind(CONSUMER, (ACTED,)):
        return
    while True:
        with consume(CONSUMER, kinds=(ACTED,)) as events:
            if events is None:
                return
            ended = {event.subject_id: event.at for event in events if event.data["act"] in ENDING}
            if ended:
                at = max(ended.values())
                for submission in dict.fromkeys(each.submission_id for each in waiting_parts([*ended])):
                    go_on_with_parts(submission, by=System("bundles"), at=at)
