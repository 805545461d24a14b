"""Signals of the calendar, sent within the act, for those above."""

from django.dispatch import Signal

corrected = Signal()
"""A day that is no longer to come was changed. Arguments: `first`, the earliest such day, and `at`."""
