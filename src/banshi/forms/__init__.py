"""Forms described as data: fields, what they ask and when, the contract of their answers, and what is wrong with some.

Knows nothing of guides or cases: the catalogue says which fields a guide has, cases keep the answers.
"""

from banshi.forms.conditions import condition_sentence, visible, without_hidden
from banshi.forms.contract import data_contract, schema_digest
from banshi.forms.fields import Comparison, FieldKind, FormField, Prefill, Sensitivity, ShownWhen
from banshi.forms.layout import layout
from banshi.forms.reading import read_answers, typed_text
from banshi.forms.soundness import faults
from banshi.forms.standard import ApplyingAs, age_problems, answer_problems, party_of, with_standard_parts
from banshi.forms.validation import problems

__all__ = [
    "ApplyingAs",
    "Comparison",
    "FieldKind",
    "FormField",
    "Prefill",
    "Sensitivity",
    "ShownWhen",
    "age_problems",
    "answer_problems",
    "condition_sentence",
    "data_contract",
    "faults",
    "layout",
    "party_of",
    "problems",
    "read_answers",
    "schema_digest",
    "typed_text",
    "visible",
    "with_standard_parts",
    "without_hidden",
]
