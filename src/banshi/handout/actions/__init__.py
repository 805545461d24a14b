"""Everything that changes where a result is."""

from banshi.handout.actions.collecting import Receiver, collect, collect_from_locker, collect_together
from banshi.handout.actions.printing import print_at_kiosk
from banshi.handout.actions.sending import follow_parcels, put_in_locker, send_by_express, take_back, write_tracking
from banshi.handout.actions.shelving import remind_uncollected, shelve

__all__ = [
    "Receiver",
    "collect",
    "collect_from_locker",
    "collect_together",
    "follow_parcels",
    "print_at_kiosk",
    "put_in_locker",
    "remind_uncollected",
    "send_by_express",
    "shelve",
    "take_back",
    "write_tracking",
]
