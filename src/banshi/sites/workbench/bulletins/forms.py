"""Forms of 通报 and 限期整改."""

from typing import Any

from django import forms

from banshi.campaigns.models import Campaign
from banshi.sites.kit.forms import EditingForm, PageForm
from banshi.sites.kit.named_choice import UnitField
from banshi.sites.workbench.campaigns.forms import DayInput

LONG = forms.Textarea(attrs={"rows": 4})


class BulletinForm(PageForm):
    opening = forms.CharField(
        label="按语", max_length=2000, required=False, widget=LONG, help_text="写在数据前面的话，可以不写。"
    )


class OrderForm(PageForm):
    unit = UnitField(label="哪个单位")
    text = forms.CharField(label="整改要求", max_length=2000, widget=LONG)
    due = forms.DateField(label="期限", widget=DayInput())

    def __init__(self, *args: Any, campaign: Campaign, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].queryset = campaign.participations.select_related("organ")  # type: ignore[attr-defined]


class AnswerOrderForm(EditingForm):
    answer = forms.CharField(label="整改情况", max_length=2000, widget=LONG)


class CloseOrderForm(PageForm):
    note = forms.CharField(label="销号意见", max_length=300, help_text="核对的情况，如：已核对，材料减到两份。")
