"""Signals of accounts, sent within the act, for those above."""

from django.dispatch import Signal

sign_ins_ended = Signal()
"""Somebody else's act ended all that an account had open. Argument: `user`. What acts in its name ends too."""
