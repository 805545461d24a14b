"""Orders that keep a case from deletion: what was decided and not paid, what was paid and came to nothing."""

from django.db.models import Exists, OuterRef, Q

from banshi.cases.retention import register_hold
from banshi.fees.models import FeeOrder

S = FeeOrder.State
OPEN = FeeOrder.objects.filter(
    Q(state=S.DUE, case__decided_on__isnull=False) | Q(state=S.PAID, case__decided_on=None), case=OuterRef("pk")
)
register_hold("缴费或退费没有了结", lambda _: Q(Exists(OPEN)))
