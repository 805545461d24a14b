"""A paper to be verified: by its code, or the file itself."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from banshi.sites.kit.forms import PageForm

MEGABYTES = 20


class VerificationForm(PageForm):
    code = forms.CharField(
        label="验证码",
        max_length=40,
        required=False,
        help_text="印在文书最后一页下面，如 7K3M-9QXR-22AB；横线可以不写。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    file = forms.FileField(
        label="文书文件（PDF）",
        required=False,
        allow_empty_file=True,
        help_text="可以不传。传了，还能核对内容有没有改动过；只核对，不保存。",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given and given.size > MEGABYTES * 1024 * 1024:
            raise ValidationError(f"文件超过{MEGABYTES}MB，不是这里出具的文书")
        return given

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("code") and not data.get("file") and not self.errors:
            raise ValidationError("请填写验证码，或者选择文书文件")
        return data
