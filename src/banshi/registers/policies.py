"""Access policies of the registers."""

from banshi.access import policies
from banshi.registers.models import Entry, Offer, Proposal

policies.register(Entry, organs="organ")
policies.register(Offer, organs="agency__organ")
policies.register(Proposal, organs="item__organ")
