"""Kinds of fault a fourth reader tried on the rules, written and labelled before any was run, and what was mended for them."""

from typing import Any

import pytest

from tests.rulebook.rules.bench import found
from tests.rulebook.rules.test_kinds_of_fault import asked, material


def conditions(*texts: str) -> list[tuple[str, dict[str, Any]]]:
    return [("TJ02", {"conditions": [{"text": text}]}) for text in texts]


def charged(
    code: str, *, standard: str = "每件20元", basis: str = "发改价格〔2017〕1186号"
) -> tuple[str, dict[str, Any]]:
    return code, {"charged": True, "fees": [{"name": "工本费", "standard": standard, "basis": basis}]}


def based_on(*titles: str) -> list[tuple[str, dict[str, Any]]]:
    return [("YJ07", {"bases": [{"title": title}]}) for title in titles]


DENIED = (
    "通过核对系统查询，不需要居委会出具证明",
    "书面承诺，不再要求村（居）委会开具证明",
    "户口簿、结婚证任一即可；村（居）委会不再出具",
    "社区一律不再开具此证明",
    "无需到社区盖章",
    "取消由村委会出具的做法",
    "由派出所核查，免去群众到居委会开具",
    "凭户口簿办理，不得要求村（社区）盖章",
    "村委会已停止出具该证明，由民政部门核查",
    "由派出所出具，居委会不承担出具责任",
    "以婚姻登记档案为准，不接受村委会证明",
    "不动产登记中心查询，非社区开具",
)
STILL_ASKED = (
    "不能提供房产证的由居委会出具证明",
    "无单位的由村委会出具",
    "户口簿不能体现的，须由社区居委会出具",
    "不再收取复印件，由村委会盖章",
    "由村委会出具，不需要镇政府盖章",
    "不是本村户籍的，由村委会出具",
    "非本社区居民的由社区出具",
)

RIGHTLY_SILENT: list[tuple[str, dict[str, Any]]] = [
    *asked(
        "CL03",
        "申请人身份证、户口簿等相关材料 其他股东的身份证复印件 相关专业毕业证书 与工程相关的施工图设计文件 其他债权人名单 有关主管部门的批准文件"
        " 相关产品质量检验报告 经营场所相关权属证明（不动产权证、租赁合同） 其他监护人同意的书面意见 证明其具有相应技术能力的材料"
        " 原许可证正、副本及其他需收回的标识标牌 补充协议 资金使用情况的有关凭证 相关技术人员职称证书和社保缴费记录 其他出资人出具的放弃优先购买权声明"
        " 残疾者的相关证明复印件 不动产权证书复印件 学历证书原件及复印件 佐证照片 依法注册的证书复印件"
        " 有关部门颁发的资质证书 其他材料：结婚证或者户口簿 拟变更事项的相关证明（股东会决议、章程修正案） 与申请人身份关系相关的户口簿 原登记机关要求收回的旧证"
        " 其他与工程相关的施工图 法定代表人任职文件 与案件有关的证据材料目录",
    ),
    *[("CL04", material("亲属关系证明", requirement=text)) for text in DENIED],
    *[("CL05", material("居住情况证明", requirement=text)) for text in DENIED],
    ("CL04", material("婚姻状况证明", issuer="民政部门（不由社区出具）")),
    ("CL04", material("亲属关系证明", issuer="公证处")),
    ("CL04", material("收入证明", requirement="由所在单位或社区卫生服务中心出具")),
    ("CL04", material("村集体经济组织成员身份证明", issuer="村委会")),
    ("CL04", material("死亡证明", requirement="医疗机构出具的死亡医学证明，火化证明亦可")),
    ("CL04", material("社区矫正人员解除矫正证明书", issuer="司法所")),
    *asked("CL04", "土地承包经营权流转合同（村委会鉴证） 村委会会议记录及公示情况 居民委员会成员名单 村民小组会议决议"),
    ("CL08", {"name": "死亡登记、注销户口", **material("医疗机构出具的死亡医学证明")}),
    *conditions(
        "符合《社会保险法》第十六条规定的条件",
        "依法登记并在有效期内",
        "国务院规定的其他条件",
        "具有与经营规模相适应的场所和设施",
        "符合城乡规划要求",
        "年龄达到国家规定的退休年龄",
        "符合下列条件之一的家庭",
        "其他家庭成员年满18周岁",
        "其他按月领取养老金的情形",
        "符合本地户籍",
    ),
    *[
        charged("SF06", basis=basis)
        for basis in (
            "发改价格〔2017〕1186号",
            "《诉讼费用交纳办法》",
            "省发展改革委、省财政厅关于规范殡葬服务收费的通知",
            "川发改价格规〔2021〕365号",
            "《机动车登记服务中心管理办法》（公安部令第124号）",
        )
    ],
    charged("SF06", standard="市场调节价，双方协商", basis="按合同约定"),
    *[
        charged("SF03", standard=standard)
        for standard in (
            "每证5元",
            "首次免费，补领20元",
            "按标的额的1.5‰收取",
            "每人次一百二十元",
            "不超过造价的百分之三",
        )
    ],
    *based_on(
        "关于进一步规范社会救助工作的通知",
        "国务院办公厅关于优化政务服务的意见",
        "三亚市人民政府关于印发公共租赁住房管理办法的通知",
        "城市管理综合行政执法条例",
        "中共中央 国务院关于深化医疗保障制度改革的意见",
        "市政府会议管理办法",
        "关于市场监管局职责的规定",
    ),
]

