"""Forms of an item's changes of state, with the reason and the item it goes into."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from banshi.catalog.models import Item, Publication
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.people.models import User
from banshi.search.queries import find
from banshi.sites.kit.forms import PageForm

SHOWN_TO_ALL = "群众在页面上会看到这句话，请写清楚原因和以后去哪办。"


class PublicReasonForm(PageForm):
    note = forms.CharField(
        label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=SHOWN_TO_ALL
    )


class ResumeForm(PageForm):
    note = forms.CharField(label="说明", max_length=300, required=False, help_text="如：场地改造完成，恢复办理。")


class IntoForm(PageForm):
    """Into which item: its code or whole name, among those the person may see."""

    into = forms.CharField(label="并入哪个事项", max_length=300, help_text="写那个事项的完整名称，或者编码。")

    def __init__(self, *args: Any, user: User, item: Item, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user, self.item = user, item

    def clean_into(self) -> Item | None:
        return self.item_named(self.cleaned_data["into"].strip())

    def item_named(self, given: str) -> Item:
        others = items_visible_to(self.user, at=now()).filter(state="active").exclude(pk=self.item.pk)
        found = list(others.filter(code=given)[:2]) or list(others.filter(name=given)[:2])
        if not found:
            near = list(others.filter(name__icontains=given)[:5])
            if not near:
                # Names that are nearly right, best first.
                guids = [hit.guid for hit in find(given, per_page=5).hits]
                near = sorted(others.filter(guid__in=guids), key=lambda each: guids.index(str(each.guid)))
            hint = "；名称相近的有：" + "、".join(each.name for each in near) if near else ""
            raise ValidationError(f"没有找到名称或编码是“{given[:40]}”的在用事项{hint}")
        if len(found) > 1:
            raise ValidationError("有不止一个事项叫这个名称，请改填编码")
        return found[0]


class MergeForm(IntoForm, PublicReasonForm):
    field_order = ("into", "note")


class SplitForm(PageForm):
    names = forms.CharField(
        label="拆成哪几个事项",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行写一个新事项的名称，至少两个。",
    )
    note = forms.CharField(label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_names(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len(set(names)) < 2:
            raise ValidationError("至少要写两个不同的名称，每行一个")
        if long := next((name for name in names if len(name) > 300), ""):
            raise ValidationError(f"“{long[:20]}…”太长，名称最多300字")
        return names


class GuideWithdrawalForm(PublicReasonForm):
    ending = forms.ChoiceField(
        label="为什么撤下",
        widget=forms.RadioSelect,
        choices=[
            (Publication.Ending.IN_ERROR, "公布有误：这一版不该公布，公众页面不再显示它的内容"),
            (Publication.Ending.WITHDRAWN, "停止办理并公告：以前的版本仍可查到，页面说明已停止办理"),
        ],
    )
    field_order = ("ending", "note")
