"""Kinds of fault a third reader tried on the rules, each both ways and by both engines."""

from typing import Any

import pytest

from tests.rulebook.rules.bench import found
from tests.rulebook.rules.test_kinds_of_fault import asked, material, materials, told

RIGHTLY_SILENT: list[tuple[str, dict[str, Any]]] = [
    # CL08: shown in other words; a law says so; the holder has none
    *[
        ("CL08", material("居民身份证", requirement=text))
        for text in ("带原件到窗口刷一下", "只看不收", "验证后当场退回", "仅供核对，不留底", "读卡核身")
    ],
    ("CL08", material("居民户口簿", basis="《中华人民共和国户口登记条例》第七条")),
    ("CL08", material("居民身份证", basis="《公证法》第二十七条")),
    *asked(
        "CL08", "农用车驾驶培训合同 拖拉机买卖合同 外籍人员护照翻译件 村级养老协议 旧版营业执照遗失登报声明 银行流水"
    ),
    # CL12: whose paper, or what kind
    ("CL12", materials("委托人身份证", "受托人身份证")),
    ("CL12", materials("男方户口簿", "女方户口簿")),
    ("CL12", materials("父亲身份证", "母亲身份证")),
    ("CL12", materials("申请人户口簿", "被监护人户口簿")),
    ("CL12", materials("营业执照正本", "营业执照副本")),
    ("CL12", materials("身份证（甲方）", "身份证（乙方）")),
    ("CL12", materials("2023年度审计报告", "2024年度审计报告")),
    # CL13
    ("CL13", material("离职（解除劳动合同）证明")),
    ("CL13", {"name": "遗嘱公证", **material("家庭成员关系证明")}),
    ("CL13", {"name": "枪支持有备案", **material("居住证明")}),
    # CL06: papers called 证明 that registers and laws make
    *asked("CL06", "税收完税证明 房屋不动产权属证明 婴儿出生医学证明书 动物产地检疫证明 机动车合格证明 法人身份证明书"),
    ("CL06", material("收入证明", basis="《社会救助法》第十二条")),
    # LX01, LX02
    *[
        ("LX01", {"consult": {"phone": phone}, "complaint": {"phone": phone}})
        for phone in ("12345转3", "0577-12345", "12329", "12348", "12333（按2）")
    ],
    *[
        ("LX02", {"consult": {"phone": phone}})
        for phone in (
            "咨询电话：88886666（区号0577）",
            "88886666、88887777（区号均为0577）",
            "88886666，外地请加拨0577",
            "88886666(0577)",
            "0577/88886666",
            "0577-88886666转801或802",
            "（０５７７）８８８８６６６６",
            "0577—88886666",
            "0577 - 8888 6666",
            "0577-8888-6666",
            "138 1234 5678",
            "138-1234-5678",
            "+86 138 1234 5678",
            "400-812-3123",
            "400 812 3123",
            "010-65551234转801",
            "办公室：0577-88886666；窗口：0577-88886667",
            "0577-88886666（节假日除外）",
            "0577-88886666,13812345678",
            "96111",
            "医保局 0577-88886666",
            "0577-88886666 转 2",
            "工作日 0577-88886666，节假日 13812345678",
            "张主任13812345678",
        )
    ],
    # SX06
    *[
        ("SX06", {"steps": [{"name": name, "limit": {"value": 7}}]})
        for name in ("检测机构收样登记", "公示7日", "招标公告审核", "现场核验", "专家库管理岗受理", "拍卖登记受理")
    ],
    # DC03
    ("DC03", {"name": "协议离婚登记", "visits": 2}),
    ("DC03", {"name": "补正后再次到场", "visits": 2, "visit_reason": "依照《居民身份证法》第十三条领取时核验指纹"}),
    # CL10
    *[("CL10", material(name, copies=3)) for name in ("劳动合同", "收养协议", "土地流转合同书", "调解协议")],
    # JG01
    *[
        ("JG01", {"result_name": name, "result_type": "30"})
        for name in ("强制执行公证书", "婚姻状况声明书", "见证书", "培训证明", "参保凭证")
    ],
    # MC01: objects
    *[
        ("MC01", {"name": name})
        for name in (
            "合伙企业分支机构设立登记",
            "业主大会和业主委员会换届备案",
            "居民委员会经费拨付",
            "医院设置审批",
            "学校设立审批",
            "农民专业合作社联合社登记",
            "人民法院专递查询",
            "供销合作社改制备案",
            "派出所户口档案查询",
            "消防救援站参观预约",
        )
    ],
    # SF06, SF03
    *[
        ("SF03", {"fees": [{"name": "费", "standard": standard}]})
        for standard in (
            "百分之零点五",
            "千分之三",
            "每平方米三元五角",
            "政府指导价，每件80元",
            "首次免费，补领20元",
            "免费",
            "工本费伍元",
            "按成交额的1%计收",
            "面议",
            "双方约定",
            "5～10元",
            "10元/本（依据发改价格〔2012〕1号）",
        )
    ],
    *[
        ("SF06", {"fees": [{"name": "费", "standard": "10元", "basis": basis}]})
        for basis in (
            "财综〔2004〕60号",
            "《国家发展改革委关于居民身份证收费标准的通知》（发改价格〔2003〕2322号）",
            "浙价费〔2015〕3号",
            "国务院令第588号",
        )
    ],
    # CL03
    *asked("CL03", "相关人员身份证 其他应收款明细表 辅料清单 等级证书 有关联关系的说明 其他组织营业执照 相关资质证书"),
    # CL07
    ("CL07", material("申请表", requirement="已取消盖章")),
    ("CL07", material("申请表", requirement="无章亦可")),
    ("CL07", material("申请表", requirement="手写签名即可，免盖章")),
    # CL04, CL05: committees that are none, and papers they don't give
    *asked("CL05", "社区卫生服务站转诊单 社区教育学院结业证 社区康复机构评估表 村镇银行存折 村小学学籍卡 村卫生室处方"),
    ("CL05", material("社会保障卡", requirement="可到社区服务中心领取")),
    ("CL05", material("申请表", requirement="可在村委会索取空白表格")),
    ("CL04", material("亲属关系证明", issuer="公证处")),
    ("CL04", material("收入证明", issuer="村办企业")),
    # SX01
    ("SX01", {"promised_limit": {"value": 42}, "statutory_limit": {"value": 60, "unit": "2"}}),
    ("SX01", {"promised_limit": {"value": 2, "unit": "4"}, "statutory_limit": {"value": 1}}),
    # DC01, DC08
    *[
        ("DC01", {"visits": 1, "visit_reason": reason})
        for reason in ("核对人像", "交回旧证", "需要当面询问双方意愿", "系统要求现场拍照")
    ],
    *[
        ("DC08", {"places": [{"name": "厅", "address": "示例路1号", "hours": hours}]})
        for hours in ("早八点半到下午五点", "24小时", "工作日", "每周二、四上午", "法定工作时间")
    ],
    # TJ02
    *[
        ("TJ02", {"conditions": [{"text": text}]})
        for text in (
            "符合《居住证暂行条例》第二条规定",
            "有其他子女的，子女已成年",
            "符合国家职业技能标准三级以上要求",
            "未享受其他住房保障政策",
            "无其他债务",
        )
    ],
    # YJ02, YJ07
    *[
        ("YJ02", {"bases": [{"title": "示例条例", "articles": text}]})
        for text in ("第3条", "第十二、十三条", "附件第二项", "第五条至第八条", "3.2")
    ],
    *[
        ("YJ07", {"bases": [{"title": title}]})
        for title in (
            "国家标准化发展纲要",
            "中共中央办公厅关于规范村级组织工作事务的意见",
            "财政票据管理办法",
            "示例市惠企政策汇编实施办法",
            "有线电视管理规定",
        )
    ],
]

