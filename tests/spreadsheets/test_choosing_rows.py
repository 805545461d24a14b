"""Imports over what there is: differences told, rows left out, details kept, and all of it taken back."""

from typing import Any

import pytest
from tests.factories import NOON, TESTS, guide, item, organ, publication
from tests.spreadsheets.sheets import bring_in, look, workbook

from banshi.catalog.actions import publish, save_draft
from banshi.catalog.guide.document import Material, Step
from banshi.catalog.models import Item, Revision
from banshi.core.errors import BadInput, Conflict
from banshi.spreadsheets.actions import undo_batch
from banshi.spreadsheets.models import ImportBatch, ImportedRow
from banshi.spreadsheets.preview import summary

pytestmark = pytest.mark.django_db
HEAD = ["事项名称", "实施主体", "承诺时限", "申请材料", "办理环节"]
DETAILED = guide(
    "生源地信用助学贷款",
    materials=[
        Material(name="录取通知书", issuer="高校", copies=1, shared=True),
        Material(name="家庭经济困难证明", commitment_ok=True, issuer="学校"),
    ],
    steps=[Step(name="受理", actor="资助岗"), Step(name="审核", actor="复核岗"), Step(name="发放", actor="银行")],
)


def published() -> Item:
    return publication(item(organ("教育局"), DETAILED)).item


def row(*cells: Any) -> bytes:
    return workbook([HEAD, ["生源地信用助学贷款", "教育局", *cells]])


def test_a_coarse_row_drops_no_detail() -> None:
    it = published()
    bring_in(row("3个工作日", "录取通知书、身份证", "受理、审核"))
    new = it.revisions.get(state="draft").guide
    assert new.promised_limit.value == 3
    assert new.materials[:2] == DETAILED.materials
    assert [each.name for each in new.materials[2:]] == ["身份证"]
    assert [(each.name, each.actor) for each in new.steps] == [(each.name, each.actor) for each in DETAILED.steps]
    assert new.conditions == DETAILED.conditions


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ("录取通知书", "录取通知书原件"), ("录取通知书", "录取通知书（复印件1份）"), ("录取通知书", "《录取通知书》"), ("身份证", "居民身份证"),
        ("居民身份证", "申请人身份证复印件"), ("家庭经济困难证明", "家庭经济困难情况证明"), ("残疾人证申请表", "残疾人证申领表"), ("户口簿", "居民户口簿"),
    ],
)  # fmt: skip
def test_a_paper_named_a_little_otherwise_is_the_same_paper(there: str, said: str) -> None:
    old = guide("甲证办理", materials=[Material(name=there, issuer="高校", shared=True), Material(name="照片")])
    publication(item(organ("教育局"), old))
    text = look(workbook([HEAD, ["甲证办理", "教育局", None, f"{said}；照片", None]])).rows[0].guide(old)
    assert [(each.issuer, each.shared) for each in text.materials] == [("高校", True), ("", False)]


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ("父亲身份证", "母亲身份证"), ("身份证", "户口簿"), ("结婚证", "离婚证"), ("委托人身份证", "受托人身份证"), ("近3个月工资单", "近6个月工资单"),
        ("录取通知书", "成绩通知书"), ("出生医学证明", "死亡医学证明"), ("申请表", "登记表"),
    ],
)  # fmt: skip
def test_another_paper_is_added(there: str, said: str) -> None:
    old = guide("甲证办理", materials=[Material(name=there, issuer="高校")])
    publication(item(organ("教育局"), old))
    text = look(workbook([HEAD, ["甲证办理", "教育局", None, said, None]])).rows[0].guide(old)
    assert [each.name for each in text.materials] == [there, said]


def test_the_sheet_decides_where_a_person_says_so() -> None:
    it = published()
    text = look(row(None, "身份证", None), corrected={"replace": True}).rows[0].guide(it.revisions.get().guide)
    assert [each.name for each in text.materials] == ["身份证"]


def test_the_preview_tells_the_difference_to_what_is_in_force() -> None:
    it = published()
    [told] = summary(look(row("3个工作日", "录取通知书、身份证", None)))["rows"]
    assert (told["outcome"], told["published"], told["guid"]) == ("changed", True, str(it.guid))
    assert {each["label"] for each in told["found"]} == {"承诺时限", "申请材料 第3项"}


