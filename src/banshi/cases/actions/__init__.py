"""Everything that changes cases."""

from banshi.cases.actions.accepting import (
    Wanted,
    accept,
    accept_many,
    accept_overdue,
    not_ours,
    refuse_to_accept,
    request_supplement,
    supply,
    wanted_name,
    wanted_of,
)
from banshi.cases.actions.applying import (
    adopt_publication,
    attach_material,
    begin_online,
    discard_application,
    discard_expired,
    drop_unattached,
    hand_in,
    remove_material,
    save_answers,
    start_application,
    submit,
)
from banshi.cases.actions.deciding import decide, deem_withdrawn, deliver, revoke_outcome, terminate, withdraw
from banshi.cases.actions.disputing import answer_dispute
from banshi.cases.actions.exporting import export_own_data
from banshi.cases.actions.fetching import fetch_shared
from banshi.cases.actions.handling import (
    claim,
    claim_many,
    finish_task,
    hand_over,
    hand_over_many,
    release,
    return_to_step,
)
from banshi.cases.actions.looking import look_at_applicant, look_at_material, look_at_own_material, look_at_paper
from banshi.cases.actions.mandating import name_handler, pass_to_colleague, start_for_company, withdraw_handler
from banshi.cases.actions.pausing import close_stop, extend, open_stop, resume, suspend
from banshi.cases.actions.promising import (
    agree_to_deferral,
    check_promise,
    commit,
    end_unsupplied,
    offer_deferral,
    repair_credit,
    withdraw_commitment,
)
from banshi.cases.actions.recounting import recount_cases
from banshi.cases.actions.reminding import tell_last_days
from banshi.cases.actions.renewing import renew_overdue
from banshi.cases.actions.retaining import delete_due_contents
from banshi.cases.actions.succession import hand_over_cases

__all__ = [
    "Wanted",
    "accept",
    "accept_many",
    "accept_overdue",
    "adopt_publication",
    "agree_to_deferral",
    "answer_dispute",
    "attach_material",
    "begin_online",
    "check_promise",
    "claim",
    "claim_many",
    "close_stop",
    "commit",
    "decide",
    "deem_withdrawn",
    "delete_due_contents",
    "deliver",
    "discard_application",
    "discard_expired",
    "drop_unattached",
    "end_unsupplied",
    "export_own_data",
    "extend",
    "fetch_shared",
    "finish_task",
    "hand_in",
    "hand_over",
    "hand_over_cases",
    "hand_over_many",
    "look_at_applicant",
    "look_at_material",
    "look_at_own_material",
    "look_at_paper",
    "name_handler",
    "not_ours",
    "offer_deferral",
    "open_stop",
    "pass_to_colleague",
    "recount_cases",
    "refuse_to_accept",
    "release",
    "remove_material",
    "renew_overdue",
    "repair_credit",
    "request_supplement",
    "resume",
    "return_to_step",
    "revoke_outcome",
    "save_answers",
    "start_application",
    "start_for_company",
    "submit",
    "supply",
    "suspend",
    "tell_last_days",
    "terminate",
    "wanted_name",
    "wanted_of",
    "withdraw",
    "withdraw_commitment",
    "withdraw_handler",
]
