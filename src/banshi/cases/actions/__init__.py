"""Everything that changes cases."""

from banshi.cases.actions.accepting import (
    Wanted,
    accept,
    accept_overdue,
    not_ours,
    refuse_to_accept,
    request_supplement,
    supply,
)
from banshi.cases.actions.applying import (
    adopt_publication,
    attach_material,
    discard_application,
    remove_material,
    save_answers,
    start_application,
    submit,
)
from banshi.cases.actions.deciding import decide, deliver, revoke_outcome, terminate, withdraw
from banshi.cases.actions.handling import claim, finish_task, hand_over, release, return_to_step

__all__ = [
    "Wanted",
    "accept",
    "accept_overdue",
    "adopt_publication",
    "attach_material",
    "claim",
    "decide",
    "deliver",
    "discard_application",
    "finish_task",
    "hand_over",
    "not_ours",
    "refuse_to_accept",
    "release",
    "remove_material",
    "request_supplement",
    "return_to_step",
    "revoke_outcome",
    "save_answers",
    "start_application",
    "submit",
    "supply",
    "terminate",
    "withdraw",
]
