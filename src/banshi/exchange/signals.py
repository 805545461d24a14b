"""Signals of sharing, sent in the transaction of the act."""

from django.dispatch import Signal

correction_answered = Signal()
"""An owner has answered a `correction` in `words`, `at`."""
