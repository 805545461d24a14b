"""Places in a law, from the cell that cites them to the finding and the text shown."""

from datetime import date
from pathlib import Path

import pytest
from tests.factories import NOON, TESTS

from banshi.law.citations import read_citations
from banshi.law.loading import load_register, read_register, shipped_register
from banshi.law.numerals import numeral, written
from banshi.law.places import ArticleSpan, cited_spans
from banshi.law.queries import resolved
from banshi.law.register import Force

TODAY = date(2026, 11, 28)


def judged(cell: str) -> list[tuple[str, tuple[int, ...]]]:
    """Law and missing articles of each citation in a cell, by the shipped register."""
    laws = shipped_register()
    found = [laws.resolve(each.title, each.doc_no, each.articles, day=TODAY) for each in read_citations(cell)]
    return [(each.law.title.removeprefix("中华人民共和国") if each.law else "", each.missing) for each in found]


@pytest.mark.parametrize(
    ("cell", "missing"),
    [
        ("《行政许可法》第八十二、九十条", (90,)),
        ("《行政许可法》第八十二、八十三条", ()),
        ("《行政许可法》第50至第200条", (200,)),
        ("《行政许可法》第50至第80条", ()),
        ("《行政许可法》第八十三条、九十条", (90,)),
        ("《行政许可法》第八十二条、八十三条", ()),
        ("《行政许可法》第８４条", (84,)),
        ("《行政许可法》第８３条", ()),
        ("《行政许可法》第九０条", (90,)),
        ("《行政许可法》第五０条", ()),
        ("《行政许可法》第 84 条", (84,)),
        ("《行政许可法》14条", ()),
        ("《行政许可法》84条", (84,)),
        ("行政许可法84条", (84,)),
        ("行政许可法第14条和第九十条", (90,)),
        ("《行政许可法》第80—90条", (90,)),
        ("《行政许可法》第十二条第一、二、九十项", ()),
        ("《行政许可法》第十二条第（一）项、第（九十）项", ()),
        ("《中华人民共和国行政许可法（2019年4月23日修正）》第十二条；第九十条", (90,)),
    ],
)
def test_a_cell_is_judged_by_the_articles_it_names(cell: str, missing: tuple[int, ...]) -> None:
    assert judged(cell) == [("行政许可法", missing)]


@pytest.mark.parametrize(
    "cell",
    [
        "行政许可法第14条、婚姻法第31条",
        "行政许可法第14条和婚姻法第31条",
        "《行政许可法》第14条、婚姻法第31条",
        "《行政许可法》第14条、《婚姻法》第31条",
        "行政许可法14条，婚姻法31条",
    ],
)
def test_two_laws_in_one_row_are_two(cell: str) -> None:
    assert judged(cell) == [("行政许可法", ()), ("婚姻法", ())]


@pytest.mark.parametrize("words", ["稳增长30条措施", "关于加强十条措施的通知", "社会保险经办条例"])
def test_numbers_in_titles_are_no_articles(words: str) -> None:
    assert [(each.title, each.articles) for each in read_citations(words)] == [(words, "")]


@pytest.mark.parametrize(
    ("title", "last"),
    [
        ("环境保护法", 70),
        ("社会救助暂行办法", 70),
        ("拍卖法", 68),
        ("核安全法", 94),
        ("重大行政决策程序暂行条例", 44),
        ("生态环境法典", 1242),
        ("刑法", 452),
    ],
)
def test_the_last_article_is_the_bound(title: str, last: int) -> None:
    def missing(number: int) -> tuple[int, ...]:
        return shipped_register().resolve(title, articles=f"第{number}条", day=TODAY).missing

    assert (missing(last), missing(last + 1)) == ((), (last + 1,))


def test_no_row_of_the_register_denies_its_own_last_article_or_admits_the_next() -> None:
    import csv

    from django.conf import settings

    path = Path(settings.DATA) / "laws/register.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = list(read_register(path))
    assert len(read) == len(rows) > 1500
    for row, facts in zip(rows, read, strict=True):
        assert facts.title == row["title"]
        last = cited_spans(row["last_article"])
        if not facts.articles:
            assert not last or facts.title.endswith(("决定", "解释", "）")), facts.title
        else:
            assert [facts.articles] == [span.last for span in last], facts.title


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("第二条之一", [ArticleSpan(2, 2, 1)]),
        ("第一、三条", [ArticleSpan(1, 1), ArticleSpan(3, 3)]),
        ("第一条至第三条", [ArticleSpan(1, 3)]),
        ("第1-3条、第七条", [ArticleSpan(1, 3), ArticleSpan(7, 7)]),
        ("第三条第一款至第三款", [ArticleSpan(3, 3)]),
    ],
)
def test_articles_keep_their_ranges(text: str, spans: list[ArticleSpan]) -> None:
    assert cited_spans(text) == spans


