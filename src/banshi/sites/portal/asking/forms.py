"""投诉、举报、咨询、求助、建议: what, about which matter, and whether one wants to be reached."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from banshi.cases.models import Case
from banshi.cases.queries import cases_of
from banshi.feedback.enums import ComplaintKind
from banshi.people.models import User
from banshi.sites.kit.forms import PageForm

HIDDEN = {"tabindex": "-1", "autocomplete": "off"}
OWN_CASES = 50


class ComplaintForm(PageForm):
    kind = forms.ChoiceField(label="要做什么", choices=ComplaintKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="什么事",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "data-alike": "/ask/alike/"}),
        help_text="什么时候、在哪里、哪个单位、希望怎么办。请不要写身份证号。",
    )
    case = forms.ModelChoiceField(
        Case.objects.none(), label="和哪件办件有关（可以不选）", required=False, empty_label="没有关系"
    )
    anonymous = forms.BooleanField(
        label="匿名", required=False, help_text="不留下您是谁。用编号和查询码仍然能查答复，但没法联系您核实。"
    )
    name = forms.CharField(label="称呼", max_length=40, required=False)
    contact = forms.CharField(
        label="怎么联系您",
        max_length=100,
        required=False,
        help_text="手机号或邮箱。只有办理的人看得到，每次查看都有记录；被反映的人看不到。",
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    website = forms.CharField(label="请不要填这一格", required=False, widget=forms.TextInput(attrs=HIDDEN))

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(user, User):
            self.fields["case"].queryset = cases_of(user)[:OWN_CASES] if not self.is_bound else cases_of(user)  # type: ignore[attr-defined]
            self.fields["case"].label_from_instance = lambda case: f"{case.item.name}（{case.number}）"  # type: ignore[attr-defined]
        else:
            del self.fields["case"]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError("这一格请空着")
        return ""


class FollowForm(PageForm):
    number = forms.CharField(label="编号", max_length=20, help_text="提交以后给您的，S 开头")
    code = forms.CharField(label="查询码", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))
