"""Everything that changes bundles."""

from banshi.bundles.actions.applying import (
    begin_bundle_online,
    commit_once,
    discard_bundle,
    discard_expired_bundles,
    hand_in_earlier,
    hand_in_once,
    remove_once,
    save_bundle_answers,
    see_original,
    show_present,
    start_bundle,
    start_bundle_for_company,
    submit_bundle,
)
from banshi.bundles.actions.opening import go_on_with_parts
from banshi.bundles.actions.publishing import end_bundle, publish_bundle, publish_shipped

__all__ = [
    "begin_bundle_online",
    "commit_once",
    "discard_bundle",
    "discard_expired_bundles",
    "end_bundle",
    "go_on_with_parts",
    "hand_in_earlier",
    "hand_in_once",
    "publish_bundle",
    "publish_shipped",
    "remove_once",
    "save_bundle_answers",
    "see_original",
    "show_present",
    "start_bundle",
    "start_bundle_for_company",
    "submit_bundle",
]
