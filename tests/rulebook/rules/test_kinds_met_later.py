"""Kinds of fault met in rounds 10 to 19 of reading (docs/rulebook-precision.md), each both ways and by both engines."""

from typing import Any

import pytest

from tests.rulebook.rules.bench import found
from tests.rulebook.rules.test_kinds_of_fault import asked, material, materials, told

RIGHTLY_SILENT: list[tuple[str, dict[str, Any]]] = [
    # CL06: another paper will do, is meant, or is no attestation
    *asked(
        "CL06",
        "住房情况证明（《房屋租赁合同》或产权单位的证明） 家庭收入证明（如低保证明、贫困证明） 公墓出具的安葬费用票据或证明材料 病历或疾病证明"
        " 县级以上医院出具的体检证明 相关部门出具的低收入家庭认定证明 业主出具的书面确认证明 户籍迁移证明 劳动鉴定委员会出具的劳动能力鉴定证明"
        " 亲子关系证明（户口本能反映的可不提供） 监护人实名所属房产证明 公安机关出具的查找情况回执证明",
    ),
    # CL13: a contract will do, somebody else's income, a commitment is offered already, a loan
    *asked(
        "CL13",
        "房产证或租赁合同或居住证明 固定住所证明（房产证或租房合同等） 担保人收入证明 单身证明（可以直接写承诺书）",
    ),
    ("CL13", {"name": "创业担保贷款", **material("收入证明")}),
    ("CL13", material("收入证明", note="可以书面承诺")),
    # CL08: shown in person, kept by the police, spared by the list itself, whose papers are meant
    ("CL08", {"name": "往来港澳通行证签发", **material("居民身份证原件及复印件")}),
    ("CL08", {"name": "新生儿落户", **material("出生医学证明")}),
    ("CL08", material("结婚证复印件", requirement="通过部门共享可以查到的，免予提交")),
    *asked("CL08", "户口本上所有家庭成员的收入证明"),
    ("MC01", {"name": "民政局长信箱来信办理"}),
    # CL03: who gives it and what it is about are said
    *asked(
        "CL03",
        "居住地派出所出具的不符合户口迁移规定的相关证明 民政部门提供的当年因灾遭受重大损失的相关证明 登报的公告、声明的相关手续",
    ),
    *asked(
        "CL03",
        "其他材料：渔船照片、船名牌等 缴纳社会保险费的有效凭证 公证机关出具的其他继承人放弃继承的公证书 房产证或者证明其产权的其他有效证件",
    ),
    # CL03: narrowed, which is a matter of CL21
    *asked(
        "CL03",
        "民政部门出具的相关证明 遭遇困难的相关证明材料 残疾证等相关证明材料 是否获得其他赔偿、救助等相关证明 医疗单位证明或其它有效证明",
    ),
    ("CL03", material("其他文件", requirement="部分地区要求提供房产评估报告")),
    *[("TJ02", {"conditions": [{"text": text}]}) for text in ("面积以不动产权证记载为准", "其他经营者已经停业")],
    ("CL12", materials("本人身份证", "代理人身份证正反面复印件")),
    ("CL12", materials("户主的户口簿首页", "配偶的户口簿首页")),
    *asked("CL21", "其他材料 相关证明材料 法律法规规定的其他材料 结婚证"),
    *asked("CL04", "身份证（村委会核验身份证） 派出所出具的证明个人身份的材料"),
    # CL08: the register takes the deed back; a name is changed in the booklet itself
    ("CL08", {"name": "集体土地所有权转移登记", **material("不动产权属证书")}),
    ("CL08", {"name": "房屋所有权变更登记", **material("房屋所有权证")}),
    *[("CL08", {"name": "变更姓名", **material(name)}) for name in ("户口簿原件及复印件", "身份证原件及复印件")],
    *asked("CL20", "车辆整车出厂合格证明原件 车辆购置税完税证明"),
    *asked("CL13", "遗失声明和作废公告的原版报纸"),
    # CL03: the requirement says what it proves; one law by its title is named (both CL21's)
    ("CL03", material("其他材料", requirement="能够证明被申请人身份的有关材料")),
    *asked("CL03", "《外国人在中国永久居留审批管理办法》规定的其他有关材料 《某办法》第十条规定的其他材料"),
    *asked("CL03", "海事管理机构要求的表明其适任情况的相关证明材料"),
    ("CL08", {"name": "拆迁安置房不动产登记", **material("被拆除房屋所有权证")}),
    # CL04: the proof is the other one that will do; who belongs to the village is the village's to say
    *asked("CL04", "村委会证明，或者残疾证明 村委会意见书或婚姻状况证明"),
    *asked("CL04", "土地承包经营权证复印件或者村民委员会出具的身份证明 村委会出具的农民身份证明"),
    # CL08: issued abroad; another office's list; a school's card for its marks
    *[("CL08", {"name": name, **material("婚姻证明")}) for name in ("外国人永久居留申请", "台湾居民申请定居")],
    *asked("CL08", "镇政府开具的低收入纯农户证明 学籍卡复印件（含成绩）"),
    ("CL08", {"name": "自学考试课程免考", **material("学籍卡复印件")}),
    # CL05: the village is the one who applies
    *asked("CL05", "由个人或村委会提交的注销原因的证明材料 村民委员会申报的土地权属证明"),
]

