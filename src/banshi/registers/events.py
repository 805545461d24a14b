"""Subjects of events in the registers: proposals and transfers, which go by workflows."""

from banshi.events.subjects import register_subject
from banshi.registers.models import Proposal, Transfer

register_subject(Proposal, organ="item__organ", item="item")
register_subject(Transfer, organ="organ", item="item")
