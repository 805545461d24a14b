"""Tones and signs of what a register answered."""

from banshi.exchange.enums import CallOutcome

TONES: dict[str, tuple[str, str]] = {
    CallOutcome.MATCH: ("good", "check-circle-fill"),
    CallOutcome.MISMATCH: ("bad", "x-circle-fill"),
    CallOutcome.NONE: ("warn", "question-circle-fill"),
    CallOutcome.FAILED: ("warn", "exclamation-triangle-fill"),
}


def tone_of(outcome: str) -> tuple[str, str]:
    return TONES.get(outcome, ("", "dash-circle"))
