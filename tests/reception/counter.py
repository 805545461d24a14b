"""A counter of the bureau, a person before it, and receptions brought to any state by the real actions."""

import base64
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from banshi.cases.models import Case
from banshi.core.models import StoredFile
from banshi.files import keep
from banshi.people.actions import register_at_counter
from banshi.people.models import User
from banshi.reception.actions import (
    agree_by_signature,
    begin_bundle_reception,
    begin_reception,
    give_mandate,
    hand_in,
    keep_typed,
)
from banshi.reception.models import BundleReception, Mandate, Reception
from tests.bundles.family import MOTHER, Family
from tests.cases.hall import ANSWERS, Hall

NAME, NUMBER, PHONE = ANSWERS["applicant_name"], ANSWERS["applicant_number"], ANSWERS["phone"]
A_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def signature() -> SimpleUploadedFile:
    return SimpleUploadedFile("签名.png", A_PIXEL, "image/png")


def a_photo(by: User, at: datetime) -> StoredFile:
    return keep(SimpleUploadedFile("照片.png", A_PIXEL), name="照片.png", purpose="mandate", by=by, at=at)  # type: ignore[arg-type]


def person_before(clerk: User, at: datetime, **more: Any) -> User:
    given = {"kind": "person", "name": NAME, "number": NUMBER, "phone": PHONE, **more}
    return register_at_counter(**given, by=clerk, at=at).user


def begun(of: Hall, at: datetime, clerk: User | None = None, **more: Any) -> Reception:
    clerk = clerk or of.window
    person = more.pop("person", None) or person_before(clerk, at)
    return begin_reception(of.item, person=person, by=clerk, at=at, **more)


def bundle_begun(of: Family, at: datetime, clerk: User | None = None) -> BundleReception:
    clerk = clerk or of.window("birth")
    person = person_before(clerk, at, name=of.mother.full_name, number=MOTHER)
    return begin_bundle_reception(of.version, person=person, by=clerk, at=at)


def filled_in(
    of: Hall, at: datetime, originals: list[int] | None = None, clerk: User | None = None, **more: Any
) -> Reception:
    """Typed, the originals seen (all, or those named), and signed for."""
    clerk = clerk or of.window
    reception = begun(of, at, clerk, **more)
    seen = list(range(len(of.guide.materials))) if originals is None else originals
    reception = keep_typed(reception, answers=ANSWERS, originals=seen, by=clerk, at=at)
    return agree_by_signature(reception, signature(), by=clerk, at=at)


def received(of: Hall, at: datetime, then: str = "accept", **more: Any) -> Case:
    clerk = more.get("clerk") or of.window
    return hand_in(filled_in(of, at, **more), then=then, by=clerk, at=at)


def mandated(agent: User, until: datetime, at: datetime) -> Mandate:
    person = person_before(agent, at)
    paper = a_photo(agent, at)
    return give_mandate(person, matters="申请高龄津贴", until=until.date(), paper=paper, by=agent, at=at)
