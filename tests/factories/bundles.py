"""A bundle of two items of an organ, and what somebody filled in for it."""

import io
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from banshi.bundles.actions import hand_in_once, publish_bundle, save_bundle_answers, start_bundle
from banshi.bundles.definition import BundleDefinition
from banshi.bundles.models import BundleSubmission, BundleVersion
from banshi.bundles.queries import reading_of
from banshi.catalog.enums import ItemKind, StepKind
from banshi.catalog.guide.document import Material, Step, TimeLimit
from banshi.forms.fields import Answers
from banshi.people.models import Organ, User
from tests import factories as make

CODES = {"first": "990098001000", "second": "990098002000"}


def bundle(of: Organ, code: str = "both") -> BundleVersion:
    for key, base in CODES.items():
        name = f"一件事里的{key}"
        text = make.guide(
            name,
            materials=[Material(name="居民身份证")],
            conditions=[],
            steps=[Step(name="受理", kind=StepKind.ACCEPT), Step(name="决定", kind=StepKind.DECIDE)],
            promised_limit=TimeLimit(value=5),
            statutory_limit=TimeLimit(value=20),
        )
        make.publication(make.item(of, text, kind=ItemKind.SERVICE, reference=make.reference(name, base)))
    parts = [{"key": key, "item": base, "name": f"一件事里的{key}"} for key, base in CODES.items()]
    definition = BundleDefinition.model_validate({"code": code, "name": "两件一起办", "parts": parts})
    return publish_bundle(definition, by=make.TESTS, at=make.NOON)


def filled(
    of: BundleVersion, answers: Answers, *, by: User, named: str = "页", at: datetime = make.NOON
) -> BundleSubmission:
    """A draft with its answers and its one paper, whose file is called `named`."""
    page = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(page, "PNG")
    submission = save_bundle_answers(start_bundle(of, by=by, at=at), answers, by=by, at=at)
    for each in reading_of(submission).materials.asked:
        sent = SimpleUploadedFile(f"{named}.png", page.getvalue(), "image/png")
        hand_in_once(submission, each.proof, [sent], by=by, at=at)
    return submission
