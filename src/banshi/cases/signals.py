"""Signals of cases, sent in the transaction of the act."""

from django.dispatch import Signal

received = Signal()
"""An application has become a case: `case`, `at`."""
