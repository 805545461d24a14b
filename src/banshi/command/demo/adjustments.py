"""The demonstration's adjustments: who examines, a law replaced, and adjustments in every state, all marked 示例."""

import io
from datetime import datetime, timedelta

from banshi.adjustments.actions import (
    AdjustmentCause,
    apply_for,
    change_facts,
    give_opinion,
    prepare_for_change,
    publish_adjustments,
    set_office,
    start_adjustment,
)
from banshi.adjustments.actions.transition import seen_of
from banshi.adjustments.enums import Cause, ExaminationVerdict
from banshi.adjustments.models import Adjustment
from banshi.adjustments.permissions import desk_of
from banshi.adjustments.queries import items_affected
from banshi.catalog.actions import save_draft, start_draft
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item
from banshi.command.demo.catalogue import Catalogue
from banshi.command.demo.tables import document
from banshi.core.clock import day_of
from banshi.core.json_types import JsonObject
from banshi.files import keep
from banshi.law.actions import LawRow, load_laws, record_change
from banshi.law.models import Law, LawChange
from banshi.ledger import Actor
from banshi.people.models import Division, Organ, User

SOON = timedelta(hours=3)
SAID = {
    "second": (ExaminationVerdict.AGREE,),
    "approved": (ExaminationVerdict.AGREE, ExaminationVerdict.AGREE),
    "published": (ExaminationVerdict.AGREE, ExaminationVerdict.AGREE),
    "returned": (ExaminationVerdict.RETURN,),
    "refused": (ExaminationVerdict.REFUSE,),
    "checked": (ExaminationVerdict.CONFIRM,),
}


def build_adjustments(city: Catalogue, *, by: Actor) -> None:
    """Build the adjustments of data/demo/adjustments.json."""
    told = document("demo/adjustments.json")
    for division, office, organ in told["offices"]:
        at = city.now - timedelta(days=300)
        set_office(Division.objects.get(code=division), office, city.organs[organ], by=by, at=at)
    _replace_law(city, told["law"])
    for row in sorted(told["adjustments"], key=lambda row: -row["days_ago"]):
        at = city.now - timedelta(days=row["days_ago"])
        item = Item.objects.select_related("organ__division", "listing").get(
            pk=city.items[row["organ"], row["item"]].pk
        )
        clerk = city.clerk_of(row["organ"])
        cause = Cause.LAW if row.get("law") else row["cause"]
        text = f"示例：为演示编写，不是真实文件。\n{item.organ}\n{row['reason']}\n".encode()
        evidence = keep(
            io.BytesIO(text), name="示例依据材料.txt", purpose="adjustment", organ=item.organ, by=clerk, at=at
        )
        facts = AdjustmentCause(cause, day_of(at), row["reason"], evidence)
        if row.get("law"):
            one = Adjustment.objects.get(item=item)
            change_facts(one, facts=facts, by=clerk, at=at)
        else:
            one = start_adjustment(item, kind=row["kind"], facts=facts, by=clerk, at=at)
        apply_for(one, stamp=_rewrite(item, row, clerk, at), by=clerk, at=at + SOON)
        for number, verdict in enumerate(SAID.get(row["to"], ()), 2):
            _say(one.pk, verdict, row.get("words", ""), at + number * SOON)
        if row["to"] == "published":
            approved = Adjustment.objects.get(pk=one.pk)
            publish_adjustments([approved], by=city.publisher, at=at + timedelta(days=2))


def _replace_law(city: Catalogue, row: JsonObject) -> None:
    at, by = city.now - timedelta(days=row["days_ago"]), city.accounts["organizer"]
    old = {name: row[name] for name in ("title", "doc_no", "rank", "issuer")}
    new = {**old, "title": row["successor"], "doc_no": row["successor_no"]}
    load_laws([LawRow(**each, note="示例：为演示编写") for each in (old, new)], by=by, at=at)
    law, successor = (Law.objects.get(title=each["title"], doc_no=each["doc_no"]) for each in (old, new))
    change = record_change(
        law,
        kind=LawChange.ChangeKind.REPLACED,
        day=day_of(at) + timedelta(days=2),
        successor=successor,
        note=row["note"],
        by=by,
        at=at,
    )
    prepare_for_change(change, list(items_affected(change, Organ.objects.all())), by=by, at=at)


def _rewrite(item: Item, row: JsonObject, by: Actor, at: datetime) -> int | None:
    """Return the draft as the row changes it, and its stamp."""
    if row.get("kind") in ("cancel", "suspend"):
        return None
    draft = start_draft(item, by=by, at=at)
    text = {**draft.guide.model_dump(mode="json"), **row.get("changes", {})}
    if articles := row.get("articles"):
        text["bases"] = [{**each, "articles": each["articles"] or articles} for each in text["bases"]]
    guide = Guide.model_validate(text)
    return save_draft(draft, guide=guide, stamp=draft.stamp, by=by, at=at + SOON / 2).stamp


def _say(pk: int, verdict: ExaminationVerdict, words: str, at: datetime) -> None:
    """Say it as whoever examines at the desk whose turn it is."""
    # Passed over when nobody is left to ask.
    one = Adjustment.objects.select_related("item", "text", "examiner", "second").get(pk=pk)
    desk = desk_of(one)
    if one.state not in ("examining", "second", "checking") or desk is None:
        return
    who = User.objects.filter(posts__organ=desk, posts__role="reviewer").order_by("pk")[0]
    give_opinion(one, verdict=verdict, words=words, seen=seen_of(one), by=who, at=at)
