"""A draft handed to reviewers: frozen with its digest, then given back, approved and published, or let go."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize_many
from banshi.catalog.models import Revision
from banshi.core.errors import Conflict
from banshi.ledger import Act, Actor, record_many

ROWS_AT_ONCE = 1000
State = Revision.State


@transaction.atomic
def submit_drafts(drafts: Sequence[Revision], *, by: Actor, at: datetime) -> list[Revision]:
    """Freeze drafts as their readers saw them (by `stamp`).

    Conflict names the first that was changed since.
    """
    authorize_many(by, Permission.ITEM_EDIT, drafts, at=at)
    asked = {draft.pk: draft for draft in drafts}
    locked = Revision.objects.select_for_update(of=("self",)).filter(pk__in=asked).select_related("item")
    found = {each.pk: each for each in locked.order_by("item_id")}
    for key, draft in asked.items():
        now = found.get(key)
        if now is None or now.state != State.DRAFT or now.stamp != draft.stamp:
            raise Conflict(f"“{draft.item}”的草稿刚有变动", remedy="请重新查看后再上报。")
    Revision.objects.filter(pk__in=asked).update(state=State.SUBMITTED)
    for draft in drafts:
        draft.state = State.SUBMITTED
    record_many([Act("catalog.submit", draft.item, {"digest": draft.digest}) for draft in drafts], by=by, at=at)
    return list(drafts)


@transaction.atomic
def return_texts(texts: Sequence[Revision], *, reason: str, by: Actor, at: datetime) -> list[Revision]:
    """Give submitted texts back: each stays as it was read, and a new draft begins from it."""
    authorize_many(by, Permission.REVIEW_GIVE, texts, at=at)
    _leave(texts, State.RETURNED)
    drafts = [
        Revision(
            item_id=text.item_id,
            number=text.number + 1,
            content=text.content,
            provenance=text.provenance,
            digest=text.digest,
            reason=reason[:300],
            author_id=text.author_id,
            created_at=at,
            saved_at=at,
        )
        for text in texts
    ]
    Revision.objects.bulk_create(drafts, ROWS_AT_ONCE)
    acts = [Act("catalog.return", text.item, {"digest": text.digest, "reason": reason[:300]}) for text in texts]
    record_many(acts, by=by, at=at)
    return drafts


@transaction.atomic
def drop_texts(texts: Sequence[Revision], *, reason: str, by: Actor, at: datetime) -> None:
    """Drop submitted texts that nobody will publish."""
    authorize_many(by, Permission.REVIEW_GIVE, texts, at=at)
    _leave(texts, State.DISCARDED)
    acts = [Act("catalog.drop", text.item, {"digest": text.digest, "reason": reason[:300]}) for text in texts]
    record_many(acts, by=by, at=at)


def _leave(texts: Sequence[Revision], state: str) -> None:
    changed = Revision.objects.filter(pk__in=[text.pk for text in texts], state=State.SUBMITTED).update(state=state)
    if changed != len(texts):
        raise Conflict("有的事项已经不在审核中", remedy="可能刚有人办过，请刷新页面查看。")
