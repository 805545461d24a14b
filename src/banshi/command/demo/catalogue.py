"""The catalogue of 示例市: composed guides, with the history a real city would have had by now."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from banshi.access import on_behalf_of
from banshi.catalog.actions import (
    NewItem,
    cancel_item,
    create_items,
    load_categories,
    load_references,
    merge_items,
    publish,
    publish_many,
    publish_notice,
    start_draft,
    suspend_item,
    withdraw,
)
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Category, Item, Notice, Publication, ReferenceItem, Revision
from banshi.command.demo.blank_forms import with_blank_forms
from banshi.command.demo.tables import document, guide_entries, table
from banshi.core.json_types import JsonObject
from banshi.insight.models import ItemViews
from banshi.insight.queries import MONTH
from banshi.ledger import Actor
from banshi.people.models import Organ, Post, User

GOVERNMENT = "示例市人民政府"
FOUNDED = timedelta(days=600)
PUBLISHED = timedelta(days=60)
CHANGED = timedelta(days=30)
DRAFTED = timedelta(days=2)
Key = tuple[str, str]


@dataclass
class Catalogue:
    """The demo under construction, with organs by key and items by organ key and name."""

    organs: dict[str, Organ]
    accounts: dict[str, User]
    now: datetime
    categories: dict[str, Category] = field(default_factory=dict)
    references: dict[str, ReferenceItem] = field(default_factory=dict)
    items: dict[Key, Item] = field(default_factory=dict)
    guides: dict[Key, Guide] = field(default_factory=dict)

    @property
    def publisher(self) -> User:
        return self.accounts["publisher"]

    @property
    def mover(self) -> Actor:
        """Return the publisher, moving in a catalogue that was examined elsewhere."""
        return on_behalf_of(self.publisher)

    @property
    def organizer(self) -> User:
        return self.accounts["organizer"]

    def clerk_of(self, key: str) -> Actor:
        """Find the writer for an organ, its clerk when it has one among the accounts."""
        post = Post.objects.filter(organ=self.organs[key], role="clerk").select_related("user").first()
        return post.user if post else self.mover


def build_tables(city: Catalogue, *, by: Actor, at: datetime) -> None:
    city.categories = load_categories(table("vocab/categories.csv"), by=by, at=at)
    city.references = load_references(table("demo/reference.csv"), by=by, at=at)


def build_guides(city: Catalogue) -> None:
    """Build items with their drafts.

    Those with a past begin with what their guide said first.
    """
    entries = guide_entries()
    # Earlier versions by item, the oldest first.
    pasts: dict[Key, list[JsonObject]] = defaultdict(list)
    for event in sorted(_history("earlier"), key=lambda event: -event["days_ago"]):
        pasts[event["organ"], event["name"]].append(event)
    news = []
    for entry in entries:
        key = (entry["organ"], entry["guide"]["name"])
        guide, organ = Guide.model_validate(entry["guide"]), city.organs[entry["organ"]]
        city.guides[key] = with_blank_forms(guide, organ, by=city.mover, at=city.now - FOUNDED)
        first = _changed(city.guides[key], pasts[key][0]["changes"]) if key in pasts else city.guides[key]
        followed = f"(参照 data/samples/items.json {entry['sample']})" if entry["sample"] else ""
        new_item = NewItem(
            organ,
            first,
            kind=entry["kind"],
            category=city.categories[entry["category"]],
            code=entry["code"],
            base_code=entry["base_code"] if entry["code"] else "",
            reference=city.references.get(entry["base_code"]),
            source=f"示例：为演示编写{followed}，不是任何真实地方的办事指南",
            is_example=True,
        )
        news.append(new_item)
    items = create_items(news, by=city.mover, at=city.now - FOUNDED)
    city.items = dict(zip(city.guides, items, strict=True))
    events = [(key, event) for key, past in pasts.items() for event in past]
    for key, event in sorted(events, key=lambda pair: -pair[1]["days_ago"]):
        at = city.now - timedelta(days=event["days_ago"])
        text = _changed(city.guides[key], event["changes"])
        revision = start_draft(city.items[key], guide=text, reason=event["reason"], by=city.mover, at=at)
        publish(revision, reason=event["reason"], approved_by=GOVERNMENT, by=city.mover, at=at)
    for key, past in pasts.items():
        at = city.now - PUBLISHED - timedelta(days=1)
        start_draft(city.items[key], guide=city.guides[key], reason=past[-1]["replaced_reason"], by=city.mover, at=at)
    _publish_all(city, {key for key, entry in zip(city.guides, entries, strict=True) if entry["state"] == "published"})


def _history(*what: str) -> list[JsonObject]:
    return [event for event in document("demo/history.json") if event["what"] in what]


def _changed(guide: Guide, changes: dict[str, object]) -> Guide:
    return Guide.model_validate({**guide.model_dump(mode="json"), **changes})


def _publish_all(city: Catalogue, keys: set[Key]) -> None:
    """Publish the catalogue of the year in one act."""
    # What changed an earlier version keeps its own reason.
    items = [item for key, item in city.items.items() if key in keys]
    drafts = Revision.objects.filter(item__in=items, state=Revision.State.DRAFT).order_by("item_id")
    at = city.now - PUBLISHED
    publish_many(
        [draft for draft in drafts if draft.number == 1],
        reason="经市政府审定公布",
        approved_by=GOVERNMENT,
        by=city.mover,
        at=at,
    )
    publish_many([draft for draft in drafts if draft.number > 1], approved_by=GOVERNMENT, by=city.mover, at=at)


def build_history(city: Catalogue) -> None:
    """Suspend, cancel, merge and withdraw items as the demo's history tells."""
    at, by = city.now - CHANGED, city.mover
    for event in _history("suspend", "cancel", "merge", "in_error", "withdraw"):
        item, note = Item.objects.get(pk=city.items[event["organ"], event["name"]].pk), event["note"]
        match event["what"]:
            case "suspend":
                suspend_item(item, note=note, by=by, at=at)
            case "cancel":
                cancel_item(item, note=note, by=by, at=at)
            case "merge":
                into = city.items[event["into"]["organ"], event["into"]["name"]]
                merge_items([item], into=Item.objects.get(pk=into.pk), note=note, by=by, at=at)
            case "in_error":
                withdraw(item.publications.get(until=None), ending=Publication.Ending.IN_ERROR, note=note, by=by, at=at)
            case "withdraw":
                withdraw(
                    item.publications.get(until=None), ending=Publication.Ending.WITHDRAWN, note=note, by=by, at=at
                )


