"""Signals of imports, sent within the act, for those above."""

from django.dispatch import Signal

imported = Signal()
"""A batch was applied. Arguments: `batch`, its key, and `at`."""
