"""The real district's catalogue and the sample guides: every row read, every dirty code flagged.

The figures were counted from the files by other means: `expected_codes` judges each code by its shape alone.
"""

import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from stdnum.cn import uscc
from tests.spreadsheets.sheets import bring_in, look

from banshi.catalog.models import Category, Item, Revision
from banshi.people.models import Organ
from banshi.spreadsheets.preview import Preview

pytestmark = pytest.mark.django_db
CATALOGUE = Path(settings.DATA) / "samples" / "catalogue-guangan.xlsx"
RECORDS = Path(settings.DATA) / "samples" / "items.json"


@pytest.fixture(scope="module")
def cells() -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(CATALOGUE).worksheets[0]
    return [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[1] and isinstance(row[0], (int, float))]


@pytest.fixture
def found(db: None) -> Preview:
    for number, name in enumerate(
        (
            "公共教育",
            "社会保障",
            "劳动就业",
            "医疗卫生",
            "住房保障",
            "文化体育",
            "民政救助",
            "政策支持",
            "法律和信息查询",
            "扶贫脱贫",
            "就业技能培训",
            "知识产权保护",
        )
    ):
        Category.objects.create(code=f"c{number}", name=name)
    return look(CATALOGUE.read_bytes(), name=CATALOGUE.name, create=True)


def test_all_599_rows_are_read_and_nothing_else(found: Preview, cells: list) -> None:  # type: ignore[type-arg]
    assert len(cells) == 599
    assert found.counts["rows"] == found.counts["new"] == 599
    assert [row.name for row in found.rows] == [str(row[1]).strip() for row in cells]
    assert [each.reason for each in found.tables[0].skipped] == ["标题或说明", "标题或说明", "填报人等落款"]


def test_the_two_row_header_is_understood(found: Preview) -> None:
    assert [choice.target for choice in found.mappings[0].choices] == [
        "number", "name", "category", "organ", "organ_code", "kind", "code", "bases", "notes",
    ]  # fmt: skip


def test_every_merged_owner_reaches_its_rows(found: Preview) -> None:
    owners = Counter(row.owner.new for row in found.rows)
    assert len(owners) == 32
    assert (owners["区人社局"], owners["广安区税务局"], owners["区行政审批局"]) == (140, 82, 28)


def test_exactly_the_dirty_owner_codes_are_flagged(found: Preview, cells: list) -> None:  # type: ignore[type-arg]
    dirty = {number for number, row in enumerate(cells, 5) if not is_good(str(row[4]))}
    assert len(dirty) == 449
    assert {p.row + 1 for p in found.problems if p.code == "organ_code"} == dirty


def test_exactly_the_dirty_item_codes_are_flagged(found: Preview, cells: list) -> None:  # type: ignore[type-arg]
    dirty = {number for number, row in enumerate(cells, 5) if not is_good(organ_in(str(row[6])))}
    assert {p.row + 1 for p in found.problems if p.code == "code"} == dirty
    assert {p.row + 1 for p in found.problems if p.code == "old_code"} == set(range(5, 604))


def is_good(code: str) -> bool:
    return len(code) == 18 and code == code.upper() and uscc.is_valid(code)


def organ_in(code: str) -> str:
    """The credit code within an item code of the province's older form (…-division-000-CREDIT-level-version)."""
    found = re.fullmatch(r".+?-\d{12}-\d{3}-(.+)-\d-\d\d", code) or re.fullmatch(r"[A-Z]-\d{6}-\d{3}-(\w+)", code)
    return found[1] if found else ""


def test_a_code_one_digit_short_gets_the_one_completion_there_is(found: Preview) -> None:
    proposals = {p.value: p.proposal for p in found.problems if p.code == "organ_code"}
    assert proposals["1151130000877869M"] == "11511300008778693M"
    assert uscc.is_valid(proposals["1151130000877869M"])
    assert proposals["11511301452259996u"] == "11511301452259996U"
    assert all(not proposal or uscc.is_valid(proposal) for proposal in proposals.values())


def test_powers_in_the_public_service_list_are_queried(found: Preview, cells: list) -> None:  # type: ignore[type-arg]
    powers = {number for number, row in enumerate(cells, 5) if row[5] != "公共服务"}
    assert len(powers) == 251
    assert {p.row + 1 for p in found.problems if p.code == "power"} == powers


def test_rows_without_category_are_said(found: Preview, cells: list) -> None:  # type: ignore[type-arg]
    assert found.by_kind()["no_category"] == sum(1 for row in cells if not row[2]) == 318


def test_the_pair_of_namesakes_is_asked_about_and_nothing_is_an_error(found: Preview) -> None:
    assert {
        row.name for row in found.rows if row.number in {p.row + 1 for p in found.problems if p.code == "twice"}
    } == {"求职创业补贴申领"}
    assert found.errors == []


def test_every_cell_of_every_row_ends_up_in_the_catalogue(found: Preview, cells: list) -> None:  # type: ignore[type-arg]
    bring_in(CATALOGUE.read_bytes(), name=CATALOGUE.name, create=True)
    items = {item.code: item for item in Item.objects.select_related("organ", "category")}
    guides = {revision.item_id: revision.guide for revision in Revision.objects.all()}
    for row in cells:
        item = items[str(row[6])]
        guide = guides[item.pk]
        assert (item.name, item.kind_as_given) == (row[1], row[5])
        assert (item.category.name if item.category else None) == row[2]
        assert guide.notes == (row[8] or "")
        for basis in guide.bases:
            assert re.sub(r"（[^（）]*）$", "", basis.title) in row[7]  # an edition stood after the 》
        assert str(row[7] or "").count("《") - str(row[7] or "").count("《《") >= len(guide.bases)


def test_the_sample_records_are_read_with_their_guides(found: Preview) -> None:
    records = look(RECORDS.read_bytes(), name=RECORDS.name, create=True)
    assert records.counts["rows"] == 499
    assert records.errors == []
    guides = [row.guide() for row in records.rows]
    assert sum(1 for guide in guides if guide.steps or guide.materials or guide.conditions) == 76
    assert sum(len(guide.materials) for guide in guides) == 201
    assert sum(len(guide.steps) for guide in guides) == 286
    assert sum(len(guide.bases) for guide in guides) == 733


def test_records_join_the_items_of_the_catalogue(found: Preview) -> None:
    bring_in(CATALOGUE.read_bytes(), name=CATALOGUE.name, create=True)
    done = bring_in(RECORDS.read_bytes(), name=RECORDS.name, create=True)
    assert (len(done.items), done.changed) == (124, 94)  # the rest say what stands, no level being told
    assert Item.objects.count() == 723
    assert Item.objects.filter(is_example=True).count() == 104
    again = look(CATALOGUE.read_bytes(), name=CATALOGUE.name)
    assert again.counts["same"] == 599
    assert Organ.objects.filter(name="区残联").count() == 1
