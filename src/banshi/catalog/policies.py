"""Access policies of items and their texts."""

from banshi.access import policies
from banshi.catalog.models import Item, Notice, Publication, Revision

policies.register(Item, organs="organ")
policies.register(Revision, organs="item__organ")
policies.register(Publication, organs="item__organ")
policies.register(Notice, organs="organ")
