"""Kinds of fault a second reader found in the rules, each both ways and by both engines."""

from typing import Any

import pytest

from tests.rulebook.rules.bench import found
from tests.rulebook.rules.test_kinds_of_fault import asked, material, materials, told

RIGHTLY_SILENT: list[tuple[str, dict[str, Any]]] = [
    # only shown, in other words
    *asked("CL08", "居民身份证（出示） 出示身份证 居民身份证（核验后退还） 户口簿（查验后退还）"),
    *[
        ("CL08", material("居民身份证", requirement=text))
        for text in ("原件核验，不收取", "现场出示", "查验原件，不收复印件")
    ],
    ("CL08", material("居民身份证", note="查验原件")),
    *asked("CL08", "无犯罪记录公证书 房产证遗失声明 渔业船员证书 党校学历证书"),
    ("CL05", material("社区医生出具的诊断证明")),
    ("CL05", material("村医出具的诊断证明")),
    ("CL05", material("农村信用社出具的存款凭证")),
    *[("SX06", {"special_procedures": [{"name": name}]}) for name in ("听证", "专家评审", "检验")],
    *[("DC03", {"name": name, "visits": 2}) for name in ("办理离婚", "协议离婚办理", "离婚登记", "劳动人事争议仲裁")],
    *[
        ("LX01", {"consult": {"phone": phone}, "complaint": {"phone": phone}})
        for phone in ("12345", "12393", "95598", "96123", "0826-96123")
    ],
    ("TJ02", {"conditions": [{"text": "经主管部门认定为特困人员"}]}),
    ("TJ02", {"conditions": [{"text": "国务院规定的其他条件"}]}),
    *[
        ("YJ07", {"bases": [{"title": title}]})
        for title in ("示例省财政厅关于补助资金的通知", "重大行政决策程序暂行条例")
    ],
    *[("YJ02", {"bases": [{"title": "示例条例", "articles": text}]}) for text in ("第二章第三条", "第三条第二款")],
    *asked("CL03", "施工图附件清单 补充协议 辅助器具证"),
    ("CL12", materials("劳动合同", "劳务合同")),
    *[
        ("CL06", material("收入证明", basis=basis))
        for basis in (
            "《义务教育法》第十二条",
            "《示例省物业管理条例》第三条",
            "《公司法》第七条",
            "某省收费管理条例第二条",
        )
    ],
]

RIGHTLY_TOLD: list[tuple[str, dict[str, Any]]] = [
    *[
        ("CL08", material("居民身份证", requirement=text))
        for text in ("出示原件，提交复印件", "核验原件后收取复印件一份", "交复印件")
    ],
    *[("CL08", material("居民身份证", basis=basis)) for basis in ("《行政许可法》第三十一条", "《示例法》第三条")],
    *asked("CL08", "船员证书 大学学历证书"),
    # names no law
    *[
        ("CL06", material("收入证明", basis=basis))
        for basis in (
            *(
                "依法",
                "法律",
                "本条例",
                "《本条例》",
                "内部条例",
                "《内部条例》",
                "《本局管理条例》",
                "本局管理条例",
                "《小区管理条例》",
            ),
            *("小区管理条例", "省条例", "《省条例》", "国家规定", "《国家规定》", "xx公司〔2020〕3号"),
        )
    ],
    *[
        ("SF06", {"fees": [{"name": "费", "standard": "10元", "basis": basis}]})
        for basis in ("国家规定", "《国家规定》", "xx公司〔2020〕3号", "本局管理条例")
    ],
    # committees in more words
    *[
        ("CL05", material("土地承包情况说明", issuer=issuer))
        for issuer in (
            *("村里", "本村", "村级", "村级组织", "村组", "村支部", "村民自治组织", "基层群众性自治组织", "嘎查委员会"),
            *("村党支部", "嘎查"),
        )
    ],
    *asked("CL05", "村里开的土地承包说明 村上出具的承包说明 村委会介绍信 社区介绍信 村干部签字的承包说明"),
    *[
        ("CL05", material("土地承包情况说明", requirement=text))
        for text in (
            "到村里盖章",
            "所在村签字盖章",
            "社区、派出所签章",
            "村委会、乡镇两级盖章",
            "请村支书签字",
            "社区居委会核实",
        )
    ],
    # the twenty in other words
    *asked(
        "CL04",
        "离异状况证明 祖孙关系证明 兄妹关系证明 叔侄关系证明 无违法证明 犬只饲养证明 在世证明 去世证明 身份证遗失说明 意外受伤证明"
        " 无固定职业证明 灵活就业证明 无车证明 家庭困难说明",
        issuer="村委会",
    ),
    *[
        ("SX06", {"special_procedures": [{"name": name}]})
        for name in (
            *(
                "现场勘验",
                "勘察",
                "实地查看",
                "上门核实",
                "实地考察",
                "民主评议",
                "张榜公布",
                "领导审批",
                "集体审议",
                "征求意见",
            ),
        )
    ],
    *[
        ("SX06", {"special_procedures": [{"name": "公示", "basis": basis}]})
        for basis in ("《行政许可法》第四十五条", "行政许可法第四十五条", "《中华人民共和国行政许可法》第四十五条")
    ],
    *[("DC03", {"name": name, "visits": 2}) for name in ("仲裁员聘任", "离婚登记档案查询", "仲裁裁决书查询")],
    ("LX01", {"consult": {"phone": "22345"}, "complaint": {"phone": "22345"}}),
    *[
        ("TJ02", {"conditions": [{"text": text}]})
        for text in (
            *(
                "省、市规定的其他条件",
                "国家和省规定的其他条件",
                "主管机关认为应当具备的",
                "主管机关认为应当具备的其他条件",
            ),
            *("经主管部门认定的其他情况",),
        )
    ],
    *[
        ("YJ07", {"bases": [{"title": title}]})
        for title in ("领导批示", "会议精神", "惯例", "省厅文件", "内部规定", "三定规定", "市局通知")
    ],
    *[
        ("YJ02", {"bases": [{"title": "示例条例", "articles": text}]})
        for text in ("第二章", "详见附件", "本法", "若干条", "第二章第一节")
    ],
    *asked("CL03", "有关附件 补充材料 视情况提供的材料 其他辅助材料 相关补充资料"),
    ("CL12", materials("行驶证", "机动车行驶证")),
    ("CL12", materials("诊断证明", "医院诊断证明")),
    ("CL12", materials("劳动合同", "劳动合同书")),
]


@pytest.mark.parametrize(("code", "given"), told(RIGHTLY_SILENT))
def test_what_is_right_is_left_alone(code: str, given: dict[str, Any]) -> None:
    assert found(code, **given) == []


@pytest.mark.parametrize(("code", "given"), told(RIGHTLY_TOLD))
def test_what_is_wrong_is_told(code: str, given: dict[str, Any]) -> None:
    assert found(code, **given)
