"""What people really write into tables, read as a person reads it."""

from pathlib import Path
from typing import Any

import pytest
from tests.checker.files import book, examined, of_rule, records
from tests.spreadsheets.sheets import workbook
from typer.testing import CliRunner

from banshi.catalog.enums import CopyKind, ItemKind, TimeUnit
from banshi.command import app
from banshi.core.errors import BadInput
from banshi.rulebook.limits import NaturalDays, working_days
from banshi.spreadsheets.cell_parsers import read_text
from banshi.spreadsheets.cell_parsers.parsed import DOUBT, ParsedText
from banshi.spreadsheets.cells import is_filler, without_markup
from banshi.spreadsheets.fields import fields
from banshi.spreadsheets.preview import read_items
from banshi.spreadsheets.row_assembly import guide_of
from banshi.spreadsheets.workbook_reader import read_bytes


def read(target: str, text: str, hint: str = "") -> ParsedText:
    return read_text(text, fields()[target], hint)


def cells(text: str, name: str = "t.csv") -> list[list[str]]:
    return read_bytes(text.encode(), name=name).sheets[0].rows


# Fillers

FILLERS = [
    "暂无",
    "不涉及",
    "——",
    "/",
    "—",
    "-",
    "暂 无",
    "不适用",
    "N/A",
    "无。",
    "//",
    "…",
    "略",
    "未涉及",
    "没有。",
    "尚无",
    "无（不涉及）",
    "不涉及此项",
    "无相关规定",
    "待更新",
]


@pytest.mark.parametrize("text", FILLERS)
@pytest.mark.parametrize(
    "target",
    [
        "summary",
        "complaint",
        "consult",
        "places",
        "steps",
        "bases",
        "conditions",
        "online_url",
        "result_name",
        "fees.basis",
    ],
)
def test_fillers_mean_nothing_everywhere(target: str, text: str) -> None:
    reading = read(target, text)
    assert (reading.value, reading.kept, reading.remarks) == (None, "", ())


@pytest.mark.parametrize(
    "text", ["无房证明", "无犯罪记录", "暂住证", "不涉及国家秘密的承诺", "一", "略有不同", "-5", "是"]
)
def test_words_that_begin_like_fillers_are_words(text: str) -> None:
    assert not is_filler(text)


def test_none_is_an_answer_where_the_element_has_one() -> None:
    assert read("materials", "无").more == (("no_materials", True),)
    for free in (
        "无",
        "不收费",
        "不收",
        "免",
        "免费",
        "暂不收费",
        "目前不收取费用",
        "不收取",
        "此项不收费",
        "免收",
        "不涉及",
    ):
        assert ("charged", False) in read("fees", free).more, free
    assert read("statutory_limit", "无").value.text == "无"
    assert read("charged", "无").value is False


# Limits


@pytest.mark.parametrize(
    "text",
    [
        "0.5个工作日", "1.5个工作日", "½个工作日", "5+3个工作日", "-5个工作日", "每月15日前", "次月10日前发放", "当月25日",
        "零点五个工作日", "每年10月", "每年6月受理", "7月", "每周5日", "3至5个工作日", "3-5个工作日", "6月1日至6月30日", "15日前",
    ],
)  # fmt: skip
def test_no_number_is_torn_out_of_another_or_of_a_date(text: str) -> None:
    limit = read("promised_limit", text).value
    assert (limit.value, limit.immediate, limit.text) == (None, False, text)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("5.0个工作日", 5, TimeUnit.WORKING_DAY),
        ("5日（工作日）", 5, TimeUnit.WORKING_DAY),
        ("3天（工作日）", 3, TimeUnit.WORKING_DAY),
        ("20日(按工作日计算)", 20, TimeUnit.WORKING_DAY),
        ("2个月", 2, TimeUnit.MONTH),
        ("5（工作日）", 5, TimeUnit.WORKING_DAY),
        ("工作日5天", 5, TimeUnit.WORKING_DAY),
        ("30（自然日）", 30, TimeUnit.DAY),
        ("4小时", 4, TimeUnit.HOUR),
    ],
)
def test_limits_as_they_are_written(text: str, value: int, unit: str) -> None:
    limit = read("promised_limit", text).value
    assert (limit.value, limit.unit) == (value, unit)


# Lists and steps


@pytest.mark.parametrize(
    "text",
    [
        "①身份证②户口簿③照片", "（1）身份证（2）户口簿（3）照片", "1.身份证2.户口簿3.照片", "1．身份证 2．户口簿 3．照片",
        "１．身份证２．户口簿３．照片", "1、身份证2、户口簿3、照片", "(一)身份证(二)户口簿(三)照片",
    ],
)  # fmt: skip
def test_lists_need_no_separator(text: str) -> None:
    assert [each.name for each in read("materials", text).value] == ["身份证", "户口簿", "照片"]


