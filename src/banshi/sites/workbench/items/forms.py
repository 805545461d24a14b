"""Forms of items: what an item is, apart from its guide."""

from typing import Any

from django import forms

from banshi.catalog.codes import read_code
from banshi.catalog.enums import ItemKind
from banshi.catalog.identity import ItemIdentity
from banshi.catalog.models import Category, Item
from banshi.catalog.twins import Doubt, doubts_about
from banshi.people.models import Organ, User
from banshi.sites.kit.forms import EditingForm
from banshi.sites.kit.named_choice import OrganField
from banshi.sites.kit.permissions import Permission, organs_where

NOT_CHOSEN = "未归类"


class IdentityForm(EditingForm):
    """编码、类型、类别."""

    category = forms.ModelChoiceField(Category.objects.all(), label="事项类别", required=False, empty_label=NOT_CHOSEN)
    kind = forms.ChoiceField(
        choices=ItemKind.choices,
        label="事项类型",
        initial=ItemKind.SERVICE,
        help_text="公共服务目录里一般都是“公共服务”；行政权力事项请先与编制部门核对。",
    )
    code = forms.CharField(
        label="事项编码",
        max_length=80,
        required=False,
        help_text="照批准的编码填，没有可以先空着。旧码也照原样填，系统会提示怎么换。",
    )

    @property
    def in_spite(self) -> bool:
        """Tell whether the person goes on in spite of doubts about repetition."""
        return bool(self.data.get("in_spite"))

    def doubts(self, organ: Organ, name: str, besides: Item | None = None) -> list[Doubt]:
        """List doubts about repetition, until the person goes on in spite of them."""
        found = doubts_about(organ, name=name, code=self.cleaned_data["code"], besides=besides)
        return [] if self.in_spite else found

    def identity(self) -> ItemIdentity:
        category = self.cleaned_data["category"]
        return ItemIdentity(self.cleaned_data["code"], self.cleaned_data["kind"], category.pk if category else "")


class NewItemForm(IdentityForm):
    """A new item: whose, called what."""

    organ = OrganField(label="实施主体", help_text="由哪个单位办理。")
    name = forms.CharField(
        label="事项名称", max_length=300, help_text="动词加对象，不写机关名，不用“等”“其他”。如：老年优待证办理。"
    )
    field_order = ("name", "organ", "category", "kind", "code")

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        organs = organs_where(user, Permission.ITEM_EDIT).filter(active=True).select_related("division")
        self.fields["organ"].queryset = organs  # type: ignore[attr-defined]
        if not self.is_bound and (own := organs.first()):
            self.fields["organ"].initial = own.pk

    def values(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in ("category", "kind", "code")}
        return {**chosen, "base_code": read_code(chosen["code"]).base_code}
