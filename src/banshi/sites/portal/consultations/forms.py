"""我有意见, on what is shown before it is decided."""

from django import forms

from banshi.sites.portal.proofs.forms import ObjectionForm


class CommentForm(ObjectionForm):
    text = forms.CharField(
        label="您的意见", max_length=2000, widget=forms.Textarea(attrs={"rows": 6}), help_text="请不要写身份证号。"
    )
