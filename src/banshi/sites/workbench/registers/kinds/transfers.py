"""可转移职能."""

from django import forms
from django.utils.safestring import SafeString

from banshi.registers.actions import (
    add_transfer,
    examine_transfer,
    hand_over,
    take_back,
    withdraw_transfer,
)
from banshi.registers.models import Transfer
from banshi.sites.kit.listing.filters import ContainsWords, Equals
from banshi.sites.kit.permissions import Permission
from banshi.sites.kit.templatetags.kit import status
from banshi.sites.workbench.registers.forms import ITEM_HELP, THREE, TWO, EntryForm, TransitionForm, day_input
from banshi.sites.workbench.registers.register import (
    EXAMPLE,
    Column,
    Register,
    RegisterFilters,
    Transition,
    day_of,
    organ_column,
    text_of,
)
from banshi.workflow.definition import workflow
from banshi.workflow.versions import state_of


class TransferForm(EntryForm):
    item = forms.CharField(label="从哪个事项转移", max_length=300, help_text=ITEM_HELP)

    class Meta:
        model = Transfer
        fields = ("item", "function", "reason")
        widgets = {"reason": THREE}
        help_texts = {"function": "具体是哪一项工作，如：职业技能等级的考评。"}


class ExamineForm(TransitionForm):
    agreed = forms.TypedChoiceField(
        label="意见",
        choices=[("1", "同意转移"), ("0", "不同意转移")],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label="编办意见", max_length=500, widget=THREE)
    document = forms.CharField(label="文件", max_length=300, required=False, help_text="批复的名称和文号，没有的空着。")


class HandOverForm(TransitionForm):
    receiver = forms.CharField(label="承接组织", max_length=300, help_text="社会组织的全称。")
    receiver_uscc = forms.CharField(label="承接组织的统一社会信用代码", min_length=18, max_length=18)
    document = forms.CharField(label="转移文件", max_length=300, help_text="批复、协议的名称和文号。")
    transferred_on = forms.DateField(label="转移日期", widget=day_input())


class EndTransferForm(TransitionForm):
    reason = forms.CharField(label="原因", max_length=500, widget=TWO)


class TransferFilters(RegisterFilters):
    q = ContainsWords("function", "item__name", "receiver", label="关键字")
    state = Equals("state", "状态", options=[(code, each.label) for code, each in workflow("transfer").states.items()])


TONES = {"proposed": "warn", "agreed": "info", "transferred": "good", "refused": "bad"}


def _transfer_status(transfer: Transfer) -> SafeString:
    return status(state_of(transfer).label, TONES.get(transfer.state, ""))


REGISTER = Register(
    order=20,
    code="transfers",
    label="可转移职能",
    intro="可以交给社会组织承担的职能：由单位从自己的事项里提出，编办写意见，转移以后记下由谁承接。编办同意了的公众看得到。",
    icon="box-arrow-up-right",
    model=Transfer,
    form=TransferForm,
    columns=(
        organ_column("单位"),
        Column("职能", text_of("function")),
        Column("事项", lambda e: e.item.name, listed=True),
        Column("理由", text_of("reason")),
        Column("状态", lambda e: state_of(e).label),
        Column("编办意见", text_of("opinion")),
        Column("文件", text_of("document")),
        Column("承接组织", text_of("receiver"), listed=True),
        Column("承接组织信用代码", text_of("receiver_uscc")),
        Column("转移日期", day_of("transferred_on")),
        Column("收回或撤回的原因", text_of("ended_why")),
        EXAMPLE,
    ),
    filters=TransferFilters,
    public="portal:transfers",
    edits=Permission.ITEM_EDIT,
    add=add_transfer,
    joined=("item",),
    status=_transfer_status,
    transitions=(
        Transition(
            path="examine",
            url_name="transfer-examine",
            word="写编办意见",
            title="编办意见",
            action="登记意见",
            form=ExamineForm,
            act=examine_transfer,
            said="意见已登记",
            move="agree",
        ),
        Transition(
            path="hand-over",
            url_name="transfer-hand-over",
            word="登记转移",
            form=HandOverForm,
            act=hand_over,
            said="转移已登记",
            move="hand_over",
            day="transferred_on",
            fault="receiver_uscc",
        ),
        Transition(
            path="take-back",
            url_name="transfer-take-back",
            word="收回",
            form=EndTransferForm,
            act=take_back,
            said="职能已收回",
            move="take_back",
        ),
        Transition(
            path="withdraw",
            url_name="transfer-withdraw",
            word="撤回",
            form=EndTransferForm,
            act=withdraw_transfer,
            said="已撤回",
            move="withdraw",
        ),
    ),
)
