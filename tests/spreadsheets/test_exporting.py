"""What is exported comes back as it was."""

import csv
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import NOON, TESTS, category, organ
from tests.spreadsheets.sheets import bring_in, look, workbook
from tests.work import examples

from banshi.catalog.actions import create_item, publish
from banshi.catalog.enums import Audience, CopyKind, HandleForm, Level, StepKind, TimeUnit
from banshi.catalog.guide.document import (
    AskedWhen,
    Basis,
    Condition,
    Contact,
    DeclaredField,
    Faq,
    Fee,
    Guide,
    Material,
    Place,
    Step,
    TimeLimit,
)
from banshi.catalog.models import Item, Revision
from banshi.forms import Comparison, FieldKind
from banshi.people.models import Organ
from banshi.spreadsheets.annotated_workbook import marked_workbook
from banshi.spreadsheets.cell_parsers import NO_TEXT
from banshi.spreadsheets.exporting import lines, write_csv, write_directory, write_scrutiny, write_template

pytestmark = pytest.mark.django_db


def full_guide(**more: Any) -> Guide:
    values: dict[str, Any] = {
        "name": "入学登记",
        "aliases": ["上学", "报名"],
        "summary": "让孩子上学",
        "level": Level.COUNTY,
        "audience": [Audience.PERSON, Audience.COMPANY],
        "bases": [
            Basis(title="义务教育法", articles="第十一条"),
            Basis(title="办法", doc_no="教发〔2020〕1号", text="原文"),
        ],
        "conditions": [Condition(text="年满六周岁"), Condition(text="本地户籍", basis="义务教育法")],
        "materials": [
            Material(
                name="户口簿", copy_kind=CopyKind.BOTH, copies=1, issuer="公安局", shared=True, shared_from="公安局"
            ),
            Material(name="登记表", requirement="逐项填写"),
        ],
        "steps": [
            Step(name="申请", kind=StepKind.APPLY),
            Step(name="审核", kind=StepKind.EXAMINE, limit=TimeLimit(value=2, basis="内部规定"), group="甲"),
        ],
        "statutory_limit": TimeLimit(text="未规定"),
        "promised_limit": TimeLimit(value=5, unit=TimeUnit.DAY, text="遇假期顺延"),
        "charged": True,
        "fees": [Fee(name="工本费", standard="5元/本", basis="价费〔2020〕1号")],
        "handle_forms": [HandleForm.WINDOW, HandleForm.ONLINE],
        "online": True,
        "visits": 1,
        "places": [Place(name="政务中心", address="人民路1号", hours="工作日 9:00—17:00")],
        "consult": Contact(phone="0990-1234567", url="https://example.com/a"),
        "complaint": Contact(phone="0990-12345"),
        "faqs": [Faq(question="带什么?", answer="户口簿。")],
        "notes": "第一行\n第二行",
    }
    return Guide(**{**values, **more})


def exported(write: Any) -> bytes:
    output = BytesIO()
    write(output, lines(Item.objects.all()), title="表")
    return output.getvalue()


@pytest.mark.parametrize("write", [write_directory, write_scrutiny])
def test_an_export_comes_back_the_same(write: Any) -> None:
    create_item(
        organ=organ("教育局"), guide=full_guide(), category=category(), code="512B0053300007", by=TESTS, at=NOON
    )
    found = look(exported(write))
    assert (found.counts["same"], found.counts["rows"], found.counts["errors"]) == (1, 1, 0)


def test_items_no_longer_in_use_do_not_bar_the_way_back() -> None:
    create_item(organ=organ("教育局"), guide=full_guide(), by=TESTS, at=NOON)
    Item.objects.update(state="cancelled")
    found = look(exported(write_scrutiny))
    assert (found.counts["same"], found.counts["errors"]) == (1, 0)


def test_the_scrutiny_sheet_alone_rebuilds_the_guide() -> None:
    """Sent to a place that knows nothing of the item, not one element is lost."""
    guide = full_guide()
    create_item(organ=organ("教育局"), guide=guide, code="512B0053300007", by=TESTS, at=NOON)
    data = exported(write_scrutiny)
    Revision.objects.all().delete()
    Item.objects.all().delete()
    bring_in(data)
    assert Revision.objects.get().guide == guide


words = st.text(alphabet="教育登记办理甲乙丙丁一二ABCxyz019", min_size=1, max_size=12).filter(
    lambda word: word not in NO_TEXT
)
limits = st.one_of(
    st.builds(
        TimeLimit, value=st.integers(1, 3650), unit=st.sampled_from(TimeUnit), basis=st.one_of(st.just(""), words)
    ),
    st.just(TimeLimit(immediate=True)),
    st.just(TimeLimit()),
)
guides = st.builds(
    Guide,
    name=words,
    summary=words,
    level=st.sampled_from(Level),
    audience=st.lists(st.sampled_from(Audience), unique=True, max_size=3),
    conditions=st.lists(st.builds(Condition, text=words), max_size=3),
    materials=st.lists(
        st.builds(
            Material,
            name=words,
            copies=st.one_of(st.none(), st.integers(0, 99)),
            copy_kind=st.sampled_from(CopyKind),
            shared=st.booleans(),
            note=words,
        ),
        max_size=3,
    ),
    steps=st.lists(st.builds(Step, name=words, kind=st.sampled_from(StepKind), limit=limits), max_size=3),
    promised_limit=limits,
    online=st.sampled_from([None, True, False]),
    visits=st.one_of(st.none(), st.integers(0, 20)),
    handle_forms=st.lists(st.sampled_from(HandleForm), unique=True, max_size=3),
    faqs=st.lists(st.builds(Faq, question=words, answer=words), max_size=2),
)


