"""All of a file or nothing."""

from pathlib import Path

import pytest
from tests.factories import NOON, TESTS, category, organ
from tests.processes import installation, kill, start
from tests.spreadsheets.sheets import bring_in, look, workbook

from banshi.catalog.actions import save_draft
from banshi.catalog.models import Change, Item, Listing, Publication, Revision
from banshi.core.errors import BadInput
from banshi.core.models import StoredFile
from banshi.ledger.models import LedgerEntry
from banshi.people.enums import OrganKind
from banshi.people.models import Organ
from banshi.spreadsheets.models import ImportBatch, ImportedRow

pytestmark = pytest.mark.django_db
HEAD = ["事项名称", "实施主体", "承诺时限"]


def counts() -> tuple[int, ...]:
    return tuple(
        each.objects.count()
        for each in (Item, Revision, Publication, Listing, Change, Organ, ImportBatch, StoredFile, LedgerEntry)
    )


def test_items_come_in_as_drafts_with_where_they_came_from() -> None:
    own = organ("教育局")
    done = bring_in(workbook([HEAD, ["入学", "教育局", "5个工作日"]]))
    item = Item.objects.get()
    assert done.items == [item]
    assert (item.organ, item.source) == (own, "事项.xlsx 目录表 第2行")
    assert item.revisions.get().guide.promised_limit.value == 5


def test_the_ledger_tells_the_file_and_what_it_did() -> None:
    organ("教育局")
    bring_in(workbook([HEAD, ["入学", "教育局", None]]))
    facts = LedgerEntry.objects.get(action="spreadsheets.apply_import").facts
    assert facts["new"] == 1
    assert len(facts["file"]) == 64


@pytest.mark.parametrize(
    "bad",
    [
        [["转学", "没有的局", None]],
        [["入学", "教育局", None]],
        [[None, "教育局", "5个工作日"]],
    ],
)
def test_one_error_and_the_database_is_as_before(bad: list) -> None:  # type: ignore[type-arg]
    organ("教育局")
    before = counts()
    with pytest.raises(BadInput) as caught:
        bring_in(workbook([HEAD, ["入学", "教育局", None], *bad]), publish=True)
    assert counts() == before
    assert "事项.xlsx 目录表!" in caught.value.problems[0].where


def test_publishing_with_the_import() -> None:
    organ("教育局")
    done = bring_in(workbook([HEAD, ["入学", "教育局", "5个工作日"], ["转学", "教育局", None]]), publish=True)
    assert done.published == 2
    assert Listing.objects.count() == 2


def test_missing_organs_are_created_with_their_kind_and_code() -> None:
    from tests.factories import a_uscc

    code = a_uscc(7_000_123)
    data = workbook(
        [["事项名称", "实施主体", "实施主体代码"], ["甲", "示例县新局", code], ["乙", "示例县敬老院", "123"]]
    )
    bring_in(data, create=True)
    bureau, home = Organ.objects.get(name="示例县新局"), Organ.objects.get(name="示例县敬老院")
    assert (bureau.kind, bureau.uscc) == (OrganKind.DEPARTMENT, code)
    assert (home.kind, home.uscc) == (OrganKind.INSTITUTION, "")


def test_changes_go_into_a_draft_and_leave_what_is_in_force() -> None:
    organ("教育局")
    bring_in(workbook([HEAD, ["入学", "教育局", "5个工作日"]]), publish=True)
    bring_in(workbook([HEAD, ["入学", "教育局", "3个工作日"]]))
    item = Item.objects.get()
    assert item.listing.publication.revision.guide.promised_limit.value == 5
    assert item.revisions.get(state="draft").guide.promised_limit.value == 3


def test_a_colleagues_other_elements_in_the_draft_stay() -> None:
    organ("教育局")
    bring_in(workbook([HEAD, ["入学", "教育局", "5个工作日"]]))
    draft = Revision.objects.get()
    guide = draft.guide
    guide.summary = "同事写的"
    save_draft(draft, guide=guide, stamp=draft.stamp, by=TESTS, at=NOON)
    bring_in(workbook([HEAD, ["入学", "教育局", "3个工作日"]]))
    guide = Revision.objects.get().guide
    assert (guide.summary, guide.promised_limit.value) == ("同事写的", 3)


def test_a_blank_cell_erases_nothing() -> None:
    organ("教育局")
    bring_in(workbook([HEAD, ["入学", "教育局", "5个工作日"]]))
    bring_in(workbook([[*HEAD, "服务内容"], ["入学", "教育局", None, "上学"]]))
    guide = Revision.objects.get().guide
    assert (guide.promised_limit.value, guide.summary) == (5, "上学")


