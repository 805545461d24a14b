"""Invitations that follow from cases: whoever's case has ended is asked for a rating (一事一评)."""

from banshi.cases.enums import ActKind
from banshi.cases.events import ACTED
from banshi.cases.models import Case
from banshi.events.consuming import consume, follower, is_behind
from banshi.feedback.actions import invite_to_rate
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


def handlers_of(case: Case) -> set[int]:
    """Collect whose work a case was: who did its acts and its steps."""
    acted = case.acts.exclude(by=None).values_list("by", flat=True)
    handled = case.tasks.exclude(ended_by=None).values_list("ended_by", flat=True)
    return {*acted, *handled} - {case.applicant_id, case.agent_id}
