"""The form people fill in online, declared in the guide."""

from tests.factories import guide

from banshi.catalog.enums import Audience, DeliveryWay
from banshi.catalog.guide.completeness import completeness
from banshi.catalog.guide.differences import differences
from banshi.catalog.guide.document import AskedWhen, DeclaredField, Guide
from banshi.catalog.guide.form import form_of
from banshi.catalog.guide.text import part_text
from banshi.forms import Comparison, FieldKind, ShownWhen

HOUSE = DeclaredField(label="有没有房产", kind=FieldKind.YES_NO, group="住房")
NUMBER = DeclaredField(
    label="房产证号", key="house_number", when=AskedWhen(field="有没有房产", comparison=Comparison.IS, values=["是"])
)


def test_every_guide_has_a_form_without_a_second_configuration() -> None:
    assert [each.key for each in form_of(Guide(name="办事"))][:2] == ["applying_as", "applicant_name"]
    companies = form_of(Guide(audience=[Audience.COMPANY], delivery_ways=[DeliveryWay.POST]))
    assert [each.key for each in companies][:1] == ["company_name"]
    assert companies[-1].key == "delivery_address"


def test_a_question_knows_its_page_and_the_question_its_condition_names() -> None:
    fields = {each.label: each for each in form_of(guide("入学", form_fields=[HOUSE, NUMBER]))}
    assert fields["房产证号"].group == "住房"
    assert fields["房产证号"].when == ShownWhen(fields["有没有房产"].key, Comparison.IS, ("是",))


def test_a_question_has_a_key_that_stays_when_questions_move() -> None:
    written = guide("入学", form_fields=[HOUSE, NUMBER])
    moved = Guide.model_validate(written.model_dump() | {"form_fields": [NUMBER.model_dump(), HOUSE.model_dump()]})
    assert moved.form_fields[1].key == written.form_fields[0].key != ""
    assert DeclaredField().is_blank()


def test_a_form_that_cannot_work_is_not_published() -> None:
    said = completeness(guide("入学", form_fields=[NUMBER, HOUSE])).missing
    assert [(each.path, each.message) for each in said] == [
        ("form_fields.0.when.field", "“房产证号”要看“有没有房产”才显示，可那一题排在后面，请把它移到前面")
    ]
    twice = completeness(guide("入学", form_fields=[NUMBER.model_copy(update={"when": AskedWhen()}), NUMBER])).missing
    assert [each.path for each in twice] == ["form_fields.1.key", "form_fields.1.when.field"]
    assert completeness(guide("入学", form_fields=[HOUSE, NUMBER])).missing == []


def test_a_changed_condition_is_read_as_a_sentence() -> None:
    old = guide("入学", form_fields=[HOUSE, NUMBER])
    new = guide(
        "入学", form_fields=[HOUSE, NUMBER.model_copy(update={"when": AskedWhen(field="有没有房产", values=["否"])})]
    )
    [found] = differences(old, new)
    assert "“有没有房产”答“是”时才填" in found.old_text and "“有没有房产”答“否”时才填" in found.new_text
    assert (
        part_text(HOUSE)
        == f"有没有房产；题型：是或否；分在哪一页：住房；必填：是；信息类别：一般信息；字段名：{HOUSE.key}"
    )