@pytest.mark.parametrize(
    "text", ["Ⅰ身份证Ⅱ户口簿Ⅲ照片", "-身份证\n-户口簿\n-照片", "身份证、户口簿及照片", "身份证，户口簿和照片"]
)
def test_other_marks_of_a_list(text: str) -> None:
    assert [each.name for each in read("materials", text).value] == ["身份证", "户口簿", "照片"]


def test_original_and_copies_of_a_paper_are_one_paper() -> None:
    first, second = read("materials", "身份证原件1份、复印件2份；照片").value
    assert (first.name, first.copy_kind, first.copies, second.name) == ("身份证", CopyKind.BOTH, 2, "照片")
    [alone] = read("materials", "收入和财产证明").value
    assert alone.name == "收入和财产证明"


@pytest.mark.parametrize("text", ["2寸照片1张", "GB/T 1.1标准文本", "（2）号楼产权证"])
def test_a_number_that_does_not_count_cuts_nothing(text: str) -> None:
    assert len(read("materials", text).value) == 1


def test_originals_and_copies_in_brackets() -> None:
    [material] = read("materials", "身份证（原件1份，复印件2份）").value
    assert (material.name, material.copy_kind, material.copies) == ("身份证", CopyKind.BOTH, 2)


def test_steps_by_number_and_their_times_after_a_colon() -> None:
    assert [each.name for each in read("steps", "第一步：受理。第二步：审核。").value] == ["受理", "审核"]
    steps = read("steps", "受理：1个工作日;审核:10个工作日;办结:当场;送达：邮寄给申请人").value
    assert [(each.limit.value, each.limit.immediate) for each in steps] == [
        (1, False),
        (10, False),
        (None, True),
        (None, False),
    ]
    assert steps[3].note == "邮寄给申请人"


@pytest.mark.parametrize(
    "text",
    [
        "⑴身份证⑵户口簿⑶照片", "●身份证●户口簿●照片", "一、身份证二、户口簿三、照片", "1身份证2户口簿3照片", "身份证 户口簿 照片",
        "A.身份证B.户口簿C.照片", "身份证,户口簿,照片", "身份证+户口簿+照片", "1)身份证2)户口簿3)照片", "一是身份证二是户口簿三是照片",
        "身份证|户口簿|照片",
    ],
)  # fmt: skip
def test_lists_by_every_mark(text: str) -> None:
    assert [each.name for each in read("materials", text).value] == ["身份证", "户口簿", "照片"]


@pytest.mark.parametrize(
    "text",
    [
        "身份证，无法提供的出具户籍证明", "房产证（或购房合同，租赁合同）", "居住证（非本市户籍）", "1寸白底彩色照片", "3年内无违法记录证明",
        "身份证，验原件", "B超检查报告", "GB 50016 消防验收文件",
    ],
)  # fmt: skip
def test_one_material_stays_one(text: str) -> None:
    assert len(read("materials", text).value) == 1


def test_counted_papers_are_cut_after_their_counts() -> None:
    found = read("materials", "残疾证复印件2份,低保证,户口簿,照片2张").value
    assert [(each.name, each.copies) for each in found] == [
        ("残疾证", 2),
        ("低保证", None),
        ("户口簿", None),
        ("照片", 2),
    ]
    assert [each.name for each in read("materials", "身份证,户口簿;照片").value] == ["身份证", "户口簿", "照片"]
    assert [(each.name, each.copies) for each in read("materials", "身份证1份户口簿2份").value] == [
        ("身份证", 1),
        ("户口簿", 2),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("身份证（1份，纸质，申请人自备）", ("身份证", "", 1, "1", "10", "")),
        ("身份证（原件）（1份）", ("身份证", "original", 1, "", "", "")),
        ("申请表（一式两份，加盖公章）", ("申请表", "", 2, "", "", "加盖公章")),
        ("营业执照（复印件2份、电子）", ("营业执照", "copy", 2, "2", "", "")),
        ("学籍证明，政府部门核发，1份", ("学籍证明", "", 1, "", "20", "")),
        ("居住证（非本市户籍）", ("居住证（非本市户籍）", "", None, "", "", "")),
        ("户口簿（户主页）", ("户口簿（户主页）", "", None, "", "", "")),
    ],
)
def test_what_a_bracket_tells_of_a_material(text: str, told: tuple[Any, ...]) -> None:
    [row] = read("materials", text).value
    assert (row.name, row.copy_kind, row.copies, row.form, row.source, row.requirement) == told


@pytest.mark.parametrize(
    "text",
    [
        "受理、审核、制证", "受理－审核－制证", "受理—审核—制证", "受理，审核，制证", "受理 审核 制证", "受理/审核/制证", "受理>审核>制证",
        "受理|审核|制证", "受理➡审核➡制证", "受理--审核--制证", "(1)受理(2)审核(3)制证", "1受理2审核3制证",
    ],
)  # fmt: skip
def test_steps_by_every_mark(text: str) -> None:
    assert [each.name for each in read("steps", text).value] == ["受理", "审核", "制证"]


