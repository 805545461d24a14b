"""Kinds of fault outside readers found in the rules, each with further cases of its kind, both ways and by both engines."""

from typing import Any

import pytest

from banshi.catalog.guide.document import Guide
from banshi.rulebook.rule import About, RuleContext
from banshi.rulebook.rules.materials import CL04
from banshi.rulebook.word_lists import Words, shipped_words
from tests.rulebook.rules.bench import DAY, found


def silent(code: str, about: About | None = None, **elements: Any) -> bool:
    return found(code, about, **elements) == []


def material(name: str, **more: Any) -> dict[str, Any]:
    return {"materials": [{"name": name, **more}]}


def materials(*names: str) -> dict[str, Any]:
    return {"materials": [{"name": name} for name in names]}


def asked(code: str, names: str, **more: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(code, material(name, **more)) for name in names.split()]


SHOWN = {"copy_kind": "shown"}
LAWFUL = {"basis": "《居民身份证法》第十四条"}

RIGHTLY_SILENT: list[tuple[str, dict[str, Any]]] = [
    # a card that is only shown, or that a law requires, is never to be dropped
    *asked("CL08", "居民身份证 居民户口簿 结婚证 机动车驾驶证", **SHOWN),
    *asked("CL08", "居民身份证 居民户口簿", **LAWFUL),
    ("CL08", material("原居民身份证", basis="《居民身份证法》第十一条")),
    ("CL08", material("结婚证", basis="《婚姻登记条例》第十五条")),
    # the holder has no such data
    *asked("CL08", "国外大学毕业证书 境外结婚证 社会保险缴费银行卡复印件 五保户供养协议 军人身份证 法定代表人身份证明"),
    *asked("CL08", "香港居民身份证 残疾证明 离婚证据材料 社会保险参保登记表"),
    # the card is what the matter is about, or the law has it shown
    ("CL08", {"name": "居民身份证换领", **material("居民身份证")}),
    ("CL08", {"name": "食品经营许可证遗失补办", **material("损坏的食品经营许可证原件")}),
    ("CL08", {"name": "收养登记", **material("收养人的居民户口簿和居民身份证")}),
    ("CL08", {"name": "死亡注销", **material("死者的居民身份证")}),
    ("CL08", material("户口本原件")),
    ("CL08", material("居民身份证", copy_kind="original")),
    ("CL08", material("婴儿出生国签发的出生医学证明")),
    # a regulation has the committee give it
    ("CL04", material("收养人所在单位或者村委会出具的婚姻状况证明")),
    ("CL04", material("送养人有特殊困难证明", issuer="村民委员会")),
    ("CL04", material("婚姻状况、抚养教育能力证明", issuer="居委会")),
    ("CL04", {"name": "收养登记", **material("村委会出具的婚姻状况、家庭成员证明")}),
    # two people, or two papers
    ("CL12", materials("居民身份证（申请人）", "居民身份证（代理人）")),
    ("CL12", materials("身份证", "配偶身份证")),
    ("CL12", materials("出让方营业执照", "受让方营业执照")),
    ("CL12", materials("照片（一寸）", "照片（二寸）")),
    ("CL12", {"materials": [{"name": "身份证", "note": "户主的"}, {"name": "身份证", "note": "经办人的"}]}),
    # a law orders somebody else to give it, or too much hangs on it
    ("CL13", material("终止或者解除劳动关系证明", basis="《社会保险法》第五十条")),
    *asked("CL13", "解除劳动关系证明 监护关系证明 收养关系证明"),
    ("CL13", {"name": "亲属关系公证", **material("父母子女关系证明")}),
    ("CL13", {"name": "继承权公证", **material("亲属关系证明")}),
    ("CL13", material("收入证明", basis="《社会救助法》第三条")),
    # one national number for both
    *[
        ("LX01", {"consult": {"phone": one}, "complaint": {"phone": other}})
        for one, other in (("12345", "12345"), ("12333", "12333"), ("0826-12345", "082612345"), ("12345热线", "12345"))
    ],
    # statutory papers are used instead of proofs
    *asked(
        "CL06",
        "申请人身份证明 法定代表人身份证明书 不动产登记证明 出生医学证明 居民死亡医学证明 完税证明 动物检疫合格证明",
    ),
    ("CL06", material("学习情况证明", basis="《义务教育法》第十二条")),
    ("CL06", material("收养能力证明", basis="《中国公民收养子女登记办法》第六条")),
    ("CL06", material("低收入证明", basis="国发〔2012〕45号")),
    ("CL06", material("诊断证明", basis="《国务院关于建立残疾儿童康复救助制度的意见》")),
    # people too set companies up
    *[("DX01", {"audience": ["1"], "topics": [topic]}) for topic in ("设立变更", "准营准办", "抵押质押", "环保绿化")],
    # what the law does not call a special procedure counts, and who does the step is no procedure
    *[
        ("SX06", {"steps": [{"name": name, "limit": {"value": 7}}]})
        for name in ("公示", "入户实地核查", "鉴定机构受理", "检验报告审核", "现场踏勘")
    ],
    ("SX06", {"name": "劳动能力鉴定", "steps": [{"name": "鉴定", "limit": {"value": 60}}]}),
    ("SX06", {"special_procedures": [{"name": "公示", "basis": "《政府采购法》第一条"}]}),
    ("SX06", {"special_procedures": [{"name": "专家评审"}, {"name": "听证"}]}),
    # the law has people come twice
    ("DC03", {"name": "离婚登记", "visits": 2}),
    ("DC03", {"name": "内地居民离婚登记", "visits": 2}),
    ("DC03", {"visits": 2, "visit_reason": "《示例法》第三条规定面谈后再签字"}),
    # one for each party and one for the office
    ("DC03", {"name": "劳动人事争议仲裁申请", "visits": 2}),
    ("CL10", material("离婚协议书", copies=3)),
    ("CL10", material("房屋租赁合同", copies=3)),
    ("CL10", material("供养协议", copies=3)),
    # a notarial deed is no licence
    *[
        ("JG01", {"result_name": name, "result_type": "30"})
        for name in ("公证书", "继承权公证书", "鉴证书", "调解协议书")
    ],
    ("JG01", {"result_name": "公证书", "result_type": "20"}),
    ("JG01", {"result_name": "许可证或不予许可决定书", "result_type": "10"}),
    # the object, not the organ
    *[
        ("MC01", {"name": name})
        for name in (
            "有限责任公司设立登记",
            "股份有限公司变更登记",
            "住房公积金委托提取办理",
            "业主委员会成立备案",
            "人民调解委员会备案登记",
            "邮政局所设置审批",
            "养老服务中心补贴申请",
            "城市社区居民委员会成立备案",
            "区域性股权市场登记",
        )
    ],
    # every one of these can be dialled
    *[
        ("LX02", {"consult": {"phone": phone}})
        for phone in (
            "（0826）2222222",
            "(0826)2222222",
            "+86-826-2222222",
            "020-12345",
            "12345（按3）",
            "0826-2222222转801",
            "0826-2222222-801",
            "0826-2222222 0826-2333333",
            "12345热线",
            "0577-12345",
            "028-96123",
            "021-962200",
            "96390",
            "0577－88886666",
            "０５７７－８８８８６６６６",
            "+86 577 88886666",
            "0086-10-66666666",
            "0577-88886666/88886667",
            "0577-88886666、88886667",
            "0577-88886666 88886667",
            "区号0577，电话88886666",
            "0577-88886666（工作日9:00-17:00）",
            "0577-12345（24小时）",
            "市内12345，市外0577-12345",
            "县残联:0577-88886666",
            "3号窗口 0577-88886666",
            "4008123123",
            "0826 2222222（工作日）",
        )
    ],
    # a rate is a standard, and a market has prices
    *[
        ("SF03", {"fees": [{"name": "费", "standard": standard}]})
        for standard in (
            "按造价百分之二收取",
            "市场调节价，双方协商",
            "按合同约定",
            "造价的0.5%",
            "每证二十元",
            "免收",
            "按发改价格〔2017〕1186号，每证10元",
        )
    ],
    # not a catch-all, though such words are in it
    *asked("CL03", "其他材料费用发票 与工程相关资料清单 证明材料清单 相关证明事项告知承诺书 生育证明"),
    # certificates by another word
    *asked("CL06", "私有房屋产权证明 经营场所使用证明 法人主体资格证明 适龄儿童出生证明 申请人中国护照证明"),
    ("CL06", material("与实际居住地一致的有效证明（即房产证）")),
    *[
        ("MC03", {"name": name})
        for name in (
            "博物馆、图书馆和其他文物收藏单位备案",
            "其他建设工程消防验收备案",
            "在其他经营场所设置游艺设备备案",
        )
    ],
    *[("MC02", {"name": name}) for name in ("文物定级", "养蜂证换证", "发票领用", "存款账户账号报告")],
    # open to the applicant's good: one of these, or another like them
    *asked(
        "CL03",
        "租赁合同、房产证等 学生证、就读学校出具的其他能够证明连续就读的材料等 《暂住证》等能够证明居住时间的材料",
    ),
    *asked(
        "CL06",
        "住所使用权证明 房屋租赁登记备案证明 居民身份证、户籍证明或者其他有效身份证明 与所申请事项相关的证明及证据材料",
    ),
    ("CL08", {"name": "居住证申领", **material("本人居民身份证")}),
    # the stamp is not asked for
    ("CL07", material("申请表", requirement="加盖单位公章或个人签字")),
    *asked("CL07", "出院小结（需医院盖章） 加盖银行公章的房产证复印件 出生证明译文（应加盖翻译机构公章）"),
    *asked(
        "CL06",
        "学生证或者就读学校出具的就读证明 营业执照或者工商部门提供的登记查询证明材料 证明人身份证复印件 生育服务手册或生育登记证明",
    ),
    # papers of courts and registrars, consent, and what the requirement says instead
    *asked(
        "CL06",
        "人民法院宣告孤儿父母死亡或失踪证明 《灵活就业登记证明》 律师事务所出具的同意接收申请人的证明 成员身份及婚姻状况证明"
        " 孤儿父母死亡证明 低保证明 护士执业资格考试成绩合格证明",
    ),
    ("CL06", material("遗属关系的证明材料", requirement="包括但不限于：亲属关系证明、结婚证、户口簿等")),
    ("CL07", material("医院出具并盖章的出院小结")),
    ("CL10", material("二寸彩照", copies=3)),
    ("CL07", material("申请表", requirement="支持电子签章，不用盖章")),
    ("CL07", material("承诺书", requirement="无需加盖公章")),
    ("CL07", material("申请表", seal="可使用电子印章")),
    # what one applies for is a matter of service
    *[("ZL01", {"about": About(kind=kind)}) for kind in ("05", "07", "01", "08", "10", "20")],
    # villages: what is no committee, or no paper of one
    ("CL05", material("社区卫生服务中心诊断书", issuer="社区卫生服务中心")),
    ("CL05", material("社区矫正对象解除通知", issuer="社区矫正机构")),
    ("CL05", material("村医执业证书", issuer="卫生健康局")),
    ("CL05", material("新居委托书")),
    ("CL04", material("亲属关系证明", issuer="公安派出所")),
    ("CL04", material("收入证明", issuer="用人单位")),
    ("CL04", material("土地承包情况说明", issuer="村委")),
    # the time of the promise fits
    ("SX01", {"promised_limit": {"value": 43}, "statutory_limit": {"value": 60, "unit": "2"}}),
    ("SX01", {"promised_limit": {"value": 20}, "statutory_limit": {"value": 1, "unit": "3"}}),
    ("SX01", {"promised_limit": {"immediate": True}, "statutory_limit": {"value": 60, "unit": "2"}}),
    # it can be reached
    ("WZ08", {"online": True}),
    ("WZ08", {"handle_forms": ["2"]}),
    ("WZ08", {"places": [{"name": "政务服务中心"}]}),
    # a reason that says why
    *[
        ("DC01", {"visits": 1, "visit_reason": reason})
        for reason in ("需采集指纹", "按规定须本人当场签字", "领取纸质证书")
    ],
    *[
        ("DC08", {"places": [{"name": "厅", "address": "示例路1号", "hours": hours}]})
        for hours in ("9:00—17:00", "工作日上午九点至十二点", "全天", "正常上班时间")
    ],
    # conditions that say what
    *[
        ("TJ02", {"conditions": [{"text": text}]})
        for text in (
            "年满六周岁",
            "经营场所符合消防安全规定",
            "持有相关资格证书三年以上",
            "符合本市人才认定标准的硕士研究生",
        )
    ],
    # bases named in full, and to the article
    *[
        ("YJ02", {"bases": [{"title": title, "articles": "第三条"}]})
        for title in ("义务教育法（2018修正）", "示例办法（试行）", "《居住证暂行条例》")
    ],
    *[
        ("YJ07", {"bases": [{"title": title}]})
        for title in ("示例市教育局职能配置规定", "国家赔偿法", "政策性农业保险条例")
    ],
    *[
        ("SF06", {"fees": [{"name": "费", "standard": "10元", "basis": basis}]})
        for basis in (
            "发改价格〔2012〕1号",
            "《居民身份证法》第二十条",
            "某省收费管理条例",
            "公证服务收费管理办法（某省标准）",
            "市场调节价",
        )
    ],
]

