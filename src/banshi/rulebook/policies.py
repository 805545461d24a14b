"""Access policies of findings, proofs that are kept, and what people say to them."""

from banshi.access import Permission, policies
from banshi.access.policies import SELF
from banshi.catalog.models import Item, Revision
from banshi.rulebook.models import FlawFound, Objection, ProofKept, Retention

policies.register(FlawFound, organs="organ")
policies.register(Retention, organs="item__organ")
policies.register(ProofKept, organs="item__organ")
policies.register(Objection, organs="proof__item__organ")

EDIT = Permission.ITEM_EDIT
policies.includes((EDIT, FlawFound, "item"), (EDIT, Item, SELF), (EDIT, Revision, "item"))
