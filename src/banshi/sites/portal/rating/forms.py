"""Forms of 评价, in which one grade is enough."""

from typing import Any

from django import forms

from banshi.feedback.enums import Grade
from banshi.feedback.policy import policy
from banshi.sites.kit.forms import PageForm


class RatingCodeForm(PageForm):
    code = forms.CharField(
        label="评价码",
        max_length=20,
        help_text="在号票、凭证或短信上，十位，不分大小写",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class AgainForm(PageForm):
    grade = forms.TypedChoiceField(label="您的满意度", coerce=int, choices=Grade.choices, widget=forms.RadioSelect)


class RateForm(AgainForm):
    tags = forms.MultipleChoiceField(label="因为什么（可以不选）", required=False, widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(
        label="还想说的（可以不写）", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    named = forms.BooleanField(
        label="实名评价，可以回访我",
        required=False,
        help_text="只有核实的人看得到您是谁，每次查看都有记录；经办的人看不到。",
    )
    name = forms.CharField(label="称呼", max_length=40, required=False)
    phone = forms.CharField(label="电话", max_length=20, required=False)

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].choices = [(each.code, each.label) for each in policy().rating.tags]  # type: ignore[attr-defined]
        if signed_in:
            del self.fields["name"], self.fields["phone"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("named") and "phone" in self.fields and not cleaned.get("phone"):
            self.add_error("phone", "实名评价请留电话，不留的请去掉“实名评价”。")
        return cleaned
