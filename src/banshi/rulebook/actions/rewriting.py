"""Doing what the rules propose: drafts are opened and changed, nothing is published."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby

from django.db import transaction
from django.utils.timezone import localdate

from banshi.access import Permission, authorize_many
from banshi.catalog.actions import save_draft, start_draft
from banshi.catalog.models import Item, Revision
from banshi.ledger import Actor, record
from banshi.rulebook.actions.examining import examine_items
from banshi.rulebook.engine import examine
from banshi.rulebook.models import FlawFound
from banshi.rulebook.queries import about, current_rulebook, place_of
from banshi.rulebook.rewriting import proven, rewritten
from banshi.rulebook.rule import Rewrite

REASON = "采用规则检查的修改建议"


@dataclass
class Applied:
    """The drafts changed and findings settled, and those left because the text is another by now."""

    drafts: list[Revision] = field(default_factory=list)
    settled: list[FlawFound] = field(default_factory=list)
    left: list[FlawFound] = field(default_factory=list)


@transaction.atomic
def apply_rewrites(flaws: Iterable[FlawFound], *, by: Actor, at: datetime) -> Applied:
    """Apply the proposals to the drafts of their items (opened where there is none), all in one transaction.

    Each is looked for again in the text as it stands; one that is no longer found there is left alone.
    """
    flaws = list(flaws)
    by = authorize_many(by, Permission.ITEM_EDIT, flaws, at=at)
    done = Applied()
    chosen = sorted((each for each in flaws if each.rewrite), key=lambda each: each.item_id)
    for _, group in groupby(chosen, key=lambda each: each.item_id):
        of_item = list(group)
        item = Item.objects.select_related("organ").get(pk=of_item[0].item_id)
        newest = item.revisions.filter(state=Revision.State.DRAFT).first()
        newest = newest or item.revisions.exclude(state=Revision.State.DISCARDED).first()
        # Proposals the text calls for as it stands now, by rule and place.
        standing: dict[tuple[str, str], list[Rewrite]] = {}
        if newest:
            again = partial(examine, rules=current_rulebook(localdate(at)), about=about(item))
            for flaw in proven(newest.guide, again(newest.guide), again):
                if flaw.rewrite:
                    standing.setdefault((flaw.rule.code, place_of(flaw)), []).append(flaw.rewrite)
        found = [
            (each, standing[each.rule, each.place].pop(0)) for each in of_item if standing.get((each.rule, each.place))
        ]
        settled = {each.pk for each, _ in found}
        done.left += [each for each in of_item if each.pk not in settled]
        if newest and found:
            draft = start_draft(item, reason=REASON, by=by, at=at)
            guide = rewritten(draft.guide, [rewrite for _, rewrite in found])
            draft = save_draft(draft, guide=guide, stamp=draft.stamp, by=by, at=at)
            facts = {"rules": [each.rule for each, _ in found], "paths": [rewrite.path for _, rewrite in found]}
            record("rulebook.apply_rewrites", draft, by=by, at=at, facts=facts)
            done.drafts.append(draft)
            done.settled += [each for each, _ in found]
    examine_items([each.item for each in done.drafts], by=by, at=at)
    return done