@pytest.mark.parametrize(
    "text", ["现场办理", "受理申请人提交的申请、材料", "由乡镇、街道受理后报县民政局审批", "网上-大厅均可"]
)
def test_one_step_stays_one(text: str) -> None:
    assert len(read("steps", text).value) == 1


def test_each_step_keeps_its_own_time() -> None:
    for text in ("受理（当场）、审查（5日）、签订合同（当场）", "受理：当场、审查：5日、签订合同：当场"):
        steps = read("steps", text).value
        assert [(each.name, each.limit.value, each.limit.immediate) for each in steps] == [
            ("受理", None, True), ("审查", 5, False), ("签订合同", None, True),
        ], text  # fmt: skip
    assert [each.limit.value for each in read("steps", "受理1个工作日、审核3个工作日内").value] == [1, 3]


def test_a_standard_or_a_name_of_a_charge_says_that_it_is_charged() -> None:
    for target, text in (
        ("fees.standard", "按物价部门核定标准收取"),
        ("fees.standard", "0.5%"),
        ("fees.name", "工本费"),
    ):
        assert ("charged", True) in read(target, text).more, text
    for target in ("fees.standard", "fees.name"):
        assert ("charged", False) in read(target, "免费").more
    assert read("fees.standard", "困难家庭减免").more == ()


@pytest.mark.django_db
def test_a_column_that_says_whether_it_is_charged_decides() -> None:
    for header, row in (("是否收费,收费标准", "否,10元/个"), ("收费标准,是否收费", "10元/个,否")):
        [found] = imported(f"事项名称,实施主体,{header}", f"犬牌办理,示例公安局,{row}").rows
        assert found.guide().charged is False


# 同上


@pytest.mark.django_db
@pytest.mark.parametrize(
    "mark", ["同上", "同前", "〃", "（同上）", "同上。", "同上一行", "同 上", "同　上", "（ 同上 ）"]
)
def test_ditto_is_the_cell_above_and_is_said(mark: str) -> None:
    found = imported(
        "事项名称,实施主体,设定依据,申请材料,监督投诉",
        "甲证办理,示例民政局,《甲条例》第二条,身份证,12345",
        f"乙证办理,{mark},{mark},{mark},{mark}",
        f"丙证办理,{mark},{mark},{mark},{mark}",
    )
    guides = [row.guide() for row in found.rows]
    assert [row.owner.new for row in found.rows] == ["示例民政局"] * 3
    assert [guide.bases[0].title for guide in guides] == ["甲条例"] * 3
    assert [guide.materials[0].name for guide in guides] == ["身份证"] * 3
    assert [guide.complaint.phone for guide in guides] == ["12345"] * 3
    assert "“设定依据”列有2格写的是“同上”，按上一行的内容读：C3、C4" in [each.message for each in found.problems]


@pytest.mark.django_db
def test_ditto_under_nothing_is_doubted_and_no_content() -> None:
    found = imported("事项名称,实施主体,设定依据", "甲证办理,示例民政局,同上", "乙证办理,示例民政局,同上")
    assert all(row.guide().bases == [] for row in found.rows)
    assert sum("上面没有内容可照填" in each.message for each in found.problems) == 2


@pytest.mark.parametrize("said", ["同甲证办理", "同“甲证办理”", "与甲证办理相同", "参照甲证办理"])
def test_another_item_of_the_table_is_pointed_at_and_no_content(said: str) -> None:
    _mappings, [table] = read_items(
        read_bytes(f"事项名称,申请材料,办理流程\n甲证办理,身份证,受理\n乙证办理,{said},{said}\n".encode(), name="t.csv")
    )
    assert (guide_of(table, 1, "").materials, guide_of(table, 1, "").steps) == ([], [])
    assert sum("指的是别处的内容" in each.message for each in table.problems) == 2


# Yes and no


@pytest.mark.parametrize(
    ("target", "yes", "no"),
    [
        ("express", "支持邮寄、可邮寄、支持快递、可以快递送达", "不支持邮寄、不可邮寄、暂不支持快递、未开通邮寄"),
        ("agent", "可代办、可以代办、允许代办、支持委托代办", "不可代办、不能代办、不得代办"),
        ("appointment", "可预约、可以预约（电话）、可电话预约、需要预约、需提前预约", "不需预约、无需预约、不能预约"),
        ("charged", "收费、是（工本费）", "不收费、不收取任何费用、免费、否（免费）"),
        ("no_materials", "无需提交材料、是、无需提交", "需提交材料、否"),
        ("government_purchase", "已纳入政府购买服务、纳入政府购买", "未纳入政府购买服务、不纳入政府购买服务"),
        ("pay_online", "支持网上支付、可网上支付", "不支持网上支付、不可网上支付"),
    ],
)
def test_yes_and_no_are_read_from_words(target: str, yes: str, no: str) -> None:
    for said, answer in ((yes, True), (no, False)):
        for text in said.split("、"):
            assert read(target, text).value is answer, text


