"""Forms of what is done about wishes."""

from typing import Any

from django import forms

from banshi.adjustments.models import OPEN, Adjustment
from banshi.catalog.models import Item
from banshi.feedback.enums import WishAnswer
from banshi.feedback.models import Wish
from banshi.feedback.queries import SUPPORTABLE, similar_wishes, text_shown_before
from banshi.feedback.wish_routing import proposed_organ
from banshi.people.models import Organ
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.named_choice import ItemField, OrganField

LONG = {"rows": 5}


class WishActForm(PageForm):
    """Base class of the forms of acts on a wish."""

    def __init__(self, wish: Wish, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wish = wish
        if "item" in self.fields:
            items = (
                Item.objects.filter(organ=wish.organ, listing__isnull=False)
                if self.listed
                else Item.objects.filter(organ=wish.organ)
            )
            self.fields["item"].queryset = items  # type: ignore[attr-defined]

    listed = True


class PublishWishForm(WishActForm):
    organ = OrganField(Organ.objects.filter(active=True), label="答复单位", empty_label="请选择")
    new_meaning = forms.BooleanField(label="意思变了，不只是改错字", required=False)

    def __init__(self, wish: Wish, *args: Any, **kwargs: Any) -> None:
        super().__init__(wish, *args, **kwargs)
        before = text_shown_before(wish)
        if before is None or before.round != wish.round:
            del self.fields["new_meaning"]
        else:
            said = f"公开过的是“{before.title}”，提出的人说只改了错字。"
            self.fields["new_meaning"].help_text = f"{said}勾了，原来的支持不再计数，支持的人收到通知，自己决定转不转。"
        proposed, why = proposed_organ(wish)
        self.fields["organ"].initial = wish.organ_id or (proposed and proposed.pk)
        self.fields["organ"].help_text = f"支持的人够了，由它答复。{why}"
        self.fields["organ"].near(wish.division)  # type: ignore[attr-defined]


class DeclineWishForm(WishActForm):
    reason = forms.CharField(label="为什么不公开", max_length=500, widget=forms.Textarea(attrs=LONG))


class MergeWishForm(WishActForm):
    into = forms.ModelChoiceField(Wish.objects.none(), label="并入哪一个", empty_label=None, widget=forms.RadioSelect)

    def __init__(self, wish: Wish, *args: Any, **kwargs: Any) -> None:
        super().__init__(wish, *args, **kwargs)
        keys = [each.pk for each in similar_wishes(wish.title) if each.pk != wish.pk and each.state in SUPPORTABLE]
        self.fields["into"].queryset = Wish.objects.filter(pk__in=keys)  # type: ignore[attr-defined]


class AnswerWishForm(WishActForm):
    kind = forms.ChoiceField(label="意见", choices=WishAnswer.choices, widget=forms.RadioSelect)
    answer = forms.CharField(label="答复", max_length=2000, widget=forms.Textarea(attrs=LONG))
    item = ItemField(label="已经有的事项", required=False, empty_label="没有", help_text="选“已经有了”的要选。")


class GiveUpWishForm(WishActForm):
    answer = forms.CharField(
        label="为什么做不成",
        max_length=2000,
        widget=forms.Textarea(attrs=LONG),
        help_text="支持的人都会收到。原来采纳的答复还看得到。",
    )


class LinkWishForm(WishActForm):
    listed = False
    adjustment = forms.ModelChoiceField(
        Adjustment.objects.none(),
        label="正在做的目录调整",
        required=False,
        empty_label="没有",
        help_text="在“动态调整”里为它新增或者变更事项的，选那一件；群众看得到做到哪一步。",
    )
    item = ItemField(
        label="或者由哪个事项实现",
        required=False,
        empty_label="请选择",
        help_text="它一公布，就告诉支持的人。",
    )

    def __init__(self, wish: Wish, *args: Any, **kwargs: Any) -> None:
        super().__init__(wish, *args, **kwargs)
        open_ones = Adjustment.objects.filter(item__organ=wish.organ, state__in=OPEN).select_related("item")
        self.fields["adjustment"].queryset = open_ones  # type: ignore[attr-defined]


class WishOfSearchesForm(PageForm):
    title = forms.CharField(label="愿望", max_length=80, help_text="一句话，写成大家看得懂的愿望。")
    text = forms.CharField(
        label="为什么（可以不写）", max_length=2000, required=False, widget=forms.Textarea(attrs=LONG)
    )
    organ = OrganField(Organ.objects.filter(active=True), label="由哪个单位答复", empty_label="请选择")