def test_numerals_are_written_as_they_are_read() -> None:
    assert all(numeral(written(number)) == number for number in range(1, 2000))
    assert [written(n) for n in (10, 15, 110, 101, 1003)] == ["十", "十五", "一百一十", "一百零一", "一千零三"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cited", "shown"),
    [
        ("第二条之一", "丙"),
        ("第二条", "乙"),
        ("第2条", "乙"),
        ("第一、三条", "甲丁"),
        ("第一条至第三条", "甲乙丁"),
        ("第九条", ""),
    ],
)
def test_the_texts_of_the_articles_cited_are_shown(tmp_path: Path, cited: str, shown: str) -> None:
    (tmp_path / "灯.md").write_text(
        "---\ntitle: 示例市路灯条例\n公布日期: 2024-03-01\n---\n第一条 甲\n第2条 乙\n第二条之一 丙\n第三条 丁\n",
        encoding="utf-8",
    )
    load_register(read_register(tmp_path), by=TESTS, at=NOON)
    [(law, _, texts)] = resolved([("示例市路灯条例", "", cited)], day=TODAY)
    assert law and "".join(each.text for each in texts) == shown


@pytest.mark.parametrize(
    "cell",
    [
        "城市供水条例（2020年3月27日修订）",
        "《城市供水条例（2020年3月27日国务院令第726号修订）》第三条",
        "《城市供水条例》（2020年3月27日修订）",
        "国务院《城市供水条例》",
        "国务院城市供水条例",
        "《国务院关于发布〈城市供水条例〉的通知》",
        "住房城乡建设部 国务院关于印发《城市供水条例》的通知（国务院令第158号）",
    ],
)
def test_a_regulation_is_found_under_edition_issuer_and_notice(cell: str) -> None:
    [cited] = read_citations(cell)
    found = shipped_register().resolve(cited.title, cited.doc_no, cited.articles, day=TODAY)
    assert found.law and (found.law.title, found.force) == ("城市供水条例", Force.ENDED)


@pytest.mark.parametrize(
    "cell",
    [
        "财政部 人力资源社会保障部关于印发《就业补助资金管理办法》的通知（财社〔2017〕164号）",
        "《财政部、人力资源社会保障部关于印发〈就业补助资金管理办法〉的通知》（财社〔2017〕164号）",
        "《关于印发〈就业补助资金管理办法〉的通知》（财社[2017]164号）第三条",
        "就业补助资金管理办法（财社〔2017〕164号）",
    ],
)
def test_the_notice_that_issues_a_document_is_that_document(cell: str) -> None:
    [cited] = read_citations(cell)
    found = shipped_register().resolve(cited.title, cited.doc_no, day=TODAY)
    assert found.law and (found.law.doc_no, found.force) == ("财社〔2017〕164号", Force.ENDED)


@pytest.mark.parametrize(
    ("short", "title"),
    [
        ("社保法", "社会保险法"),
        ("《身份证法》", "居民身份证法"),
        ("计划生育法第三条", "人口与计划生育法"),
        ("治安处罚法第10条", "治安管理处罚法"),
        ("市场监督管理总局令第20号", "市场监督管理投诉举报处理暂行办法"),
        ("国家市场监管总局令第20号", "市场监督管理投诉举报处理暂行办法"),
        ("投诉举报办法（市场监督管理总局令第20号）", "市场监督管理投诉举报处理暂行办法"),
    ],
)
def test_well_known_short_forms_and_numbers_name_their_law(short: str, title: str) -> None:
    assert [name for name, _ in judged(short)] == [title]


@pytest.mark.parametrize(
    "other",
    [
        "某市身份证法",
        "社保法实施办法",
        "国务院关于印发《某某方案》的通知",
        "《某某办法》（主席令第7号）",
        "安全法",
        "公安部令第9999号",
    ],
)
def test_what_only_resembles_a_short_form_stays_unknown(other: str) -> None:
    assert [name for name, _ in judged(other)] == [""]


@pytest.mark.parametrize("title", ["环境保护法", "中华人民共和国大气污染防治法", "清洁生产促进法", "噪声污染防治法"])
def test_what_the_environmental_code_repeals_ended_with_its_day(title: str) -> None:
    before, since = (shipped_register().resolve(title, day=date(2026, 8, day)) for day in (14, 15))
    assert before.force is Force.IN_FORCE and since.force is Force.ENDED
    assert since.law and since.law.replaced_by == "中华人民共和国生态环境法典"
    assert shipped_register().resolve("核安全法", day=TODAY).force is Force.IN_FORCE


@pytest.mark.parametrize(
    ("title", "force"),
    [
        ("就业补助资金管理办法（财社〔2017〕164号）", Force.ENDED),
        ("《就业补助资金管理办法》（财社〔2023〕181号）", Force.IN_FORCE),
        ("就业补助资金管理办法", Force.IN_FORCE),
    ],
)
def test_of_namesakes_a_number_in_the_titles_brackets_decides(title: str, force: Force) -> None:
    assert shipped_register().resolve(title, day=TODAY).force is force
