"""Circles as a list in a workbook is checked: what is one, what has a way out, what is none."""

from pathlib import Path

import pytest

from tests.checker.files import book, examined
from tests.command.test_check import run
from tests.work import daily

HEADER = ["事项名称", "实施主体", "结果名称", "材料名称"]


def told(folder: Path, *items: tuple[str, str, str, str], issuer: str = "") -> str:
    """What `banshi check` makes of a list: circle, detour or nothing."""
    listed = [["事项名称", "实施主体", "结果名称"], *(each[:3] for each in items)]
    asked = [["事项名称", "材料名称", "出具单位"]]
    asked += [
        [name, paper, issuer if number == 0 else ""]
        for number, (name, _, _, papers) in enumerate(items)
        for paper in papers.split("|")
    ]
    together = examined(book(folder, {"目录": listed, "申请材料": asked})).together
    return "circle" if together.circles else "detour" if together.detours else "nothing"


def relief(wanted: str) -> tuple[tuple[str, str, str, str], ...]:
    return (
        ("低保申领", "县民政局", "低保证", wanted),
        ("收入证明开具", "东门社区居委会", "收入证明", "低保证"),
    )


@pytest.mark.parametrize(
    "wanted",
    [
        "工作单位出具的收入证明",
        "用人单位开具的收入证明",
        "所在单位盖章的收入证明",
        "收入证明（单位开具）",
        "收入证明（单位）",
        "收入证明（企业出具）",
        "公司出具的收入证明",
        "收入证明（加盖单位公章）",
        "加盖工作单位公章的收入证明",
        "收入证明（有工作的提供）",
        "学校出具的收入证明",
        "物业公司出具的收入证明",
        "房东出具的收入证明",
        "医院出具的收入证明",
        "卫健局出具的收入证明",
        "司法所出具的收入证明",
        "收入证明（申请人自备）",
        "本人书写的收入证明",
        "单位或居委会出具的收入证明",
    ],
)
def test_a_paper_somebody_else_gives_closes_no_circle(tmp_path: Path, wanted: str) -> None:
    assert told(tmp_path, *relief(wanted)) != "circle"


@pytest.mark.parametrize(
    "issuer", ["工作单位", "用人单位", "公司", "物业", "房东", "申请人自备", "本人", "县医院", "司法所"]
)
def test_nor_where_a_column_names_somebody_else(tmp_path: Path, issuer: str) -> None:
    assert told(tmp_path, *relief("收入证明"), issuer=issuer) == "nothing"


@pytest.mark.parametrize("issuer", ["", "社区", "村（居）委会", "有关部门", "东门社区居委会"])
def test_the_giver_named_or_nobody_named_closes_it(tmp_path: Path, issuer: str) -> None:
    assert told(tmp_path, *relief("收入证明"), issuer=issuer) == "circle"


@pytest.mark.parametrize(
    "wanted",
    [
        "居委会出具的收入证明",
        "收入证明（社区盖章）",
        "收入证明（加盖居委会公章）",
        "收入证明（加盖公章）",
        "收入证明",
        "由相关部门出具的收入证明",
    ],
)
def test_so_does_a_name_that_names_the_giver_or_nobody(tmp_path: Path, wanted: str) -> None:
    assert told(tmp_path, *relief(wanted)) == "circle"