def test_a_new_category_reaches_the_item() -> None:
    organ("教育局")
    own = category()
    bring_in(workbook([HEAD, ["入学", "教育局", None]]))
    bring_in(workbook([["事项名称", "实施主体", "事项类别"], ["入学", "教育局", "公共教育"]]))
    assert Item.objects.get().category == own


def test_importing_the_same_file_again_changes_nothing() -> None:
    organ("教育局")
    data = workbook([[*HEAD, "去年件数", "联系电话"], ["入学", "教育局", "按规定", 3, "0990-1234567"]])
    bring_in(data)
    before = Revision.objects.get().stamp
    done = bring_in(data)
    assert (len(done.items), done.changed) == (0, 0)
    assert Revision.objects.get().stamp == before


KILLED = """
import os, sys, django
django.setup()
from banshi.spreadsheets import actions
from banshi.spreadsheets.organ_matching import Owners
from banshi.core.clock import now
from banshi.ledger import System
from banshi.people.models import Division, Organ
from pathlib import Path
place, _ = Division.objects.get_or_create(code="990102", defaults={"name": "示例县", "level": 4})
real = actions.record
def wait(action, *rest, **more):
    if action == "spreadsheets.apply_import":
        print("written", flush=True)
        sys.stdin.read()
    return real(action, *rest, **more)
actions.record = wait
actions.import_file(Path(sys.argv[1]), Owners([], create=True), division=place, publish=True, by=System("test"), at=now())
"""


def test_killed_at_the_last_moment_nothing_is_half_there(tmp_path: Path) -> None:
    """Everything is written and the process killed before its commit: the next start finds none of it."""
    import sqlite3

    file = tmp_path / "事项.xlsx"
    file.write_bytes(workbook([HEAD, *([f"事项{n}", "教育局", "5个工作日"] for n in range(200))]))
    home = installation(tmp_path / "home")
    process = start(KILLED, home, str(file))
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "written"
    kill(process)
    with sqlite3.connect(home / "banshi.sqlite3") as database:
        for name in ("item", "revision", "publication", "listing", "change"):
            assert database.execute(f"SELECT count(*) FROM catalog_{name}").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM spreadsheets_importbatch").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM people_organ").fetchone() == (0,)


def test_what_was_published_keeps_its_code_kind_and_category_and_the_preview_says_so() -> None:
    category(), category("care", "社会救助")
    head = ["事项名称", "实施主体", "事项类别", "事项类型", "事项编码", "承诺时限"]
    bring_in(workbook([head, ["入学", organ("教育局").name, "公共教育", "公共服务", None, "5个工作日"]]), publish=True)
    rows = workbook([head, ["入学", "教育局", "社会救助", "行政给付", "A-2", "3个工作日"]])
    told = [each for each in look(rows).problems if each.code == "identity"]
    assert [(each.cell, each.message) for each in told] == [("E2", "编码、类型、类别与公布的不同，导入不改")]
    assert "申请调整" in told[0].proposal
    bring_in(rows)
    item = Item.objects.get()
    assert (item.code, item.kind, item.category_id) == ("", "20", "education")
    assert item.revisions.get(state="draft").guide.promised_limit.value == 3
    listing = Listing.objects.get()
    assert (listing.kind, listing.category_id) == ("20", "education")


def test_what_was_not_published_yet_takes_them() -> None:
    category(), category("care", "社会救助")
    head = ["事项名称", "实施主体", "事项类别"]
    bring_in(workbook([head, ["入学", organ("教育局").name, "公共教育"]]))
    bring_in(workbook([head, ["入学", "教育局", "社会救助"]]))
    assert Item.objects.get().category_id == "care"


def test_what_has_no_place_in_the_guide_is_kept_apart_with_its_row() -> None:
    organ("教育局")
    data = workbook([[*HEAD, "主项名称", "备注（内部）"], ["入学", "教育局", "5个工作日", "学生资助", "先不公开"]])
    bring_in(data, publish=True)
    text = str(Publication.objects.get().revision.content)
    assert "学生资助" not in text
    assert "先不公开" not in text
    row = ImportedRow.objects.get()
    assert (row.item, row.number, row.outcome) == (Item.objects.get(), 2, "new")
    assert row.unplaced == [["主项名称", "学生资助"], ["备注（内部）", "先不公开"]]
