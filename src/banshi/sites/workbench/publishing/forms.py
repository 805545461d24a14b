"""Forms of publishing."""

from typing import Any

from django import forms

from banshi.sites.kit.forms import PageForm


class PublishForm(PageForm):
    """Form to publish. `stamp` names the state of the draft that was shown."""

    stamp = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="这次为什么改",
        max_length=300,
        required=False,
        help_text="会写在版本记录里，群众也看得到。如：按新规定减少一份材料。",
    )

    def __init__(self, *args: Any, stamp: int, **more: Any) -> None:
        super().__init__(*args, **{**more, "initial": {"stamp": stamp}})
