"""Uploads: one act from the phone to the list, nothing left behind by a refusal, nothing kept that no application names."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from banshi.cases.actions import discard_application, discard_expired, drop_unattached, hand_in, start_application
from banshi.cases.models import CaseMaterial
from banshi.core.errors import BadInput, Conflict, Missing, Refused
from banshi.core.models import StoredFile
from banshi.files import open_file
from banshi.ledger.models import LedgerEntry
from tests import factories as make
from tests.cases.hall import Hall, hall, moment, submitted
from tests.factories import TESTS
from tests.uploads.pictures import pdf, photo

pytestmark = pytest.mark.django_db
MONDAY = moment("03-02")


def drafted(of: Hall):  # type: ignore[no-untyped-def]
    return start_application(of.item, by=of.citizen, at=MONDAY)


def test_photographs_are_examined_joined_kept_and_attached_in_one_act() -> None:
    of = hall()
    given = hand_in(drafted(of), 0, [photo(), photo()], by=of.citizen, at=MONDAY)
    assert given.file is not None
    with open_file(given.file) as file:
        assert file.read(5) == b"%PDF-"
    ((name, _),) = default_storage.stored()  # type: ignore[attr-defined]
    with default_storage.open(name) as file:
        assert b"%PDF-" not in file.read()


def test_a_refusal_leaves_no_file_and_no_entry() -> None:
    of = hall()
    draft, sent = drafted(of), submitted(of, MONDAY).application
    with pytest.raises(Conflict, match="已经提交"):
        hand_in(sent, 0, [pdf()], by=of.citizen, at=MONDAY)
    with pytest.raises(Refused):
        hand_in(draft, 0, [pdf()], by=make.user(full_name="别人"), at=MONDAY)
    with pytest.raises(Missing):
        hand_in(draft, 9, [pdf()], by=of.citizen, at=MONDAY)
    with pytest.raises(BadInput):
        hand_in(draft, 0, [], by=of.citizen, at=MONDAY)
    assert not StoredFile.objects.exists()
    assert not LedgerEntry.objects.filter(action="core.keep_file").exists()


def test_files_that_no_application_names_are_dropped_a_day_later() -> None:
    of = hall()
    draft = drafted(of)
    left, kept = (
        hand_in(draft, 0, [pdf()], by=of.citizen, at=MONDAY),
        hand_in(draft, 1, [pdf()], by=of.citizen, at=MONDAY),
    )
    CaseMaterial.objects.filter(pk=left.pk).delete()
    assert drop_unattached(by=TESTS, at=MONDAY + timedelta(hours=23)) == 0, "it may be on its way"
    assert drop_unattached(by=TESTS, at=MONDAY + timedelta(hours=25)) == 1
    assert drop_unattached(by=TESTS, at=MONDAY + timedelta(hours=25)) == 0
    assert StoredFile.objects.get() == kept.file


def test_a_draft_that_is_given_up_takes_its_files_along_and_leaves_those_of_others() -> None:
    of = hall()
    draft, other = drafted(of), drafted(of)
    shared = hand_in(draft, 0, [pdf()], by=of.citizen, at=MONDAY)
    hand_in(draft, 1, [pdf()], by=of.citizen, at=MONDAY)
    CaseMaterial.objects.create(application=other, position=0, name=shared.name, file=shared.file, attached_at=MONDAY)
    discard_application(draft, by=of.citizen, at=MONDAY)
    assert StoredFile.objects.get() == shared.file
    discard_expired(by=TESTS, at=MONDAY + timedelta(days=400))
    assert not StoredFile.objects.exists()
    assert LedgerEntry.objects.filter(action="core.drop_file").count() == 2