@pytest.mark.parametrize(
    "text", ["视情况", "可预约也可不预约", "是否预约", "部分可预约", "现场排队", "可不预约", "有条件的可预约，其他不可"]
)
def test_what_is_neither_is_asked_about(text: str) -> None:
    reading = read("appointment", text)
    assert reading.value is None
    assert reading.remarks[0].severity == DOUBT


# Files


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('事项,材料\n甲,"1.表;2.证;3.照片"\n乙,"1.表;2.证;3.照片"\n', ["甲", "1.表;2.证;3.照片"]),
        ('事项,流程\n甲,"申请|受理|审核"\n', ["甲", "申请|受理|审核"]),
        ("事项;说明;单位\n甲;先问,再来,带证;民政局\n乙;无;民政局\n", ["甲", "先问,再来,带证", "民政局"]),
        ("事项,单位,条件\n甲,民政局,一;二;三;四;五;六;七\n", ["甲", "民政局", "一;二;三;四;五;六;七"]),
        ("目录;2026年\n事项;单位;条件\n甲;民政局;一,二,三,四,五\n", ["事项", "单位", "条件"]),
        ("事项\t说明\t单位\n甲\t先问,再来,带证,别忘\t民政局\n", ["甲", "先问,再来,带证,别忘", "民政局"]),
    ],
)
def test_the_delimiter_is_not_taken_from_the_text(text: str, row: list[str]) -> None:
    assert cells(text)[1] == row


def test_an_unclosed_quote_is_an_error_with_its_line() -> None:
    with pytest.raises(BadInput, match="第2行的引号没有成对"):
        cells('事项,单位\n"甲,民政局\n乙,民政局\n丙,民政局\n')
    assert cells('事项,说明\n甲,"两\n行"\n乙,他说"好"\n') == [["事项", "说明"], ["甲", "两\n行"], ["乙", '他说"好"']]


@pytest.mark.parametrize("cell", ['="0115116"', "'0115116", '"=""0115116"""'])
def test_text_guards_are_taken_off(cell: str) -> None:
    assert cells(f"事项,编码\n甲,{cell}\n")[1] == ["甲", "0115116"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'老年证办理", "老年证办理"), ("=0826-2222222", "0826-2222222"), ("'=0826", "=0826"), ('="老年证办理"', "老年证办理"),
        ("'O'Neil'", "'O'Neil'"), ("''", "''"), ("=1", "=1"), ("=cmd|'/c calc'!A0", "=cmd|'/c calc'!A0"), ("=A1-B2", "=A1-B2"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_guards_stand_on_names_and_numbers_in_any_file(kind: str, cell: str, text: str) -> None:
    table = [["事项", "内容"], ["甲", cell]]
    lines = "\n".join(",".join('"' + each.replace('"', '""') + '"' for each in row) for row in table)
    data = lines.encode() if kind == "csv" else workbook(table)
    assert read_bytes(data, name=f"t.{kind}").sheets[0].rows[1][1] == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("办理&amp;换证", "办理&换证"),
        ("办理&amp;amp;换证", "办理&换证"),
        ("年满60周岁&nbsp;&lt;本市户籍&gt;<br/>二", "年满60周岁 <本市户籍>\n二"),
        ("<p>身份证</p><p>户口簿</p>", "身份证\n户口簿"),
        ("A<B且C>D", "A<B且C>D"),
    ],
)
def test_what_web_exports_leave_is_undone(text: str, plain: str) -> None:
    assert without_markup(text) == plain


def test_scripts_stay_to_be_told() -> None:
    assert "<script" in without_markup("&lt;script&gt;x&lt;/script&gt;")


# Two columns about one element


def imported(header: str, *rows: str) -> Any:
    from tests.spreadsheets.sheets import look

    return look(f"{header}\n{chr(10).join(rows)}\n".encode(), name="目录.csv", create=True)


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["办理地点,办公时间", "办公时间,办理地点"])
def test_a_place_keeps_its_hours_whichever_column_comes_first(header: str) -> None:
    said = {"办理地点": "政务中心：示例路1号", "办公时间": "周一至周五9:00-17:00"}
    row = ",".join(said[each] for each in header.split(","))
    [found] = imported(f"事项名称,实施主体,{header}", f"证明办理,示例民政局,{row}").rows
    [place] = found.guide().places
    assert (place.name, place.address, place.hours) == ("政务中心", "示例路1号", "周一至周五9:00-17:00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    [
        "收费项目,收费标准,收费依据",
        "收费依据,收费标准,收费项目",
        "收费依据及标准,收费标准,收费依据",
        "收费标准,收费依据及标准,收费依据",
    ],
)
def test_a_fee_keeps_name_standard_and_basis_in_any_order(header: str) -> None:
    said = {
        "收费项目": "犬牌工本费",
        "收费标准": "10元/个",
        "收费依据": "示发改价〔2020〕1号",
        "收费依据及标准": "犬牌工本费：10元/个",
    }
    row = ",".join(said[each] for each in header.split(","))
    [found] = imported(f"事项名称,实施主体,{header}", f"犬牌办理,示例公安局,{row}").rows
    [fee] = found.guide().fees
    assert (fee.name, fee.standard, fee.basis) == ("犬牌工本费", "10元/个", "示发改价〔2020〕1号")