@pytest.mark.parametrize(
    "wanted",
    [
        "收入证明、完税证明、银行流水（提供一项即可）",
        "收入证明、完税证明（符合一项即可）",
        "收入证明、完税证明（二者取其一）",
        "收入证明、完税证明（择一提供）",
        "收入证明（完税证明亦可）",
        "收入证明\n或\n完税证明",
        "上班的提供收入证明，经商的提供完税证明",
        "本地户籍提供收入证明；外地户籍提供居住证",
        "收入证明（如有）",
        "收入证明、完税证明均可",
        "收入证明、完税证明中的一种",
        "提供收入证明、完税证明、银行流水中任意一项",
        "收入证明、完税证明、银行流水有一即可",
        "收入证明或书面承诺",
        "收入证明、完税证明至少提供一项",
        "完税证明（或收入证明、银行流水）",
        "以下材料任选其一：（1）收入证明（2）完税证明（3）银行流水",
        "收入证明 完税证明 银行流水 其中之一",
        "经济情况证明(收入证明/完税证明/银行流水)",
        "收入证明或完税证明、身份证或护照",
    ],
)
@pytest.mark.parametrize("in_one_cell", daily([False, True], 2))
def test_another_paper_that_will_do_is_a_way_out(tmp_path: Path, wanted: str, in_one_cell: bool) -> None:
    if in_one_cell:
        rows = [HEADER, *map(list, relief(wanted))]
        assert examined(book(tmp_path, rows)).together.circles == []
    else:
        assert told(tmp_path, *relief(wanted)) != "circle"


@pytest.mark.parametrize(
    "wanted",
    [
        "收入证明、完税证明",
        "身份证或户口簿、收入证明",
        "身份证或护照、收入证明（社区开具）",
        "1.收入证明；2.租房的提供租赁合同",
    ],
)
def test_a_paper_that_everybody_must_bring_is_none(tmp_path: Path, wanted: str) -> None:
    assert told(tmp_path, *relief(wanted)) == "circle"
    rows = [HEADER, *map(list, relief(wanted))]
    assert len(examined(book(tmp_path, rows)).together.circles) == 1


@pytest.mark.parametrize(
    "change",
    [
        *("食品经营许可证延续", "食品经营许可证变更", "食品经营许可证换证", "食品经营许可证注销", "食品经营许可证年检"),
        *("食品经营许可证换领", "食品经营许可证核发（延续）", "食品经营许可证换发申请"),
    ],
)
def test_who_changes_a_card_holds_it(tmp_path: Path, change: str) -> None:
    change_item = (change, "县市场监管局", "食品经营许可证", "食品经营许可证|消防检查合格证")
    assert (
        told(tmp_path, change_item, ("消防检查合格证核发", "县消防大队", "消防检查合格证", "食品经营许可证"))
        == "nothing"
    )


def test_who_replaces_a_lost_licence_still_holds_the_others(tmp_path: Path) -> None:
    replaced = ("食品经营许可证补发", "县市场监管局", "食品经营许可证", "卫生许可证")
    assert told(tmp_path, replaced, ("卫生许可证补发", "县卫健局", "卫生许可证", "食品经营许可证")) == "nothing"
    first = ("食品经营许可证核发", *replaced[1:])
    assert told(tmp_path, first, ("卫生许可证核发", "县卫健局", "卫生许可证", "食品经营许可证")) == "circle"


def test_the_old_card_is_held(tmp_path: Path) -> None:
    permit = ("居住证申领", "城关派出所", "居住证", "居住登记凭证")
    for asked, circular in (("原居住证", False), ("居住证", True)):
        receipt = ("居住登记", "东门社区", "居住登记凭证", asked)
        assert (told(tmp_path, permit, receipt) == "circle") is circular


@pytest.mark.parametrize("result", ["情况说明", "村委会出具的情况说明"])
@pytest.mark.parametrize("name", ["情况说明出具", "村民事务代办"])
def test_a_telling_is_a_paper_of_the_office_named_with_it(tmp_path: Path, name: str, result: str) -> None:
    def chain(asked: str) -> str:
        return told(
            tmp_path,
            ("户籍证明开具", "城关派出所", "户籍证明", asked),
            (name, "河口村委会", result, "镇政府调查报告"),
            ("调查报告出具", "河口镇政府", "调查报告", "户籍证明"),
        )

    assert chain("村委会出具的情况说明") == "circle"
    assert chain("情况说明") == chain("工作单位出具的情况说明") == "nothing"


def test_the_command_says_so(tmp_path: Path) -> None:
    for wanted, circular in (("工作单位出具的收入证明", False), ("居委会出具的收入证明", True)):
        rows = [HEADER, *map(list, relief(wanted))]
        assert ("循环证明 1 处" in run(book(tmp_path, rows), "--fail-on", "从不")[1]) is circular
