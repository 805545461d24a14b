"""Events of the catalogue: what is in force, and changes of it. The change feed is made of them."""

from typing import Literal

from banshi.catalog.models import Item, Publication, Revision
from banshi.events import EventData, declare
from banshi.events.subjects import SELF, register_subject

register_subject(Item, organ="organ", item=SELF)
register_subject(Revision, organ="item__organ", item="item")
register_subject(Publication, organ="item__organ", item="item")


class PublicationData(EventData):
    """`operation`: I where nothing was in force of the item, U where this replaces it."""

    number: int
    operation: Literal["I", "U"]


class EndingData(EventData):
    ending: str


PUBLISHED = declare("catalog.published", "公布", PublicationData)
TAKEN_DOWN = declare("catalog.taken_down", "撤下", EndingData)
IDENTITY_CHANGED = declare("catalog.identity_changed", "编码或分类变更", retired=True)
CHANGING = (PUBLISHED, TAKEN_DOWN, IDENTITY_CHANGED)
"""Kinds that change what is in force, one row of the change feed each."""
