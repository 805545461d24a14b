"""中介服务."""

from django import forms
from django.db.models import Q
from django.utils.safestring import SafeString

from banshi.registers.actions import (
    end_service,
)
from banshi.registers.enums import FeeKind, Payer
from banshi.registers.models import IntermediaryService
from banshi.sites.kit.listing.filters import ContainsWords, Equals, Where
from banshi.sites.kit.templatetags.kit import status
from banshi.sites.workbench.registers.forms import ITEM_HELP, TWO, EntryForm, TransitionForm, day_input
from banshi.sites.workbench.registers.register import (
    EXAMPLE,
    Column,
    Register,
    RegisterFilters,
    Transition,
    day_of,
    display_of,
    organ_column,
    text_of,
)


class ServiceForm(EntryForm):
    item = forms.CharField(
        label="对应的事项", max_length=300, required=False, help_text=ITEM_HELP + "审批事项不在目录里的，空着。"
    )

    class Meta:
        model = IntermediaryService
        fields = (
            *("organ", "name", "approval", "item", "basis", "payer"),
            *("fee_kind", "fee", "time_limit", "result"),
        )
        widgets = {"basis": TWO}
        labels = {"organ": "审批单位"}
        help_texts = {
            "basis": "法律、行政法规、国务院决定的全称和条款。没有依据的，不得要求申请人委托中介服务。",
            "fee": "如：按合同约定；每份600元。不收费的空着。",
            "time_limit": "如：15个工作日。",
        }


class EndServiceForm(TransitionForm):
    ended_on = forms.DateField(label="从哪一天起不再要求", widget=day_input())
    ended_by = forms.CharField(label="清理文件", max_length=300, help_text="名称和文号。")


class ServiceFilters(RegisterFilters):
    q = ContainsWords("name", "approval", "basis", label="关键字")
    payer = Equals("payer", "由谁委托", options=Payer.choices)
    fee = Equals("fee_kind", "收费方式", options=FeeKind.choices)
    state = Where(
        lambda v: Q(ended_on__isnull=v == "in_use"), "状态", options=[("in_use", "在用"), ("gone", "不再要求")]
    )


def _service_status(service: IntermediaryService) -> SafeString:
    return status("不再要求", "", "dash-circle") if service.ended_on else status("在用", "good")


REGISTER = Register(
    order=30,
    code="intermediaries",
    label="中介服务",
    intro="审批时要申请人或部门委托的中介服务：用于哪项审批、有什么依据、收多少钱、多久办好。公众看得到。",
    icon="diagram-3",
    model=IntermediaryService,
    form=ServiceForm,
    columns=(
        organ_column("审批单位"),
        Column("中介服务", text_of("name")),
        Column("用于哪项审批", text_of("approval"), listed=True),
        Column("对应的事项", lambda e: e.item.name if e.item else ""),
        Column("依据", text_of("basis")),
        Column("由谁委托", display_of("payer"), listed=True),
        Column("收费方式", display_of("fee_kind")),
        Column("收费标准", text_of("fee")),
        Column("服务时限", text_of("time_limit"), listed=True),
        Column("服务成果", text_of("result")),
        Column("不再要求的日期", day_of("ended_on")),
        Column("清理文件", text_of("ended_by")),
        EXAMPLE,
    ),
    filters=ServiceFilters,
    joined=("item",),
    status=_service_status,
    public="portal:intermediaries",
    ended=lambda service: service.ended_on is not None,
    transitions=(
        Transition(
            path="end",
            url_name="intermediary-end",
            word="登记不再要求",
            title="不再要求",
            action="登记",
            form=EndServiceForm,
            act=end_service,
            said="已登记。公众页面上从这一天起不再列出。",
            day="ended_on",
        ),
    ),
)
