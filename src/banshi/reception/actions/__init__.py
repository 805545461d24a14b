"""Everything that changes receptions, mandates and visits at home."""

from banshi.reception.actions.accounts import open_online_account
from banshi.reception.actions.agreeing import agree_by_code, agree_by_signature, send_code
from banshi.reception.actions.bundles import (
    attach_bundle_scan,
    begin_bundle_reception,
    give_up_bundle,
    hand_in_bundle,
    keep_bundle_typed,
    take_up_changes_of_bundle,
)
from banshi.reception.actions.mandates import end_mandate, give_mandate, take_mandate
from banshi.reception.actions.receiving import (
    attach_scan,
    begin_reception,
    give_up,
    hand_in,
    keep_typed,
    look_at_papers,
    take_up_changes,
)
from banshi.reception.actions.visits import cancel_visit, finish_visit, order_visit, plan_route

__all__ = [
    "agree_by_code",
    "agree_by_signature",
    "attach_bundle_scan",
    "attach_scan",
    "begin_bundle_reception",
    "begin_reception",
    "cancel_visit",
    "end_mandate",
    "finish_visit",
    "give_mandate",
    "give_up",
    "give_up_bundle",
    "hand_in",
    "hand_in_bundle",
    "keep_bundle_typed",
    "keep_typed",
    "look_at_papers",
    "open_online_account",
    "order_visit",
    "plan_route",
    "send_code",
    "take_mandate",
    "take_up_changes",
    "take_up_changes_of_bundle",
]
