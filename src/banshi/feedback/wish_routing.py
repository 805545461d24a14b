"""Proposed organ to answer a wish, with the reason that is shown to whoever publishes it."""

from banshi.catalog.models import Item
from banshi.feedback.complaint_routing import best_named, organs_named_in
from banshi.feedback.models import Wish
from banshi.people.models import Organ
from banshi.search.queries import find


def proposed_organ(wish: Wish) -> tuple[Organ | None, str]:
    """Propose whom the text names, else who handles the item that is found by its words."""
    if wish.organ is not None:
        return wish.organ, ""
    written = wish.texts.last()
    text = f"{wish.title}\n{written.text}" if written else wish.title
    organ, name = best_named(organs_named_in(text))
    if organ is not None:
        return organ, f"建议{organ.name}：写到“{name}”。"
    found = find(wish.title, per_page=1)
    item = Item.objects.select_related("organ").filter(guid=found.hits[0].guid).first() if found.hits else None
    if item is not None and not found.notice:
        return item.organ, f"建议{item.organ.name}：说的像是“{item.name}”，由它办理；不对的请另选。"
    return None, "没有认出单位，请选。"