def test_known_items_are_skipped_when_asked() -> None:
    it = published()
    rows = workbook(
        [HEAD, ["生源地信用助学贷款", "教育局", "3个工作日", None, None], ["转学", "教育局", None, None, None]]
    )
    found = look(rows, corrected={"leave_known": True})
    assert (found.counts["left"], found.counts["new"], found.counts["changed"]) == (1, 1, 0)
    assert it.revisions.count() == 1


def test_a_row_left_out_blocks_nothing_and_becomes_nothing() -> None:
    organ("教育局")
    rows = workbook([["事项名称", "实施主体"], ["入学", "教育局"], ["转学", "没有的局"], ["入学", "教育局"]])
    assert len(look(rows).errors) == 3
    found = look(rows, corrected={"leave": ["目录表!3", "目录表!4"]})
    assert found.errors == []
    assert (found.counts["new"], found.counts["left"]) == (1, 2)


# Taking it back


def test_an_import_is_taken_back_as_a_whole() -> None:
    it = published()
    draft = publication(item(it.organ, guide("转学"))).item
    written = save_draft_of(draft, "写到一半")
    rows = [
        ["生源地信用助学贷款", "教育局", "3个工作日", None, None],
        ["转学", "教育局", "4个工作日", None, None],
        ["入学", "教育局", None, None, None],
    ]
    bring_in(workbook([HEAD, *rows]))
    assert [each.outcome for each in ImportedRow.objects.all()] == ["changed", "changed", "new"]
    undo_batch(ImportBatch.objects.get(), by=TESTS, at=NOON)
    assert not Item.objects.filter(name="入学").exists()
    assert not it.revisions.filter(state="draft").exists()
    assert draft.revisions.get(state="draft").guide == written
    assert ImportBatch.objects.get().state == "undone"
    with pytest.raises(Conflict, match="已撤销"):
        undo_batch(ImportBatch.objects.get(), by=TESTS, at=NOON)


def save_draft_of(it: Item, summary: str) -> Any:
    from tests.factories import draft

    text = draft(it)
    guide = text.guide.model_copy(update={"summary": summary})
    return save_draft(text, guide=guide, stamp=text.stamp, by=TESTS, at=NOON).guide


def test_what_is_in_the_way_is_named_and_nothing_is_taken_back() -> None:
    organ("教育局")
    rows = [[name, "教育局", "3个工作日", None, None] for name in ("入学", "转学", "休学")]
    bring_in(workbook([HEAD, *rows]))
    first, second, _ = Item.objects.order_by("pk")
    text = first.revisions.get()
    save_draft(text, guide=guide("入学"), stamp=text.stamp, by=TESTS, at=NOON)
    publish(first.revisions.get(), by=TESTS, at=NOON)
    save_draft_of(second, "改过")
    with pytest.raises(BadInput, match="2项") as caught:
        undo_batch(ImportBatch.objects.get(), by=TESTS, at=NOON)
    told = {each.where: each.message for each in caught.value.problems}
    assert told["入学"] == "已公布"
    assert "改过" in told["转学"]
    assert Item.objects.count() == 3
    assert Revision.objects.filter(state="draft").count() == 2


# What may be a repetition


def test_what_a_new_row_may_repeat_is_told_before_it_is_made() -> None:
    own = organ("教育局")
    publication(item(own, guide("教师资格证书补发、换发")))
    item(organ("民政局"), guide("低保"), code="A-9")
    head = ["事项名称", "实施主体", "事项编码"]
    rows = [
        ["教师资格证书补换发", "教育局", None],
        ["休学", "教育局", "A-9"],
        ["复学办理", "教育局", None],
        ["复学申请", "教育局", None],
        ["转学", "教育局", "A-10"],
        ["教师资格证遗失补发", "教育局", None],
        ["学生证变更、注销", "教育局", None],
        ["学生证注销", "教育局", None],
    ]
    found = look(workbook([head, *rows]))
    told = {(each.code, each.cell): each.message for each in found.problems if each.code in ("alike", "taken")}
    assert set(told) == {("alike", "A2"), ("taken", "C3"), ("alike", "A5"), ("alike", "A7"), ("alike", "A9")}
    assert "教师资格证书补发、换发" in told["alike", "A2"]
    assert "民政局“低保”" in told["taken", "C3"]
    assert "第 4 行" in told["alike", "A5"]
    assert "已有事项“教师资格证书补发、换发”里已经包含" in told["alike", "A7"]
    assert "第 8 行“学生证变更、注销”里已经包含" in told["alike", "A9"]
    assert found.errors == []