@pytest.mark.django_db
def test_days_of_a_licence_are_working_days() -> None:
    found = imported(
        "事项名称,实施主体,事项类型,法定时限", "取水许可,示例水利局,行政许可,20日", "身份确认,示例民政局,行政确认,20日"
    ).rows
    assert [row.guide().statutory_limit.unit for row in found] == [TimeUnit.WORKING_DAY, TimeUnit.DAY]


# Quotes that swallow rows

HEAD = "事项名称,实施主体,申请条件\n"
SWALLOWING = {
    3: HEAD + '甲办理,教育局,本市户籍\n乙办理,教育局,"年满60\n丙办理,教育局,低保\n丁办理,教育局,"残疾"\n',
    2: HEAD + '"甲办理,教育局,本市户籍\n乙办理",教育局,年满60\n丙办理,教育局,低保\n',
    4: HEAD + '甲,教育局,一\n乙,教育局,二\n丙,"教育局,三\n丁,教育局",四\n戊,教育局,五\n',
}


@pytest.mark.parametrize("line", SWALLOWING)
def test_an_even_number_of_stray_quotes_is_an_error_with_its_line(line: int) -> None:
    with pytest.raises(BadInput, match=f"第{line}行的引号没有成对"):
        cells(SWALLOWING[line])


@pytest.mark.django_db
def test_both_ways_to_read_a_file_refuse_stray_quotes(tmp_path: Path) -> None:
    path = tmp_path / "甲.csv"
    path.write_text(SWALLOWING[2], "utf-8")
    for arguments in (["check", path], ["import", path, "--preview", "--json"]):
        ran = CliRunner().invoke(app, [str(each) for each in arguments])
        assert ran.exit_code
        assert "第2行的引号没有成对" in ran.output


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (HEAD + '甲,教育局,"一\n二,三,四"\n', "一\n二,三,四"),
        (HEAD + '甲,教育局,"材料：身份证,户口簿\n流程：受理,审核"\n', "材料：身份证,户口簿\n流程：受理,审核"),
        (HEAD + '甲,教育局,"说""好""\n再来" \n乙,教育局,5"管\n', '说"好"\n再来'),
    ],
)
def test_cells_of_several_lines_stay_cells(text: str, last: str) -> None:
    assert cells(text)[1] == ["甲", "教育局", last]


def test_plain_days_of_a_licence_are_working_days_in_the_check_and_the_import_alike() -> None:
    head = "事项名称,实施主体,事项类型,法定时限,承诺时限,送达时限,办理环节,特别程序\n"
    row = '{},水利局,{},20日,20个工作日,3日,"受理：1日；审核：5天","听证"\n'
    data = read_bytes(
        (head + row.format("取水许可", "许可") + row.format("取水确认", "行政确认")).encode(), name="t.csv"
    )
    [table] = read_items(data)[1]
    licence, other = (guide_of(table, index, kind) for index, kind in enumerate((ItemKind.LICENCE, "")))
    assert [each.unit.label for each in (licence.statutory_limit, licence.delivery_limit)] == ["工作日", "工作日"]
    assert [step.limit.unit.label for step in licence.steps] == ["工作日", "自然日"]
    assert {each.unit.label for each in (other.statutory_limit, *(step.limit for step in other.steps))} == {"自然日"}


def test_detail_sheets_of_a_licence_count_plain_days_as_working_days(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        {
            "目录": [["事项名称", "实施主体", "事项类型", "法定时限", "承诺时限"], ["取水许可", "水利局", "行政许可", "20日", "20个工作日"]],
            "服务流程": [["事项名称", "环节名称", "环节时限"], ["取水许可", "受理", "5日"], ["取水许可", "审查", "5自然日"]],
            "特别程序": [["事项名称", "特别程序", "所需时间"], ["取水许可", "听证", "20日"]],
        },
    )  # fmt: skip
    report = examined(path)
    [subject] = report.subjects
    assert [step.limit.unit.label for step in subject.guide.steps] == ["工作日", "自然日"]
    assert [each.limit.unit.label for each in subject.guide.special_procedures] == ["工作日"]
    assert not of_rule(report, "SX01")


