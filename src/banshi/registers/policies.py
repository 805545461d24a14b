"""Access policies of the registers."""

from banshi.access import policies
from banshi.registers.models import Offer, Proposal, RegisterEntry

policies.register(RegisterEntry, organs="organ")
policies.register(Offer, organs="agency__organ")
policies.register(Proposal, organs="item__organ")
