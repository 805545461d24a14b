"""Followers of events: who had a case is asked for a rating (一事一评), and a published item realises its wish."""

from banshi.cases.enums import ActKind
from banshi.cases.events import ACTED
from banshi.cases.models import Case
from banshi.catalog.events import PUBLISHED
from banshi.catalog.queries import in_force
from banshi.events.consuming import consume, follower, is_behind
from banshi.feedback.actions import invite_to_rate, realise_wish
from banshi.feedback.models import Wish
from banshi.feedback.queries import handlers_of
from banshi.ledger import System

CONSUMER = "feedback.invitations"
ENDS = (ActKind.DELIVER, ActKind.REFUSE_TO_ACCEPT, ActKind.NOT_OURS, ActKind.TERMINATE)


@follower
def invite_after_cases() -> None:
    while is_behind(CONSUMER, (ACTED,)):
        with consume(CONSUMER, kinds=(ACTED,)) as events:
            if events is None:
                return
            ended = {each.subject_id: each.at for each in events if each.data["act"] in ENDS}
            for case in Case.objects.filter(pk__in=ended).select_related("item", "organ", "applicant"):
                invite_to_rate(
                    case,
                    label=case.item.name,
                    organ=case.organ,
                    item=case.item,
                    rated=handlers_of(case),
                    citizen=case.applicant,
                    by=System("feedback"),
                    at=ended[case.pk],
                )


WISHES = "feedback.wishes"


@follower
def realise_published_wishes() -> None:
    """Close adopted wishes whose item was published."""
    while is_behind(WISHES, (PUBLISHED,)):
        with consume(WISHES, kinds=(PUBLISHED,)) as events:
            if events is None:
                return
            published = {each.item_id: each.at for each in events}
            for wish in Wish.objects.filter(state="adopted", item__in=published).select_related("item"):
                if wish.item is not None and in_force(wish.item) is not None:
                    realise_wish(wish, item=wish.item, by=System("feedback"), at=published[wish.item_id])
