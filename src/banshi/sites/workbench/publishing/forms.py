"""Forms of publishing."""

from typing import Any

from django import forms


class PublishForm(forms.Form):
    """Form to publish. `stamp` names the state of the draft that was shown, and gaps are to be acknowledged."""

    stamp = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="这次为什么改",
        max_length=300,
        required=False,
        help_text="会写在版本记录里，群众也看得到。如：按新规定减少一份材料。",
    )
    despite_gaps = forms.BooleanField(
        label="我知道还缺必填内容，仍然要公布",
        error_messages={"required": "还缺必填内容。请先补齐，或勾选这一项再公布"},
    )

    def __init__(self, *args: Any, stamp: int, missing: int, **more: Any) -> None:
        super().__init__(*args, **{**more, "initial": {"stamp": stamp}})
        if not missing:
            del self.fields["despite_gaps"]
