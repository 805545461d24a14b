"""Forms of what is done about wishes."""

from typing import Any

from django import forms

from banshi.catalog.models import Item
from banshi.feedback.enums import WishAnswer
from banshi.feedback.models import Wish
from banshi.feedback.queries import similar_wishes
from banshi.people.models import Organ
from banshi.sites.kit.forms import PageForm

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
    organ = forms.ModelChoiceField(
        Organ.objects.filter(active=True), label="支持的人够了，由哪个单位答复", empty_label="请选择"
    )

    def __init__(self, wish: Wish, *args: Any, **kwargs: Any) -> None:
        super().__init__(wish, *args, **kwargs)
        self.fields["organ"].initial = wish.organ_id


class DeclineWishForm(WishActForm):
    reason = forms.CharField(label="为什么不公开", max_length=500, widget=forms.Textarea(attrs=LONG))


class MergeWishForm(WishActForm):
    into = forms.ModelChoiceField(Wish.objects.none(), label="并入哪一个", empty_label=None, widget=forms.RadioSelect)

    def __init__(self, wish: Wish, *args: Any, **kwargs: Any) -> None:
        super().__init__(wish, *args, **kwargs)
        keys = [each.pk for each in similar_wishes(wish.title) if each.pk != wish.pk and each.state == "open"]
        self.fields["into"].queryset = Wish.objects.filter(pk__in=keys)  # type: ignore[attr-defined]


class AnswerWishForm(WishActForm):
    kind = forms.ChoiceField(label="意见", choices=WishAnswer.choices, widget=forms.RadioSelect)
    answer = forms.CharField(label="答复", max_length=2000, widget=forms.Textarea(attrs=LONG))
    item = forms.ModelChoiceField(
        Item.objects.none(), label="已经有的事项", required=False, empty_label="没有", help_text="选“已经有了”的要选。"
    )


class LinkWishForm(WishActForm):
    listed = False
    item = forms.ModelChoiceField(
        Item.objects.none(), label="由哪个事项实现", empty_label="请选择", help_text="它一公布，就告诉支持的人。"
    )
