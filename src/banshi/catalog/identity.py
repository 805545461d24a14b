"""ItemIdentity of an item apart from its guide, frozen in each version as that of its time."""

from typing import TYPE_CHECKING, NamedTuple

from banshi.catalog.enums import ItemKind
from banshi.catalog.guide.differences import Difference, word_parts
from banshi.core.json_types import JsonObject

if TYPE_CHECKING:
    from banshi.catalog.models import Item

NOT_CLASSED = "未归类"


class ItemIdentity(NamedTuple):
    """Code, kind and the code of the category (none: "")."""

    code: str
    kind: str
    category: str

    @property
    def kind_label(self) -> str:
        return str(ItemKind(self.kind).label)

    def as_json(self) -> dict[str, str]:
        return self._asdict()


def identity_of(item: "Item") -> ItemIdentity:
    return ItemIdentity(item.code, item.kind, item.category_id or "")


def read_identity(kept: JsonObject) -> ItemIdentity:
    return ItemIdentity(kept["code"], kept["kind"], kept["category"])


def identity_differences(old: ItemIdentity, new: ItemIdentity, categories: dict[str, str]) -> list[Difference]:
    """Compare two identities.

    `categories` are their names by code.
    """
    texts = (
        ("code", "事项编码", old.code, new.code),
        ("kind", "事项类型", old.kind_label, new.kind_label),
        ("category", "事项类别", *(categories.get(each.category, NOT_CLASSED) for each in (old, new))),
    )
    return [
        Difference(f"identity.{name}", label, "basic", before, after, tuple(word_parts(before, after)))
        for name, label, before, after in texts
        if before != after
    ]
