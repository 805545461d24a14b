"""Forms of the registers' lines, and of what ends them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from banshi.catalog.models import Item
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.people.models import Organ
from banshi.registers.models import Agency, IntermediaryService, Power, Purchase, Transfer
from banshi.sites.kit.permissions import Permission, organs_where

TWO, THREE = forms.Textarea(attrs={"rows": 2}), forms.Textarea(attrs={"rows": 3})
ITEM_HELP = "写事项的完整名称，或者编码。"


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryForm(forms.ModelForm):
    """A line of a register, of an organ over which the person holds `permission`."""

    def __init__(self, *args: Any, user: Any, permission: Permission, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user, self.permission = user, permission
        if "organ" in self.fields:
            organs: Any = organs_where(user, permission).filter(active=True)
            self.fields["organ"].queryset = organs  # type: ignore[attr-defined]
            self.fields["organ"].empty_label = "请选择"  # type: ignore[attr-defined]
        if "item" in self.fields and self.instance.item_id:
            self.initial["item"] = self.instance.item.code or self.instance.item.name

    def clean_item(self) -> Item | None:
        """Named by its code or whole name, among those the person may see (or edit, when that is asked)."""
        given = self.cleaned_data["item"].strip()
        if not given:
            return None
        asked = Permission.ITEM_EDIT if self.permission is Permission.ITEM_EDIT else Permission.ITEM_VIEW
        mine = items_visible_to(self.user, asked, at=now()).filter(state="active")
        found = list(mine.filter(code=given)[:2]) or list(mine.filter(name=given)[:2])
        if not found:
            raise ValidationError("没有找到这个事项，请核对名称或编码")
        if len(found) > 1:
            raise ValidationError("同名的事项不止一个，请写编码")
        return found[0]


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


class TransferForm(EntryForm):
    item = forms.CharField(label="从哪个事项转移", max_length=300, help_text=ITEM_HELP)

    class Meta:
        model = Transfer
        fields = ("item", "function", "reason")
        widgets = {"reason": THREE}
        help_texts = {"function": "具体是哪一项工作，如：职业技能等级的考评。"}


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


class AgencyForm(EntryForm):
    class Meta:
        model = Agency
        fields = ("organ", "name", "uscc", "phone", "address", "until")
        widgets = {"until": day_input()}
        labels = {"organ": "登记单位"}
        help_texts = {"phone": "对外的业务电话，公众看得到。", "until": "长期有效的空着。"}


class PurchaseForm(EntryForm):
    item = forms.CharField(label="为哪个事项购买", max_length=300, help_text=ITEM_HELP)

    class Meta:
        model = Purchase
        fields = (
            *("organ", "item", "year", "service", "budget", "way"),
            *("contractor", "contractor_uscc", "amount"),
        )
        labels = {"organ": "购买主体"}
        help_texts = {"contractor": "签了合同再填，连同信用代码和合同金额。"}


# What ends or changes a line


class EntryRemovalForm(forms.Form):
    reason = forms.CharField(label="为什么删除", max_length=300, help_text="只用于录错的。记在操作记录里。")


class CancelPowerForm(forms.Form):
    cancelled_on = forms.DateField(label="取消日期", widget=day_input())
    document = forms.CharField(label="取消文件", max_length=300, help_text="文件的全称，不加书名号。")
    doc_no = forms.CharField(label="文号", max_length=300, required=False)
    instead = forms.CharField(label="取消后怎么管", max_length=300, required=False, help_text="如：改为备案。")


class EndServiceForm(forms.Form):
    ended_on = forms.DateField(label="从哪一天起不再要求", widget=day_input())
    ended_by = forms.CharField(label="清理文件", max_length=300, help_text="名称和文号。")


class StrikeForm(forms.Form):
    left_on = forms.DateField(label="退出日期", widget=day_input())
    left_why = forms.CharField(label="退出原因", max_length=300, help_text="公众看得到，如：营业执照注销。")


class OfferForm(forms.Form):
    service = forms.ModelChoiceField(IntermediaryService.objects.none(), label="服务", empty_label="请选择")
    qualification = forms.CharField(
        label="资质", max_length=300, help_text="资质名称、等级和证书编号；不要求资质的写“不要求”。"
    )
    until = forms.DateField(label="资质有效期至", required=False, widget=day_input(), help_text="长期有效的空着。")

    def __init__(self, *args: Any, organs: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        open_ones = IntermediaryService.objects.filter(organ__in=organs, ended_on=None).order_by("name")
        self.fields["service"].queryset = open_ones  # type: ignore[attr-defined]


class ExamineForm(forms.Form):
    agreed = forms.TypedChoiceField(
        label="意见",
        choices=[("1", "同意转移"), ("0", "不同意转移")],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label="编办意见", max_length=500, widget=THREE)
    document = forms.CharField(label="文件", max_length=300, required=False, help_text="批复的名称和文号，没有的空着。")


class HandOverForm(forms.Form):
    receiver = forms.CharField(label="承接组织", max_length=300, help_text="社会组织的全称。")
    receiver_uscc = forms.CharField(label="承接组织的统一社会信用代码", min_length=18, max_length=18)
    document = forms.CharField(label="转移文件", max_length=300, help_text="批复、协议的名称和文号。")
    transferred_on = forms.DateField(label="转移日期", widget=day_input())


class EndTransferForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=500, widget=TWO)


class PowersUploadForm(forms.Form):
    file = forms.FileField(label="表格文件", help_text="xlsx、xls、ods、csv。标题、合并单元格、填报人落款都可以保留。")
    owner = forms.ModelChoiceField(
        Organ.objects.none(), label="没写单位的行归哪个单位", required=False, empty_label="表里都写了"
    )

    def __init__(self, *args: Any, user: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].queryset = organs_where(user, Permission.REGISTER_EDIT)  # type: ignore[attr-defined]
