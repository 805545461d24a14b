"""我有意见: without signing in, a way to be reached if one likes."""

from django import forms
from django.core.exceptions import ValidationError

from banshi.sites.kit.forms import PageForm


class ObjectionForm(PageForm):
    text = forms.CharField(
        label="您的意见",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="比如：这份证明没必要、别的单位已经有这个信息、开证明跑了几趟。请不要写身份证号。",
    )
    contact = forms.CharField(
        label="怎么联系您（可以不填）",
        max_length=100,
        required=False,
        help_text="手机号或邮箱。只有答复的单位看得到，不公开。",
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    website = forms.CharField(
        label="请不要填这一格", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    """Nobody sees it; programs fill it in."""

    def clean_website(self) -> object:
        if self.cleaned_data["website"]:
            raise ValidationError("这一格请空着")
        return ""
