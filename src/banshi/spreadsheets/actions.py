"""Importing for good: everything in a file, in one transaction, or nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import transaction

from banshi.access import Permission, authorize, authorize_many
from banshi.catalog.actions import (
    NewItem,
    change_identity,
    create_items,
    delete_items,
    discard_draft,
    publish_many,
    save_draft,
    start_draft,
)
from banshi.catalog.guards import check
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, Revision
from banshi.catalog.provenance import Sources
from banshi.catalog.queries import newest_revisions
from banshi.core.errors import BadInput, BanshiError, Conflict, Problem
from banshi.core.json_types import JsonObject
from banshi.core.progress import Progress, no_progress
from banshi.core.repeats import A_CLICK, refuse_repeated
from banshi.files import keep
from banshi.ledger import Actor, record
from banshi.people.actions.organs import create_organ
from banshi.people.models import Division, Organ
from banshi.people.queries import account_of
from banshi.spreadsheets.cell_corrections import CellCorrection, checked_corrections
from banshi.spreadsheets.cells import folded
from banshi.spreadsheets.column_mapping import refuse_contradictions
from banshi.spreadsheets.models import ImportBatch, ImportedRow
from banshi.spreadsheets.organ_matching import Owners, kind_of
from banshi.spreadsheets.preview import (
    NoTable,
    Preview,
    first_rows,
    mapping_json,
    preview,
    summary,
)
from banshi.spreadsheets.queries import book_of
from banshi.spreadsheets.row_assembly import unplaced
from banshi.spreadsheets.row_validation import CHANGED, LEFT, NEW, PreviewRow, changes_item
from banshi.spreadsheets.signals import imported
from banshi.spreadsheets.workbook_reader import SourceWorkbook

ROWS_AT_ONCE = 1000
PROBLEMS_NAMED = 50


@dataclass
class Imported:
    """The result of an import."""

    preview: Preview
    items: list[Item] = field(default_factory=list)
    organs: list[Organ] = field(default_factory=list)
    changed: int = 0
    published: int = 0
    before: dict[int, JsonObject | None] = field(default_factory=dict)


@transaction.atomic
def receive_file(
    file: IO[bytes], *, name: str, division: Division, options: JsonObject, by: Actor, at: datetime
) -> ImportBatch:
    """Keep a file that is to be imported.

    Nothing of it is read yet. `options` is owner, create_organs, tables.
    """
    authorize(by, Permission.ITEM_IMPORT, at=at)
    stored = keep(file, name=name, purpose="import", by=by, at=at)
    person = account_of(by)
    if person:
        just = ImportBatch.objects.filter(created_by=person, division=division, created_at__gt=at - A_CLICK)
        same = just.filter(file__digest=stored.digest)
        refuse_repeated(person, same, "这个文件刚刚上传过", remedy="请在下面的导入记录里打开它。")
    return ImportBatch.objects.create(file=stored, division=division, mapping=options, created_by=person, created_at=at)


def preview_of(batch: ImportBatch, owners: Owners, report: Progress = no_progress) -> Preview:
    """Read a batch's file with the mapping as corrected so far."""
    report(0, 1, "读取文件")
    book = book_of(batch.file)
    return preview(book, owners, corrected=batch.mapping, progress=report)


@transaction.atomic
def read_batch(
    batch: ImportBatch, owners: Owners, *, by: Actor, at: datetime, report: Progress = no_progress
) -> ImportBatch:
    """Read, judge, and keep what the preview page shows.

    A file that can't be read is said to be so, not refused.
    """
    authorize(by, Permission.ITEM_IMPORT, batch, at=at)
    try:
        found = preview_of(batch, owners, report)
    except BanshiError as error:
        batch.mapping = {key: value for key, value in batch.mapping.items() if key != "tables"}
        batch.state = ImportBatch.State.UNREADABLE
        batch.counts = {"error": {"message": error.message, "where": error.where, "remedy": error.remedy}}
        if isinstance(error, NoTable):
            batch.counts["unread"] = [first_rows(sheet) for sheet in error.book.sheets if sheet.rows]
    else:
        batch.state = ImportBatch.State.PREVIEWED
        batch.mapping |= mapping_json(found.mappings)
        batch.counts = summary(found)
    batch.save(update_fields=["state", "mapping", "counts"])
    record(
        "spreadsheets.read_import",
        batch,
        by=by,
        at=at,
        facts={"file": batch.file.digest, "counts": batch.counts.get("counts", {})},
    )
    return batch


