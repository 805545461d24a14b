"""承揽机构名录."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.safestring import SafeString

from banshi.registers.actions import (
    offer_service,
    strike_agency,
)
from banshi.registers.models import Agency, IntermediaryService
from banshi.sites.kit.listing.filters import ContainsWords, Where
from banshi.sites.kit.permissions import Permission, organs_where
from banshi.sites.kit.templatetags.kit import status
from banshi.sites.workbench.registers.forms import EntryForm, TransitionForm, day_input
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


class AgencyForm(EntryForm):
    class Meta:
        model = Agency
        fields = ("organ", "name", "uscc", "phone", "address", "until")
        widgets = {"until": day_input()}
        labels = {"organ": "登记单位"}
        help_texts = {"phone": "对外的业务电话，公众看得到。", "until": "长期有效的空着。"}


class StrikeForm(TransitionForm):
    left_on = forms.DateField(label="退出日期", widget=day_input())
    left_why = forms.CharField(label="退出原因", max_length=300, help_text="公众看得到，如：营业执照注销。")


class OfferForm(TransitionForm):
    service = forms.ModelChoiceField(IntermediaryService.objects.none(), label="服务", empty_label="请选择")
    qualification = forms.CharField(
        label="资质", max_length=300, help_text="资质名称、等级和证书编号；不要求资质的写“不要求”。"
    )
    until = forms.DateField(label="资质有效期至", required=False, widget=day_input(), help_text="长期有效的空着。")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        organs = organs_where(self.user, Permission.REGISTER_EDIT)
        open_ones = IntermediaryService.objects.filter(organ__in=organs, ended_on=None).order_by("name")
        self.fields["service"].queryset = open_ones  # type: ignore[attr-defined]


class AgencyFilters(RegisterFilters):
    q = ContainsWords("name", "uscc", label="关键字")
    state = Where(lambda v: Q(left_on__isnull=v == "in_use"), "状态", options=[("in_use", "在册"), ("gone", "已退出")])


def _agency_status(agency: Agency) -> SafeString:
    return status("已退出", "", "dash-circle") if agency.left_on else status("在册", "good")


REGISTER = Register(
    order=40,
    code="agencies",
    label="承揽机构名录",
    intro="承接中介服务的机构，供公众自己挑选。登记不是推荐：任何单位不得指定申请人找哪一家。",
    icon="buildings",
    model=Agency,
    form=AgencyForm,
    columns=(
        organ_column("登记单位"),
        Column("机构名称", text_of("name")),
        Column("统一社会信用代码", text_of("uscc"), listed=True),
        Column("业务电话", text_of("phone"), listed=True),
        Column("地址", text_of("address")),
        Column("登记有效期至", day_of("until"), listed=True),
        Column("退出日期", day_of("left_on")),
        Column("退出原因", text_of("left_why")),
        EXAMPLE,
    ),
    filters=AgencyFilters,
    status=_agency_status,
    public="portal:agencies",
    ended=lambda agency: agency.left_on is not None,
    transitions=(
        Transition(
            path="offer",
            url_name="agency-offer",
            word="登记服务和资质",
            action="登记",
            form=OfferForm,
            act=offer_service,
            said="服务和资质已登记",
        ),
        Transition(
            path="strike",
            url_name="agency-strike",
            word="登记退出",
            form=StrikeForm,
            act=strike_agency,
            said="已登记退出。公众名录里从这一天起不再列出。",
            day="left_on",
        ),
    ),
)