RIGHTLY_TOLD: list[tuple[str, dict[str, Any]]] = [
    *asked("CL08", "居民身份证 居民户口簿 结婚证 营业执照 社会保险缴费证明 拖拉机驾驶证 内河船舶驾驶证"),
    ("CL08", material("居民身份证", basis="《本局办事规程》")),
    ("CL12", materials("居民身份证", "身份证复印件")),
    ("CL12", materials("户口簿", "户口本")),
    ("CL12", materials("代理人身份证", "居民身份证（代理人）")),
    ("CL12", materials("申请人身份证", "居民身份证（申请人）")),
    ("CL12", materials("结婚证（原件）", "结婚证书（复印件）")),
    *asked("CL13", "收入证明 无业证明 无房证明 亲属关系证明"),
    ("CL13", material("居住证明", basis="本单位办事规程")),
    ("LX01", {"consult": {"phone": "0826-2222222"}, "complaint": {"phone": "08262222222"}}),
    ("LX01", {"consult": {"phone": "2222222"}, "complaint": {"phone": "2222222"}}),
    ("LX01", {"consult": {"phone": "13800000000"}, "complaint": {"phone": "13800000000"}}),
    # the basis must be law, regulation or decision of the State Council
    *[
        ("CL06", material("收入证明", basis=basis))
        for basis in (
            "本单位内部管理规定",
            "局长办公会会议纪要",
            "《公共租赁住房管理办法》第七条",
            "按有关规定",
            "市局通知",
            "办事方法",
        )
    ],
    ("CL08", {"name": "公积金提取", **material("居民身份证原件及复印件")}),
    ("CL08", {"name": "公租房申请", **material("居民身份证", copy_kind="copy")}),
    ("CL08", {"name": "收养登记", **material("社会保险缴费证明")}),
    *asked(
        "CL03",
        "民政部门要求提供的其它证明和材料 区县民政部门认为需要提供的证明材料 其他相关有效证明材料",
    ),
    *asked("CL21", "其他能够证明死亡的材料"),
    *[("MC03", {"name": name}) for name in ("其他出口退税备案", "出生登记等", "户口登记等相关事项")],
    *asked("CL06", "收入证明 学习情况证明 无房证明 居住证明 亲属关系公证书"),
    ("DX01", {"audience": ["1"], "topics": ["法人注销"]}),
    ("DX01", {"audience": ["2"], "topics": ["婚姻登记"]}),
    ("DX01", {"audience": ["1"], "topics": ["海关口岸"]}),
    *[
        ("SX06", {"steps": [{"name": name, "limit": {"value": 7}}]})
        for name in ("听证", "组织专家评审", "产品检验", "公开招标")
    ],
    *[("SX06", {"special_procedures": [{"name": name}]}) for name in ("公示", "现场踏勘", "入户调查")],
    ("DC03", {"name": "离婚登记", "visits": 3}),
    ("DC03", {"name": "结婚登记", "visits": 2}),
    ("DC03", {"name": "低保申请", "visits": 2, "visit_reason": "本局规定"}),
    ("CL10", material("离婚协议书", copies=4)),
    ("CL10", material("申请表", copies=3)),
    ("CL10", material("房屋租赁合同", copies=6)),
    *[("JG01", {"result_name": name, "result_type": "30"}) for name in ("毕业证书", "食品经营许可证", "居住证")],
    *[
        ("MC01", {"name": name})
        for name in (
            "示例县教育局教师资格认定",
            "公安局户口登记办理",
            "市人力资源和社会保障局失业登记",
            "示例市人民政府信访事项办理",
        )
    ],
    ("MC01", {"about": About(organ="县养老服务中心"), "name": "县养老服务中心补贴申请"}),
    *[
        ("LX02", {"consult": {"phone": phone}})
        for phone in ("2222222", "0000-88010005", "0826-222222", "826", "详询窗口", "13812345678、2222222", "97123")
    ],
    *[
        ("SF03", {"fees": [{"name": "费", "standard": standard}]})
        for standard in ("按发改价格〔2017〕1186号执行", "按规定", "", "依照《某条例》第三十条收取", "按2019年文件执行")
    ],
    *[
        ("SF06", {"fees": [{"name": "费", "standard": "10元", "basis": basis}]})
        for basis in ("本单位收费公示", "内部规定", "局长办公会会议纪要", "按惯例")
    ],
    *asked(
        "CL03",
        "相关证明材料 相关的证明材料 其余所需材料 等 其他材料 法律法规规定的其他材料 与申请事项有关的其他材料",
    ),
    *asked("CL03", "需要提供的其他材料 有关部门要求的材料"),
    *asked("CL21", "遭遇困难的相关证明材料 户口簿、身份证等相关材料"),
    ("CL07", material("申请表", requirement="由单位盖章")),
    ("CL07", material("申请表（加盖公章）")),
    ("CL07", material("申请表", requirement="支持电子签章；也可线下加盖公章")),
    *[("ZL01", {"about": About(kind=kind)}) for kind in ("02", "03", "04", "06")],
    # committees in short forms; those in seal and requirement
    *[
        (code, material(name, issuer=issuer))
        for issuer in ("社区", "村委", "居委", "村（居）委", "村两委", "居民委员会", "村(社区)", "所在村委会")
        for code, name in (
            ("CL04", "亲属关系证明"),
            ("CL04", "家庭收入证明"),
            ("CL04", "贫困证明"),
            ("CL05", "土地承包情况说明"),
        )
    ],
    ("CL04", material("家庭经济情况说明", requirement="由村委会盖章")),
    ("CL04", material("生活困难证明", seal="村委会盖章")),
    ("CL04", material("亲属关系证明", requirement="由社区出具")),
    ("CL04", material("居委会出具的家庭关系情况说明")),
    ("CL04", material("收入证明", issuer="社区", commitment_ok=True)),
    *asked(
        "CL04",
        "家庭困难证明 生活困难证明 未婚状况证明 亲子关系证明 夫妻关系证明 收入情况证明 家庭成员证明 失业状态证明 户籍所在地证明 丢失身份证证明 死亡注销证明",
        issuer="村民委员会",
    ),
    *asked("CL04", "无犯罪证明 无固定收入证明 丧偶证明 母女关系证明", issuer="居委会"),
    ("CL05", material("土地承包情况说明", issuer="村委会", basis="村规民约")),
    ("CL05", material("居住情况说明", requirement="须社区（村）盖章")),
    ("SX01", {"promised_limit": {"value": 45}, "statutory_limit": {"value": 60, "unit": "2"}}),
    ("SX01", {"promised_limit": {"value": 24}, "statutory_limit": {"value": 1, "unit": "3"}}),
    ("SX01", {"promised_limit": {"value": 60, "unit": "2"}, "statutory_limit": {"value": 30}}),
    ("WZ08", {}),
    ("WZ08", {"handle_forms": ["1"]}),
    ("WZ08", {"online": False}),
    *[
        ("DC01", {"visits": 1, "visit_reason": reason})
        for reason in ("", "按规定", "按有关规定", "工作需要", "政策要求到场", "无")
    ],
    *[
        ("DC08", {"places": [{"name": "厅", "address": "示例路1号", "hours": hours}]})
        for hours in ("详询", "", "以公告为准", "见官网")
    ],
    *[
        ("TJ02", {"conditions": [{"text": text}]})
        for text in (
            "法律法规规定的其他条件",
            "符合法律法规规定的其他情形",
            "其他符合规定的情形",
            "按有关规定执行",
            "年满六周岁；符合国家有关规定",
            "申请人符合相关规定",
            "（三）法律、行政法规规定的其他条件。",
        )
    ],
    *[
        ("YJ02", {"bases": [{"title": title, "articles": articles}]})
        for title, articles in (
            ("义务教育法（2018修正）", ""),
            ("示例办法（试行）", ""),
            ("居住证暂行条例", "全部条款"),
            ("居住证暂行条例", "相关条款"),
        )
    ],
    *[
        ("YJ07", {"bases": [{"title": title}]})
        for title in ("按国家有关政策执行", "“三定”方案", "三定方案", "国家法律法规", "上级文件精神", "有关政策规定")
    ],
]