def test_records_of_a_licence_count_plain_days_as_working_days(tmp_path: Path) -> None:
    limits = {"statutory": {"value": 20, "unit": "日"}, "promised": {"value": 20, "unit": "工作日"}}
    guide = {"time_limits": limits, "steps": [{"name": "审查", "limit": "5日"}]}
    record = {"name": "取水许可", "dept": "水利局", "item_type": "行政许可", "guide": guide}
    [subject] = examined(records(tmp_path, record)).subjects
    assert subject.guide.statutory_limit.unit.label == subject.guide.steps[0].limit.unit.label == "工作日"


# As a second reviewer wrote them


@pytest.mark.parametrize("text", ["（无）", "“无”", "未填", "待定", "nan", "（暂无）", "0", "不限", "不需要"])
def test_fillers_in_brackets_and_quotes_are_nothing(text: str) -> None:
    for target in ("places", "bases", "steps", "summary", "consult", "result_name"):
        assert read(target, text) == ParsedText(), target


def test_no_fee_as_a_basis_is_no_basis() -> None:
    for text in ("不收费", "无收费"):
        assert read("fees.basis", text) == ParsedText(None, more=(("charged", False),))


@pytest.mark.parametrize(
    ("text", "days"),
    [("1天半", 1.5), ("半天", 0.5), ("2.5小时", 0.3125), ("0.5个工作日", 0.5), ("半个工作日", 0.5), ("½个工作日", 0.5)],
)
def test_half_units_keep_their_words_and_count_by_them(text: str, days: float) -> None:
    limit = read("promised_limit", text).value
    assert (limit.value, working_days(limit, NaturalDays(), at_most=True)) == (None, days)


def test_limits_of_two_units_are_no_whole_number() -> None:
    assert read("promised_limit", "1个月零5天").value.value is None
    assert read("promised_limit", "1,000个工作日").value.value == 1000
    assert all(read("promised_limit", text).value.immediate for text in ("即时办理。", "当场办结，"))


@pytest.mark.parametrize(
    "text",
    [
        "受理（0.5）审核（1.5）",
        "受理0.5审核1.5",
        "受理【0.5】→审核【1.5】",
        "1.受理（0.5）2.审核（1.5）",
        "受理:0.5;审核:1.5",
    ],
)
def test_times_of_steps_without_a_unit_are_working_days_and_asked_about(text: str) -> None:
    reading = read_text(text, fields()["steps"], "")
    assert [(step.name, step.limit.text) for step in reading.value] == [
        ("受理", "0.5个工作日"),
        ("审核", "1.5个工作日"),
    ]
    assert [remark.severity for remark in reading.remarks] == [DOUBT]


def test_how_long_all_steps_take_is_no_steps_time_and_a_time_may_stand_first() -> None:
    assert [s.limit.value for s in read("steps", "受理→审核→办结（共5个工作日）").value] == [None] * 3
    assert [(s.name, s.limit.value) for s in read("steps", "申请—（1天）受理—（3天）审核").value] == [
        ("申请", None),
        ("受理", 1),
        ("审核", 3),
    ]
    assert [s.limit.text for s in read("steps", "受理1天；办结半天").value] == ["", "半天"]


def test_both_limits_in_one_cell_are_told_apart() -> None:
    text = "法定20个工作日，承诺5个"
    assert [read(f"{each}_limit", text).value.value for each in ("promised", "statutory")] == [5, 20]
    assert read("promised_limit", "二十（20）个工作日").value.value == 20
    assert read("promised_limit", "二十（30）个工作日").value.value is None


@pytest.mark.parametrize("text", ["见附件", "详见清单。", "附后", "另附", "见官网"])
@pytest.mark.parametrize("target", ["materials", "steps", "bases", "conditions", "places", "summary"])
def test_what_only_says_where_it_stands_is_asked_about(target: str, text: str) -> None:
    reading = read(target, text)
    assert reading.value is None
    assert [remark.severity for remark in reading.remarks] == [DOUBT]


def test_what_is_said_besides_the_cell_above_is_asked_about() -> None:
    reading = read("materials", "同上（照片除外）")
    assert [remark.severity for remark in reading.remarks] == [DOUBT]


def test_what_is_done_with_a_paper_and_how_often_it_is_asked_is_no_part_of_its_name() -> None:
    rows = read("materials", "身份证（核原件）+户口簿（收复印件）").value
    assert [(row.name, row.requirement) for row in rows] == [("身份证", "核原件"), ("户口簿", "收复印件")]
    assert [(row.name, row.copies) for row in read("materials", "身份证×2，照片×4").value] == [
        ("身份证", 2),
        ("照片", 4),
    ]


def test_a_unit_said_once_is_of_all_steps() -> None:
    for text, hint in (
        ("受理（1）审核（2）（单位：天）", ""),
        ("受理（1天）审核（2）", ""),
        ("受理（1）审核（2）", "天"),
    ):
        reading = read_text(text, fields()["steps"], hint)
        assert [(step.limit.value, step.limit.unit) for step in reading.value] == [(1, TimeUnit.DAY), (2, TimeUnit.DAY)]
        assert reading.remarks == ()


