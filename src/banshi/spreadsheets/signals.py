"""Events sent after commit, for those above."""

from django.dispatch import Signal

imported = Signal()
"""A batch was applied. Argument: `batch`, its key."""
