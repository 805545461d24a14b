"""What the rules say of a list in a workbook, from its cells on."""

from pathlib import Path

import pytest

from tests.checker.files import book, examined, of_rule


def codes(folder: Path, paper: str, issuer: str = "", basis: str = "") -> set[str]:
    listed = [["事项名称", "实施主体"], ["补贴申领", "县民政局"]]
    asked = [["事项名称", "材料名称", "出具单位", "要求提供的依据"], ["补贴申领", paper, issuer, basis]]
    report = examined(book(folder, {"目录": listed, "申请材料": asked}))
    return {code for code in ("CL03", "CL04", "CL05", "CL06", "CL08") if of_rule(report, code)}


@pytest.mark.parametrize(
    ("paper", "issuer", "basis", "told"),
    [
        ("居民身份证", "", "", {"CL08"}),
        ("居民身份证（出示）", "", "", set()),
        ("居民身份证（核验后退还）", "", "", set()),
        ("居民身份证", "", "《行政许可法》第三十一条", {"CL08"}),
        ("居民身份证", "", "《居民身份证法》第十四条", set()),
        ("土地承包情况说明", "村级组织", "", {"CL05"}),
        ("土地承包情况说明", "农业农村局", "", set()),
        ("家庭困难说明", "本村", "", {"CL04"}),
        ("收入证明", "用人单位", "本局管理条例", {"CL06"}),
        ("收入证明", "用人单位", "《社会救助法》第三条", set()),
        ("其他辅助材料", "", "", {"CL03"}),
        ("社区医生出具的诊断记录", "", "", set()),
    ],
)
def test_a_material_in_a_list_is_judged_as_it_is_worded(
    tmp_path: Path, paper: str, issuer: str, basis: str, told: set[str]
) -> None:
    assert codes(tmp_path, paper, issuer, basis) == told
