"""Paths from findings and orders to the organ they concern and the one that answers."""

from banshi.access import Permission, policies
from banshi.access.policies import SELF
from banshi.cases.models import Case
from banshi.supervision.models import (
    DrawParty,
    Inspection,
    InspectionDraw,
    Irregularity,
    SupervisionBulletin,
    SupervisionOrder,
)

policies.register(Irregularity, organs="organ", by_permission={Permission.SUPERVISION_ANSWER: "answerer"})
policies.register(SupervisionOrder, organs="organ")
policies.register(SupervisionBulletin, organs="organ")
policies.register(InspectionDraw, organs="organ")
policies.register(DrawParty, organs="draw__organ", applicant="account")
policies.register(Inspection, organs="organ", assignee="inspector")
policies.includes((Permission.SUPERVISION_INSPECT, Inspection, "case"), (Permission.CASE_HANDLE, Case, SELF))
