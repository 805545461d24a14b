"""What a unit prints is exactly what its head signed."""

import io

import pytest
from openpyxl import load_workbook

from banshi.campaigns import actions
from banshi.campaigns.printouts import guides_handed_in, handed_in, review_forms
from banshi.catalog.actions import save_draft
from banshi.documents.official_files import as_docx, as_pdf
from banshi.spreadsheets.exporting import write_directory
from tests import factories as make
from tests.documents.reading import opened, words
from tests.factories import NOON, TESTS, campaigns

pytestmark = pytest.mark.django_db


def names_in(handed):
    file = io.BytesIO()
    write_directory(file, handed.lines, title="目录表")
    return [row[1].value for row in load_workbook(file)["目录表"].iter_rows(min_row=3)]


def test_the_directory_holds_the_reported_items_and_no_others():
    unit = campaigns.opened(items=2)
    campaigns.reported(unit)
    make.item(unit.organ)
    assert names_in(handed_in(unit)) == [each.item.name for each in unit.entries.order_by("id")]


def test_what_was_changed_after_signing_is_not_in_it():
    unit = campaigns.opened("two-rounds")
    [entry] = campaigns.reported(unit)
    campaigns.summed_up(campaigns.judged(entry), "return", "改名称")
    draft = entry.item.revisions.get(state="draft")
    save_draft(draft, guide=make.guide("改过的名称"), stamp=draft.stamp, by=TESTS, at=NOON)
    assert "改过的名称" not in names_in(handed_in(unit))
    assert names_in(handed_in(unit, draft=True)) == ["改过的名称"]


def test_what_left_is_not_in_it():
    unit = campaigns.opened(items=2)
    gone, stays = campaigns.reported(unit)
    actions.leave_entries([gone], reason="职责划转", by=TESTS, at=NOON)
    assert names_in(handed_in(unit)) == [stays.item.name]


def test_the_guides_are_one_book_with_a_chapter_each():
    unit = campaigns.opened(items=2)
    campaigns.reported(unit)
    made = guides_handed_in(handed_in(unit), day=NOON.date(), url="https://city.example/work/")
    said = words(made)
    assert all(each.item.name in said for each in unit.entries.all())
    assert "第1轮上报稿" in said
    assert len(opened(made).outline) >= 2


def test_the_review_form_names_who_signed_and_leaves_room_to_sign():
    unit = campaigns.opened()
    campaigns.reported(unit)
    made = review_forms(unit, day=NOON.date())
    said = words(as_pdf(made))
    assert unit.reports.get().digest[:16] in said
    assert "主要负责人（签字）" in said
    assert as_docx(made).startswith(b"PK")
