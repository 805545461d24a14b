"""Paths from findings and orders to the organ they concern and the one that answers."""

from banshi.access import Permission, policies
from banshi.supervision.models import Irregularity, SupervisionOrder

policies.register(Irregularity, organs="organ", by_permission={Permission.SUPERVISION_ANSWER: "answerer"})
policies.register(SupervisionOrder, organs="organ")
