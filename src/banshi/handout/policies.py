"""Access policies of hand-out: the office that has the result hands it out, and by it delivers the case."""

from banshi.access import Permission, policies
from banshi.cases.models import Case
from banshi.handout.models import HandOut

policies.register(HandOut, organs=("organ", "case__organ"))
policies.includes((Permission.CASE_DELIVER, HandOut, "case"), (Permission.CASE_DELIVER, Case, "self"))
