"""Reads of feedback: what a person or a desk may see."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import reduce
from hmac import compare_digest
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from banshi.access import OrganReach, Permission
from banshi.cases.models import Case
from banshi.cases.sealing import opened
from banshi.feedback.models import BadRating, Complaint, KnowledgeEntry, RatedPerson, RatingInvitation, Wish
from banshi.feedback.policy import policy
from banshi.feedback.sealing import CODE
from banshi.people.models import Post
from banshi.people.posts import organs_where, posts_giving

OPEN_BAD_RATINGS = ("received", "verifying", "mending", "appealed", "answered")
"""States of data/workflows/bad_rating.toml in which somebody has still to act; a test compares the two."""


def invitation_by_code(code: str) -> RatingInvitation | None:
    """Find the invitation whose code stands on a ticket, however it was typed."""
    plain = code.replace(" ", "").replace("-", "").upper()
    return RatingInvitation.objects.select_related("organ", "item").filter(code=plain).first()


def handlers_of(case: Case) -> set[int]:
    """Collect whose work a case is: who did its acts and its steps, and who has one in hand."""
    acted = case.acts.exclude(by=None).values_list("by", flat=True)
    handled = case.tasks.exclude(ended_by=None).values_list("ended_by", flat=True)
    holding = case.tasks.exclude(assignee=None).values_list("assignee", flat=True)
    return {*acted, *handled, *holding} - {case.applicant_id, case.agent_id}


def bad_ratings_visible_to(user: Any, *, at: datetime) -> QuerySet[BadRating]:
    """List bad ratings of the organs where the user verifies, and those of the user's own work.

    `own` marks these: they may be appealed against, and nothing tells who rated.
    """
    own = Exists(RatedPerson.objects.filter(invitation__rating=OuterRef("rating"), user=user))
    mine = Q(organ__in=organs_where(user, Permission.RATING_VERIFY, at)) | Q(own)
    rows = BadRating.objects.annotate(own=own).filter(mine)
    return rows.select_related("organ", "rating__invitation", "rating__item")


# Complaints

OPEN_COMPLAINTS = ("received", "handling")
"""States in which somebody of the administration has still to act."""
ALIKE, ALIKE_FROM = 200, 55
"""Rows that are compared, and the share of like words from which one is told."""


def code_of_complaint(complaint: Complaint) -> str:
    """Open the query code, for the receipt."""
    return str(opened(complaint.code_sealed, purpose=CODE))


def complaint_key(number: str) -> int | None:
    """Read the key out of a number, without asking whether there is such a complaint."""
    digits = number.strip().upper().removeprefix("S")
    return int(digits[4:]) if digits.isascii() and digits.isdecimal() and 4 < len(digits) <= 20 else None


def complaint_by_number_and_code(number: str, code: str) -> Complaint | None:
    """Find a complaint by its number and query code, which were given when it was made."""
    key = complaint_key(number)
    found = Complaint.objects.select_related("organ", "item", "leader").filter(pk=key).first() if key else None
    given = code.strip().upper().encode()
    same = found is not None and compare_digest(code_of_complaint(found).encode(), given)
    return found if found and same and found.number == number.strip().upper() else None


def complaints_of(user: Any) -> QuerySet[Complaint]:
    """List one's own complaints, newest first."""
    return Complaint.objects.filter(reporter=user).select_related("organ", "item", "leader")


def complaints_visible_to(user: Any, *, at: datetime) -> QuerySet[Complaint]:
    """List complaints the user may deal with, and those of a desk's divisions that have no receiver yet."""
    organs = organs_where(user, Permission.COMPLAINT_HANDLE, at)
    desk = Post.objects.filter(
        pk__in=[
            post.pk
            for post, reach in posts_giving(user, Permission.COMPLAINT_HANDLE, at)
            if reach is not OrganReach.OWN
        ]
    )
    unplaced = reduce(
        or_,
        (Q(division__code__startswith=each.organ.division.prefix) for each in desk.select_related("organ__division")),
        Q(pk__in=[]),
    )
    rows = Complaint.objects.filter(Q(organ__in=organs) | Q(organ=None) & unplaced)
    return rows.select_related("organ", "item", "case", "division", "leader")


def alike(complaint: Complaint, *, at: datetime) -> list[tuple[Complaint, int]]:
    """List open complaints of the same receiver that say much the same, with how like they are in a hundred."""
    since = at - timedelta(days=policy().complaint.join_days)
    rows = Complaint.objects.filter(
        organ=complaint.organ, leader=None, state__in=OPEN_COMPLAINTS, received_at__gte=since
    )
    texts = {each: each.text for each in rows.exclude(pk=complaint.pk).order_by("-pk")[:ALIKE]}
    return [(each, round(score)) for each, score in nearest(complaint.text, texts, limit=5)]


def knowledge_for(text: str) -> list[KnowledgeEntry]:
    """List published answers to questions like this one, the nearest first."""
    if len(text.strip()) < 2:
        return []
    texts = {
        each: each.question for each in KnowledgeEntry.objects.filter(ended_at=None).select_related("organ")[:2000]
    }
    limit = policy().complaint.knowledge_shown
    return [each for each, _ in nearest(text, texts, limit=limit)]


def nearest(
    text: str, texts: Mapping[Any, str], *, limit: int, at_least: float = ALIKE_FROM
) -> list[tuple[Any, float]]:
    """Rank texts by the pairs of characters they share with this one, in a hundred (Dice)."""

    def pairs(words: str) -> Counter[str]:
        return Counter(words[i : i + 2] for i in range(len(words) - 1))

    asked, scores = pairs(text), Counter[Any]()
    for key, other in ((key, pairs(each)) for key, each in texts.items()):
        scores[key] = 200 * (asked & other).total() / max(1, (asked + other).total())  # type: ignore[assignment]
    return [(key, score) for key, score in scores.most_common(limit) if score >= at_least]


# Wishes

SHOWN_WISHES = ("open", "owed", "adopted", "realised", "existing", "not_now", "not_ours")
"""States of data/workflows/wish.toml that everyone sees; a test compares the two."""


def wishes_shown() -> QuerySet[Wish]:
    """List public wishes with how many support the present text."""
    return Wish.objects.filter(state__in=SHOWN_WISHES).annotate(supporters=supporters()).select_related("organ", "item")


def supporters() -> Count:
    """Count who supports the round of the text in force, without doubtful accounts."""
    return Count("supports", filter=Q(supports__text__round=F("round"), supports__doubtful=False))


def similar_wishes(text: str) -> list[Wish]:
    """List public wishes like this one, the nearest first."""
    if len(text.strip()) < 2:
        return []
    texts = {each: each.title for each in wishes_shown().order_by("-pk")[:2000]}
    limit = policy().wish.similar_shown
    return [each for each, _ in nearest(text, texts, limit=limit, at_least=45)]