RIGHTLY_TOLD: list[tuple[str, dict[str, Any]]] = [
    ("CL03", material("其他材料", requirement="能够证明有关情况的材料")),
    ("CL12", materials("居民身份证", "第二代身份证复印件")),
    ("CL12", materials("户口簿", "居民户口簿首页复印件")),
    *asked("CL21", "海事管理机构要求的表明其适任情况的相关证明材料"),
    *asked("CL03", "海事管理机构要求的相关证明材料 司法行政机关要求提交的其他证明材料"),
    ("CL08", {"name": "拆迁安置补偿", **material("房屋所有权证")}),
    *asked("CL03", "其他申报材料 其他可能要求补充的信息或资料 其他材料：根据当地主管部门的要求提供"),
    *asked("CL03", "法律、行政法规以及《实施细则》规定的其他材料"),
    *asked("CL21", "《外国人在中国永久居留审批管理办法》规定的其他有关材料"),
    *asked("CL04", "居委会或民政部门开具的未婚证明 乡镇（街道）、村（居）委会出具的经济困难证明 村委会出具的身份证明"),
    *asked("CL04", "单位证明或者村委会出具的婚姻状况证明 所在居委会开具的初婚初育证明"),
    ("CL08", {"name": "外国人来华工作许可", **material("营业执照复印件")}),
    ("CL08", {"name": "结婚补贴", **material("婚姻证明")}),
    *asked("CL08", "低收入家庭证 学籍卡复印件"),
    *asked(
        "CL06",
        "工作单位出具的收入证明 社区或居委会出具的居住证明 家庭成员收入证明、住房情况证明 民政部门开具的未婚证明 单位证明 亲属关系公证书 原就读学校的学籍证明"
        " 卫生主管部门出具的未注册证明 收入证明（原件）",
    ),
    *asked("CL13", "家庭成员收入证明 无房证明 亲属关系证明 居住证明"),
    ("CL13", material("居住证明", note="不适用告知承诺")),
    ("CL08", {"name": "生育津贴申领", **material("出生医学证明复印件")}),
    ("CL08", material("结婚证复印件", requirement="须提交一份")),
    ("MC01", {"name": "民政局办理婚姻登记"}),
    *asked("CL08", "户口本复印件"),
    *asked(
        "CL03",
        "派出所提供的法律法规规定的有关材料 相关手续 其他可能需要的材料 其他根据地方政策要求的专项材料 户口簿和其他材料"
        " 法律、法规规定的或卫生行政部门要求提供的其他资料 足以证明经济困难的材料以及其他相关证明材料"
        " 公安机关认为其他应予提交的材料 林业主管部门规定要求提交的其他有关文件 侨务部门认为确有必要出具的其它有效证明 税务机关要求报送的其他有关资料"
        " 法律、行政法规规定应当在机动车注册登记时提交的其他证明、凭证 登记机关认为需提交的其它相关证明文件 审批机关要求的其它必要材料",
    ),
    ("CL03", material("其他材料", requirement="根据地方政策可能需要补充，如银行账户信息等")),
    *[
        ("TJ02", {"conditions": [{"text": text}]})
        for text in ("其他需要满足的条件", "以窗口解释为准", "具体要求以主管部门答复为准")
    ],
    ("CL12", materials("本人身份证", "居民身份证正反面复印件")),
    ("CL12", materials("居民户口簿", "户口本首页和本人页复印件")),
    # CL21: a topic, a giver or another paper narrows it
    *asked(
        "CL21",
        "民政部门出具的相关证明 遭遇困难的相关证明材料 残疾证等相关证明材料 家庭收入情况或相关证明材料 是否获得其他赔偿、救助等相关证明"
        " 医疗单位证明或其它有效证明 学生就读学校的有关证明 申请人具体情况的其他相关材料",
    ),
    ("CL21", material("其他文件", requirement="部分地区要求提供房产评估报告")),
    # CL04: who gives it stands among others, what it proves in brackets
    *asked(
        "CL04",
        "家庭成员生活困难情况的证明（村（居）民委员会、所在单位，或者民政部门出具） 单位或居（村）委会证明（证明个人身份及补领需求）"
        " 村民委员会出具的家庭经济困难的证明",
    ),
    ("CL08", {"name": "企业名称变更登记", **material("营业执照复印件")}),
    ("CL08", {"name": "养老机构备案", **material("房屋所有权证")}),
    *asked("CL05", "村委会提供的用地情况证明材料 村民委员会审核的注销原因证明"),
]


@pytest.mark.parametrize(("code", "given"), told(RIGHTLY_SILENT))
def test_what_is_right_is_left_alone(code: str, given: dict[str, Any]) -> None:
    assert found(code, **given) == []


@pytest.mark.parametrize(("code", "given"), told(RIGHTLY_TOLD))
def test_what_is_wrong_is_told(code: str, given: dict[str, Any]) -> None:
    assert found(code, **given)
