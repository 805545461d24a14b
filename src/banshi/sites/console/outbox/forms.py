"""The form that asks why something is not sent."""

from django import forms

from banshi.sites.kit.forms import PageForm


class SkipForm(PageForm):
    reason = forms.CharField(
        label="为什么不再发送",
        max_length=300,
        help_text="会记在这一条上和操作记录里，例如“省平台不收这一类事项，已电话确认”。",
    )