RIGHTLY_SAID: list[tuple[str, dict[str, Any]]] = [
    *asked(
        "CL03",
        "其他需提供的相关资料 办理机关要求的其它佐证材料 与申请事项有关的其他材料 审批部门根据实际情况要求补充的其他材料 其他有关资料（视情况提供）"
        " 有关部门要求的其他文件、资料 其他材料（具体以窗口告知为准） 相关证件及材料 其他必要的证明文件 按规定应当提交的其他有关文件"
        " 受理窗口认为需要提交的其他材料 国家、省、市规定需要提供的其他材料 其他相关手续 需要提供的其他证明 如有其他情况需提供的相关材料"
        " 其他依法需要提交的文件 单位近三年业绩报告及相关证明文件复印件 根据自身情况和需要提供的相应补充证明材料 其他证明材料复印件 相关证明材料（以通知为准）"
        " 其他（视情况而定） 其他有必要提供的资料 其他与本事项相关的材料 办理部门认为有必要补充提供的材料 其他需要说明的相关材料 其他法定材料",
    ),
    *asked(
        "CL04",
        "村委会开具的家庭人口和经济收入证明 社区出具的无业无收入来源证明 由社区居委会盖章的健在证明 村级出具的夫妻分居证明"
        " 无犯罪记录情况说明（村委会盖章） 婚育情况证明（户籍地村居盖章） 村居出具的婚姻状况证明 灵活就业证明（社区盖章）",
    ),
    *[("CL04", material("亲属关系证明", requirement=text)) for text in STILL_ASKED],
    *[("CL05", material("居住情况证明", requirement=text)) for text in STILL_ASKED],
    ("CL04", material("户口簿丢失说明", seal="村委会盖章")),
    ("CL04", material("未婚声明", requirement="由居委会签署意见")),
    ("CL04", material("遗产继承人情况证明", requirement="须由村委会、派出所盖章")),
    ("CL08", {"name": "死亡登记、注销户口", **material("殡葬部门出具的火化证明")}),
    ("CL08", {"name": "丧葬补助申领", **material("死亡医学证明")}),
    *conditions(
        "符合国家法律、法规及政策规定的其他条件",
        "法律、法规和规章规定的其他条件",
        "其他符合法律法规的要求",
        "符合本地相关政策",
        "满足主管部门规定的其他要求",
        "其他按规定可以办理的情形",
        "其他按政策规定可以享受的人员",
        "符合登记机关规定的其他条件",
    ),
    *[
        charged("SF06", basis=basis)
        for basis in (
            "局务会决定",
            "院务会研究决定",
            "本院收费标准公示",
            "行业惯例",
            "服务中心通知",
            "单位内部价目表",
            "党组会决定",
        )
    ],
    *[
        charged("SF03", standard=standard)
        for standard in (
            "按有关文件执行",
            "详见收费公示牌",
            "按发改价格〔2017〕1186号文件收取",
            "以实际核定为准",
            "依规定收取",
        )
    ],
    *based_on(
        "上级部门有关文件",
        "市委市政府有关会议精神",
        "县委、县政府重要会议精神",
        "按照国家相关政策",
        "本局工作职责",
        "我局主要职能",
        "行业主管部门规定",
        "相关法律法规",
    ),
]


@pytest.mark.parametrize(("code", "elements"), RIGHTLY_SILENT)
def test_a_rule_is_silent_where_it_was_wrong(code: str, elements: dict[str, Any]) -> None:
    assert found(code, **elements) == []


@pytest.mark.parametrize(("code", "elements"), RIGHTLY_SAID)
def test_a_rule_says_what_it_missed_and_goes_on_saying_what_is_right(code: str, elements: dict[str, Any]) -> None:
    assert found(code, **elements)
