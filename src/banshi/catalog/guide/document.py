"""The guide 办事指南 as one document: every element of the four work plans and of the standards, declared once.

Order and names follow GB/T 36114-2018 (服务指南编制规范) and the exchange table C0111; the elements of the plans
(是否纳入政府购买服务, 是否在线办理, 共同实施部门 …) stand among them. A draft may be as incomplete as it likes: every
element has an empty value; what is missing is told by `completeness`, not by refusing to save.
"""

from hashlib import blake2s
from typing import Any, Literal

from pydantic import ValidationInfo, field_validator

from banshi.catalog.enums import (
    Audience,
    CaseType,
    CollectWay,
    ConsultWay,
    CopyKind,
    DeliveryWay,
    HandleForm,
    Level,
    MaterialForm,
    MaterialSource,
    MaterialType,
    Necessity,
    OnlineDepth,
    OrganNature,
    Origin,
    PowerSource,
    Reach,
    ResultType,
    StepKind,
    TimeUnit,
)
from banshi.catalog.guide.elements import ChoiceSet, GuidePart, Need, element
from banshi.forms.fields import Comparison, FieldKind, Prefill, Sensitivity

MUST, SHOULD = Need.MUST, Need.SHOULD

SECTIONS = {
    "basic": "基本信息",
    "who": "谁能办",
    "basis": "办理依据",
    "materials": "申请材料",
    "form": "在线表单",
    "flow": "服务流程",
    "time": "办理时限",
    "fee": "收费",
    "channels": "办理渠道",
    "result": "办理结果",
    "contact": "咨询与监督",
    "faq": "常见问题",
}

Blank = Literal[""]
ROWS_AT_MOST = 500


class TimeLimit(GuidePart):
    """A limit: `value` whole units of `unit`, or `immediate`. `text` says what numbers can't (未规定法定时限)."""

    immediate: bool = element("当场办结", default=False)
    value: int | None = element("数", default=None, ge=0, le=3650)
    unit: TimeUnit = element("单位", default=TimeUnit.WORKING_DAY)
    text: str = element("说明")
    basis: str = element("时限依据")


class Basis(GuidePart):
    """One legal basis, to the article (条款项)."""

    title: str = element("法规文件名称", need=MUST, help="写全称，不加书名号", aliases=("依据名称",))
    doc_no: str = element("文号", help="如 国发〔2014〕8号")
    articles: str = element("条款项", need=SHOULD, help="具体到条、款、项，如 第十六条第二款")
    text: str = element("条文内容", long=True, help="抄录所引条款原文")

    @property
    def named(self) -> str:
        """Write title and number, a document known by its number alone once."""
        if self.title == self.doc_no:
            return self.doc_no
        return f"《{self.title.strip('《》')}》" + (f"（{self.doc_no}）" if self.doc_no else "")


class Condition(GuidePart):
    """One condition of acceptance."""

    text: str = element("条件", need=MUST, long=True)
    basis: str = element("依据")


class Material(GuidePart):
    """One document an applicant brings, or need not bring (`shared_from`) or may replace (`commitment_ok`)."""

    name: str = element("材料名称", need=MUST)
    type: MaterialType | Blank = element("材料类型")
    form: MaterialForm | Blank = element("材料形式")
    copy_kind: CopyKind | Blank = element("原件/复印件")
    copies: int | None = element("份数", default=None, ge=0, le=999)
    necessity: Necessity = element("必要性", default=Necessity.REQUIRED)
    source: MaterialSource | Blank = element("来源渠道", need=SHOULD)
    issuer: str = element("出具单位", help="由哪个单位核发或出具")
    basis: str = element("要求提供的依据", need=SHOULD)
    shared: bool = element("免交（部门共享）", default=False, help="能从共享数据查到的，不得要求申请人提交")
    shared_from: str = element("共享来源", help="哪个部门的什么数据")
    commitment_ok: bool = element("可用承诺代替", default=False)
    seal: str = element("签字盖章要求")
    requirement: str = element("填报须知", long=True)
    collect_ways: ChoiceSet[CollectWay] = element("收取方式", default=list)
    template_file: str = element("空白表格", file=True)
    sample_file: str = element("填写示例", file=True)
    note: str = element("备注", long=True)


