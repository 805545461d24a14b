"""Access policies of items and their texts."""

from banshi.access import Permission, policies
from banshi.access.policies import SELF
from banshi.catalog.models import Item, Notice, Publication, Revision
from banshi.people.models import Organ

EDIT, LIFECYCLE, PUBLISH = Permission.ITEM_EDIT, Permission.ITEM_LIFECYCLE, Permission.ITEM_PUBLISH

policies.register(Item, organs="organ")
policies.register(Revision, organs="item__organ")
policies.register(Publication, organs="item__organ")
policies.register(Notice, organs="organ")

policies.includes((EDIT, Item, SELF), (EDIT, Revision, "item"))
policies.includes((EDIT, Revision, "item"), (EDIT, Item, SELF))
policies.includes((LIFECYCLE, Item, SELF), (EDIT, Item, SELF), (PUBLISH, Revision, "item"))
policies.includes((LIFECYCLE, Item, "organ"), (EDIT, Organ, SELF))
