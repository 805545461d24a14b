"""Access policies of the registers."""

from banshi.access import Permission, policies
from banshi.access.policies import SELF
from banshi.catalog.models import Item
from banshi.registers.models import Offer, Proposal, RegisterEntry

policies.register(RegisterEntry, organs="organ")
policies.register(Offer, organs="agency__organ")
policies.register(Proposal, organs="item__organ")

policies.includes((None, Proposal, "item"), (Permission.ITEM_EDIT, Item, SELF))
