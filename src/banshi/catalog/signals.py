"""Events sent after commit, for those above."""

from django.dispatch import Signal

catalogue_changed = Signal()
"""Something in force changed; the rows are in `Change`. No arguments: readers go by their cursor."""