def test_steps_with_their_times_in_brackets_are_parted() -> None:
    steps = read("steps", "受理（0.5）审查（1.5）决定（0.5个工作日）").value
    assert [(step.name, step.limit.text) for step in steps] == [
        ("受理", "0.5个工作日"),
        ("审查", "1.5个工作日"),
        ("决定", "0.5个工作日"),
    ]
    assert [step.limit.text for step in read("steps", "受理；审核（半天）").value] == ["", "半天"]
    assert [step.name for step in read("steps", "受理·审核").value] == ["受理", "审核"]


@pytest.mark.parametrize("text", ["同左", "同第1项", "同序号1", "下同", "同1"])
def test_references_elsewhere_are_told(text: str) -> None:
    [remark] = read("materials", text).remarks
    assert "指的是别处" in remark.message


@pytest.mark.parametrize(
    "text",
    [
        "❶身份证❷户口簿", "·身份证·户口簿", "1.身份证，2.户口簿，", "➀身份证➁户口簿", "附件1.身份证附件2.户口簿",
        "材料一：身份证；材料二：户口簿", "1 身份证 2 户口簿",
    ],
)  # fmt: skip
def test_more_marks_of_lists(text: str) -> None:
    assert [each.name for each in read("materials", text).value] == ["身份证", "户口簿"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("身份证*2", ("身份证", "", 2, "")),
        ("身份证x1份", ("身份证", "", 1, "")),
        ("身份证原件、复印件各一份", ("身份证", "both", 1, "")),
        ("身份证：原件1份，复印件2份", ("身份证", "both", 2, "")),
        ("户口簿 1份 复印件", ("户口簿", "copy", 1, "")),
        ("身份证原件（核验）", ("身份证", "original", None, "核验")),
        ("营业执照复印件（加盖公章）", ("营业执照", "copy", None, "加盖公章")),
    ],
)
def test_other_ways_to_count_papers(text: str, told: tuple[Any, ...]) -> None:
    [row] = read("materials", text).value
    assert (row.name, row.copy_kind, row.copies, row.requirement) == told


def test_other_ways_to_tell_steps_and_their_times() -> None:
    assert [step.name for step in read("steps", "步骤一：申请；步骤二：受理").value] == ["申请", "受理"]
    assert [step.name for step in read("steps", "申请\\受理\\审核").value] == ["申请", "受理", "审核"]
    steps = read("steps", "受理、1个工作日；审核 2个工作日；办结当场").value
    assert [(step.name, step.limit.value, step.limit.immediate) for step in steps] == [
        ("受理", 1, False), ("审核", 2, False), ("办结", None, True),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["每季度末20日", "月末5日", "每学期开学后30日内", "每半年10日内"])
def test_a_day_that_comes_again_is_no_limit(text: str) -> None:
    assert read("promised_limit", text).value.value is None


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("10个法定工作日", 10, TimeUnit.WORKING_DAY), ("5个工作曰", 5, TimeUnit.WORKING_DAY), ("30日历天", 30, TimeUnit.DAY), ("24h", 24, TimeUnit.HOUR)],
)  # fmt: skip
def test_other_names_of_units(text: str, value: int, unit: str) -> None:
    limit = read("promised_limit", text).value
    assert (limit.value, limit.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("示例路1号（市政务中心）周一至周五9:00-17:00", ("市政务中心", "周一至周五9:00-17:00")),
        ("市政务中心（工作日 9:00-17:00）", ("市政务中心", "工作日 9:00-17:00")),
        ("市中心，工作时间：周一至周五 上午9:00-12:00，下午2:00-5:00", ("市中心", "周一至周五 上午9:00-12:00，下午2:00-5:00")),
        ("一楼A区3-5号窗口，地址：示例路1号", ("一楼A区3-5号窗口", "")),
        ("办理地点：市政务中心", ("市政务中心", "")),
        ("市政务中心（示例路1号）", ("市政务中心", "")),
        ("示例路1号3楼（税务窗口）", ("税务窗口", "")),
    ],
)  # fmt: skip
def test_a_place_told_with_its_hours_in_one_cell(text: str, told: tuple[str, str]) -> None:
    [place] = read("places", text).value
    assert (place.name, place.hours) == told


def test_fees_told_with_labels_or_by_other_words() -> None:
    [fee] = read("fees", "收费项目：犬牌费；收费标准：10元/个；收费依据：示价〔2020〕1号").value
    assert (fee.name, fee.standard, fee.basis) == ("犬牌费", "10元/个", "示价〔2020〕1号")
    assert [read("fees", text).more for text in ("零元", "无偿办理", "全额免征")] == [(("charged", False),)] * 3
    assert [each.name for each in read("fees", "工本费：10元；检测费：20元").value] == ["工本费", "检测费"]


def test_the_rank_of_laws_on_a_line_of_its_own_is_no_law() -> None:
    for text in ("（一）法律\n《甲法》\n（二）规章\n《乙办法》", "一、法律：《甲法》。二、规章：《乙办法》"):
        assert [(each.title, each.text) for each in read("bases", text).value] == [("甲法", ""), ("乙办法", "")]