class Step(GuidePart):
    """One step of handling. Steps that share a `group` run side by side (并联)."""

    name: str = element("环节名称", need=MUST)
    kind: StepKind | Blank = element("环节类型")
    actor: str = element("办理人员或岗位", need=SHOULD)
    limit: TimeLimit = element("环节时限", default=TimeLimit)
    group: str = element("并联组", help="同一组的环节同时办理")
    standard: str = element("审查标准", long=True)
    outcome: str = element("环节结果")
    note: str = element("说明", long=True)


class SpecialProcedure(GuidePart):
    """特别程序 whose time does not count (行政许可法 第四十五条)."""

    name: str = element("特别程序", need=MUST, help="如 听证、检验、检测、鉴定、专家评审、公示")
    limit: TimeLimit = element("所需时间", default=TimeLimit)
    basis: str = element("依据")


class Fee(GuidePart):
    """One charge, with its ground."""

    name: str = element("收费项目", need=MUST)
    standard: str = element("收费标准", need=MUST, help="如 20元/证")
    basis: str = element("收费依据", need=MUST)
    reduction: str = element("减免", help="哪些人减收、免收")


class Place(GuidePart):
    """A place where the service is given."""

    name: str = element("地点名称", need=MUST, help="如 示例市政务服务中心")
    address: str = element("地址", need=MUST, help="写到楼层和窗口号")
    window: str = element("窗口")
    hours: str = element("办公时间", need=SHOULD, help="如 工作日 9:00—12:00,13:30—17:30")
    phone: str = element("电话")
    transport: str = element("交通指引")


class Contact(GuidePart):
    """Ways to ask or to complain."""

    phone: str = element("电话", help="带区号")
    address: str = element("地址")
    url: str = element("网址")
    ways: ChoiceSet[ConsultWay] = element("方式", default=list)


class Faq(GuidePart):
    """A question people ask, answered."""

    question: str = element("问题", need=MUST)
    answer: str = element("回答", need=MUST, long=True)


class AskedWhen(GuidePart):
    """A condition on an earlier question of the form."""

    field: str = element("看前面哪一题", help="写那一题的题目；空着的总是要填")
    comparison: Comparison | Blank = element("怎样才要填")
    values: list[str] = element("答的是什么", default=list, max_length=50)


class DeclaredField(GuidePart):
    """One question of the form people fill in online, besides who applies, how to reach them and how they collect."""

    label: str = element("题目", need=MUST, help="如 有没有本地房产")
    kind: FieldKind = element("题型", default=FieldKind.TEXT)
    group: str = element("分在哪一页", help="一页一组；空着的和上一题同页")
    help: str = element("填写提示", help="一句话，说在哪里看得到、怎么写")
    required: bool = element("必填", default=True)
    choices: list[str] = element("选项", default=list, max_length=200, help="单选、多选才写")
    example: str = element("示例")
    pattern: str = element("格式", help="一般不写；如 [A-Z]\\d{6} 是一个大写字母和6个数字")
    minimum: int | None = element("最小值", default=None, ge=0, le=1_000_000_000)
    maximum: int | None = element("最大值", default=None, ge=0, le=1_000_000_000)
    when: AskedWhen = element("什么时候才要填", default=AskedWhen)
    prefill: Prefill | Blank = element("自动填入", help="账号里有的不用群众再填")
    sensitivity: Sensitivity = element("信息类别", default=Sensitivity.PLAIN)
    key: str = element("字段名", help="给系统对接用；不写的自动编，公布后不要改", validate_default=True)

    @field_validator("key", mode="after")
    @classmethod
    def _with_key(cls, key: str, info: ValidationInfo) -> str:
        label = info.data.get("label", "")
        return key or (f"q{blake2s(label.encode(), digest_size=4).hexdigest()}" if label else "")


