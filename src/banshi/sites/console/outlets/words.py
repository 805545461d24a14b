"""How outlets and deliveries are told: a word, a tone, a sign."""

from typing import Any

from banshi.catalog.models import Change
from banshi.connectors.models import Delivery

State = Delivery.State
OPERATIONS = {Change.Operation.INSERT: "新增", Change.Operation.UPDATE: "变更", Change.Operation.DELETE: "撤下"}
TONES = {
    State.WAITING: ("info", "hourglass-split"),
    State.DELIVERED: ("good", ""),
    State.REFUSED: ("bad", ""),
    State.SKIPPED: ("", "skip-forward-fill"),
    State.SUPERSEDED: ("", "arrow-repeat"),
}


def outlet_state(outlet: Any) -> tuple[str, str, str]:
    """Word, tone and sign of an outlet as `queries.outlets` counts it; the most urgent first."""
    if outlet.paused_at:
        return "已暂停", "", "pause-circle"
    if outlet.failures:
        return "连不上", "bad", ""
    if outlet.refused:
        return "有未送达", "warn", ""
    if outlet.position < outlet.first_until:
        return "首次发送中", "info", ""
    return ("发送中", "info", "") if outlet.waiting or outlet.ahead else ("正常", "good", "")


def delivery_state(delivery: Delivery) -> tuple[str, str, str]:
    state = State(delivery.state)
    return (str(state.label), *TONES[state])


def operation_word(delivery: Delivery) -> str:
    return OPERATIONS[Change.Operation(delivery.change.operation)]
