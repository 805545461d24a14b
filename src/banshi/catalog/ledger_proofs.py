"""Proof for the ledger that items, their texts and their publications are still those that acts have recorded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Exists, IntegerField, Model, OuterRef, Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from banshi.catalog.actions.drafts import content_digest
from banshi.catalog.actions.notices import notice_digest
from banshi.catalog.actions.projections import PARTS, listing_of
from banshi.catalog.events import PUBLISHED, TAKEN_DOWN
from banshi.catalog.identity import identity_of
from banshi.catalog.models import Item, Listing, Notice, Publication, Revision
from banshi.core.clock import CHINA
from banshi.core.json_types import JsonObject
from banshi.events.models import Event
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, prove_texts, prove_whole

Ending = Publication.Ending
CLOSING = {
    "catalog.suspend_item": Ending.SUSPENDED,
    "catalog.cancel_item": Ending.CANCELLED,
    "catalog.merge_item": Ending.MERGED,
}
STATES = {
    "catalog.create_item": "active",
    "catalog.suspend_item": "suspended",
    "catalog.resume_item": "active",
    "catalog.cancel_item": "cancelled",
    "catalog.merge_item": "merged",
}
"""State of an item after the act."""
ROWS_AT_ONCE = 500


@prove_texts("catalog.submit", "catalog.return", "catalog.drop", "catalog.publish")
def differing_texts(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield entries whose text changed after it was submitted or published, found by item and digest.

    Only an item that was never published can be gone, and then with an entry.
    """
    history = _history(entries, "catalog.publish", "catalog.delete_item", "catalog.withdraw", *CLOSING)
    deleted = _deleted(history)
    entries = [each for each in entries if each.subject not in deleted or each.action == "catalog.publish"]
    items = {entry.number: key_of(entry) for entry in entries}
    texts: dict[tuple[int, str], bool] = {}
    kept = Revision.objects.filter(item__in=items.values(), digest__in=[each.facts["digest"] for each in entries])
    for item, digest, content in kept.values_list("item_id", "digest", "content").iterator(100):
        whole = texts.get((item, digest), True)
        texts[item, digest] = whole and content_digest(content) == digest
    rows = Publication.objects.filter(item__in=items.values()).select_related("revision").defer("revision__content")
    published = {(each.item_id, each.number, each.revision.digest): each for each in rows}
    for entry in entries:
        item, digest = items[entry.number], entry.facts["digest"]
        if (item, digest) not in texts:
            yield entry, "不在了：指南被删去，或连同摘要被改动过"
        elif not texts[item, digest]:
            yield entry, "被改动过：指南的内容与摘要不符"
        elif entry.action == "catalog.publish":
            publication = published.get((item, entry.facts["number"], digest))
            if publication is None:
                yield entry, f"不再是公布的第{entry.facts['number']}版：公布记录被删去或换过"
            elif words := _differing_publication(publication, entry, history[entry.subject]):
                yield entry, f"被改动过：公布的{words}与记录不符"


def _differing_publication(publication: Publication, entry: LedgerEntry, history: Iterable[LedgerEntry]) -> str:
    """Name what is not as recorded, of the facts its entry has."""
    facts = entry.facts
    if publication.since != entry.at or publication.reason != facts["reason"]:
        return "生效时间或说明"
    if "approved_by" in facts and publication.approved_by != facts["approved_by"]:
        return "批准单位"
    if "identity" in facts and publication.identity != facts["identity"]:
        return "编码、类型、类别"
    if (publication.until, publication.ending, publication.ending_note) != _end_of(entry, history):
        return "失效时间、原因"
    return ""


def _end_of(entry: LedgerEntry, history: Iterable[LedgerEntry]) -> tuple[datetime | None, str, str]:
    """Tell by the acts after it when and why a publication ended."""
    for act in history:
        if act.number <= entry.number:
            continue
        if act.action == "catalog.publish":
            return act.at, Ending.REPLACED, ""
        if act.action in CLOSING:
            return act.at, CLOSING[act.action], act.facts["note"]
        if act.action == "catalog.withdraw" and act.facts["number"] == entry.facts["number"]:
            return act.at, act.facts["ending"], act.facts["note"]
    return None, "", ""