@transaction.atomic
def correct_mapping(batch: ImportBatch, options: JsonObject, *, by: Actor, at: datetime) -> ImportBatch:
    """Take the mapping as a person corrected it.

    The file is to be read again with it.
    """
    authorize(by, Permission.ITEM_IMPORT, batch, at=at)
    _require_open(batch)
    refuse_contradictions(options)
    batch.mapping = options
    batch.save(update_fields=["mapping"])
    record("spreadsheets.correct_import", batch, by=by, at=at, facts={"mapping": options})
    return batch


@transaction.atomic
def note_task(batch: ImportBatch, *, key: str, by: Actor, at: datetime) -> ImportBatch:
    """Remember which background task is at work on the batch.

    Its result takes this note's place.
    """
    authorize(by, Permission.ITEM_IMPORT, batch, at=at)
    batch.counts = {**batch.counts, "task": key}
    batch.save(update_fields=["counts"])
    record("spreadsheets.start_import_task", batch, by=by, at=at, facts={"task": key})
    return batch


@transaction.atomic
def drop_batch(batch: ImportBatch, *, by: Actor, at: datetime) -> ImportBatch:
    authorize(by, Permission.ITEM_IMPORT, batch, at=at)
    _require_open(batch)
    batch.state = ImportBatch.State.DROPPED
    batch.save(update_fields=["state"])
    record("spreadsheets.drop_import", batch, by=by, at=at)
    return batch


@transaction.atomic
def choose_rows(
    batch: ImportBatch, *, leave: Collection[str], leave_known: bool, replace: bool, by: Actor, at: datetime
) -> ImportBatch:
    """Leave rows out, by their places or all of items there are, and say whether details a cell does not tell go."""
    authorize(by, Permission.ITEM_IMPORT, batch, at=at)
    _require_open(batch)
    chosen = {"leave": sorted(leave), "leave_known": leave_known, "replace": replace}
    batch.mapping |= chosen
    batch.save(update_fields=["mapping"])
    record("spreadsheets.choose_rows", batch, by=by, at=at, facts={**chosen, "leave": len(leave)})
    return batch


@transaction.atomic
def correct_cells(batch: ImportBatch, *, corrections: Sequence[CellCorrection], by: Actor, at: datetime) -> ImportBatch:
    """Take cells as a person corrected them, in place of all corrections before.

    The file is to be read again with them.
    """
    authorize(by, Permission.ITEM_IMPORT, batch, at=at)
    _require_open(batch)
    kept = [each.as_json() for each in checked_corrections(corrections)]
    batch.mapping = {**batch.mapping, "cells": kept}
    batch.save(update_fields=["mapping"])
    record("spreadsheets.correct_cells", batch, by=by, at=at, facts={"cells": kept})
    return batch


