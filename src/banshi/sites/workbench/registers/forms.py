"""Forms of the registers' lines, and of what ends them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from banshi.catalog.models import Item
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.people.models import User
from banshi.sites.kit.forms import PageForm, PageModelForm
from banshi.sites.kit.named_choice import OrganField
from banshi.sites.kit.permissions import Permission, organs_where

TWO, THREE = forms.Textarea(attrs={"rows": 2}), forms.Textarea(attrs={"rows": 3})
ITEM_HELP = "写事项的完整名称，或者编码。"


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryForm(PageModelForm):
    """A line of a register, of an organ over which the person holds `permission`."""

    def __init__(self, *args: Any, user: User, permission: Permission, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user, self.permission = user, permission
        if "organ" in self.fields:
            organs, label = organs_where(user, permission).filter(active=True), self.fields["organ"].label
            self.fields["organ"] = OrganField(organs, label=label)
        if "item" in self.fields and self.instance.item_id:
            self.initial["item"] = self.instance.item.code or self.instance.item.name

    def clean_item(self) -> Item | None:
        """Find the item by its code or whole name, among those the person may see (or edit, when that is asked)."""
        given = self.cleaned_data["item"].strip()
        if not given:
            return None
        asked = Permission.ITEM_EDIT if self.permission is Permission.ITEM_EDIT else Permission.ITEM_VIEW
        mine = items_visible_to(self.user, asked, at=now()).filter(state="active")
        found = list(mine.filter(code=given)[:2]) or list(mine.filter(name=given)[:2])
        if not found:
            raise ValidationError("没有找到这个事项，请核对名称或编码")
        if len(found) > 1:
            raise ValidationError("同名的事项不止一个，请写编码")
        return found[0]


class TransitionForm(PageForm):
    """Form of what is asked before a line ends or moves on."""

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user = user


class EntryRemovalForm(PageForm):
    reason = forms.CharField(label="为什么删除", max_length=300, help_text="只用于录错的。记在操作记录里。")


class PowersUploadForm(PageForm):
    file = forms.FileField(label="表格文件", help_text="xlsx、xls、ods、csv。标题、合并单元格、填报人落款都可以保留。")
    owner = OrganField(label="没写单位的行归哪个单位", required=False, empty_label="表里都写了")

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].queryset = organs_where(user, Permission.REGISTER_EDIT)  # type: ignore[attr-defined]
