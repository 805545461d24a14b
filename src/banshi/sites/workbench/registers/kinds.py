"""The registers, each described once."""

from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString

from banshi.core.clock import now
from banshi.people.permissions import Permission, may
from banshi.registers.actions import add_transfer
from banshi.registers.enums import FeeKind, Payer, PowerList, PurchaseWay
from banshi.registers.models import POWER_KINDS, Agency, IntermediaryService, Power, Purchase, Transfer
from banshi.sites.kit.listing.filters import ContainsWords, Equals, Key, Where
from banshi.sites.kit.templatetags.kit import cn_day, money, status
from banshi.sites.workbench.registers.forms import AgencyForm, PowerForm, PurchaseForm, ServiceForm, TransferForm
from banshi.sites.workbench.registers.register import Column, Register, RegisterFilters, RowAction
from banshi.workflow.definition import workflow
from banshi.workflow.queries import moves_open_to
from banshi.workflow.versions import state_of

YEARS = range(2016, 2041)
EXAMPLE = Column("示例", lambda e: "是" if e.is_example else "")


def _display(name: str) -> Any:
    return lambda entry: str(getattr(entry, f"get_{name}_display")())


def _text(name: str) -> Any:
    return lambda entry: getattr(entry, name)


def _day(name: str) -> Any:
    return lambda entry: cn_day(getattr(entry, name))


def _organ(label: str) -> Column:
    return Column(label, lambda e: e.organ.called, listed=True)


def _codes(choices: Any) -> list[tuple[str, str]]:
    return [(str(code), str(label)) for code, label in choices]


# 权责清单


def _power_status(power: Power) -> SafeString:
    return status("已取消", "bad", "x-circle-fill") if power.cancelled_on else status("在用", "good")


def _power_acts(user: Any, power: Power) -> list[RowAction]:
    mine = may(user, Permission.REGISTER_EDIT, power.organ)
    return [RowAction("workbench:power-cancel", "登记取消")] if mine and not power.cancelled_on else []


class PowerFilters(RegisterFilters):
    q = ContainsWords("name", "code", "cancel_document", "cancel_doc_no", label="关键字")
    list = Equals("list", "清单", options=PowerList.choices)
    kind = Equals("kind", "类型", options=_codes(POWER_KINDS))
    state = Where(
        lambda v: Q(cancelled_on__isnull=v == "in_use"), "状态", options=[("in_use", "在用"), ("gone", "已取消")]
    )


POWERS = Register(
    code="powers",
    label="权责清单",
    intro="各单位的权力清单和责任清单。取消了的留在清单里，写明日期和文件，免得换个名义又回来。",
    icon="list-check",
    model=Power,
    form=PowerForm,
    columns=(
        _organ("单位"),
        Column("清单", _display("list"), listed=True),
        Column("名称", _text("name")),
        Column("类型", _display("kind"), listed=True),
        Column("编码", _text("code")),
        Column("依据", _text("basis")),
        Column("责任事项", _text("duty")),
        Column("追责情形", _text("liability")),
        Column("取消日期", _day("cancelled_on")),
        Column("取消文件", _text("cancel_document")),
        Column("取消文件文号", _text("cancel_doc_no")),
        Column("取消后", _text("instead")),
        EXAMPLE,
    ),
    filters=PowerFilters,
    status=_power_status,
    acts=_power_acts,
    more=(RowAction("workbench:powers-import", "从表格导入"), RowAction("workbench:powers-back", "变相恢复的")),
)


# 可转移职能

TRANSFER_TONES = {"proposed": "warn", "agreed": "info", "transferred": "good", "refused": "bad"}
TRANSFER_ACTS = {
    "agree": RowAction("workbench:transfer-examine", "写编办意见"),
    "hand_over": RowAction("workbench:transfer-hand-over", "登记转移"),
    "take_back": RowAction("workbench:transfer-take-back", "收回"),
    "withdraw": RowAction("workbench:transfer-withdraw", "撤回"),
}


def _transfer_status(transfer: Transfer) -> SafeString:
    return status(state_of(transfer).label, TRANSFER_TONES.get(transfer.state, ""))


def _transfer_acts(user: Any, transfer: Transfer) -> list[RowAction]:
    return [TRANSFER_ACTS[move.name] for move in moves_open_to(user, transfer, at=now()) if move.name in TRANSFER_ACTS]


class TransferFilters(RegisterFilters):
    q = ContainsWords("function", "item__name", "receiver", label="关键字")
    state = Equals("state", "状态", options=[(code, each.label) for code, each in workflow("transfer").states.items()])


TRANSFERS = Register(
    code="transfers",
    label="可转移职能",
    intro="可以交给社会组织承担的职能：由单位从自己的事项里提出，编办写意见，转移以后记下由谁承接。编办同意了的公众看得到。",
    icon="box-arrow-up-right",
    model=Transfer,
    form=TransferForm,
    columns=(
        _organ("单位"),
        Column("职能", _text("function")),
        Column("事项", lambda e: e.item.name, listed=True),
        Column("理由", _text("reason")),
        Column("状态", lambda e: state_of(e).label),
        Column("编办意见", _text("opinion")),
        Column("文件", _text("document")),
        Column("承接组织", _text("receiver"), listed=True),
        Column("承接组织信用代码", _text("receiver_uscc")),
        Column("转移日期", _day("transferred_on")),
        Column("收回或撤回的原因", _text("ended_why")),
        EXAMPLE,
    ),
    filters=TransferFilters,
    public="portal:transfers",
    edits=Permission.ITEM_EDIT,
    add=add_transfer,
    joined=("item",),
    status=_transfer_status,
    acts=_transfer_acts,
)


