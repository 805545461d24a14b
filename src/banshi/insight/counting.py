from datetime import date

from django.db.models import F

from banshi.insight.models import ItemViews


def count_view(item_id: int, *, on: date) -> None:
    """Count one more look.

    No act of anybody's, so no ledger.
    """
    if not ItemViews.objects.filter(item_id=item_id, day=on).update(count=F("count") + 1):
        row, new = ItemViews.objects.get_or_create(item_id=item_id, day=on, defaults={"count": 1})
        if not new:
            ItemViews.objects.filter(pk=row.pk).update(count=F("count") + 1)
