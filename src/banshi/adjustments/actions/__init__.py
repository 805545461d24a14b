"""Writes of adjustments."""

from banshi.adjustments.actions.applying import (
    AdjustmentCause,
    apply_for,
    change_facts,
    drop_adjustment,
    propose_identity,
    recall_application,
    start_adjustment,
)
from banshi.adjustments.actions.examining import give_opinion
from banshi.adjustments.actions.law_change import (
    prepare_affected,
    prepare_for_change,
    record_and_prepare,
    record_and_prepare_many,
)
from banshi.adjustments.actions.offices import set_office
from banshi.adjustments.actions.publishing import publish_adjustments

__all__ = [
    "AdjustmentCause",
    "apply_for",
    "change_facts",
    "drop_adjustment",
    "give_opinion",
    "prepare_affected",
    "prepare_for_change",
    "propose_identity",
    "publish_adjustments",
    "recall_application",
    "record_and_prepare",
    "record_and_prepare_many",
    "set_office",
    "start_adjustment",
]
