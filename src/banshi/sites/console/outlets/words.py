"""Labels of outlets, with tone and sign."""

from typing import Any

from banshi.sites.console.outbox.labels import queue_state


def outlet_state(outlet: Any) -> tuple[str, str, str]:
    """Word, tone and sign of an outlet as `connectors.queries.outlets` counts it.

    The most urgent first.
    """
    told = queue_state(outlet)
    if told[1] in ("info", "good"):
        if outlet.position < outlet.first_until:
            return "首次发送中", "info", ""
        if outlet.ahead:
            return "发送中", "info", ""
    return told
