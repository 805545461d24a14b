"""How offices cite law, read and written back."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banshi.catalog.guide.document import Basis
from banshi.law.citations import Citation, read_citations, write_citation

SAMPLES = Path(__file__).resolve().parents[2] / "data/samples"


def wide(text: str) -> str:
    """With the full-width marks people type."""
    return text.translate(str.maketrans("();:,", "\uff08\uff09\uff1b\uff1a\uff0c"))


def as_is(text: str) -> str:
    return text


@pytest.mark.parametrize("typed", [as_is, wide])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《中华人民共和国教育法》第三十八条", [Citation("中华人民共和国教育法", "", "第三十八条")]),
        (
            "《学生资助资金管理办法》(财教〔2021〕310号)",
            [Citation("学生资助资金管理办法", "财教〔2021〕310号")],
        ),
        (
            "《教师资格条例》(国务院令第188号);《《教师资格条例》实施办法》(教育部令第10号)",
            [
                Citation("教师资格条例", "国务院令第188号"),
                Citation("《教师资格条例》实施办法", "教育部令第10号"),
            ],
        ),
        (
            "《工伤保险条例》(国务院令第375号发布, 第586号修订)第三十条至第三十九条;《社会保险法》第三十八条、第三十九条",
            [
                Citation("工伤保险条例", "国务院令第375号发布, 第586号修订", "第三十条至第三十九条"),
                Citation("社会保险法", "", "第三十八条、第三十九条"),
            ],
        ),
        (
            "1.《婚姻登记条例》(国务院令第804号(2025修订))第七条第一款第(二)项:“……”。2.《民法典》第一千零四十九条",
            [
                Citation("婚姻登记条例", "国务院令第804号(2025修订)", "第七条第一款第(二)项", "“……”"),
                Citation("民法典", "", "第一千零四十九条"),
            ],
        ),
        (
            "依据:1.《劳动合同法》第五十条第一款 2.《就业促进法》第三章",
            [Citation("劳动合同法", "", "第五十条第一款"), Citation("就业促进法", "", "第三章")],
        ),
        ("《就业促进法》第四十九条等", [Citation("就业促进法", "", "第四十九条等")]),
        ("《老年人权益保障法》第五章(社会优待)", [Citation("老年人权益保障法", "", "第五章(社会优待)")]),
        ("根据国发〔2014〕8号《城乡居民养老意见》", [Citation("城乡居民养老意见", "国发〔2014〕8号")]),
        ("《社会保险法》第十六条;第十七条", [Citation("社会保险法", "", "第十六条、第十七条")]),
        ("工伤保险条例(国务院令第375号)第十七条", [Citation("工伤保险条例", "国务院令第375号", "第十七条")]),
        ("《城市供水条例》、《城镇燃气管理条例》", [Citation("城市供水条例"), Citation("城镇燃气管理条例")]),
        (
            "《社会保险法》第八条:社会保险经办机构依照《社会保险经办条例》办理",
            [Citation("社会保险法", "", "第八条", "社会保险经办机构依照《社会保险经办条例》办理")],
        ),
        ("", []),
    ],
)
def test_usual_forms(text: str, expected: list[Citation], typed: Callable[[str], str]) -> None:
    assert read_citations(typed(text)) == [
        Citation(typed(c.title), typed(c.doc_no), typed(c.articles), typed(c.text)) for c in expected
    ]


def test_every_basis_of_the_real_catalogue_is_read_back_as_it_was_put_together() -> None:
    """The sheet's 主要依据 were joined from these parts, so the parts are the oracle. An edition (2018年修正), which the
    sheet had among the numbers, is no number: it is read as part of the title."""
    edition = re.compile(r"[^号]*(?:修正|修订|施行|修正本|年版|年)")
    for item in json.loads((SAMPLES / "items.json").read_text(encoding="utf-8")):
        given = [Citation(b["title"], b["doc_no"], b["articles"]) for b in item["legal_basis"]]
        expected = [
            replace(each, title=f"{each.title}（{each.doc_no}）", doc_no="") if edition.fullmatch(each.doc_no) else each
            for each in given
        ]
        assert read_citations(";".join(map(write_citation, given))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "〖残疾人保障法〗第三条", "‹残疾人保障法›第三条", "«残疾人保障法»第三条", "≪残疾人保障法≫第三条", "<<残疾人保障法>>第三条",
        "＜残疾人保障法＞第三条", "<残疾人保障法>第三条", "「残疾人保障法」第三条", "『残疾人保障法』第三条", "“残疾人保障法”第三条",
        "《《残疾人保障法》》第三条", "〖法律〗《残疾人保障法》第三条",
    ],
)  # fmt: skip
def test_any_brackets_may_stand_for_those_of_a_title(text: str) -> None:
    assert read_citations(text) == [Citation("残疾人保障法", "", "第三条")]


@pytest.mark.parametrize("text", ["《关于“放管服”的意见》", "《关于印发〈某办法〉的通知》", "设立“一窗受理”制度"])
def test_words_in_quotes_are_no_titles(text: str) -> None:
    assert [each.title for each in read_citations(text)] == [text.strip("《》")]


@pytest.mark.parametrize(
    "edition",
    ["2021年修正", "2018修正", "2019年4月23日第二次修正", "2020年修订", "2015年版", "试行", "2015年9月25日通过", "2018年", "根据2018年决定修正"],
)  # fmt: skip
def test_an_edition_is_no_number(edition: str) -> None:
    assert read_citations(f"《某某条例》（{edition}）第九条") == [Citation(f"某某条例（{edition}）", "", "第九条")]
    both = read_citations(f"《某某条例》({edition})（国务院令第1号）第九条")
    assert both == [Citation(f"某某条例（{edition}）", "国务院令第1号", "第九条")]


@pytest.mark.parametrize("number", ["国务院令第271号", "民发〔2020〕1号", "2018年国务院令第698号修订"])
def test_a_number_is_no_edition(number: str) -> None:
    assert read_citations(f"《某某条例》（{number}）") == [Citation("某某条例", number)]


titles = st.text("中华人民共和国社会保险法条例办养老关于通知", min_size=3, max_size=20)
doc_nos = st.one_of(
    st.just(""),
    st.builds(
        "{}发〔{}〕{}号".format, st.sampled_from(["国", "民", "人社部"]), st.integers(1990, 2030), st.integers(1, 200)
    ),
    st.builds("国务院令第{}号".format, st.integers(1, 900)),
)
articles = st.lists(
    st.builds(
        "第{}条{}".format,
        st.sampled_from(["一", "十二", "三十", "一百零一", "52"]),
        st.sampled_from(["", "第二款", "第一款第(三)项", "之一"]),
    ),
    max_size=3,
).map("、".join)


@given(
    st.lists(st.builds(Citation, titles, doc_nos, articles), min_size=1, max_size=5),
    st.sampled_from([";", "\uff1b", "\n", "\uff1b\n2. "]),
)
def test_what_is_written_is_read_again(citations: list[Citation], between: str) -> None:
    assert read_citations(between.join(write_citation(c) for c in citations)) == citations


A, B = "就业促进法", "就业服务与就业管理规定"


@pytest.mark.parametrize(
    "text",
    [
        f"【法律】《{A}》第二条【部门规章】《{B}》第四条", f"[法律]《{A}》第二条\n[规章]《{B}》第四条", f"法律：《{A}》第二条；规章：《{B}》第四条",
        f"（法律）《{A}》第二条；（部门规章）《{B}》第四条", f"1.【法律】《{A}》第二条 2.【部门规章】《{B}》第四条",
        f"法律依据：《{A}》第二条 部门规章依据：《{B}》第四条",
    ],
)  # fmt: skip
def test_labels_of_rank_are_no_laws(text: str) -> None:
    assert [(each.title, each.articles, each.text) for each in read_citations(text)] == [
        (A, "第二条", ""),
        (B, "第四条", ""),
    ]


def test_a_document_with_the_words_by_which_it_is_issued() -> None:
    [bare] = read_citations("国务院关于印发《某某方案》（国发〔2014〕8号）")
    assert (bare.title, bare.doc_no) == ("某某方案", "国发〔2014〕8号")
    [notice] = read_citations("国务院关于印发《某某方案》的通知（国发〔2014〕8号）第三条")
    assert (notice.title, notice.doc_no, notice.articles) == (
        "国务院关于印发《某某方案》的通知",
        "国发〔2014〕8号",
        "第三条",
    )


def test_a_certificate_named_in_an_article_is_no_law() -> None:
    said = "管理和发放《中华人民共和国残疾人证》"
    for between in ("\n", "；", ""):
        [found] = read_citations(f"《残疾人保障条例》{between}第十条 {said}")
        assert (found.title, found.articles, found.text) == ("残疾人保障条例", "第十条", said)
    assert [each.title for each in read_citations("《权责清单》；《食品经营许可管理办法》")] == [
        "权责清单",
        "食品经营许可管理办法",
    ]


@given(st.text("《》()\uff08\uff09第一二条款项号〔〕2014国发; \uff1b、:\n 法A。", max_size=60))
def test_no_text_breaks_the_reader_and_no_chinese_letter_of_a_title_is_invented(text: str) -> None:
    for citation in read_citations(text):
        for part in (citation.title, citation.doc_no, citation.text):
            assert part in text


@pytest.mark.parametrize("written", ["人社部发〔2026〕39号", "渝民发〔2025〕6号第三条"])
def test_a_document_known_by_its_number_alone_is_written_once(written: str) -> None:
    (read,) = read_citations(written)
    assert write_citation(read) == written
    basis = Basis(title=read.title, doc_no=read.doc_no)
    assert basis.named == read.doc_no
    assert Basis(title="《社会保险法》", doc_no="主席令第35号").named == "《社会保险法》（主席令第35号）"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("财教【2021】310号", ["财教〔2021〕310号"]),
        ("财教﹝２０２１﹞３１０ 号", ["财教〔2021〕310号"]),
        ("财教[2021]第310", ["财教〔2021〕310号"]),
        ("财教2021年310号", ["财教〔2021〕310号"]),
        ("教育部 财政部财教〔2021〕310号文", ["财教〔2021〕310号"]),
        ("依据浙政办发〔2020〕1号和温政发〔2019〕2号", ["浙政办发〔2020〕1号", "温政发〔2019〕2号"]),
        ("国务院第398号令", ["国务院令第398号"]),
        ("国家卫生健康委办公厅国卫办医函〔2020〕1号", ["国卫办医函〔2020〕1号"]),
        ("人社部发〔2019〕1号", ["人社部发〔2019〕1号"]),
    ],
)
def test_numbers_of_documents_as_people_write_them(text: str, numbers: list[str]) -> None:
    assert [(each.title, each.doc_no) for each in read_citations(text)] == [(number, number) for number in numbers]


def test_a_lead_in_before_a_title_is_no_law() -> None:
    assert [each.title for each in read_citations("依《行政许可法》第四十二条")] == ["行政许可法"]
    assert [each.title for each in read_citations("按《民法典》第1042条")] == ["民法典"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("《婚姻登记工作规范》（未查到具体条款）", ""),
        ("《住房公积金管理条例》（2026年修改，条款未核对）", ""),
        ("《特种行业管理规定》(以当地公布为准)", ""),
        ("《婚姻登记工作规范》（民发〔2015〕230号）", "民发〔2015〕230号"),
        ("《某办法》（国务院令第7号，条款未核对）", "国务院令第7号，条款未核对"),
    ],
)
def test_a_remark_on_a_citation_is_no_number(text: str, number: str) -> None:
    [cited] = read_citations(text)
    assert cited.doc_no == number
    assert cited.text == ("" if number else text.partition("》")[2].strip("（()）"))