def told(cases: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    return [pytest.param(code, given, id=f"{code}-{place}") for place, (code, given) in enumerate(cases)]


@pytest.mark.parametrize(("code", "given"), told(RIGHTLY_SILENT))
def test_what_is_right_is_left_alone(code: str, given: dict[str, Any]) -> None:
    assert silent(code, **given)


@pytest.mark.parametrize(("code", "given"), told(RIGHTLY_TOLD))
def test_what_is_wrong_is_told(code: str, given: dict[str, Any]) -> None:
    assert not silent(code, **given)


def test_the_right_holder_is_named() -> None:
    for name, holder in (("拖拉机驾驶证", "农业农村"), ("内河船舶驾驶证", "海事"), ("机动车驾驶证", "公安")):
        assert holder in found("CL08", **material(name))[0].message


@pytest.mark.parametrize(("place", "count"), [("", 0), ("51", 0), ("42", 1), ("420800", 1)])
def test_the_proofs_of_one_province_hold_there_alone(place: str, count: int) -> None:
    rule = CL04(RuleContext(Words(shipped_words().lists, place=place), DAY))
    transfer = Guide.model_validate(material("转学证明", issuer="村委会"))
    findings = list(rule.check(transfer, About()))
    assert len(findings) == count
    assert all("鄂民政发〔2020〕32号" in each.message for each in findings)
