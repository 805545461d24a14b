"""Writes of the catalogue."""

from banshi.catalog.actions.deleting import delete_items
from banshi.catalog.actions.drafts import (
    NewItem,
    create_item,
    create_items,
    discard_draft,
    drafts_of,
    restore_version,
    save_draft,
    start_draft,
)
from banshi.catalog.actions.identity import add_reference, change_identity, claim_reference
from banshi.catalog.actions.lifecycle import (
    cancel_item,
    merge_items,
    resume_item,
    split_item,
    suspend_item,
    withdraw,
)
from banshi.catalog.actions.notices import change_notice, publish_notice, remove_notice
from banshi.catalog.actions.publishing import publish, publish_many
from banshi.catalog.actions.submitting import drop_texts, return_texts, submit_drafts
from banshi.catalog.actions.vocabulary import load_categories, load_life_events, load_references

__all__ = [
    "NewItem",
    "add_reference",
    "cancel_item",
    "change_identity",
    "change_notice",
    "claim_reference",
    "create_item",
    "create_items",
    "delete_items",
    "discard_draft",
    "drafts_of",
    "drop_texts",
    "load_categories",
    "load_life_events",
    "load_references",
    "merge_items",
    "publish",
    "publish_many",
    "publish_notice",
    "remove_notice",
    "restore_version",
    "resume_item",
    "return_texts",
    "save_draft",
    "split_item",
    "start_draft",
    "submit_drafts",
    "suspend_item",
    "withdraw",
]
