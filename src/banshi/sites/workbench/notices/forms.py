"""Forms of notices."""

from typing import Any

from django import forms

from banshi.people.models import User
from banshi.sites.kit.forms import EditingForm, PageForm
from banshi.sites.kit.named_choice import OrganField
from banshi.sites.kit.permissions import Permission, organs_where


class WordsForm(EditingForm):
    title = forms.CharField(label="标题", max_length=120)
    body = forms.CharField(
        label="正文", max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}), help_text="空一行就是另起一段。"
    )


class NoticeForm(WordsForm):
    organ = OrganField(label="发布单位")
    field_order = ("organ", "title", "body")

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["organ"].queryset = organs_where(user, Permission.NOTICE_EDIT).filter(active=True)  # type: ignore[attr-defined]


class NoticeRemovalForm(PageForm):
    reason = forms.CharField(label="为什么撤下", max_length=300, help_text="只记在操作记录里，群众看不到。")