# 中介服务和承揽机构


def _service_status(service: IntermediaryService) -> SafeString:
    return status("不再要求", "", "dash-circle") if service.ended_on else status("在用", "good")


def _service_acts(user: Any, service: IntermediaryService) -> list[RowAction]:
    mine = may(user, Permission.REGISTER_EDIT, service.organ)
    return [RowAction("workbench:intermediary-end", "登记不再要求")] if mine and not service.ended_on else []


class ServiceFilters(RegisterFilters):
    q = ContainsWords("name", "approval", "basis", label="关键字")
    payer = Equals("payer", "由谁委托", options=Payer.choices)
    fee = Equals("fee_kind", "收费方式", options=FeeKind.choices)
    state = Where(
        lambda v: Q(ended_on__isnull=v == "in_use"), "状态", options=[("in_use", "在用"), ("gone", "不再要求")]
    )


SERVICES = Register(
    code="intermediaries",
    label="中介服务",
    intro="审批时要申请人或部门委托的中介服务：用于哪项审批、有什么依据、收多少钱、多久办好。公众看得到。",
    icon="diagram-3",
    model=IntermediaryService,
    form=ServiceForm,
    columns=(
        _organ("审批单位"),
        Column("中介服务", _text("name")),
        Column("用于哪项审批", _text("approval"), listed=True),
        Column("对应的事项", lambda e: e.item.name if e.item else ""),
        Column("依据", _text("basis")),
        Column("由谁委托", _display("payer"), listed=True),
        Column("收费方式", _display("fee_kind")),
        Column("收费标准", _text("fee")),
        Column("服务时限", _text("time_limit"), listed=True),
        Column("服务成果", _text("result")),
        Column("不再要求的日期", _day("ended_on")),
        Column("清理文件", _text("ended_by")),
        EXAMPLE,
    ),
    filters=ServiceFilters,
    joined=("item",),
    status=_service_status,
    acts=_service_acts,
    public="portal:intermediaries",
)


def _agency_status(agency: Agency) -> SafeString:
    return status("已退出", "", "dash-circle") if agency.left_on else status("在册", "good")


def _agency_acts(user: Any, agency: Agency) -> list[RowAction]:
    if agency.left_on or not may(user, Permission.REGISTER_EDIT, agency.organ):
        return []
    return [RowAction("workbench:agency-offer", "登记服务和资质"), RowAction("workbench:agency-strike", "登记退出")]


class AgencyFilters(RegisterFilters):
    q = ContainsWords("name", "uscc", label="关键字")
    state = Where(lambda v: Q(left_on__isnull=v == "in_use"), "状态", options=[("in_use", "在册"), ("gone", "已退出")])


AGENCIES = Register(
    code="agencies",
    label="承揽机构名录",
    intro="承接中介服务的机构，供公众自己挑选。登记不是推荐：任何单位不得指定申请人找哪一家。",
    icon="buildings",
    model=Agency,
    form=AgencyForm,
    columns=(
        _organ("登记单位"),
        Column("机构名称", _text("name")),
        Column("统一社会信用代码", _text("uscc"), listed=True),
        Column("业务电话", _text("phone"), listed=True),
        Column("地址", _text("address")),
        Column("登记有效期至", _day("until"), listed=True),
        Column("退出日期", _day("left_on")),
        Column("退出原因", _text("left_why")),
        EXAMPLE,
    ),
    filters=AgencyFilters,
    status=_agency_status,
    acts=_agency_acts,
    public="portal:agencies",
)


# 政府购买服务


def _guide_says(purchase: Purchase) -> SafeString | str:
    """Compare with the guide in force."""
    # A plan with a guide that says otherwise is to be looked into.
    listing = getattr(purchase.item, "listing", None)
    if listing is None:
        return "指南没有公布"
    bought = listing.publication.revision.content.get("government_purchase")
    return "是" if bought else status("指南没写“是”，请核对", "warn")


class PurchaseFilters(RegisterFilters):
    q = ContainsWords("service", "item__name", "contractor", label="关键字")
    year = Key("year", "年度", options=[(str(year), f"{year}年") for year in YEARS])
    way = Equals("way", "采购方式", options=PurchaseWay.choices)
    state = Where(lambda v: Q(amount__isnull=v == "open"), "承接", options=[("open", "还没签"), ("signed", "已签合同")])


PURCHASES = Register(
    code="purchases",
    label="政府购买服务",
    intro="纳入政府购买服务的事项，一年一行：预算多少、谁来买、怎么买、由谁承接。",
    icon="cash-coin",
    model=Purchase,
    form=PurchaseForm,
    columns=(
        _organ("购买主体"),
        Column("年度", _text("year"), listed=True),
        Column("购买内容", _text("service")),
        Column("事项", lambda e: e.item.name, listed=True),
        Column("预算", lambda e: money(e.budget), listed=True),
        Column("采购方式", _display("way")),
        Column("承接主体", _text("contractor"), listed=True),
        Column("承接主体信用代码", _text("contractor_uscc")),
        Column("合同金额", lambda e: money(e.amount) if e.amount is not None else ""),
        Column("指南里写的", _guide_says, listed=True),
        EXAMPLE,
    ),
    filters=PurchaseFilters,
    joined=("item__listing__publication__revision",),
)

REGISTERS = (POWERS, TRANSFERS, SERVICES, AGENCIES, PURCHASES)
