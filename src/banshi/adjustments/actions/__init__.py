"""Writes of adjustments."""

from banshi.adjustments.actions.applying import (
    AdjustmentCause,
    apply_for,
    change_facts,
    drop_adjustment,
    recall_application,
    start_adjustment,
)
from banshi.adjustments.actions.examining import give_opinion
from banshi.adjustments.actions.law_change import prepare_for_change
from banshi.adjustments.actions.offices import set_office
from banshi.adjustments.actions.publishing import publish_adjustments

__all__ = [
    "AdjustmentCause",
    "apply_for",
    "change_facts",
    "drop_adjustment",
    "give_opinion",
    "prepare_for_change",
    "publish_adjustments",
    "recall_application",
    "set_office",
    "start_adjustment",
]
