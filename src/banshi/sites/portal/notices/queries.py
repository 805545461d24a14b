from django.db.models import QuerySet

from banshi.catalog.models import Notice
from banshi.core.clock import now


def notices() -> QuerySet[Notice]:
    """List what was made public up to now, newest first."""
    return (
        Notice.objects.filter(published_at__lte=now()).select_related("organ", "item").order_by("-published_at", "-id")
    )
