"""Search hears of every change of what is in force, after its commit."""

from django.conf import settings
from django.dispatch import receiver

from banshi.catalog.models import Listing
from banshi.catalog.signals import catalogue_changed
from banshi.search.index import IndexUnusable, catch_up, rebuild, report_unusable

FEW = 2000


@receiver(catalogue_changed, dispatch_uid="search.follow_catalogue")
def follow_catalogue(**_: object) -> None:
    """Catch up at once in a command, which ends after it.

    In a server the node's follower does, and nobody waits for the disk.
    """
    if not settings.SERVING:
        take_in_changes()


def take_in_changes() -> None:
    """Build a missing index here while it is a matter of seconds, else leave it to the follower."""
    try:
        catch_up(at_most=FEW)
    except (IndexUnusable, ValueError, RuntimeError, OSError) as error:
        if Listing.objects.count() <= FEW:
            rebuild()
        else:
            report_unusable(error)
