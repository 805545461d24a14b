"""我有意见, on what is shown before it is decided."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class CommentForm(forms.Form):
    text = forms.CharField(
        label="您的意见", max_length=2000, widget=forms.Textarea(attrs={"rows": 6}), help_text="请不要写身份证号。"
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

    def clean_website(self) -> Any:
        if self.cleaned_data["website"]:
            raise ValidationError("这一格请空着")
        return ""
