"""Kinds of fault met on the texts of round 21, and conditions that put “有关规定” beside something named."""

from typing import Any

import pytest

from tests.rulebook.rules.bench import found
from tests.rulebook.rules.test_kinds_of_fault import material


def conditions(*texts: str) -> list[tuple[str, dict[str, Any]]]:
    return [("TJ02", {"conditions": [{"text": text}]}) for text in texts]


def materials(*names: str) -> list[tuple[str, dict[str, Any]]]:
    return [("CL03", material(name)) for name in names]


RIGHTLY_SILENT: list[tuple[str, dict[str, Any]]] = [
    # what people may add as they like
    *materials(
        "企业认为需要提供的其他证明材料",
        "申请人认为需要提交的其他材料",
        "当事人认为有必要提供的其他材料",
        "申报单位认为需要补充的其他材料",
        "投诉人自愿提供的其他证据材料",
        "本人认为需要说明的其他有关材料",
    ),
    *materials(
        "相关从业人员安全教育、培训合格的证明材料",
        "采用的生产工艺、设备或储存方式、设施的情况说明",
        "有关行政主管部门对专项建设工程的认可和准许使用文件",
        "市政基础设施的有关质量检测和功能性试验材料",
        "公司经审计的年度财务会计报告或验资报告及电信主管部门规定的其他相关会计资料",
        "预告登记终止的证明文件",
        "原颁发身份证件机关出具的姓名变更的证明文件",
    ),
    *conditions(
        "符合国家产业政策",
        "符合《产业结构调整指导目录》鼓励类",
        "经营场所符合消防安全规定",
        "符合城乡规划和土地利用总体规划",
        "有相关专业技术人员和设备",
        "具备与经营规模相适应的场所和有关设施",
        "取得相关资格证书和执业证书",
        "具有相关工作经历和有关部门颁发的资格证书",
        "与用人单位签订劳动合同并依法参加有关社会保险",
        "按照合同约定和相关部门核定的用量缴费",
        "具备相关专业大专以上学历",
        "达到国家规定的污染物排放标准",
        "符合招生简章公布的年龄和学历要求",
        "从业人员遵守职业道德",
        "符合国家产业政策、技术政策及其发展方向",
        "具体条件以招生简章为准",
        "其他条件按《示例市人才公寓管理办法》第六条执行",
        "依法取得营业执照",
    ),
    ("YJ07", {"bases": [{"title": "国务院办公厅关于规范“三定”规定工作的通知"}]}),
]
RIGHTLY_FOUND: list[tuple[str, dict[str, Any]]] = [
    *materials(
        "法律、法规和规章规定的其他条件的证明文件、资料",
        "省级卫生计生行政部门要求提供的其它资料。",
        "审批部门审核需要的其他材料",
        "法律、行政法规、规章规定的其他文件资料",
        "诊断机构所要求的其他必备相关材料",
        "受理单位认为需要提供的其他材料",
        "登记机关要求的其他文件；",
        "主管部门认为应当提交的其他文件资料",
    ),
    *conditions(
        "符合国家产业政策和相关规定要求",
        "符合国家产业政策及有关要求",
        "符合国家产业政策的有关要求",
        "符合国家产业政策等相关要求",
        "符合土地利用总体规划及相关规定",
        "建设项目符合城乡规划、环境保护等有关规定",
        "符合国家有关政策",
        "符合国家和地方有关政策要求",
        "符合本市人才政策和其他有关规定",
        "符合《示例市河道管理条例》及相关规定要求",
        "具备法律法规规定的条件及其他相关要求",
        "遵守国家法律法规和相关政策",
        "满足行业主管部门规定和有关要求",
        "符合行业有关管理规定",
        "（四）符合国家产业政策以及省、市有关规定。",
        "按照城镇职工医保政策和有关规定执行",
        "具有独立法人资格；符合国家产业政策和相关规定要求",
        "符合安全生产和其他相关条件",
        "其他依法应当具备的条件",
        "依法依规需要满足的其他要求",
        "其他条件按当地政策执行",
        "具体要求以主管部门通知为准",
    ),
    *[("YJ07", {"bases": [{"title": title}]}) for title in ("本部门“三定”规定", "我局三定方案", "本单位的“三定”职责")],
]


@pytest.mark.parametrize(("code", "guide"), RIGHTLY_SILENT)
def test_what_is_in_order_is_left_alone(code: str, guide: dict[str, Any]) -> None:
    assert not found(code, **guide)


@pytest.mark.parametrize(("code", "guide"), RIGHTLY_FOUND)
def test_what_is_wrong_is_found(code: str, guide: dict[str, Any]) -> None:
    assert found(code, **guide)
