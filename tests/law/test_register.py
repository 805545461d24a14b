"""Citations held against the register of laws."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banshi.law.numerals import numeral
from banshi.law.places import cited_articles
from banshi.law.register import Force, LawFacts, LawRegister, Version, name_key, number_key

TODAY = date(2026, 11, 27)
INSURANCE = LawFacts(
    "中华人民共和国社会保险法",
    since=date(2011, 7, 1),
    versions=(Version(date(2011, 7, 1), 98), Version(date(2018, 12, 29), 98)),
)
WATER = LawFacts(
    "城市供水条例",
    "国务院令第158号",
    since=date(1994, 10, 1),
    until=date(2026, 5, 31),
    replaced_by="供水条例",
    versions=(Version(date(2020, 3, 27), 39),),
)
NEW_WATER = LawFacts("供水条例", since=date(2026, 6, 1), versions=(Version(date(2026, 6, 1), 50),))
TRADEMARKS = LawFacts(
    "中华人民共和国商标法",
    since=date(1983, 3, 1),
    versions=(Version(date(2019, 11, 1), 73), Version(date(2027, 1, 1), 0)),
)
SUBSIDY_2017 = LawFacts("就业补助资金管理办法", "财社〔2017〕164号", ended=True, replaced_by="就业补助资金管理办法")
SUBSIDY_2023 = LawFacts("就业补助资金管理办法", "财社〔2023〕181号")
PRISONS = LawFacts("中华人民共和国监所条例", since=date(2027, 3, 1), versions=(Version(date(2027, 3, 1), 40),))
MARRIAGE = LawFacts(
    "婚姻登记条例",
    "国务院令第804号",
    versions=(
        Version(None, 22, date(2003, 8, 8), "国务院令第387号"),
        Version(date(2025, 1, 20), 22, date(2024, 12, 6), "国务院令第387号"),
        Version(date(2025, 5, 10), 28, date(2025, 4, 6), "国务院令第804号"),
    ),
)
FOOD = LawFacts(
    "中华人民共和国食品安全法",
    "主席令第21号",
    versions=(
        Version(None, 0, date(2009, 2, 28), "主席令第9号"),
        Version(date(2025, 12, 1), 154, date(2025, 9, 12), "主席令第21号"),
    ),
)
REGISTER = LawRegister((MARRIAGE, FOOD, INSURANCE, WATER, NEW_WATER, TRADEMARKS, SUBSIDY_2017, SUBSIDY_2023, PRISONS))


def found(title: str, doc_no: str = "", articles: str = "") -> LawFacts | None:
    return REGISTER.resolve(title, doc_no, articles, day=TODAY).law


@pytest.mark.parametrize(
    "title",
    [
        "社会保险法",
        "中华人民共和国社会保险法",
        "《中华人民共和国社会保险法》",
        "《社会保险法》",
        "社会保险法（2018修正）",
        "《社会保险法（2018年修正本）》",
        "社会保险法(2018年12月修正)",
        " 社会 保险法 ",
    ],
)
def test_a_law_is_found_by_each_of_its_names(title: str) -> None:
    assert found(title) is INSURANCE


@pytest.mark.parametrize("title", ["社会保险", "社会保险法实施细则", "某市社会保险法", "供水", ""])
def test_what_only_resembles_a_title_is_not_found(title: str) -> None:
    assert found(title) is None


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("城市供水条例", "国务院令第158号"),
        ("城市供水条例（国务院令第158号）", ""),
        ("《城市供水条例》", "中华人民共和国国务院令第158号"),
        ("国务院令第158号", ""),
        ("国务院令第158号", "国务院令第158号"),
        ("", "国令第158号"),
    ],
)
def test_a_repealed_regulation_is_known_however_it_is_cited(title: str, number: str) -> None:
    resolved = REGISTER.resolve(title, number, day=TODAY)
    assert (resolved.law, resolved.force) == (WATER, Force.ENDED)
    assert REGISTER.resolve(title, number, day=date(2026, 5, 31)).force is Force.IN_FORCE


@pytest.mark.parametrize("number", ["财社〔2017〕164号", "财社[2017]164号", "财社（2017）164号", "财社 (2017) 164 号"])
def test_of_namesakes_the_number_decides(number: str) -> None:
    assert found("就业补助资金管理办法", number) is SUBSIDY_2017


def test_a_document_of_the_same_title_under_another_number_is_another_document() -> None:
    assert found("就业补助资金管理办法", "财社〔2025〕9号") is None
    assert found("城市供水条例", "国务院令第726号") is WATER


@pytest.mark.parametrize(
    "number",
    [
        "国务院令第387号",
        "国令第387号",
        "国令387号",
        "中华人民共和国国务院令第387号",
        "国务院第387号令",
        "国务院387号令",
        "第387号国务院令",
        "国务院2003年第387号令",
        "国务院令（第387号）",
        "国务院令第三百八十七号",
        "国务院令 第 ３８７ 号",
        "国务院令第387号公布",
    ],
)
def test_the_number_of_an_earlier_text_finds_the_law_and_is_known_for_what_it_is(number: str) -> None:
    bracketed = [] if "（" in number else [(f"婚姻登记条例（{number}）", "")]
    for cited in (("婚姻登记条例", number), ("", number), (number, number), *bracketed):
        resolved = REGISTER.resolve(*cited, day=TODAY)
        assert resolved.law is MARRIAGE
        assert resolved.force is Force.IN_FORCE
        assert resolved.earlier
        assert resolved.earlier.doc_no == "国务院令第387号"
        assert REGISTER.resolve(*cited, day=date(2025, 2, 1)).earlier is None


@pytest.mark.parametrize(
    "number", ["国务院令第804号", "国令第八百零四号", "国务院令第797号", "民发〔2020〕20号", "", "第387号"]
)
def test_the_number_of_todays_text_or_of_another_paper_is_no_earlier_texts(number: str) -> None:
    assert REGISTER.resolve("婚姻登记条例", number, day=TODAY).earlier is None


def test_orders_of_the_president_tell_texts_apart_but_name_no_law() -> None:
    for number in ("主席令第9号", "中华人民共和国主席令第九号", "国家主席令第9号", "主席令〔2009〕第9号"):
        resolved = REGISTER.resolve("食品安全法", number, day=TODAY)
        assert resolved.earlier
        assert REGISTER.resolve("", number, day=TODAY).law is None
    assert REGISTER.resolve("食品安全法", "主席令第二十一号", day=TODAY).earlier is None


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("十堰市人民政府令第5号", "十堰市人民政府令5号"),
        ("住房和城乡建设部令第11号", "住房城乡建设部令11号"),
        ("第5号市政府令", "市政府令5号"),
        ("省政府令2019年第12号", "省政府令12号"),
        ("禁止令", ""),
        ("2018年第3号公告", ""),
    ],
)
def test_orders_have_one_spelling(number: str, key: str) -> None:
    assert number_key(number) == key


def test_of_namesakes_without_a_number_the_one_in_force_speaks() -> None:
    assert found("就业补助资金管理办法") is SUBSIDY_2023


@pytest.mark.parametrize(
    ("articles", "missing"),
    [
        ("第九十八条", ()),
        ("第九十九条", (99,)),
        ("第一百条第一款第（二）项", (100,)),
        ("第十六条至第一百零二条", (102,)),
        ("第16条、第120条", (120,)),
        ("第九十七、九十九条", (99,)),
        ("第五章", ()),
        ("", ()),
        ("第二款第（一百）项", ()),
    ],
)
def test_an_article_must_exist(articles: str, missing: tuple[int, ...]) -> None:
    assert REGISTER.resolve("社会保险法", articles=articles, day=TODAY).missing == missing


def test_a_text_whose_number_of_articles_is_unknown_accuses_nobody() -> None:
    assert REGISTER.resolve("商标法", articles="第九十条", day=date(2027, 2, 1)).missing == ()
    assert REGISTER.resolve("商标法", articles="第九十条", day=TODAY).missing == (90,)


def test_a_law_to_come_and_a_text_to_come_are_told_apart() -> None:
    assert REGISTER.resolve("监所条例", day=TODAY).force is Force.COMING
    assert TRADEMARKS.force_on(TODAY) is Force.IN_FORCE
    assert TRADEMARKS.next_version(TODAY) == Version(date(2027, 1, 1), 0)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("第十条、第十二条至第十五条", [10, 12, 15]),
        ("第十条第二款、第三项", [10]),
        ("第10条之一", [10]),
        ("第九、十、十一条", [9, 10, 11]),
        ("第一千零七十六条至一千零七十八条", [1076, 1078]),
        ("全文", []),
    ],
)
def test_articles_are_read_from_lists_and_ranges(text: str, numbers: list[int]) -> None:
    assert cited_articles(text) == numbers


@given(st.integers(1, 1300))
def test_numerals_are_read_back(number: int) -> None:
    digits = "零一二三四五六七八九"
    thousands, hundreds, tens, ones = (number // place % 10 for place in (1000, 100, 10, 1))
    written = f"{digits[thousands]}千" if thousands else ""
    written += f"{digits[hundreds]}百" if hundreds else "零" if thousands and number % 1000 else ""
    written += f"{digits[tens]}十" if tens else "零" if hundreds and ones else ""
    written += digits[ones] if ones else ""
    assert numeral(written) == number
    assert numeral(written.removeprefix("一") if 10 <= number < 20 else written) == number


@given(st.text("《》()（）第一二条款项号〔〕[]2014国发令; 、法A", max_size=40))
def test_no_text_breaks_the_keys(text: str) -> None:
    assert name_key(text) == name_key(f"{text} ")
    assert number_key(number_key(text)) == number_key(text)
    cited_articles(text)
