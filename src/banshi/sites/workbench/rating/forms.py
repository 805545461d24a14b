"""Forms of what is done about a bad rating."""

from typing import Any

from django import forms

from banshi.feedback.enums import BadRatingOutcome
from banshi.sites.kit.forms import PageForm


class SituationForm(PageForm):
    words = forms.CharField(label="情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class ContactForm(SituationForm):
    words = forms.CharField(
        label="怎么联系的、核实到什么",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="匿名的没法联系，写明从哪里核实。",
    )


class OutcomeForm(SituationForm):
    outcome = forms.ChoiceField(
        label="结论",
        choices=[each for each in BadRatingOutcome.choices if each[0] != BadRatingOutcome.EXCLUDED],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="核实情况和怎么改的",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="评价人会看到。",
    )


class MendForm(SituationForm):
    words = forms.CharField(
        label="怎么改的", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text="评价人会看到。"
    )

    @property
    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "outcome": BadRatingOutcome.MENDED}


class AppealForm(SituationForm):
    words = forms.CharField(label="为什么是误评或者恶意评价", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


YES_NO = (("yes", "申诉成立，不计入统计（记录保留）"), ("no", "申诉不成立，继续处理"))
ACCEPTED = (("yes", "评价人认可，办结"), ("no", "评价人不认可，重新处理"))


class DecideForm(SituationForm):
    upheld = forms.TypedChoiceField(
        label="复核意见", choices=YES_NO, coerce=lambda text: text == "yes", widget=forms.RadioSelect
    )


class CallBackForm(SituationForm):
    satisfied = forms.TypedChoiceField(
        label="回访结果", choices=ACCEPTED, coerce=lambda text: text == "yes", widget=forms.RadioSelect
    )
