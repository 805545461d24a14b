"""Signals of cases, sent in the transaction of the act."""

from django.dispatch import Signal

received = Signal()
"""An application has become a case: `case`, `at`."""

drafts_discarded = Signal()
"""`drafts` of the sender's model were discarded; receivers do the same, and return the keys of files they let go."""

contents_deleted = Signal()
"""What is personal in `cases` was deleted; receivers do the same with theirs, and return the keys of files they let go."""
