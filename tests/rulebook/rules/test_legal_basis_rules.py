"""YJ, TJ: bases and conditions."""

import pytest

from banshi.spreadsheets.cell_parsers import read_text
from banshi.spreadsheets.fields import fields
from tests.rulebook.rules.bench import fails, passes, rewrites


def test_YJ01() -> None:
    passes("YJ01", bases=[{"title": "中华人民共和国义务教育法"}])
    fails("YJ01", "bases")


def test_YJ02() -> None:
    passes("YJ02", bases=[{"title": "中华人民共和国义务教育法", "articles": "第十一条"}])
    passes("YJ02", bases=[{"title": "关于做好入学工作的通知", "doc_no": "示教〔2026〕1号"}])
    fails("YJ02", "bases.0.articles", bases=[{"title": "中华人民共和国义务教育法"}])


def test_YJ03() -> None:
    passes("YJ03", bases=[{"title": "关于做好入学工作的通知", "doc_no": "示教〔2026〕1号"}])
    fails("YJ03", "bases.0.doc_no", bases=[{"title": "关于做好入学工作的通知"}])
    fails("YJ03", "bases.0.doc_no", bases=[{"title": "关于做好入学工作的通知（2018年修订）"}])
    for named in ("国办发〔2015〕86号", "示例法第九条", "示例法（2018年12月29日第三次修正）"):
        passes("YJ03", bases=[{"title": named}])


def test_YJ04() -> None:
    passes("YJ04", bases=[{"title": "新办法"}])
    rewrites(fails("YJ04", "bases.0.title", bases=[{"title": "旧办法"}]), "bases.0.title", "新办法")
    assert "失效" in fails("YJ04", "bases.0.title", bases=[{"title": "不详办法"}]).message


@pytest.mark.parametrize(
    "basis",
    [
        {"title": "《旧办法》", "articles": "第三条"},
        {"title": "旧办法（2010年公布）", "doc_no": "示政发[2010]3号"},
        {"title": "示政发〔2010〕3号"},
        {"title": "示政发(2010)3号", "doc_no": "示政发(2010)3号"},
    ],
)
def test_YJ04_knows_a_law_however_it_is_cited_and_offers_no_half_mended_citation(basis: dict[str, str]) -> None:
    assert fails("YJ04", "bases.0.title", bases=[basis]).rewrite is None


def test_YJ05() -> None:
    passes("YJ05", bases=[{"title": "新办法"}])
    fails("YJ05", "bases.0.title", bases=[{"title": "未来法"}])


def test_YJ08() -> None:
    for there in ("第八十三条", "第五章", "第一条至第八十条", ""):
        passes("YJ08", bases=[{"title": "示例法", "articles": there}])
    passes("YJ08", bases=[{"title": "没有登记的法", "articles": "第九百条"}])
    for missing in ("第九十条", "第84条第二款", "第八十条至第八十五条", "第八十三、八十四条"):
        fails("YJ08", "bases.0.articles", bases=[{"title": "中华人民共和国示例法（2018修正）", "articles": missing}])
        fails("YJ08", "bases.0.articles", bases=[{"title": f"《示例法》{missing.replace('84', '八十四')}"}])
    passes("YJ08", bases=[{"title": "示例法第八十三条"}])


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("《示例法》第八十二、九十条", 90),
        ("《示例法》第50至第200条", 200),
        ("《示例法》第八十三条、九十条", 90),
        ("示例法第８４条", 84),
        ("《示例法》84条", 84),
        ("教育法第三条、示例法第九〇条", 90),
    ],
)
def test_YJ08_sees_what_stands_in_a_cell(cell: str, number: int) -> None:
    bases = [row.model_dump() for row in read_text(cell, fields()["bases"]).value]
    assert f"没有第{number}条" in fails("YJ08", f"bases.{len(bases) - 1}.articles", bases=bases).message
    for row in bases:
        assert row["articles"] and not row["text"]


def test_YJ09() -> None:
    passes("YJ09", bases=[{"title": "示例法"}, {"title": "旧办法"}, {"title": "没有登记的法"}])
    for coming, said in (("将改条例", "2027年03月01日"), ("将废条例", "2026年12月31日"), ("待核办法", "新法")):
        assert said in fails("YJ09", "bases.0.title", bases=[{"title": coming}]).message