@prove_texts("catalog.change_identity", *STATES)
def differing_items(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield the newest of these entries of an item that is not in the state or has not the code recorded last."""
    history = _history(entries, "catalog.change_identity", "catalog.publish", "catalog.delete_item", *STATES)
    deleted = _deleted(history)
    items = Item.objects.in_bulk([key_of(each) for each in entries])
    last = {entry.subject: entry for entry in entries if entry.subject not in deleted}
    for subject, entry in last.items():
        item = items.get(key_of(entry))
        if item is None:
            yield entry, "不在了：事项被删去"
            continue
        recorded = _recorded(history[subject])
        present = {**identity_of(item).as_json(), "state": item.state, "into": item.merged_into_id}
        if any(present[name] != value for name, value in recorded.items()):
            yield entry, "被改动过：事项的状态、编码、类型或类别与记录不符"


def _recorded(history: Iterable[LedgerEntry]) -> dict[str, object]:
    """Merge what the acts of an item say of it, the last word of each."""
    said: JsonObject = {}
    for act in history:
        if act.action in STATES:
            said["state"] = STATES[act.action]
        if act.action == "catalog.create_item":
            said["code"] = act.facts["code"]
        elif act.action == "catalog.change_identity":
            said |= act.facts["after"]
        elif act.action == "catalog.publish":
            said |= act.facts.get("identity", {})
        elif act.action == "catalog.merge_item":
            said["into"] = act.facts["merged_into"]
    return said


@prove_whole
def listings_changed() -> Iterator[str]:
    """Compare every column of lists with what publishing derives, and name the first that differs."""
    in_force = Publication.objects.filter(until=None).select_related("listing", "revision", "item__organ__division")
    publications = in_force.order_by("pk").iterator(ROWS_AT_ONCE)
    while some := list(islice(publications, ROWS_AT_ONCE)):
        rows: dict[tuple[type[Model], int], list[Model]] = {}
        for model, _, _ in PARTS:
            kept = model._default_manager.filter(item__in=[each.item_id for each in some])
            for row in kept.order_by("item_id", "position", "pk"):
                rows.setdefault((model, row.item_id), []).append(row)  # type: ignore[attr-defined]
        for each in some:
            if words := _differing_listing(each, rows):
                yield f"公众看到的列表里，“{each.item}”与公布的第{each.number}版不符：{words}"
                return
    for other in Listing.objects.exclude(publication__until=None).order_by("pk")[:1]:
        yield f"公众看到的列表里有“{other.name}”，但它已经不在公布"


def _differing_listing(publication: Publication, rows: Mapping[tuple[type[Model], int], list[Model]]) -> str:
    """Name the columns or the part that are not what publishing derives."""
    listing = getattr(publication, "listing", None)
    if listing is None:
        return "被删去"
    try:
        guide = publication.revision.guide
    except ValueError:  # no guide, as its text proof tells
        return ""
    expected = _columns_of(listing_of(publication, guide))
    if changed := [name for name, value in _columns_of(listing).items() if value != expected[name]]:
        return f"{'、'.join(changed)}被改动"
    for model, _, rows_of in PARTS:
        present = [_columns_of(each) for each in rows.get((model, publication.item_id), [])]
        if present != [_columns_of(each) for each in rows_of(publication, guide)]:
            return f"{model._meta.label}被改动、插入或删去"
    return ""


def _columns_of(row: Model) -> dict[str, object]:
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields if each.attname != "id"}


@prove_texts("catalog.publish_notice", "catalog.change_notice")
def differing_notices(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    """Yield the newest of these entries of a notice that reads otherwise now, or was taken down without an act."""
    history = _history(entries, "catalog.publish_notice", "catalog.change_notice", "catalog.remove_notice")
    notices = Notice.objects.in_bulk([key_of(each) for each in entries])
    for entry in {each.subject: each for each in entries}.values():
        notice, acts = notices.get(key_of(entry)), history[entry.subject]
        if notice is None:
            if acts[-1].action != "catalog.remove_notice":
                yield entry, "不在了：公示公告被删去"
        elif "digest" in acts[-1].facts and acts[-1].facts["digest"] != notice_digest(notice):
            yield entry, "被改动过：公示公告与记录不符"


@prove_whole
def events_changed() -> Iterator[str]:
    """Compare what events tell of publications and their endings with the publications."""
    one: Any = Publication.objects
    before = one.filter(item=OuterRef("item"), number__lt=OuterRef("number"), until=OuterRef("since"))
    as_told = one.filter(pk=OuterRef("subject_id"), number=OuterRef("number_told"))
    ended = one.filter(item=OuterRef("item"), until=OuterRef("at"), ending=OuterRef("ending_told"))
    told: Any = {
        f"{name}_told": Cast(KeyTextTransform(name, "data"), column)
        for name, column in (("number", IntegerField()), ("operation", TextField()), ("ending", TextField()))
    }
    events: Any = Event.objects.alias(**told)
    replacing = as_told.filter(Exists(before))
    true = (Exists(replacing) & Q(operation_told="U")) | (
        Exists(as_told.exclude(Exists(before))) & Q(operation_told="I")
    )
    for false in (
        events.filter(~true, kind=PUBLISHED.code),
        events.filter(~Exists(ended), kind=TAKEN_DOWN.code),
    ):
        for event in false.order_by("pk")[:1]:
            when = f"{event.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
            yield f"第{event.number or event.pk}号事件被改动过：公布记录里没有它说的事（{when}）"


def _history(entries: Sequence[LedgerEntry], *actions: str) -> dict[str, list[LedgerEntry]]:
    """List all acts of these kinds on the subjects of a batch, in their order."""
    subjects = {entry.subject for entry in entries}
    told: dict[str, list[LedgerEntry]] = {subject: [] for subject in subjects}
    for act in LedgerEntry.objects.filter(subject__in=subjects, action__in=actions).order_by("number"):
        told[act.subject].append(act)
    return told


def _deleted(history: dict[str, list[LedgerEntry]]) -> set[str]:
    """List subjects whose row is gone by an act, as an entry alone excuses nothing."""
    said = {act.subject for acts in history.values() for act in acts if act.action == "catalog.delete_item"}
    there = Item.objects.filter(pk__in=[int(each.rpartition(":")[2]) for each in said]).values_list("pk", flat=True)
    return said - {f"catalog.Item:{key}" for key in there}
