"""Drawing which commitments are checked afterwards (事后核查)."""

from datetime import datetime

from banshi.calendar.queries import calendar_in_force
from banshi.cases.enums import PromiseKind
from banshi.cases.models import Case, Promise
from banshi.cases.policy import policy
from banshi.core.clock import day_of
from banshi.core.crypto import blind_index
from banshi.core.prepared import PreparedQuery
from banshi.rulebook.models import CommitmentForm

COMMITTED = PreparedQuery(
    lambda application: Promise.objects.filter(application=application, kind=PromiseKind.COMMITMENT, ending="")
)


def draw_sample(case: Case, *, at: datetime) -> int:
    """Draw which commitments of a case just decided are checked, and until when.

    Whoever handles it can neither foresee nor repeat the draw. Part of the decision.
    """
    promises = COMMITTED(case.application_id)
    if not promises:
        return 0
    forms = {each.material: each for each in CommitmentForm.objects.filter(item=case.item_id)}
    rank = calendar_in_force().rank_of(day_of(at))
    for each in promises:
        form, rules = forms.get(each.name), policy().commitment
        share = form.check_share / 100 if form else rules.sample_share
        each.last_rank = rank + (form.check_days if form else rules.check_days)
        lot = int(blind_index(f"{case.number}:{each.pk}", purpose="cases.sample")[:8], 16) / 0x1_0000_0000
        each.drawn_at = at if lot < share else None
    Promise.objects.bulk_update(promises, ["last_rank", "drawn_at"])
    return sum(each.drawn_at is not None for each in promises)