@given(st.lists(guides, min_size=1, max_size=4, unique_by=lambda guide: guide.name.lower()))
@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_guides_survive_the_journey(given_guides: list[Guide]) -> None:
    Revision.objects.all().delete()
    Item.objects.all().delete()
    own = Organ.objects.first() or organ("教育局")
    for guide in given_guides:
        create_item(organ=own, guide=guide, in_spite=True, by=TESTS, at=NOON)
    data = exported(write_scrutiny)
    assert look(data).counts["same"] == len(given_guides)
    Revision.objects.all().delete()
    Item.objects.all().delete()
    bring_in(data)
    assert {r.guide.name: r.guide for r in Revision.objects.all()} == {guide.name: guide for guide in given_guides}


def test_formulas_in_a_guide_leave_as_text() -> None:
    create_item(organ=organ("教育局"), guide=Guide(name="=cmd|'/c calc'!A0"), by=TESTS, at=NOON)
    for write in (write_directory, write_scrutiny):
        cell = openpyxl.load_workbook(BytesIO(exported(write))).worksheets[0]["B3"]
        assert (cell.value, cell.data_type) == ("=cmd|'/c calc'!A0", "s") or cell.data_type in ("s", "inlineStr")
        assert b"<f>" not in sheet_xml(exported(write))


def sheet_xml(data: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))


def test_csv_cells_cannot_be_run() -> None:
    create_item(organ=organ("教育局"), guide=Guide(name="=cmd|'/c calc'!A0"), by=TESTS, at=NOON)
    output = StringIO()
    write_csv(output, lines(Item.objects.all()))
    assert next(iter(list(csv.reader(StringIO(output.getvalue())))[1:]))[1].startswith("'=")


def test_only_what_is_published_when_asked() -> None:
    own = organ("教育局")
    publish(create_item(organ=own, guide=Guide(name="入学"), by=TESTS, at=NOON).revisions.get(), by=TESTS, at=NOON)
    create_item(organ=own, guide=Guide(name="转学"), by=TESTS, at=NOON)
    assert [line.guide.name for line in lines(Item.objects.all(), published=True)] == ["入学"]
    assert [line.number for line in lines(Item.objects.all())] == [1, 2]


@pytest.mark.parametrize("form", ["directory", "scrutiny"])
def test_a_blank_template_filled_in_is_read(form: str) -> None:
    organ("教育局")
    category()
    output = BytesIO()
    write_template(output, form, title="表")
    book = openpyxl.load_workbook(BytesIO(output.getvalue()))
    sheet = book.worksheets[0]
    titles = {cell.value: cell.column for cell in sheet[2]}
    for title, text in (
        ("事项名称", "入学"),
        ("实施主体", "教育局"),
        ("事项类别", "公共教育"),
        ("承诺时限", "5个工作日"),
    ):
        sheet.cell(3, titles[title], text)
    filled = BytesIO()
    book.save(filled)
    found = look(filled.getvalue())
    assert (found.counts["new"], found.counts["errors"], found.counts["doubts"]) == (1, 0, 0)
    assert found.rows[0].guide().promised_limit.value == 5


def test_templates_have_dropdowns_a_frozen_header_and_print_rows() -> None:
    category()
    output = BytesIO()
    write_template(output, "directory", title="表")
    sheet = openpyxl.load_workbook(BytesIO(output.getvalue())).worksheets[0]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert len(lists) >= 4
    assert sheet.freeze_panes == "C3"
    assert sheet.print_title_rows == "$2:$2"


def test_cells_are_marked_in_the_users_own_workbook() -> None:
    organ("教育局")
    data = workbook(
        [["目录表"], ["事项名称", "实施主体", "承诺时限"], ["入学", "没有的局", "看情况"]], {"目录表": ["A1:C1"]}
    )
    book = openpyxl.load_workbook(BytesIO(marked_workbook(data, look(data))))
    assert book.sheetnames == ["问题清单", "目录表"]
    sheet = book["目录表"]
    assert "没有登记过单位" in sheet["B3"].comment.text
    assert sheet["B3"].fill.fgColor.rgb == "FFF4B7B2"
    assert "读不出" in sheet["C3"].comment.text
    assert sheet["A3"].comment is None
    assert [cell.value for cell in book["问题清单"][2]][:3] == ["目录表", "B3", "错误"]


def test_a_marked_csv_comes_back_as_a_workbook_without_formulas() -> None:
    organ("教育局")
    data = "事项名称,实施主体\n=1+1,教育局\n".encode()
    marked = marked_workbook(data, look(data, name="x.csv"))
    assert b"<f>" not in sheet_xml(marked)
    assert "像是公式" in openpyxl.load_workbook(BytesIO(marked)).worksheets[1]["A2"].comment.text


def test_questions_of_the_online_form_come_back_with_their_conditions() -> None:
    questions = [
        DeclaredField(label="有没有房产", kind=FieldKind.YES_NO, group="住房"),
        DeclaredField(
            label="房产证号",
            key="house_number",
            required=False,
            pattern=r"[A-Z]\d{6}",
            example="A123456",
            when=AskedWhen(field="有没有房产", comparison=Comparison.IS, values=["是"]),
        ),
        DeclaredField(label="怎么住", kind=FieldKind.CHOICE, choices=["租房", "自有"], minimum=1, maximum=2),
    ]
    create_item(
        organ=organ("教育局"), guide=Guide(name="入学", form_fields=questions), in_spite=True, by=TESTS, at=NOON
    )
    data = exported(write_scrutiny)
    Revision.objects.all().delete()
    Item.objects.all().delete()
    bring_in(data)
    assert Revision.objects.get().guide.form_fields == questions
