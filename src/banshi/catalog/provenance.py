"""Provenance of a guide's elements: what an office wrote, a public page says, a collector matched or a demonstrator composed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices

from banshi.catalog.guide.document import Guide
from banshi.catalog.guide.elements import elements

if TYPE_CHECKING:
    from banshi.catalog.models import Item

Sources = Mapping[str, str]
"""Element name → Provenance; `ALL` for every element not named. `category` and `kind` are told beside the guide's own."""
ALL = "*"


class Provenance(TextChoices):
    OFFICE = "office", "单位填报"
    PAGE = "page", "公开页面原文"
    MATCHED = "matched", "整理者补充"
    COMPOSED = "composed", "编写的示例"


COMPOSED_NOTE = "示例：本指南为演示而编写，不是任何地方的真实办事指南，不能据此办事。"
BESIDE_THE_GUIDE = {"category": "事项类别", "kind": "事项类型"}


def provenance_of(sources: Sources, element: str) -> Provenance:
    """Tell whence one element comes.

    KeyError when nobody said.
    """
    return Provenance(sources[element] if element in sources else sources[ALL])


def written_here(item: "Item") -> str:
    """Name the source of what is typed into an item: its office, or the demonstrator of an example."""
    return str(Provenance.COMPOSED if item.is_example else Provenance.OFFICE)


def edited(item: "Item", sources: Sources, before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, str]:
    """Ascribe every element whose value an edit changed to whoever writes here."""
    author = written_here(item)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    kept = {name: source for name, source in sources.items() if name not in changed}
    return kept if kept[ALL] == author else kept | dict.fromkeys(sorted(changed), author)


def source_note(item: "Item", sources: Sources, content: Mapping[str, object]) -> str:
    """Say on every output what is not the office's own word.

    "" where all of it is.
    """
    whole = sources[ALL]
    if item.is_example or whole == Provenance.COMPOSED:
        return COMPOSED_NOTE
    said = f"真实资料样例：来自{item.source}。" if whole == Provenance.PAGE else ""
    for provenance, words in (
        (Provenance.MATCHED, "由整理者补充，不是原页文字"),
        (Provenance.COMPOSED, "为演示而编写，不是原页文字"),
    ):
        if named := _named(sources, provenance, content):
            said += f"其中{'、'.join(named)}{words}。"
    if whole == Provenance.PAGE and (named := _named(sources, Provenance.OFFICE, content)):
        said += f"其中{'、'.join(named)}由本单位改过。"
    return said + "办事请以当地最新公布为准。" if said else ""


def added_words(sources: Sources) -> str:
    """List the labels of elements a collector added, for tables of one line an item."""
    labels = {each.name: each.label for each in elements(Guide)} | BESIDE_THE_GUIDE
    return "、".join(
        labels[name] for name, source in sources.items() if source == Provenance.MATCHED and name in labels
    )


def _named(sources: Sources, provenance: Provenance, content: Mapping[str, Any]) -> list[str]:
    """List labels of the elements given in the guide that come from there."""
    labels = {each.name: each.label for each in elements(Guide)} | BESIDE_THE_GUIDE
    there = (name for name in sources if name != ALL and provenance_of(sources, name) is provenance)
    return [labels[name] for name in there if name in labels and (name in content or name in BESIDE_THE_GUIDE)]