@transaction.atomic
def undo_batch(batch: ImportBatch, *, by: Actor, at: datetime) -> ImportBatch:
    """Take an import back while nothing of it is public, under review or changed since.

    All of it or nothing.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("file").get(pk=batch.pk)
    authorize(by, Permission.ITEM_IMPORT, batch, at=at)
    if batch.state != ImportBatch.State.APPLIED:
        raise Conflict(f"这次导入{batch.get_state_display()}，不能撤销", remedy="只有已导入的可以撤销。")
    rows = list(batch.rows.filter(outcome__in=(NEW, CHANGED), item__isnull=False).select_related("item"))
    texts = newest_revisions([row.item_id for row in rows if row.item_id])
    problems = []
    for row in rows:
        text, why = texts.get(row.item_id or 0), ""
        if text is not None and text.state != Revision.State.DRAFT:
            why = f"{text.get_state_display()}"
        elif text is not None and text.digest != row.digest:
            why = f"{text.author or '别人'}在导入以后改过"
        if why:
            problems.append(Problem(why, where=row.name, remedy="公布过的请申请调整；改过的请逐项处理。"))
    if problems:
        raise BadInput(
            f"有{len(problems)}项在导入以后又有变动，一项也没有撤销",
            problems[:PROBLEMS_NAMED],
            where=batch.file.name,
            remedy="没有公布过的事项，可以在事项页面逐项删除。",
        )
    for row in rows:
        if row.outcome == CHANGED and row.item_id and (text := texts.get(row.item_id)):
            if row.before is None:
                discard_draft(text, by=by, at=at)
            else:
                save_draft(text, guide=Guide.model_validate(row.before), stamp=text.stamp, by=by, at=at)
    new = [row.item for row in rows if row.outcome == NEW and row.item]
    if new:
        delete_items(new, reason=f"撤销导入“{batch.file.name}”", by=by, at=at)
    batch.state = ImportBatch.State.UNDONE
    batch.save(update_fields=["state"])
    record("spreadsheets.undo_import", batch, by=by, at=at, facts={"items": len(new), "drafts": len(rows) - len(new)})
    return batch


@transaction.atomic
def apply_batch(
    batch: ImportBatch,
    owners: Owners,
    *,
    publish: bool = False,
    provenance: Sources | None = None,
    by: Actor,
    at: datetime,
    report: Progress = no_progress,
) -> Imported:
    """Import a previewed file: all of it or nothing.

    The file is read and judged anew, for things may have changed.

    `provenance` tells whence a table's values come when they are not its office's own.
    """
    batch = ImportBatch.objects.select_for_update().select_related("file", "division").get(pk=batch.pk)
    allowed = authorize(by, Permission.ITEM_IMPORT, batch, at=at)
    if publish:
        check("publish_import", [batch], by=allowed, at=at)
    _require_open(batch)
    found = preview_of(batch, owners, report)
    require_clean(found)
    done = _write(found, batch.division, provenance or {}, publish=publish, by=by, at=at, report=report)
    kept_apart = _keep_rows(batch, found, done)
    batch.state, batch.applied_at = ImportBatch.State.APPLIED, at
    facts = facts_of(done)
    batch.counts = summary(found) | {"done": facts, "unplaced": kept_apart}
    batch.save(update_fields=["state", "applied_at", "counts"])
    record("spreadsheets.apply_import", batch, by=by, at=at, facts={"file": batch.file.digest, **facts})
    imported.send(sender=ImportBatch, batch=batch.pk, at=at)
    return done


@transaction.atomic
def import_file(
    path: Path,
    owners: Owners,
    *,
    division: Division,
    options: JsonObject | None = None,
    publish: bool = False,
    by: Actor,
    at: datetime,
    report: Progress = no_progress,
) -> Imported:
    """Keep and import a file in one go."""
    with path.open("rb") as file:
        batch = receive_file(file, name=path.name, division=division, options=options or {}, by=by, at=at)
    return apply_batch(batch, owners, publish=publish, by=by, at=at, report=report)


def _require_open(batch: ImportBatch) -> None:
    if batch.state not in (ImportBatch.State.PREVIEWED, ImportBatch.State.UNREADABLE):
        raise Conflict(f"这次导入{batch.get_state_display()}，不能再改", remedy="如需再导入，请重新上传。")


def require_clean(found: Preview) -> None:
    """Refuse a file with errors, naming every cell."""
    errors = found.errors
    if errors:
        problems = [
            Problem(each.message, f"{found.book.name} {each.sheet}!{each.cell}", each.cell, each.proposal)
            for each in errors
        ]
        raise BadInput(
            f"有 {len(errors):,} 处错误，一条也没有导入",
            problems,
            where=found.book.name,
            remedy="请按下面的提示改好后重新导入。",
        )


# Writing


def _write(
    found: Preview,
    division: Division,
    provenance: Sources,
    *,
    publish: bool,
    by: Actor,
    at: datetime,
    report: Progress,
) -> Imported:
    done = Imported(found)
    organs = {}
    for name in found.new_organs:
        uscc = found.owners.new_codes.get(folded(name), "")
        organ = create_organ(name=name, kind=kind_of(name), division=division, uscc=uscc, by=by, at=at)
        organs[folded(name)] = organ
        done.organs.append(organ)
    touched = [row.owner.organ for row in found.rows if row.outcome == NEW and row.owner.organ]
    allowed = authorize_many(by, Permission.ITEM_IMPORT, list({each.pk: each for each in touched}.values()), at=at)
    report(0, 1, "写入新事项")
    news = [row for row in found.rows if row.outcome == NEW]
    done.items = create_items([_new_item(row, organs, found.book, provenance) for row in news], by=allowed, at=at)
    for row, item in zip(news, done.items, strict=True):
        row.made = item
    changes = [row for row in found.rows if row.outcome == CHANGED]
    drafts = _change(changes, done, by, at, report)
    done.changed = len(changes)
    if publish:
        first = Revision.objects.filter(item__in=done.items, state=Revision.State.DRAFT) if done.items else []
        report(0, 1, "公布")
        done.published = len(
            publish_many([*first, *drafts], reason=f"导入“{found.book.name}”", lines=True, by=by, at=at)
        )
    return done


def _keep_rows(batch: ImportBatch, found: Preview, done: Imported) -> int:
    """Remember what became of each row and what of it has no place in the guide, and count the rows with such."""
    touched = [each.pk for each in done.items] + list(done.before)
    texts = Revision.objects.filter(item__in=touched).order_by("number")
    digests = dict(texts.values_list("item_id", "digest"))
    rows = ImportedRow.objects.bulk_create(
        [
            ImportedRow(
                batch=batch,
                item_id=(key := row.known.pk if row.known else row.made.pk if row.made else None),
                sheet=row.table.sheet[:255],
                number=max(row.number, 0),
                name=row.name,
                outcome=row.outcome,
                unplaced=unplaced(row.table, row.index),
                digest=digests.get(key or 0, "") if row.outcome in (NEW, CHANGED) else "",
                before=done.before.get(key or 0),
            )
            for row in found.rows
        ],
        ROWS_AT_ONCE,
    )
    return sum(1 for row in rows if row.unplaced and row.outcome != LEFT)


def _new_item(row: PreviewRow, organs: dict[str, Organ], book: SourceWorkbook, provenance: Sources) -> NewItem:
    organ = row.owner.organ or organs[folded(row.owner.new)]
    table = row.table
    return NewItem(
        organ=organ,
        guide=row.guide(),
        kind=row.kind,
        category=row.category,
        code=row.code.text,
        base_code=row.code.base_code,
        kind_as_given=row.kind_as_given,
        source=table.sources[row.index] if table.sources else f"{book.name} {table.sheet} 第{row.number}行"[:400],
        is_example=table.examples[row.index] if table.examples else False,
        provenance=table.provenance[row.index] if table.provenance else provenance,
    )


def _change(rows: list[PreviewRow], done: Imported, by: Actor, at: datetime, report: Progress) -> list[Revision]:
    """Write what the rows say into drafts of the items there are."""
    # Colleagues' other elements in them stay.
    keys = [row.known.pk for row in rows if row.known]
    items, revisions = Item.objects.select_related("category").in_bulk(keys), newest_revisions(keys)
    by = authorize_many(by, Permission.ITEM_IMPORT, list(items.values()), at=at)
    drafts = []
    for number, row in enumerate(rows):
        assert row.known is not None
        item, revision = items[row.known.pk], revisions.get(row.known.pk)
        guide = row.guide(revision.guide if revision else None)
        if revision and revision.state == Revision.State.DRAFT:
            done.before[item.pk] = revision.content
            changed_draft = save_draft(revision, guide=guide, stamp=revision.stamp, by=by, at=at)
        else:
            done.before[item.pk] = None
            changed_draft = start_draft(item, guide=guide, reason="表格导入", by=by, at=at)
        drafts.append(changed_draft)
        if changes_item(row):
            change_identity(
                item,
                code=row.code.text if row.table.texts("code")[row.index] else item.code,
                kind=row.kind if row.kind_as_given else item.kind,
                category=row.category or item.category,
                by=by,
                at=at,
            )
        report(number + 1, len(rows), "修改已有事项")
    return drafts


def facts_of(done: Imported) -> dict[str, int]:
    return {
        "new": len(done.items),
        "changed": done.changed,
        "same": done.preview.counts["same"],
        "left": done.preview.counts["left"],
        "organs": len(done.organs),
        "published": done.published,
    }
