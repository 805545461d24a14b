"""The sealed answers of a submission, by the way of cases with a key of their own."""

from typing import Any

from banshi.bundles.models import BundleSubmission
from banshi.cases.sealing import opened, seal
from banshi.forms.fields import Answers

PURPOSE = "bundles.BundleSubmission"


def sealed_answers(answers: Answers) -> bytes:
    return seal(answers, purpose=PURPOSE)


def opened_answers(submission: BundleSubmission) -> Any:
    return opened(submission.answers_sealed, purpose=PURPOSE)
