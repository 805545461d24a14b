import io
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from tests import factories
from tests.documents.reading import opened, words

from banshi.catalog import printables
from banshi.catalog.guide.document import Guide, Material, Place, Step
from banshi.catalog.guide.elements import elements
from banshi.catalog.models import Publication
from banshi.documents import book

URL = "https://banshi.example.cn/items/1/"
pytestmark = pytest.mark.django_db


def published(**more: Any) -> Publication:
    return factories.publication(text=factories.guide("小学入学报名", **more))


def test_the_guide_says_first_who_where_how_long_how_much_and_how_often() -> None:
    assert dict(printables.answers(factories.guide())) == {
        "谁能办": "个人",
        "去哪办": "示例县政务服务中心\n示例路1号2楼6号窗口",
        "多久办好": "5个工作日内",
        "多少钱": "不收费",
        "跑几次": "最多跑1次",
        "能不能网上办": "能网上办",
    }


def test_what_is_not_known_is_not_answered() -> None:
    assert printables.answers(Guide(name="办事")) == ()


def test_the_printed_guide_shows_each_part_of_the_publication() -> None:
    publication = published()
    text = words(printables.guide_pdf(publication, url=URL))
    for part in (
        "小学入学报名",
        publication.item.organ.name,
        "公布版本：第1版·2026年11月23日起生效",
        "居民户口簿",
        "已由自然资源局共享",
        "材料齐全、符合要求？",
        "年满六周岁的儿童",
        "中华人民共和国义务教育法",
        "第十一条",
        "示例路1号2楼6号窗口",
        "入学通知书",
        "0000-0000002",
        "户口在外地能报名吗",
        "以网上最新公布为准",
        URL,
    ):
        assert part in text, part


def test_an_ordinary_element_appears_without_being_named_here() -> None:
    """Every line, text, number, choice and yes/no of the guide that is filled is printed."""
    filled = {
        each.name: f"内容〔{each.name}〕"
        for each in elements(Guide)
        if each.kind in ("line", "text") and each.name != "name"
    }
    text = "".join(
        word for section in printables.guide_sheet(published(**filled), url=URL).sections for word in str(section)
    )
    assert [name for name in filled if f"内容〔{name}〕" not in text] == []


def test_a_guide_of_a_name_alone_can_be_printed_in_every_form() -> None:
    publication = factories.publication(text=Guide(name="办事"))
    assert "办事" in words(printables.guide_pdf(publication, url=URL))
    assert f"请向{publication.item.organ.name}咨询" in words(printables.notice_pdf(publication, url=URL))
    assert docx.Document(io.BytesIO(printables.guide_docx(publication, url=URL))).paragraphs[0].text == "办事"


def test_an_example_says_on_paper_that_it_is_one() -> None:
    publication = factories.publication(text=factories.guide(), is_example=True)
    for made in (printables.guide_pdf, printables.notice_pdf):
        assert "不是任何地方的真实办事指南" in words(made(publication, url=URL))


def test_a_version_no_longer_in_force_says_so() -> None:
    publication = published()
    publication.until = factories.NOON + timedelta(days=9)
    assert "本版已于2026年12月2日失效" in words(printables.guide_pdf(publication, url=URL))


def test_a_day_is_the_day_in_china() -> None:
    from datetime import UTC, datetime

    assert printables.day_words(datetime(2026, 11, 22, 17, tzinfo=UTC)) == "2026年11月23日"


def test_the_notice_tells_all_that_is_needed_at_once_on_one_page() -> None:
    made = printables.notice_pdf(published(), url=URL)
    text = words(made)
    assert len(opened(made).pages) == 1
    for heading in ("办理条件", "要带的材料", "办理流程", "办理时限", "收费", "到哪里办", "咨询", "监督投诉"):
        assert heading in text
    assert "【免交】不动产权证书" in text
    assert "【必带】居民户口簿" in text


