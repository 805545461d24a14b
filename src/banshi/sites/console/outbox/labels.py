"""Labels of queues and messages, with tone and sign."""

from typing import Any

from banshi.outbox.models import Message

State = Message.State
TONES = {
    State.WAITING: ("info", "hourglass-split"),
    State.SENDING: ("info", "hourglass-split"),
    State.SENT: ("good", ""),
    State.FAILED: ("bad", ""),
    State.IN_DOUBT: ("warn", "question-circle-fill"),
    State.SKIPPED: ("", "skip-forward-fill"),
    State.SUPERSEDED: ("", "arrow-repeat"),
    State.DROPPED: ("", "dash-circle-fill"),
}


def queue_state(queue: Any) -> tuple[str, str, str]:
    """Word, tone and sign of a queue as `outbox.queries.queues` counts it.

    The most urgent first.
    """
    if queue.paused_at:
        return "已暂停", "", "pause-circle-fill"
    if queue.failures:
        return "连不上", "bad", ""
    if queue.dead:
        return "有未送达", "warn", ""
    return ("发送中", "info", "") if queue.waiting else ("正常", "good", "")


def message_state(message: Message) -> tuple[str, str, str]:
    state = State(message.state)
    return (str(state.label), *TONES[state])
