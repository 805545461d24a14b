"""Running the rule book over many items. What has not changed since is not read again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby, islice

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from banshi.access import Permission, authorize_many
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Item, Revision
from banshi.core.crypto import digest
from banshi.core.errors import Conflict
from banshi.core.progress import Progress, no_progress
from banshi.core.repeats import hold_name
from banshi.ledger import Actor, record
from banshi.people.models import Organ
from banshi.rulebook.batch_engine import QuickBook, read_quick
from banshi.rulebook.enums import Severity
from banshi.rulebook.models import LINE, Examination, ExaminedRevision, FlawFound, Retention
from banshi.rulebook.queries import about, current_rulebook, place_of, rulebook_mark, texts_of
from banshi.rulebook.rewriting import proven
from banshi.rulebook.rule import About, Finding

AT_ONCE = 500
WEIGHT = {each: place for place, each in enumerate(Severity)}


@transaction.atomic
def begin_examination(organs: Sequence[Organ], *, scope: str, by: Actor, at: datetime) -> Examination:
    """Write down that a run over the items of these organs begins.

    `finish_examination` does it.
    """
    authorize_many(by, Permission.ITEM_EDIT, organs, at=at)
    hold_name("rulebook.Examination")
    if Examination.objects.filter(finished_at=None).exists():
        raise Conflict("正在检查，还没有结束", remedy="请等这一次检查结束，再开始新的。")
    run = Examination.objects.create(
        scope=scope[:LINE],
        organs=[each.pk for each in organs],
        rulebook=rulebook_mark(localdate(at)),
        by=by.ledger_name,
        started_at=at,
    )
    record("rulebook.begin_examination", run, by=by, at=at, facts={"scope": scope, "organs": len(organs)})
    return run


@transaction.atomic
def give_up_examination(run: Examination, *, by: Actor, at: datetime) -> None:
    """Give up a run whose task failed, so that it keeps no other from beginning."""
    authorize_many(by, Permission.ITEM_EDIT, list(Organ.objects.filter(pk__in=run.organs)), at=at)
    record("rulebook.give_up_examination", run, by=by, at=at, facts={"scope": run.scope})
    run.delete()


@transaction.atomic
def finish_examination(run: Examination, *, report: Progress = no_progress, by: Actor, at: datetime) -> Examination:
    """Examine what has changed and count how things stand.

    Repeated after a lost worker it begins anew.
    """
    authorize_many(by, Permission.ITEM_EDIT, list(Organ.objects.filter(pk__in=run.organs)), at=at)
    items = Item.objects.filter(organ__in=run.organs, state="active")
    run.items, run.examined = items.count(), _examine(items, run.rulebook, report, at)
    found = FlawFound.objects.filter(newest=True, retention=None, organ__in=run.organs, item__state="active")
    severity, rule, organ = Counter[str](), Counter[str](), dict[str, Counter[str]]()
    for row in found.values_list("severity", "rule", "organ").iterator(5000):
        severity[row[0]] += 1
        rule[row[1]] += 1
        organ.setdefault(str(row[2]), Counter())[row[0]] += 1
    counts = {"severity": severity, "rule": rule, "organ": organ}
    run.counts, run.finished_at = counts, at
    run.save()
    facts = {"items": run.items, "examined": run.examined, "found": run.counts["severity"]}
    record("rulebook.finish_examination", run, by=by, at=at, facts=facts)
    return run


@transaction.atomic
def examine_items(items: Iterable[Item], *, by: Actor, at: datetime) -> int:
    """Examine these items now, where they have changed.

    The number of texts read. For a few, in a request.
    """
    items = list(items)
    authorize_many(by, Permission.ITEM_EDIT, items, at=at)
    chosen = Item.objects.filter(pk__in=[each.pk for each in items])
    count = _examine(chosen, rulebook_mark(localdate(at)), no_progress, at)
    for item in chosen[:1]:
        record("rulebook.examine_items", item, by=by, at=at, facts={"texts": count})
    return count


def _examine(items: QuerySet[Item], rules_mark: str, report: Progress, at: datetime) -> int:
    book = QuickBook(current_rulebook(localdate(at)))
    texts, done, read = texts_of(items).defer("content"), 0, 0
    total = texts.count()
    # Texts that are neither draft nor in force any more.
    kept = texts_of(items).order_by().values("pk")
    ExaminedRevision.objects.filter(revision__item__in=items).exclude(revision__in=kept).delete()
    # About AT_ONCE texts at a time, those of one item together.
    by_item = (list(group) for _, group in groupby(texts.iterator(AT_ONCE), key=lambda each: each.item_id))
    while some := [each for group in islice(by_item, AT_ONCE) for each in group]:
        passed = _passed_over(some)
        changed = [
            (each, mark)
            for each in some
            if (mark := _mark(each, rules_mark)) != (each.examined.mark if hasattr(each, "examined") else "")
        ]
        ExaminedRevision.objects.filter(revision__in=[text.pk for text, _ in changed]).delete()
        rows = [ExaminedRevision(revision=text, mark=mark, at=at) for text, mark in changed]
        contents = dict(Revision.objects.filter(pk__in=[text.pk for text, _ in changed]).values_list("pk", "content"))
        retentions = Retention.objects.filter(item__in={text.item_id for text, _ in changed}, ended_at=None)
        kept_flaws = {(each.item_id, each.rule, each.place): each for each in retentions}
        flaws: list[FlawFound] = []
        for row in ExaminedRevision.objects.bulk_create(rows):
            guide = read_quick(msgspec.json.encode(contents[row.revision_id]))
            newest = row.revision_id not in passed
            told = about(row.revision.item)
            found = list(book.examine(guide, told))
            if any(each.rewrite for each in found):
                whole = Guide.model_validate(contents[row.revision_id])
                found = proven(whole, found, partial(_quickly, book, told))
            flaws += (_flaw(row, newest, each, kept_flaws) for each in found)
        FlawFound.objects.bulk_create(flaws, AT_ONCE)
        done, read = done + len(some), read + len(changed)
        report(done, total, "正在逐项检查")
    return read


def _quickly(book: QuickBook, told: About, guide: Guide) -> Iterable[Finding]:
    return book.examine(read_quick(msgspec.json.encode(guide.model_dump(mode="json"))), told)


def _passed_over(texts: list[Revision]) -> set[int]:
    """Find texts whose item has a later one."""
    # What was found in them before is told so.
    drafted = {each.item_id for each in texts if each.state in Revision.OPEN}
    passed = {each.pk for each in texts if each.state not in Revision.OPEN and each.item_id in drafted}
    flaws = FlawFound.objects.filter(examined__revision__in=[each.pk for each in texts])
    flaws.filter(examined__revision__in=passed, newest=True).update(newest=False)
    flaws.exclude(examined__revision__in=passed).filter(newest=False).update(newest=True)
    return passed


def _mark(text: Revision, rules_mark: str) -> str:
    """Mark a text by its digest, or as a draft by its stamp."""
    known = (text.digest or text.stamp, text.state, about(text.item), text.item.organ_id)
    return digest(f"{rules_mark}{known}".encode())


def _flaw(
    row: ExaminedRevision, newest: bool, found: Finding, kept: dict[tuple[int, str, str], Retention]
) -> FlawFound:
    text, place = row.revision, place_of(found)
    rewrite = found.rewrite and {"path": found.rewrite.path, "value": found.rewrite.value}
    return FlawFound(
        examined=row,
        item_id=text.item_id,
        organ_id=text.item.organ_id,
        newest=newest,
        in_force=text.state not in Revision.OPEN,
        rule=found.rule.code,
        severity=found.rule.severity,
        weight=WEIGHT[found.rule.severity],
        path=found.path[:200],
        place=place,
        quote=found.quote[:LINE],
        message=found.message[:1000],
        disposition=found.rule.disposition,
        rewrite=rewrite,
        retention=kept.get((text.item_id, found.rule.code, place)),
    )
