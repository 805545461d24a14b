"""Forms of the desk."""

from typing import Any

from django import forms

from banshi.campaigns.models import LINE, ReviewBody
from banshi.campaigns.queries import reviewers_of_body
from banshi.people.models import Organ, User
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.named_choice import OrganField

TWO = forms.Textarea(attrs={"rows": 2})


class RecusalForm(PageForm):
    reason = forms.CharField(
        label="回避的原因", max_length=LINE, widget=TWO, help_text="如：配偶在该单位任职。组织单位看得到这句话。"
    )


class GroupForm(PageForm):
    """分组分片、条块 of one body."""

    label = forms.CharField(label="组名", max_length=60, help_text="如：东片组、教育条线组。")
    division_prefix = forms.RegexField(
        r"^\d*$",
        label="片：区划代码开头",
        max_length=12,
        required=False,
        help_text="如 990102 是整个县。不写的不按地区分。",
        error_messages={"invalid": "区划代码只有数字"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    superior = OrganField(
        label="条：上级主管",
        required=False,
        empty_label="不按条线分",
        help_text="只审由它主管的单位。",
    )
    members = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="成员",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一位成员"},
    )

    def __init__(self, *args: Any, body: ReviewBody, **more: Any) -> None:
        super().__init__(*args, **more)
        units = body.campaign.participations.values("organ__superior")
        self.fields["superior"].queryset = Organ.objects.filter(pk__in=units)  # type: ignore[attr-defined]
        people = reviewers_of_body(body)
        self.fields["members"].queryset = people.order_by("full_name", "pk")  # type: ignore[attr-defined]


class InvitationForm(PageForm):
    """An outside expert, by name."""

    name = forms.CharField(label="专家姓名", max_length=60)
    office = forms.CharField(label="单位、职务", max_length=120, required=False)
    phone = forms.CharField(
        label="手机号",
        max_length=30,
        required=False,
        help_text="加密保存，查看要留记录。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    until = forms.DateField(
        label="有效期至",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="过了这一天，链接就打不开了。",
    )


class WithdrawalForm(PageForm):
    reason = forms.CharField(label="收回的原因", max_length=LINE)
