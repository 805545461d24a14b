"""Forms about accounts, posts and delegations."""

from typing import Any

from django import forms

from banshi.core.clock import today
from banshi.people.models import Organ, User
from banshi.people.queries import staff
from banshi.sites.kit.forms import EditingForm, PageForm
from banshi.sites.kit.named_choice import OrganField, StaffField
from banshi.sites.kit.permissions import ROLES


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class AccountForm(EditingForm):
    full_name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(label="手机", max_length=20, required=False)
    email = forms.EmailField(
        label="邮箱", max_length=254, required=False, help_text="催办和退回会发邮件告诉本人；本人可以改，也可以不收"
    )


class NewAccountForm(AccountForm):
    username = forms.CharField(label="账号名", max_length=150, help_text="登录时用，建议用姓名拼音或工号，定了不能改")
    field_order = ("full_name", "username", "phone", "email")


class AppointmentForm(PageForm):
    organ = OrganField(Organ.objects.filter(active=True), label="机构", empty_label="请选择")
    role = forms.ChoiceField(
        label="角色", choices=[(code, f"{role.label}({role.description})") for code, role in ROLES.items()]
    )
    title = forms.CharField(label="职务", max_length=60, required=False, help_text="例如 基础教育科科员，可以不填")
    since = _day("起", initial=today)
    until = _day("止", required=False, help_text="不填就一直有效")


class EndingForm(PageForm):
    until = _day("最后一天", initial=today)


class DelegationForm(PageForm):
    to = StaffField(label="委托给谁")
    since = _day("起", initial=today)
    until = _day("止")
    reason = forms.CharField(label="原因", max_length=200)

    def __init__(self, *args: Any, holder: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = staff().filter(is_active=True).exclude(pk=holder.pk)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]


class ErasureForm(PageForm):
    number = forms.CharField(
        label="证件号码", max_length=30, help_text="身份证号码或统一社会信用代码；请先看证件，核实是本人或者他委托的人"
    )
    reason = forms.CharField(label="原因", max_length=200, help_text="例如 本人到窗口要求注销")


class PostReasonForm(PageForm):
    reason = forms.CharField(label="原因", max_length=200)
