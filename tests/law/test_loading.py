"""Reading the official database's exports."""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from docx import Document
from openpyxl import Workbook
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.catalog.models import PublishedBasis
from banshi.core.errors import BadInput
from banshi.core.models import Cursor
from banshi.law.actions import record_change
from banshi.law.loading import (
    SHIPPED,
    Loaded,
    load_register,
    load_shipped_laws,
    rank_by_name,
    read_articles,
    read_register,
    renew_shipped_laws,
    shipped_register,
)
from banshi.law.models import Article, Law, LawChange, LawVersion
from banshi.law.queries import citing, ended_laws, register_of_laws, resolved
from banshi.law.register import Force
from banshi.ledger.models import LedgerEntry

DATA = Path(settings.DATA) / "laws"
TODAY = date(2026, 11, 27)
FERRIES = """---
title: 示例市渡船条例
制定机关: 示例市人民代表大会常务委员会
公布日期: 2024-03-01
施行日期: 2024年5月1日
时效性: 有效
法律性质: 地方性法规
---
# 示例市渡船条例

目录
第一章 总则
第二章 乘客

## 第一章 总则

第一条　为了方便过河，制定本条例。

**第二条** 本条例所称渡船，是指：
（一）人力的；
（二）机动的。

## 第二章 乘客

第三条 乘客不用出具任何证明。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "渡船.md").write_text(FERRIES, encoding="utf-8")
    (tmp_path / "README.md").write_text("# 说明\n", encoding="utf-8")
    return tmp_path


def test_a_markdown_file_is_read_into_facts_and_articles(folder: Path) -> None:
    [row] = read_register(folder)
    assert (row.title, row.kind, row.promulgated, row.in_force_from) == (
        "示例市渡船条例",
        "地方性法规",
        date(2024, 3, 1),
        date(2024, 5, 1),
    )
    assert row.texts == (
        ("第一条", "为了方便过河，制定本条例。"),
        ("第二条", "本条例所称渡船，是指：\n（一）人力的；\n（二）机动的。"),
        ("第三条", "乘客不用出具任何证明。"),
    )
    assert row.articles == 3


def test_a_table_of_contents_naming_articles_does_not_become_their_text() -> None:
    assert read_articles("第一条\n第二条\n\n第一条 甲。\n第二条 乙。") == (("第一条", "甲。"), ("第二条", "乙。"))


def test_a_word_file_and_a_list_are_read_too(tmp_path: Path) -> None:
    document = Document()
    for line in (
        "示例市桥梁办法",
        "（2025年2月3日示例市人民政府令第7号公布）",
        "第一条 桥归市管。",
        "第二条 路归路管。",
    ):
        document.add_paragraph(line)
    document.save(str(tmp_path / "桥梁.docx"))
    (tmp_path / "list.csv").write_text(
        "标题,公布日期,施行日期,时效性\n示例市井盖办法,2020-01-01,,失效\n", encoding="gb18030"
    )
    bridges, lids = sorted(read_register(tmp_path), key=lambda row: len(row.texts), reverse=True)
    assert (bridges.title, bridges.promulgated, bridges.articles) == ("示例市桥梁办法", date(2025, 2, 3), 2)
    assert (lids.title, lids.state) == ("示例市井盖办法", "失效")


ISSUES = "2003年8月8日中华人民共和国国务院令第1387号公布"
AMENDED = f"（{ISSUES}　根据2024年12月6日《国务院关于修改和废止部分行政法规的决定》第一次修订"


@pytest.mark.parametrize(
    ("head", "last", "told"),
    [
        (f"（{ISSUES}）", "自2003年10月1日起施行", ("2003-08-08", "2003-10-01", "1387")),
        (f"（{ISSUES}　自2003年10月1日起施行）", "由民政局解释", ("2003-08-08", "2003-10-01", "1387")),
        (f"（{ISSUES}）", "自公布之日起施行", ("2003-08-08", "2003-08-08", "1387")),
        (f"{AMENDED}）", "自2003年10月1日起施行", ("2024-12-06", "", "1387")),
        (f"{AMENDED}）", "自公布之日起施行", ("2024-12-06", "", "1387")),
        (
            f"{AMENDED}　2025年4月6日中华人民共和国国务院令第1804号第二次修订）",
            "自2025年5月10日起施行",
            ("2025-04-06", "2025-05-10", "1804"),
        ),
        (
            "（1990年3月1日第七届大会第一次会议通过　根据2018年12月29日第十三届会议《关于修改〈示例法〉的决定》修正）",
            "自1991年1月1日起施行",
            ("2018-12-29", "", ""),
        ),
        ("（2025年2月3日示例市人民政府令第7号公布）", "施行中的问题由交通局解释", ("2025-02-03", "", "")),
        ("", "自2020年1月1日起施行", ("", "", "")),
    ],
)
def test_a_word_texts_days_are_those_of_the_text_it_holds(
    tmp_path: Path, head: str, last: str, told: tuple[str, str, str]
) -> None:
    document = Document()
    for line in ("示例条例", *filter(None, head.partition("　根据")), "第一条 桥归市管。", f"第二条 本条例{last}。"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "示例条例.docx"))
    [row] = read_register(tmp_path)
    number = row.doc_no.partition("第")[2].removesuffix("号")
    assert (str(row.promulgated or ""), str(row.in_force_from or ""), number) == told


def test_the_day_in_a_word_files_name_is_that_of_its_text(tmp_path: Path) -> None:
    document = Document()
    for line in ("示例条例", "第一条 桥归市管。", "第二条 本条例自2025年5月10日起施行。"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "示例条例_20250406.docx"))
    [row] = read_register(tmp_path)
    assert (row.title, row.promulgated, row.in_force_from) == ("示例条例", date(2025, 4, 6), date(2025, 5, 10))


def test_days_in_a_workbook_are_read_as_people_keep_them(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["标题", "公布日期", "施行日期"])
    days: list[object] = [
        date(2025, 5, 10),
        datetime(2025, 5, 10, 0, 0),
        45787,
        20250510,
        "20250510",
        "2025.5.10",
        "2025年5月10日",
        "2025 年 5 月 10 日",
        "2025/05/10 00:00:00",
    ]
    for place, day in enumerate(days):
        sheet.append([f"示例条例{place}", "2025-04-06", day])
    sheet.append(["自公布之日条例", "2025-05-10", "自公布之日起施行"])
    workbook.save(tmp_path / "list.xlsx")
    assert [row.in_force_from for row in read_register(tmp_path)] == [date(2025, 5, 10)] * (len(days) + 1)
    (tmp_path / "list.xlsx").unlink()
    (tmp_path / "list.csv").write_text("标题,施行日期\n示例条例,另行通知\n", encoding="utf-8")
    with pytest.raises(BadInput, match="没有导入任何一部"):
        list(read_register(tmp_path))


@pytest.mark.django_db
def test_loading_twice_adds_nothing_and_the_articles_cited_are_found(folder: Path) -> None:
    assert load_register(read_register(folder), by=TESTS, at=NOON) == Loaded(1, 1, 3)
    assert load_register(read_register(folder), by=TESTS, at=NOON) == Loaded()
    [(law, resolution, texts)] = resolved([("《示例市渡船条例》（2024公布）", "", "第三条第一款、第四条")], day=TODAY)
    assert law == Law.objects.get()
    assert [each.text for each in texts] == ["乘客不用出具任何证明。"]
    assert resolution.missing == (4,)


@pytest.mark.django_db
def test_only_what_bears_the_official_number_is_called_the_official_databases(folder: Path) -> None:
    (folder / "list.csv").write_text("title,promulgated,flk_id\n示例市井盖办法,2020-01-01,ff80\n", encoding="utf-8")
    load_register(read_register(folder), source="", by=TESTS, at=NOON)
    assert dict(Law.objects.values_list("title", "source")) == {
        "示例市井盖办法": "国家法律法规数据库",
        "示例市渡船条例": "导入的文件",
    }
    load_register(read_register(folder), source="某市司法局", by=TESTS, at=NOON)
    assert set(Law.objects.values_list("source", flat=True)) == {"国家法律法规数据库", "导入的文件"}


@pytest.mark.django_db
def test_a_later_text_is_a_version_of_the_same_law(folder: Path) -> None:
    load_register(read_register(folder), by=TESTS, at=NOON)
    later = FERRIES.replace("2024-03-01", "2027-01-01").replace("2024年5月1日", "2027-02-01") + "\n第四条 夜里不开。\n"
    (folder / "渡船.md").write_text(later, encoding="utf-8")
    assert load_register(read_register(folder), by=TESTS, at=NOON) == Loaded(0, 1, 4)
    known = register_of_laws()
    assert known.resolve("渡船条例", day=TODAY).law is None
    assert known.resolve("示例市渡船条例", articles="第四条", day=TODAY).missing == (4,)
    assert known.resolve("示例市渡船条例", articles="第四条", day=date(2027, 3, 1)).missing == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("坏.md", "---\ntitle: [\n---\n", "读不懂"),
        ("坏.md", "---\ntitle: 某法\n施行日期: 去年\n---\n", "没有导入任何一部"),
        ("坏.csv", "甲,乙\n1,2\n", "没有找到“标题”一列"),
        ("坏.csv", "title,publish\n,2020-01-01\n某法,二〇二〇年\n", "没有导入任何一部"),
    ],
)
def test_a_bad_file_keeps_all_out_and_is_named(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said) as refused:
        load_register(read_register(folder), by=TESTS, at=NOON)
    assert name in (refused.value.where or refused.value.problems[0].where)
    assert not Law.objects.exists()


@pytest.mark.django_db
def test_the_shipped_register_knows_what_holds_and_what_was_replaced(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    load_shipped_laws(by=TESTS, at=NOON)
    assert LawVersion.objects.count() > 1500
    with django_assert_num_queries(2):
        known = register_of_laws()

    def force(title: str, number: str = "") -> Force:
        return known.resolve(title, number, day=TODAY).force

    assert force("社会保险法") is Force.IN_FORCE
    assert force("城市供水条例") is Force.ENDED
    assert force("供水条例") is Force.IN_FORCE
    assert force("市场监督管理投诉举报处理暂行办法") is Force.ENDED
    assert force("就业补助资金管理办法", "财社〔2017〕164号") is Force.ENDED
    assert force("社会救助法") is Force.IN_FORCE
    assert force("社会救助暂行办法") is Force.IN_FORCE
    assert force("个体工商户条例") is Force.ENDED
    assert known.resolve("居民身份证法", articles="第九十条", day=TODAY).missing == (90,)
    trademarks = known.resolve("商标法", day=TODAY)
    assert trademarks.law and trademarks.law.next_version(TODAY)
    assert {law.title for law in ended_laws(TODAY)} >= {"城市供水条例", "个体工商户条例"}


@pytest.mark.django_db
def test_laws_are_loaded_once_whatever_list_names_them() -> None:
    load_shipped_laws(by=TESTS, at=NOON)
    titles = [law.title.removeprefix("中华人民共和国") for law in Law.objects.exclude(doc_no__contains="〔")]
    assert len(titles) == len(set(titles))
    assert LawChange.objects.count() == 14
    assert not Article.objects.exists()


WELLS = """---
title: 示例市水井条例
公布日期: 2010-01-01
施行日期: 2010-02-01
时效性: {state}
{more}---
第一条 井归众。
第二条 {second}
"""


def wells(folder: Path, state: str = "有效", second: str = "绳归己。", **more: str) -> Loaded:
    said = "".join(f"{name}: {value}\n" for name, value in more.items())
    (folder / "井.md").write_text(WELLS.format(state=state, second=second, more=said), encoding="utf-8")
    return load_register(read_register(folder / "井.md"), by=TESTS, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["已废止", "失效"])
def test_an_import_that_calls_a_law_ended_ends_it_and_says_so(tmp_path: Path, state: str) -> None:
    assert wells(tmp_path).changed == ()
    done = wells(tmp_path, state)
    assert "改为已失效" in done.changed[0]
    assert register_of_laws().resolve("示例市水井条例", day=TODAY).force is Force.ENDED
    assert LedgerEntry.objects.filter(action="law.end").count() == 1
    assert wells(tmp_path, state) == Loaded()


@pytest.mark.django_db
def test_day_and_successor_are_kept_where_the_file_gives_them(tmp_path: Path) -> None:
    wells(tmp_path)
    done = wells(tmp_path, "已废止", 失效日期="2025-06-01", 新法="示例市用水条例", 废止依据="示例市用水条例第九条")
    law = Law.objects.get(title="示例市水井条例")
    assert (law.in_force_until, law.ended, str(law.replaced_by)) == (date(2025, 5, 31), False, "《示例市用水条例》")
    assert "2025年6月1日起由《示例市用水条例》代替" in done.changed[0]
    assert "第九条" in law.changes.get().note
    assert register_of_laws().resolve("示例市水井条例", day=date(2025, 5, 31)).force is Force.IN_FORCE


@pytest.mark.django_db
def test_a_new_law_already_ended_comes_with_its_day(tmp_path: Path) -> None:
    wells(tmp_path, "已废止", 失效日期="2025-06-01")
    law = Law.objects.get()
    assert (law.in_force_until, law.ended) == (date(2025, 5, 31), False)


@pytest.mark.django_db
def test_what_the_file_says_otherwise_of_an_ended_law_is_told_and_not_done(tmp_path: Path) -> None:
    wells(tmp_path, "已废止")
    done = wells(tmp_path, "有效")
    assert "请核对" in done.differs[0] and done.changed == ()
    assert Law.objects.get().ended


@pytest.mark.django_db
def test_a_differing_text_takes_the_place_of_the_whole(tmp_path: Path) -> None:
    wells(tmp_path)
    done = wells(tmp_path, second="绳归众。\n第三条 桶归众。")
    assert "整部换成" in done.changed[0]
    assert [each.text for each in Article.objects.order_by("id")] == ["井归众。", "绳归众。", "桶归众。"]
    wells(tmp_path)
    assert [each.text for each in Article.objects.order_by("id")] == ["井归众。", "绳归己。"]


@pytest.mark.django_db
def test_two_texts_of_one_day_in_one_folder_are_refused(tmp_path: Path) -> None:
    for name, second in (("甲", "绳归己。"), ("乙", "绳归众。")):
        (tmp_path / f"{name}.md").write_text(WELLS.format(state="有效", second=second, more=""), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_register(read_register(tmp_path), by=TESTS, at=NOON)
    assert "两个不同的文本" in refused.value.problems[0].message
    assert not Law.objects.exists()


@pytest.mark.parametrize(
    ("title", "issuer", "rank"),
    [
        ("中华人民共和国行政许可法", "", "law"),
        ("城市供水条例", "", "regulation"),
        ("示例市供水条例", "", "local_regulation"),
        ("渡船条例", "示例市人民代表大会常务委员会", "local_regulation"),
        ("示例市桥梁办法", "", "rule"),
        ("政府督查工作办法", "国务院", "regulation"),
        ("关于做好入学工作的通知", "", "document"),
        ("目录", "", "other"),
    ],
)
def test_the_rank_is_read_from_the_title_where_the_file_is_silent(title: str, issuer: str, rank: str) -> None:
    assert rank_by_name(title, issuer) == rank


@pytest.mark.django_db
def test_an_upgrade_loads_the_shipped_register_anew_once_and_only_where_it_had_been_loaded() -> None:
    renew_shipped_laws(by=TESTS, at=NOON)
    assert not Law.objects.exists(), "an office that keeps no register gets none"
    load_shipped_laws(by=TESTS, at=NOON)
    version = LawVersion.objects.filter(law__title__endswith="居民身份证法").latest("in_force_from")
    bound = version.article_count
    LawVersion.objects.filter(pk=version.pk).update(article_count=999)
    renew_shipped_laws(by=TESTS, at=NOON)
    assert LawVersion.objects.get(pk=version.pk).article_count == 999, "nothing shipped has changed"
    Cursor.objects.filter(reader=SHIPPED).update(position=1)
    renew_shipped_laws(by=TESTS, at=NOON)
    assert LawVersion.objects.get(pk=version.pk).article_count == bound
    assert LawChange.objects.count() == 14


@pytest.mark.django_db
def test_what_an_office_recorded_of_a_law_outlives_an_upgrade() -> None:
    load_shipped_laws(by=TESTS, at=NOON)
    law = Law.objects.get(title__endswith="居民身份证法")
    record_change(law, kind=LawChange.ChangeKind.REPEALED, day=date(2026, 12, 1), by=TESTS, at=NOON)
    Cursor.objects.filter(reader=SHIPPED).update(position=1)
    renew_shipped_laws(by=TESTS, at=NOON)
    law.refresh_from_db()
    assert law.in_force_until == date(2026, 11, 30)


@pytest.mark.django_db
def test_each_text_of_a_law_bears_the_order_that_issued_it() -> None:
    load_shipped_laws(by=TESTS, at=NOON)
    marriage = Law.objects.get(title="婚姻登记条例")
    assert marriage.doc_no == "国务院令第804号"
    numbers = [(each.promulgated, each.doc_no) for each in marriage.versions.all()]
    assert numbers == [
        (date(2003, 8, 8), "国务院令第387号"),
        (date(2024, 12, 6), "国务院令第387号"),
        (date(2025, 4, 6), "国务院令第804号"),
    ]
    for register in (register_of_laws(), shipped_register()):
        for title, number, earlier in (
            ("婚姻登记条例", "国令第387号", True),
            ("婚姻登记条例", "国务院令第804号", False),
            ("食品安全法实施条例", "国务院令第557号", True),
            ("政府信息公开条例", "国务院令第711号", False),
            ("失业保险条例", "国务院令第258号", False),
            ("殡葬管理条例", "国务院令第225号", True),
            ("村民委员会组织法", "主席令第37号", True),
        ):
            found = register.resolve(title, number, day=TODAY)
            assert found.law
            assert bool(found.earlier) is earlier, (title, number)
    [(law, resolution, _)] = resolved([("", "国令第557号", "第三条")], day=TODAY)
    assert law == Law.objects.get(title="中华人民共和国食品安全法实施条例")
    assert resolution.earlier


@pytest.mark.django_db
def test_a_register_of_an_earlier_version_gets_the_number_of_the_newest_text() -> None:
    load_shipped_laws(by=TESTS, at=NOON)
    Law.objects.filter(title="婚姻登记条例").update(doc_no="国务院令第387号")
    Law.objects.filter(title="宗教事务条例").update(doc_no="某办公室自己改的")
    load_shipped_laws(by=TESTS, at=NOON)
    assert Law.objects.get(title="婚姻登记条例").doc_no == "国务院令第804号"
    assert Law.objects.get(title="宗教事务条例").doc_no == "某办公室自己改的"


@pytest.mark.django_db
def test_items_that_cite_a_law_by_an_earlier_number_alone_are_found_by_the_law() -> None:
    load_shipped_laws(by=TESTS, at=NOON)
    make.publication(text=make.guide(bases=[{"title": "", "doc_no": "国令第387号"}]))
    make.publication(text=make.guide(bases=[{"title": "", "doc_no": "国令第258号"}]))
    marriage = Law.objects.get(title="婚姻登记条例")
    assert PublishedBasis.objects.filter(citing([marriage], day=TODAY)).count() == 1


def test_the_last_order_of_each_law_is_of_a_day_the_register_knows_or_of_one_before() -> None:
    newest: dict[str, str] = {}
    for row in read_register(DATA / "register.csv"):
        newest[row.title] = max(newest.get(row.title, ""), str(row.promulgated or ""))
    with (DATA / "orders.csv").open(encoding="utf-8", newline="") as file:
        orders = list(csv.DictReader(file))
    for title in {each["title"] for each in orders}:
        days = [each["promulgated"] for each in orders if each["title"] == title]
        assert len(days) > 1
        assert max(days) <= newest[title]


DAYS_IN_ITS_HEADING = """# 示例渡船法

