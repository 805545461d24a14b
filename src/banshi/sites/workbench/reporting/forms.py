"""Forms of a unit that reports."""

from typing import Any

from django import forms

from banshi.campaigns.enums import Disposition
from banshi.campaigns.models import Participation
from banshi.catalog.models import Item
from banshi.sites.kit.forms import EditingForm, PageForm
from banshi.sites.kit.named_choice import ItemField

LONG = forms.Textarea(attrs={"rows": 5})


class ContactsForm(EditingForm):
    leader = forms.CharField(label="分管领导", max_length=60, help_text="1名")
    section = forms.CharField(label="牵头科室", max_length=60, help_text="1个")
    clerk = forms.CharField(label="经办人员", max_length=60, help_text="1名")
    phone = forms.CharField(label="联系电话", max_length=30, required=False)


class SummaryForm(EditingForm):
    progress = forms.CharField(
        label="工作进展",
        max_length=5000,
        widget=LONG,
        help_text="第一次打开时，系统按本单位的数据先写了几句，请核对、改写。",
    )
    problems = forms.CharField(
        label="存在问题", max_length=5000, widget=LONG, required=False, help_text="数字来自规则检查和上一轮审核意见。"
    )
    suggestions = forms.CharField(label="工作建议", max_length=5000, widget=LONG, required=False)


class DispositionForm(PageForm):
    disposition = forms.ChoiceField(label="处置意见", choices=Disposition.choices)
    note = forms.CharField(
        label="理由",
        max_length=500,
        required=False,
        help_text="除“保留”外都要写。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    target = ItemField(label="并入哪个事项", required=False, help_text="只有“合并”要选。")

    def __init__(self, *args: Any, unit: Participation, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["target"].queryset = Item.objects.filter(organ=unit.organ_id, state="active").order_by("name")  # type: ignore[attr-defined]


class NothingForm(PageForm):
    nothing = forms.CharField(
        label="本单位一项也没有，原因", max_length=300, required=False, help_text="如：本行业没有行政审批中介服务。"
    )


class RecallForm(PageForm):
    reason = forms.CharField(label="撤回的原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ScanForm(PageForm):
    scan = forms.FileField(label="盖章页扫描件", help_text="PDF 或图片")