def test_a_number_dialled_from_abroad_is_no_formula() -> None:
    assert read("consult", "+86(577)88888888").remarks == ()
    assert [each.code for each in read("consult", "+SUM(1)").remarks] == ["formula"]


@pytest.mark.parametrize(
    "text",
    [
        "本事项不涉及",
        "该事项无",
        "1.无",
        "- 无",
        "①不涉及",
        "此处不填",
        "无须填写",
        "无.",
        "无;",
        "无、",
        "无/无",
        "×",
        "X",
    ],
)
def test_other_words_and_marks_for_nothing_are_no_content(text: str) -> None:
    for target in ("online_url", "result_name", "consult.phone"):
        assert read(target, text).value is None, target


def test_a_cross_or_an_answer_about_this_item_still_answers() -> None:
    assert read("charged", "×").value is False
    assert read("charged", "本事项不涉及").value is False
    for text in ("本事项无", "1、无", "- 无"):
        assert read("materials", text).more == (("no_materials", True),), text
    assert [each.name for each in read("materials", "第1项所列材料").value] == ["第1项所列材料"]


@pytest.mark.parametrize(
    "text", ["此项不收费", "不收费。", "无收费", "0元", "零收费", "免费办理", "否（不收费）", "不收费（免费）"]
)
def test_no_charge_in_other_words_answers_whether_it_is_charged(text: str) -> None:
    assert read("charged", text).value is False


@pytest.mark.parametrize("text", ["否（外地人收费，本地除外）", "是（否）", "部分收费", "是/否"])
def test_an_answer_and_its_opposite_are_asked_about(text: str) -> None:
    reading = read("charged", text)
    assert reading.value is None
    assert [each.severity for each in reading.remarks] == [DOUBT]


def test_free_at_first_is_not_free() -> None:
    reading = read("fees", "免费（首次），补办20元")
    assert ("charged", True) in reading.more
    assert [fee.standard for fee in reading.value] == ["免费（首次），补办20元"]
    assert read("fees", "不收费（财税〔2018〕1号）").more == (("charged", False),)
    assert [(fee.name, fee.basis) for fee in read("fees", "依据：示价〔2020〕1号").value] == [
        ("收费", "示价〔2020〕1号")
    ]
    assert [fee.name for fee in read("fees", "企业按30元/次收取，个人免费").value] == ["收费"]


def test_days_of_each_month_are_no_limit() -> None:
    reading = read("promised_limit", "15日/月")
    assert reading.value.value is None
    assert reading.value.text == "15日/月"


@pytest.mark.parametrize(
    "text",
    [
        "1-身份证 2-户口簿",
        "- 身份证\n- 户口簿",
        "第1项：身份证。第2项：户口簿。",
        "1:身份证 2:户口簿",
        "1,身份证 2,户口簿",
    ],
)
def test_lists_by_yet_other_marks(text: str) -> None:
    assert [each.name for each in read("materials", text).value] == ["身份证", "户口簿"]


def test_a_number_before_a_size_still_counts() -> None:
    photo, card = read("materials", "1.1寸照片2张2.身份证").value
    assert (photo.name, photo.copies, card.name) == ("1寸照片", 2, "身份证")
    assert [each.name for each in read("materials", "1.2寸照片\n2.身份证").value] == ["2寸照片", "身份证"]


def test_original_and_copies_with_their_counts_in_brackets_are_one_paper() -> None:
    [card] = read("materials", "身份证原件（1份）、复印件（2份）").value
    assert (card.name, card.copy_kind, card.copies) == ("身份证", CopyKind.BOTH, 2)


def test_steps_with_half_days_square_brackets_and_words_of_order() -> None:
    halves = read("steps", "受理0.5个工作日、审查1.5个工作日、办结1个工作日").value
    assert [(step.name, step.limit.text or step.limit.value) for step in halves] == [
        ("受理", "0.5个工作日"),
        ("审查", "1.5个工作日"),
        ("办结", 1),
    ]
    square = read("steps", "受理【1个工作日】→审核【2个工作日】").value
    assert [(step.name, step.limit.value) for step in square] == [("受理", 1), ("审核", 2)]
    for text in ("首先受理，然后审核，最后办结", "步骤一受理步骤二审核步骤三办结"):
        assert [step.name for step in read("steps", text).value] == ["受理", "审核", "办结"]


def test_half_a_day_too_long_is_told_in_the_words_of_the_cell(tmp_path: Path) -> None:
    path = book(
        tmp_path, [["事项名称", "实施主体", "法定时限", "承诺时限"], ["取水登记", "水利局", "1个工作日", "1.5个工作日"]]
    )
    [finding] = of_rule(examined(path), "SX01")
    assert finding.message == "承诺1.5个工作日，比法定的1个工作日还长"
