"""Writes of the clean-up."""

from banshi.rulebook.actions.counting import read_counts, set_volumes
from banshi.rulebook.actions.examining import begin_examination, examine_items, finish_examination, give_up_examination
from banshi.rulebook.actions.keeping import (
    LegalBasis,
    end_proof,
    end_retention,
    keep_proof,
    keep_with_reason,
    record_hearing,
    write_commitment,
)
from banshi.rulebook.actions.objecting import answer_objection, look_at_contact, object_to_proof
from banshi.rulebook.actions.rewriting import Applied, apply_rewrites

__all__ = [
    "Applied",
    "LegalBasis",
    "answer_objection",
    "apply_rewrites",
    "begin_examination",
    "end_proof",
    "end_retention",
    "examine_items",
    "finish_examination",
    "give_up_examination",
    "keep_proof",
    "keep_with_reason",
    "look_at_contact",
    "object_to_proof",
    "read_counts",
    "record_hearing",
    "set_volumes",
    "write_commitment",
]
