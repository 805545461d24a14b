"""Proof for the ledger that posts and delegations are those that were given by acts."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Exists, F, OuterRef

from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import key_of, newest_acts, prove_texts, prove_whole, subject_named
from banshi.people.models import Delegation, Post

APPOINTED, ENDED = "people.appoint", "people.end_post"
DELEGATED, TAKEN_BACK = "people.delegate", "people.end_delegation"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


@prove_texts(APPOINTED)
def differing_posts(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    posts = Post.objects.in_bulk([key_of(each) for each in entries])
    until = {subject: act.facts["until"] for subject, act in newest_acts(entries, ENDED).items()}
    for entry in entries:
        post, facts = posts.get(key_of(entry)), entry.facts
        if post is None:
            yield entry, "不在了：岗位被删去"
            continue
        present = (f"user:{post.user_id}", post.organ_id, post.role, _day(post.since), _day(post.until))
        last_day = until.get(entry.subject, facts["until"])
        if present != (facts["user"], facts["organ"], facts["role"], facts["since"], last_day):
            yield entry, "被改动过：岗位的人、单位、角色或起止日期与记录不符"


@prove_texts(DELEGATED)
def differing_delegations(entries: Sequence[LedgerEntry]) -> Iterator[tuple[LedgerEntry, str]]:
    given = Delegation.objects.in_bulk([key_of(each) for each in entries])
    ends = {subject: act.at for subject, act in newest_acts(entries, TAKEN_BACK).items()}
    for entry in entries:
        delegation, facts = given.get(key_of(entry)), entry.facts
        if delegation is None:
            yield entry, "不在了：委托代行被删去"
            continue
        present = (delegation.post_id, f"user:{delegation.to_id}", _day(delegation.since), _day(delegation.until))
        if present != (facts["post"], facts["to"], facts["since"], facts["until"]) or (
            delegation.ended_at != ends.get(entry.subject)
        ):
            yield entry, "被改动过：委托代行的岗位、人或起止日期与记录不符"


@prove_whole
def posts_without_acts() -> Iterator[str]:
    """Tell the first post and the first delegation that nobody gave.

    Where no act has ever given one, as in tests, there is nothing to hold them against.
    """
    for model, act in ((Post, APPOINTED), (Delegation, DELEGATED)):
        acts = LedgerEntry.objects.filter(action=act)
        if not acts.exists():
            continue
        rows = model._default_manager.annotate(named=subject_named(model, F("pk")))
        for one in rows.filter(~Exists(acts.filter(subject=OuterRef("named")))).order_by("pk")[:1]:
            yield f"{model._meta.label}:{one.pk}不是办出来的：没有安排它的记录"
