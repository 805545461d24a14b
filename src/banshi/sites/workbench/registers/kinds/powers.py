"""权责清单."""

from django import forms
from django.db.models import Q
from django.utils.safestring import SafeString

from banshi.registers.actions import (
    cancel_power,
)
from banshi.registers.enums import PowerList
from banshi.registers.models import POWER_KINDS, Power
from banshi.sites.kit.listing.filters import ContainsWords, Equals, Where
from banshi.sites.kit.templatetags.kit import status
from banshi.sites.workbench.registers.forms import THREE, EntryForm, TransitionForm, day_input
from banshi.sites.workbench.registers.register import (
    EXAMPLE,
    Column,
    Register,
    RegisterFilters,
    RowAction,
    Transition,
    day_of,
    display_of,
    organ_column,
    text_of,
)


class PowerForm(EntryForm):
    class Meta:
        model = Power
        fields = (
            *("organ", "list", "name", "kind", "code", "basis", "duty", "liability"),
            *("cancelled_on", "cancel_document", "cancel_doc_no", "instead"),
        )
        widgets = {"basis": THREE, "duty": THREE, "liability": THREE, "cancelled_on": day_input()}
        help_texts = {
            "basis": "法律法规的全称和条款。",
            "cancelled_on": "没有取消的空着；已经取消的，连同取消文件一起写。",
            "instead": "取消以后怎么管，如：改为备案、加强事中事后监管。",
        }


class CancelPowerForm(TransitionForm):
    cancelled_on = forms.DateField(label="取消日期", widget=day_input())
    document = forms.CharField(label="取消文件", max_length=300, help_text="文件的全称，不加书名号。")
    doc_no = forms.CharField(label="文号", max_length=300, required=False)
    instead = forms.CharField(label="取消后怎么管", max_length=300, required=False, help_text="如：改为备案。")


class PowerFilters(RegisterFilters):
    q = ContainsWords("name", "code", "cancel_document", "cancel_doc_no", label="关键字")
    list = Equals("list", "清单", options=PowerList.choices)
    kind = Equals("kind", "类型", options=[(str(code), str(label)) for code, label in POWER_KINDS])
    state = Where(
        lambda v: Q(cancelled_on__isnull=v == "in_use"), "状态", options=[("in_use", "在用"), ("gone", "已取消")]
    )


def _power_status(power: Power) -> SafeString:
    return status("已取消", "bad", "x-circle-fill") if power.cancelled_on else status("在用", "good")


REGISTER = Register(
    order=10,
    code="powers",
    label="权责清单",
    intro="各单位的权力清单和责任清单。取消了的留在清单里，写明日期和文件，免得换个名义又回来。",
    icon="list-check",
    model=Power,
    form=PowerForm,
    columns=(
        organ_column("单位"),
        Column("清单", display_of("list"), listed=True),
        Column("名称", text_of("name")),
        Column("类型", display_of("kind"), listed=True),
        Column("编码", text_of("code")),
        Column("依据", text_of("basis")),
        Column("责任事项", text_of("duty")),
        Column("追责情形", text_of("liability")),
        Column("取消日期", day_of("cancelled_on")),
        Column("取消文件", text_of("cancel_document")),
        Column("取消文件文号", text_of("cancel_doc_no")),
        Column("取消后", text_of("instead")),
        EXAMPLE,
    ),
    filters=PowerFilters,
    status=_power_status,
    more=(RowAction("workbench:powers-import", "从表格导入"), RowAction("workbench:powers-back", "变相恢复的")),
    ended=lambda power: power.cancelled_on is not None,
    transitions=(
        Transition(
            path="cancel",
            url_name="power-cancel",
            word="登记取消",
            form=CancelPowerForm,
            act=cancel_power,
            said="已登记取消。它留在清单里，名称相近的事项会提醒核对。",
            day="cancelled_on",
        ),
    ),
)