def build_work_to_do(city: Catalogue) -> None:
    """Build drafts the clerks have open: changes to what is in force, and guides hardly begun."""
    at = city.now - DRAFTED
    for event in _history("draft"):
        key = (event["organ"], event["name"])
        text = _changed(city.guides[key], event["changes"])
        start_draft(city.items[key], guide=text, reason=event["reason"], by=city.clerk_of(key[0]), at=at)
    for event in _history("incomplete"):
        new = NewItem(
            city.organs[event["organ"]],
            Guide.model_validate(event["guide"]),
            category=city.categories[event["category"]],
            source="示例：为演示编写，还没写完",
            is_example=True,
        )
        create_items([new], by=city.clerk_of(event["organ"]), at=at)


def build_looks(city: Catalogue) -> None:
    """Make up thirty days of page views.

    Real ones take their place as they come.
    """
    days = [city.now.date() - timedelta(days=ago) for ago in range(MONTH.days)]
    rows = [(city.items[row["organ"], row["name"]], int(row["a_day"])) for row in table("demo/looks.csv")]
    ItemViews.objects.bulk_create(ItemViews(item=item, day=day, count=count) for item, count in rows for day in days)


def build_notices(city: Catalogue) -> None:
    for row in sorted(document("demo/notices.json"), key=lambda row: -row["days_ago"]):
        item = city.items[tuple(row["item"])] if "item" in row else None
        at = city.now - timedelta(days=row["days_ago"])
        organ = city.organs[row["organ"]]
        notice = publish_notice(organ=organ, title=row["title"], body=row["body"], item=item, by=city.mover, at=at)
        Notice.objects.filter(pk=notice.pk).update(is_example=True)