HELD = ("", "《示例法》第八十三条", "局长办公会纪要")
WRONG = ("《旧办法》第三条", "《示例法》第九十条", "《未来法》", "根据《示例法》第一条和《示例法》第一百条")


def test_YJ10() -> None:
    passes("YJ10", materials=[{"name": "申请表", "basis": basis} for basis in HELD])
    for basis in WRONG:
        fails("YJ10", "materials.0.basis", materials=[{"name": "申请表", "basis": basis}])


def test_YJ11() -> None:
    passes("YJ11", fees=[{"name": "工本费", "basis": basis} for basis in HELD])
    for basis in WRONG:
        fails("YJ11", "fees.0.basis", fees=[{"name": "工本费", "basis": basis}])


def test_YJ14() -> None:
    for number in ("国务院令第1804号", "国令第1804号", "国务院令第797号", ""):
        passes("YJ14", bases=[{"title": "重订条例", "doc_no": number, "articles": "第八条"}])
    passes("YJ14", bases=[{"title": "旧办法", "doc_no": "示政发〔2010〕3号"}])
    for number in ("国务院令第1387号", "国令第1387号"):
        told = fails("YJ14", "bases.0.doc_no", bases=[{"title": "《重订条例》", "doc_no": number}])
        assert "2003年08月08日公布" in told.message
        rewrites(told, "bases.0.doc_no", "国务院令第1804号")
    assert fails("YJ14", "bases.0.title", bases=[{"title": "重订条例（国令第1387号）"}]).rewrite is None
    assert fails("YJ14", "bases.0.title", bases=[{"title": "国务院第1387号令"}]).rewrite is None


def test_YJ14_reads_materials_fees_and_conditions_and_says_when_todays_number_is_not_known() -> None:
    cited = "《重订条例》（国务院令第1387号）第八条"
    fails("YJ14", "materials.0.basis", materials=[{"name": "照片", "basis": cited}])
    fails("YJ14", "fees.0.basis", fees=[{"name": "工本费", "basis": cited}])
    fails("YJ14", "conditions.0.basis", conditions=[{"text": "年满16周岁", "basis": cited}])
    passes("YJ14", materials=[{"name": "照片", "basis": cited.replace("1387", "1804")}])
    unknown = fails("YJ14", "bases.0.doc_no", bases=[{"title": "改号条例", "doc_no": "国务院令第1225号"}])
    assert "请查对" in unknown.message
    assert unknown.rewrite is None


def test_YJ12() -> None:
    passes("YJ12", conditions=[{"text": "年满16周岁", "basis": basis} for basis in HELD])
    for basis in WRONG:
        fails("YJ12", "conditions.0.basis", conditions=[{"text": "年满16周岁", "basis": basis}])


def test_YJ06() -> None:
    passes("YJ06", bases=[{"title": "甲法", "articles": "第一条"}, {"title": "甲法", "articles": "第二条"}])
    fails("YJ06", "bases.1", bases=[{"title": "甲法", "articles": "第一条"}] * 2)


def test_YJ07() -> None:
    passes("YJ07", bases=[{"title": "居住证暂行条例"}])
    fails("YJ07", "bases.0.title", bases=[{"title": "国家有关政策规定"}])


def test_YJ13() -> None:
    passes("YJ13", bases=[{"title": "居住证暂行条例"}])
    rewrites(fails("YJ13", "bases.0.title", bases=[{"title": "《居住证暂行条例》"}]), "bases.0.title", "居住证暂行条例")


def test_TJ01() -> None:
    passes("TJ01", conditions=[{"text": "必须年满六周岁", "basis": "义务教育法第十一条"}])
    passes("TJ01", conditions=[{"text": "年满六周岁"}])
    fails("TJ01", "conditions.0.basis", conditions=[{"text": "必须在本地购房"}])


def test_TJ02() -> None:
    passes("TJ02", conditions=[{"text": "年满六周岁"}])
    fails("TJ02", "conditions.0.text", conditions=[{"text": "法律法规规定的其他条件"}])


def test_TJ03() -> None:
    passes("TJ03", conditions=[{"text": "甲"}, {"text": "乙"}])
    fails("TJ03", "conditions.1.text", conditions=[{"text": "甲"}, {"text": "甲"}])