（2017年11月4日某某会议通过　根据2018年10月26日《关于修改〈示例渡口法〉等十五部法律的决定》修正）

第三十三条　渡船应当免费开放。
"""


@pytest.mark.django_db
def test_articles_belong_to_the_text_of_the_day_their_heading_tells(tmp_path: Path) -> None:
    place = tmp_path / "渡船.md"
    place.write_text(DAYS_IN_ITS_HEADING, encoding="utf-8")
    known = Law.objects.create(title="示例渡船法")
    for day in (date(2017, 11, 4), date(2018, 10, 26)):
        LawVersion.objects.create(law=known, promulgated=day, in_force_from=day, article_count=55)
    load_register(read_register(place), by=TESTS, at=NOON)
    assert LawVersion.objects.filter(law=known).count() == 2
    [(_, _, [article])] = resolved([("示例渡船法", "", "第三十三条")], day=date(2026, 11, 30))
    assert article.text == "渡船应当免费开放。"
    assert article.version.promulgated == date(2018, 10, 26)


@pytest.mark.django_db
def test_articles_of_no_day_beside_dated_texts_are_refused_and_alone_are_shown(tmp_path: Path) -> None:
    place = tmp_path / "渡船.md"
    place.write_text("# 示例渡船法\n\n第一条　免费。\n", encoding="utf-8")
    load_register(read_register(place), by=TESTS, at=NOON)
    [(_, _, [article])] = resolved([("示例渡船法", "", "第一条")], day=date(2026, 11, 30))
    assert article.text == "免费。"
    known = Law.objects.create(title="示例渡口法")
    LawVersion.objects.create(law=known, promulgated=date(2018, 10, 26), article_count=9)
    place.write_text("# 示例渡口法\n\n第一条　免费。\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_register(read_register(place), by=TESTS, at=NOON)
    assert "认不出是哪一次的" in refused.value.problems[0].message