RIGHTLY_TOLD: list[tuple[str, dict[str, Any]]] = [
    *asked("CL08", "居民身份证复印件 户口本复印件 个体工商户营业执照 结婚证复印件 机动车行驶证复印件"),
    *[
        ("CL08", material("居民身份证", requirement=text))
        for text in ("验原件，留复印件", "现场核验并提交复印件一式两份", "上传扫描件")
    ],
    ("CL08", material("营业执照", basis="《本局窗口管理制度》")),
    ("CL12", materials("户口簿", "居民户口簿复印件")),
    ("CL12", materials("身份证原件", "本人身份证")),
    ("CL12", materials("毕业证", "毕业证书")),
    *asked("CL13", "家庭收入证明 未就业证明 单身证明 住所证明"),
    ("LX01", {"consult": {"phone": "0577-88886666（周一至周五）"}, "complaint": {"phone": "0577－88886666"}}),
    ("LX01", {"consult": {"phone": "+86 577 88886666"}, "complaint": {"phone": "0577-88886666"}}),
    *[
        ("LX02", {"consult": {"phone": phone}})
        for phone in ("8888666", "0577-8888", "1381234567", "请到窗口咨询", "88886666转3", "0577-123456789012")
    ],
    *[
        ("CL06", material("收入证明", basis=basis))
        for basis in (
            "某局办公室通知",
            "《本中心服务规范》",
            "市政府常务会议纪要",
            "《XX局关于材料清单的通知》",
            "行业惯例",
            "窗口要求",
        )
    ],
    *asked("CL06", "无房证明 在职证明 家庭经济状况证明"),
    ("DC03", {"name": "社会保障卡申领", "visits": 3}),
    ("DC03", {"name": "离婚证补领", "visits": 2}),
    ("CL10", material("户口簿复印件", copies=4)),
    ("CL10", material("劳动合同", copies=5)),
    *[
        ("JG01", {"result_name": name, "result_type": "30"})
        for name in ("教师资格证书", "营业执照", "排污许可证", "道路运输证")
    ],
    ("JG01", {"result_name": "准予许可决定书", "result_type": "10"}),
    *[
        ("MC01", {"name": name})
        for name in (
            "示例市住房公积金管理中心公积金提取",
            "县民政局婚姻登记处结婚登记",
            "示例区卫健委生育登记",
            "镇政府建房审批",
        )
    ],
    ("SX06", {"steps": [{"name": "专家评审", "limit": {"value": 7}}]}),
    ("SX06", {"steps": [{"name": "拍卖", "limit": {"value": 7}}]}),
    *[
        ("SF03", {"fees": [{"name": "费", "standard": standard}]})
        for standard in (
            "详见文件",
            "按物价部门核定标准",
            "见附件1",
            "按浙价费〔2015〕3号第2条执行",
            "收费",
            "以实际为准",
        )
    ],
    *[
        ("SF06", {"fees": [{"name": "费", "standard": "10元", "basis": basis}]})
        for basis in ("窗口公示", "本中心收费标准", "历年做法", "中心主任办公会决定", "协会章程")
    ],
    *asked(
        "CL03",
        "其它有关材料 需提交的其他证件 办理机关认为必要的材料 其他证明文件 相关证明 有关证件 其他资料 等相关手续",
    ),
    ("CL07", material("申请表", requirement="须单位签字并盖章")),
    *[
        (code, material(name, issuer=issuer))
        for issuer in (
            "村(居)民委员会",
            "居(村)委",
            "社区居民委员会",
            "村民小组",
            "村社区",
            "社区（村）",
            "街道社区",
            "行政村",
        )
        for code, name in (("CL04", "亲属关系证明"), ("CL05", "土地使用情况说明"))
    ],
    ("CL04", material("家庭经济状况证明", requirement="村委签字盖章")),
    ("CL05", material("由社区出具的居住证明")),
    ("CL04", material("亲属关系证明", note="须经居委会盖章")),
    *asked(
        "CL04",
        "家里困难证明 未婚证明 亲子证明 夫妻证明 家庭收入情况证明 失业证明 身份证丢失证明 养犬证明 在世的证明",
        issuer="村委会",
    ),
    *[
        ("DC01", {"visits": 1, "visit_reason": reason})
        for reason in ("按规定办理", "业务需要", "根据上级要求", "流程要求", "——", "必须到场")
    ],
    *[
        ("DC08", {"places": [{"name": "厅", "address": "示例路1号", "hours": hours}]})
        for hours in ("请来电", "以窗口公示为准", "另行通知", "同上", "无")
    ],
    *[
        ("TJ02", {"conditions": [{"text": text}]})
        for text in (
            "其他应当具备的条件",
            "符合相关条件的",
            "按照上级文件精神执行",
            "满足有关要求",
            "其他情形",
            "政策规定的其他人员",
            "（五）法律法规规定的其他要求",
        )
    ],
    *[
        ("YJ02", {"bases": [{"title": title, "articles": articles}]})
        for title, articles in (
            ("义务教育法(2018年修正)", ""),
            ("示例规定（暂行）", ""),
            ("居住证暂行条例", "有关规定"),
            ("居住证暂行条例", "全文"),
            ("居住证暂行条例", "各条"),
            ("居住证暂行条例", "—"),
        )
    ],
    *[
        ("YJ07", {"bases": [{"title": title}]})
        for title in (
            "相关法律法规",
            "上级有关规定",
            "国家政策",
            "“三定”规定",
            "部门职责",
            "按政策执行",
            "领导要求",
            "工作需要",
        )
    ],
    ("WZ08", {"places": [], "handle_forms": []}),
    ("SX01", {"promised_limit": {"value": 23}, "statutory_limit": {"value": 30, "unit": "2"}}),
]


@pytest.mark.parametrize(("code", "given"), told(RIGHTLY_SILENT))
def test_what_is_right_is_left_alone(code: str, given: dict[str, Any]) -> None:
    assert found(code, **given) == []


@pytest.mark.parametrize(("code", "given"), told(RIGHTLY_TOLD))
def test_what_is_wrong_is_told(code: str, given: dict[str, Any]) -> None:
    assert found(code, **given)