def test_what_need_not_be_brought_is_nowhere_called_necessary() -> None:
    shared = Material(name="不动产权证书", shared=True, shared_from="自然资源局")
    assert "必带" not in words(printables.guide_pdf(published(materials=[shared]), url=URL))
    assert "必带" in words(printables.guide_pdf(published(materials=[Material(name="户口簿")]), url=URL))


def test_all_of_a_material_is_told_in_one_place() -> None:
    told = Material(
        name="低保授权书",
        issuer="民政局",
        requirement="申请人签名",
        seal="盖章",
        basis="《社会救助法》第十条",
        copies=2,
    )
    text = words(printables.guide_pdf(published(materials=[told]), url=URL))
    for part in ("低保授权书", "出具：民政局", "申请人签名", "盖章", "依据：《社会救助法》第十条", "2份"):
        assert text.count(part) == 1, part


def test_a_book_tells_what_has_no_guide_yet() -> None:
    made = printables.guide_book(
        [published()], title="示例县办事指南", subtitle="", on=date(2026, 11, 23), url=URL, without=116
    )
    assert "另有116项还没有公布办事指南" in words(made)


def test_a_word_file_was_made_when_its_version_was_published() -> None:
    publication = published()
    made = docx.Document(io.BytesIO(printables.guide_docx(publication, url=URL)))
    assert made.core_properties.created == publication.since
    assert made.paragraphs[-2].paragraph_format.keep_with_next


def test_the_notice_names_the_steps_that_run_at_the_same_time() -> None:
    steps = [Step(name="户籍比对", group="比对"), Step(name="住房比对", group="比对"), Step(name="录取")]
    groups = dict(printables.notice(published(steps=steps), url=URL).groups)
    assert groups["办理流程"] == ("以下2个环节同时办理（比对）：户籍比对、住房比对", "录取")


def test_the_notice_of_a_guide_without_end_is_one_page_and_says_what_is_left_out() -> None:
    materials = [Material(name=f"第{n}份材料" * 10, note="说明" * 50) for n in range(120)]
    made = printables.notice_pdf(published(materials=materials), url=URL)
    assert len(opened(made).pages) == 1
    assert "一页写不下，其余见办事指南" in words(made)


def test_words_of_a_guide_are_never_markup() -> None:
    publication = published(summary="#panic() $x$ *粗*", places=[Place(name="</w:t><x>", address="[地址](x)")])
    assert "#panic()$x$*粗*" in words(printables.guide_pdf(publication, url=URL))
    assert any(
        "</w:t><x>" in c.text
        for t in docx.Document(io.BytesIO(printables.guide_docx(publication, url=URL))).tables
        for c in t.columns[0].cells
    )


@pytest.mark.parametrize("at_once", [40, 2])
def test_a_book_holds_every_guide_in_the_order_given(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "AT_ONCE", at_once)
    publications = [factories.publication(text=factories.guide(name)) for name in ("甲事项", "乙事项", "丙事项")]
    made = printables.guide_book(
        publications, title="示例县办事指南", subtitle="公共教育", on=date(2026, 11, 23), url=URL
    )
    tops = [each.title for each in opened(made).outline if not isinstance(each, list)]
    assert tops == ["甲事项", "乙事项", "丙事项"]
    assert "共3项·2026年11月23日印制" in words(made)


def test_each_guide_in_a_book_leads_to_its_own_page() -> None:
    publications = [factories.publication(text=factories.guide(name)) for name in ("甲事项", "乙事项")]
    made = printables.guide_book(
        publications,
        title="示例县办事指南",
        subtitle="",
        on=date(2026, 11, 23),
        url=URL,
        guide_url=lambda each: f"https://banshi.example.cn/items/{each.item.name}/",
    )
    assert "https://banshi.example.cn/items/甲事项/" in words(made)
    assert "https://banshi.example.cn/items/乙事项/" in words(made)


def test_a_guide_carries_the_day_of_its_publication_so_that_it_is_the_same_file_tomorrow() -> None:
    made = printables.guide_pdf(published(), url=URL)
    assert (opened(made).metadata or {})["/CreationDate"].startswith("D:20261123")
