"""Guards of the catalogue's direct acts: what the adjustment policy wants examined first."""

from collections.abc import Sequence
from datetime import datetime

from banshi.adjustments.policy import EXAMINED_LIFE, check_free_publication, why_not_at_once, why_not_directly
from banshi.catalog.guards import guard
from banshi.catalog.models import Item, Revision
from banshi.core.errors import Refused


@guard("publish")
def only_minor_texts_unexamined(drafts: Sequence[Revision], at: datetime) -> None:
    """Refuse all when one of the drafts has to be applied for."""
    refusals = why_not_directly(drafts)
    for draft in drafts:
        if refusal := refusals.get(draft.pk):
            raise Refused(refusal.message, where=draft.item.name, remedy=refusal.remedy)


@guard("publish_import")
def whole_files_only_where_all_may(subjects: Sequence[object], at: datetime) -> None:
    check_free_publication()


def _life(change: str) -> None:
    @guard(change)
    def examined(items: Sequence[Item], at: datetime) -> None:
        if refusal := why_not_at_once(change):
            raise Refused(refusal.message, remedy=refusal.remedy)


for each in sorted(EXAMINED_LIFE):
    _life(each)
