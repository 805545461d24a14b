"""Actions of the exchange."""

from banshi.exchange.actions.anchoring import anchor_calls
from banshi.exchange.actions.answering import SignedAnswer, answer_signed
from banshi.exchange.actions.auditing import (
    CallCriteria,
    explain_anomaly,
    export_calls,
    find_anomalies,
    search_calls,
)
from banshi.exchange.actions.batching import (
    count_batch,
    end_subscription,
    make_batch,
    make_due_batches,
    subscribe,
    take_batch,
)
from banshi.exchange.actions.cataloguing import (
    connect_system,
    import_catalogue,
    load_resources,
    publish_resource,
    return_resource,
    submit_resource,
    withdraw_resource,
)
from banshi.exchange.actions.correcting import (
    MatterOf,
    answer_correction,
    dispute_call,
    dispute_value,
    escalate_corrections,
    look_at_correction,
)
from banshi.exchange.actions.demanding import WantedData, answer_demand, raise_demand, refuse_demand
from banshi.exchange.actions.measuring import check_systems, measure_resource, measure_resources
from banshi.exchange.actions.registering import RegisteredKey, register_key, revoke_key
from banshi.exchange.actions.requesting import (
    Asked,
    agree,
    ask_extension,
    complete_request,
    consent_extension,
    deliver_data,
    escalate_silence,
    refuse_request,
    request_data,
    tell_lacking,
)
from banshi.exchange.actions.revoking import revoke_grant
from banshi.exchange.actions.updating import (
    ask_update_extension,
    consent_update_extension,
    report_change,
    tell_overdue_updates,
)
from banshi.exchange.actions.using import LookUpResult, VerificationResult, look_up, verify

__all__ = [
    "Asked",
    "CallCriteria",
    "LookUpResult",
    "MatterOf",
    "RegisteredKey",
    "SignedAnswer",
    "VerificationResult",
    "WantedData",
    "agree",
    "anchor_calls",
    "answer_correction",
    "answer_demand",
    "answer_signed",
    "ask_extension",
    "ask_update_extension",
    "check_systems",
    "complete_request",
    "connect_system",
    "consent_extension",
    "consent_update_extension",
    "count_batch",
    "deliver_data",
    "dispute_call",
    "dispute_value",
    "end_subscription",
    "escalate_corrections",
    "escalate_silence",
    "explain_anomaly",
    "export_calls",
    "find_anomalies",
    "import_catalogue",
    "load_resources",
    "look_at_correction",
    "look_up",
    "make_batch",
    "make_due_batches",
    "measure_resource",
    "measure_resources",
    "publish_resource",
    "raise_demand",
    "refuse_demand",
    "refuse_request",
    "register_key",
    "report_change",
    "request_data",
    "return_resource",
    "revoke_grant",
    "revoke_key",
    "search_calls",
    "submit_resource",
    "subscribe",
    "take_batch",
    "tell_lacking",
    "tell_overdue_updates",
    "verify",
    "withdraw_resource",
]
