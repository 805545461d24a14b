"""Writes of the clean-up."""

from banshi.cleanup.actions.counting import read_counts, set_volumes
from banshi.cleanup.actions.examining import (
    begin_examination,
    examine_items,
    finish_examination,
    give_up_examination,
)
from banshi.cleanup.actions.keeping import (
    LegalBasis,
    end_proof,
    end_retention,
    keep_proof,
    keep_with_reason,
    record_hearing,
    write_commitment,
)
from banshi.cleanup.actions.objecting import answer_objection, look_at_contact, object_to_proof
from banshi.cleanup.actions.rewriting import Applied, apply_rewrites
from banshi.cleanup.actions.surveying import begin_survey, finish_survey, give_up_survey

__all__ = [
    "Applied",
    "LegalBasis",
    "answer_objection",
    "apply_rewrites",
    "begin_examination",
    "begin_survey",
    "end_proof",
    "end_retention",
    "examine_items",
    "finish_examination",
    "finish_survey",
    "give_up_examination",
    "give_up_survey",
    "keep_proof",
    "keep_with_reason",
    "look_at_contact",
    "object_to_proof",
    "read_counts",
    "record_hearing",
    "set_volumes",
    "write_commitment",
]
