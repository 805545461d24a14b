"""Exponential backoff for an unavailable remote."""

from datetime import timedelta

from django.conf import settings


def wait_after(failures: int) -> timedelta:
    first, longest = settings.DELIVERY_FIRST_WAIT, settings.DELIVERY_LONGEST_WAIT
    return timedelta(seconds=min(longest.total_seconds(), first.total_seconds() * 2 ** min(failures - 1, 30)))