def rows(label: str, **more: Any) -> Any:
    return element(label, default=list, max_length=ROWS_AT_MOST, **more)


class Guide(GuidePart):
    """办事指南."""

    # 基本信息
    name: str = element(
        "事项名称",
        section="basic",
        need=MUST,
        standard="task_name",
        help="动词加对象，不写机关名，不用“等”“其他”",
        aliases=("项目名称", "服务事项", "服务事项名称", "公共服务事项名称"),
    )
    aliases: list[str] = element(
        "群众叫法", section="basic", default=list, help="老百姓平时怎么说，便于搜索", max_length=30
    )
    summary: str = element(
        "一句话说明",
        section="basic",
        need=SHOULD,
        long=True,
        help="这件事是什么、办了有什么用",
        standard="apply_scope",
        aliases=("适用范围", "服务内容", "实施内容"),
    )
    level: Level | Blank = element("行使层级", section="basic", standard="use_level", aliases=("实施层级",))
    organ_nature: OrganNature | Blank = element("实施主体性质", section="basic", standard="dept_type")
    power_source: PowerSource | Blank = element("权力来源", section="basic", standard="power_source")
    origin: Origin | Blank = element("事项来源", section="basic", need=SHOULD)
    undertaker: str = element(
        "承办机构",
        section="basic",
        need=SHOULD,
        help="具体承办的科室或单位",
        aliases=("承办科室", "责任科室", "受理部门", "受理机构"),
    )
    decider: str = element("决定机构", section="basic")
    joint_organs: list[str] = element(
        "共同实施部门", section="basic", default=list, standard="other_dept", max_length=30
    )
    entrusted_organ: str = element("受委托单位", section="basic", standard="entrust_name")
    government_purchase: bool | None = element(
        "纳入政府购买服务",
        section="basic",
        default=None,
        need=SHOULD,
        aliases=("是否纳入政府购买服务", "政府购买", "是否政府购买"),
    )
    quantity_limit: str = element("数量限制", section="basic")

    # 谁能办
    audience: ChoiceSet[Audience] = element(
        "服务对象",
        section="who",
        default=list,
        need=MUST,
        standard="server_type",
        aliases=("实施对象", "适用对象", "办理对象"),
    )
    topics: list[str] = element(
        "主题分类", section="who", default=list, help="国办函〔2016〕108号的主题", max_length=30
    )
    conditions: list[Condition] = rows(
        "受理条件", section="who", need=MUST, standard="accept_condition", aliases=("申请条件", "办理条件")
    )
    prohibitions: str = element("禁止性要求", section="who", long=True)

    # 办理依据
    bases: list[Basis] = rows(
        "办理依据",
        section="basis",
        need=MUST,
        standard="by_law",
        aliases=("设定依据", "主要依据", "法律依据", "实施依据", "法定依据"),
    )

    # 申请材料
    no_materials: bool = element("无需提交材料", section="materials", default=False)
    materials: list[Material] = rows(
        "申请材料", section="materials", need=MUST, aliases=("申报材料", "所需材料", "提交材料")
    )

    # 在线表单
    form_fields: list[DeclaredField] = rows(
        "在线表单", section="form", help="申请人、联系方式、领取方式不用写，系统自己会问；这里只写本事项另外要问的"
    )

    # 服务流程
    steps: list[Step] = rows(
        "服务流程", section="flow", need=MUST, standard="handle_flow", aliases=("办理流程", "办理程序", "办事流程")
    )
    special_procedures: list[SpecialProcedure] = rows("特别程序", section="flow", standard="special_procedure")

    # 办理时限
    case_type: CaseType | Blank = element("办件类型", section="time", need=SHOULD, standard="project_type")
    statutory_limit: TimeLimit = element(
        "法定时限",
        section="time",
        default=TimeLimit,
        need=SHOULD,
        standard="anticipate_day",
        aliases=("法定期限", "法定办结时限"),
    )
    promised_limit: TimeLimit = element(
        "承诺时限",
        section="time",
        default=TimeLimit,
        need=MUST,
        standard="promise_day",
        aliases=("承诺期限", "承诺办结时限", "办理时限", "办结时限"),
    )

    # 收费
    charged: bool | None = element("是否收费", section="fee", default=None, need=MUST, standard="is_fee")
    fees: list[Fee] = rows(
        "收费依据及标准", section="fee", standard="fee_basis", aliases=("收费标准", "收费依据", "收费情况")
    )
    pay_online: bool | None = element("支持网上支付", section="fee", default=None, standard="is_pay_online")

    # 办理渠道
    handle_forms: ChoiceSet[HandleForm] = element(
        "办理形式", section="channels", default=list, need=MUST, standard="handle_type", aliases=("办理方式",)
    )
    online: bool | None = element(
        "是否在线办理",
        section="channels",
        default=None,
        need=MUST,
        standard="is_online",
        aliases=("是否网上办理", "网上办理", "在线办理"),
    )
    online_depth: OnlineDepth | Blank = element("网办深度", section="channels", standard="online_handle_depth")
    online_url: str = element("网上办理地址", section="channels", standard="online_handle_url", max_length=2000)
    mobile_url: str = element("移动端办理地址", section="channels", standard="mobile_terminal_url", max_length=2000)
    visits: int | None = element(
        "到场次数",
        section="channels",
        default=None,
        need=MUST,
        standard="limit_scene_num",
        ge=0,
        le=20,
        aliases=("跑动次数", "到办事现场次数", "到场最少次数"),
    )
    visit_reason: str = element("必须到场的原因", section="channels", standard="limit_scene_explain")
    reach: Reach | Blank = element("通办范围", section="channels", standard="handle_area")
    one_stop: bool | None = element("一站式办理", section="channels", default=None, standard="is_entry_center")
    at_home: bool | None = element("上门办理", section="channels", default=None)
    appointment: bool | None = element("预约办理", section="channels", default=None, standard="is_schedule")
    appointment_how: str = element("预约方式", section="channels")
    kiosk: bool | None = element("自助终端办理", section="channels", default=None, standard="is_service_terminals")
    agent: bool | None = element("委托代办", section="channels", default=None)
    express: bool | None = element("邮政快递", section="channels", default=None, standard="is_express")
    places: list[Place] = rows(
        "办理地点",
        section="channels",
        need=MUST,
        standard="transact_addr",
        aliases=("办公地点", "办理地址", "受理地点"),
    )

    # 办理结果
    result_name: str = element(
        "结果名称", section="result", need=SHOULD, standard="result_name", aliases=("办理结果", "审批结果")
    )
    result_type: ResultType | Blank = element("结果类型", section="result", standard="result_type")
    result_sample: str = element("结果样本", section="result", file=True)
    delivery_ways: ChoiceSet[DeliveryWay] = element("送达方式", section="result", default=list)
    delivery_limit: TimeLimit = element("送达时限", section="result", default=TimeLimit)
    validity: str = element("结果有效期", section="result")

    # 咨询与监督
    consult: Contact = element(
        "咨询方式",
        section="contact",
        default=Contact,
        need=MUST,
        standard="link_way",
        aliases=("联系方式", "联系电话", "咨询电话", "咨询服务"),
    )
    complaint: Contact = element(
        "监督投诉",
        section="contact",
        default=Contact,
        need=MUST,
        standard="supervise_way",
        aliases=("投诉电话", "监督电话", "投诉方式", "监督投诉方式"),
    )
    progress_query: str = element("办理进程查询", section="contact", long=True)
    rights: str = element("申请人权利和义务", section="contact", long=True)
    remedies: str = element("复议和诉讼", section="contact", long=True)

    # 常见问题
    faqs: list[Faq] = rows("常见问题", section="faq", need=SHOULD)
    notes: str = element("备注", section="faq", long=True, aliases=("说明", "其他说明"))
