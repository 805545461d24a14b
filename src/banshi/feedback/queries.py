"""Reads of feedback: what a person or a desk may see."""

from collections import Counter as Multiset
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from hmac import compare_digest
from operator import or_
from secrets import randbelow
from typing import Any

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Sum

from banshi.access import OrganReach, Permission, roles, roles_with
from banshi.cases.models import Case, CaseAct, CaseTask
from banshi.cases.sealing import opened
from banshi.core.clock import day_of
from banshi.core.crypto import blind_index
from banshi.core.errors import Conflict
from banshi.core.plain_text import as_printed
from banshi.core.prepared import PreparedQuery
from banshi.feedback.enums import ACCUSING
from banshi.feedback.models import (
    AccusedOrgan,
    AccusedPerson,
    BadRating,
    Complaint,
    KnowledgeEntry,
    RatedPerson,
    RatingInvitation,
    Wish,
    WishText,
)
from banshi.feedback.policy import policy
from banshi.feedback.sealing import ACCOUNT, CODE
from banshi.feedback.similarity import most_similar
from banshi.ledger import name_of
from banshi.people.models import Division, Organ, Post, User
from banshi.people.posts import Anyone, organs_where, posts_giving
from banshi.search.models import Miss
from banshi.window.enums import TicketState
from banshi.window.models import Counter

OPEN_BAD_RATINGS = ("received", "verifying", "mending", "appealed", "answered")
"""States of data/workflows/bad_rating.toml in which somebody has still to act; a test compares the two."""


AT_THE_WINDOW = timedelta(minutes=10)
"""For which a tablet shows the invitation of a service that has ended."""


def invitation_by_code(code: str) -> RatingInvitation | None:
    """Find the invitation whose code stands on a ticket, however it was typed."""
    plain = code.replace(" ", "").replace("-", "").upper()
    return RatingInvitation.objects.select_related("organ", "item").filter(code=plain).first()


def window_of(counter: Counter) -> str:
    """Name a window as ratings of it do."""
    return f"{counter.hall.name}{counter}"[:60]


def invitation_at(counter: Counter, *, at: datetime) -> RatingInvitation | None:
    """Find the invitation of whoever was served last at a window, while they are there and nobody else is."""
    if counter.tickets.filter(state=TicketState.SERVING).exists():
        return None
    fresh = RatingInvitation.objects.filter(window=window_of(counter), invited_at__gte=at - AT_THE_WINDOW)
    return fresh.filter(invited_at__lte=at, rating=None).select_related("organ", "item").first()


def invitation_to(service: Model) -> RatingInvitation | None:
    """Find the invitation to rate a service."""
    return RatingInvitation.objects.filter(service=name_of(service)).first()


def handlers_of(case: Case) -> set[int]:
    """Collect whose work a case is: who did its acts and its steps, and who has one in hand."""
    acted = case.acts.exclude(by=None).values_list("by", flat=True)
    handled = case.tasks.exclude(ended_by=None).values_list("ended_by", flat=True)
    holding = case.tasks.exclude(assignee=None).values_list("assignee", flat=True)
    return {*acted, *handled, *holding} - {case.applicant_id, case.agent_id}


def bad_ratings_visible_to(user: User, *, at: datetime) -> QuerySet[BadRating]:
    """List bad ratings of the organs where the user verifies, and those of the user's own work.

    `own` marks these: they may be appealed against, and nothing tells who rated. `among` counts those who could have
    given one by services of the same name: where they are few, not even that is told.
    """
    asked = RatedPerson.objects.filter(
        user=user,
        invitation__label=OuterRef("rating__invitation__label"),
        invitation__invited_at__lte=OuterRef("rating__at"),
        invitation__expires_at__gt=OuterRef("rating__at"),
    )
    among = Subquery(asked.order_by().values("user").annotate(count=Count("pk")).values("count"))
    own = Exists(RatedPerson.objects.filter(invitation__rating=OuterRef("rating"), user=user))
    mine = Q(organ__in=organs_where(user, Permission.RATING_VERIFY, at)) | Q(own)
    rows = BadRating.objects.annotate(own=own, among=among).filter(mine)
    return rows.select_related("organ", "rating__invitation", "rating__item")


# Complaints

OPEN_COMPLAINTS = ("received", "handling")
"""States in which somebody of the administration has still to act."""
ALIKE, SAME_FROM, SEARCHES = 200, 45, 500
"""Rows that are compared, the share of pairs of characters from which searches are grouped, and how many are."""


def code_of_complaint(complaint: Complaint) -> str:
    """Open the query code, for the receipt."""
    return str(opened(complaint.code_sealed, purpose=CODE))


def new_complaint_number(at: datetime) -> str:
    """Draw a number no complaint has."""
    while True:
        number = f"S{day_of(at).year}{randbelow(10**8):08}"
        if not NUMBERED(number):
            return number


NUMBERED = PreparedQuery(lambda number: Complaint.objects.filter(number=number).order_by().values_list("pk", flat=True))


def complaint_by_number_and_code(number: str, code: str) -> Complaint | None:
    """Find a complaint by its number and query code, which were given when it was made."""
    found = Complaint.objects.select_related("organ", "item", "leader").filter(number=as_printed(number)).first()
    given = as_printed(code).encode()
    return found if found and compare_digest(code_of_complaint(found).encode(), given) else None


def complaints_of(user: User) -> QuerySet[Complaint]:
    """List one's own complaints, newest first."""
    return Complaint.objects.filter(reporter_index=index_of(user)).select_related("organ", "item", "leader")


def index_of(user: User) -> str:
    """Compute the blind index by which an account finds what it complained of, and nobody else does."""
    return blind_index(str(user.pk), purpose=ACCOUNT)


def complaints_about(user: User) -> QuerySet[Complaint]:
    """List complaints and reports of the user: by name, or of a case the user worked on for the office."""
    acted = CaseAct.objects.filter(case=OuterRef("case"), by=user)
    had = CaseTask.objects.filter(Q(ended_by=user) | Q(assignee=user), case=OuterRef("case"))
    worked = ~Q(case__applicant=user) & ~Q(case__agent=user) & (Q(Exists(acted)) | Q(Exists(had)))
    named = Exists(AccusedPerson.objects.filter(complaint=OuterRef("pk"), user=user))
    return Complaint.objects.filter(
        Q(named) | Q(case__isnull=False) & worked | in_accused_organ(user),
        Q(kind__in=ACCUSING) | Q(protected_as__in=ACCUSING),
    )


def in_accused_organ(user: User) -> Q:
    """Select reports of an organ the user has ever had a post in, or of one over it."""
    posts = Post.objects.filter(user=user)
    own, over = (posts.values(each) for each in ("organ", "organ__superior"))
    # Every organ of a city stands under its government, which is therefore accused alone.
    branch = Q(organ__in=own) | Q(organ__superior__isnull=False) & (
        Q(organ__in=over) | Q(organ__in=posts.values("organ__superior__superior"))
    )
    return Q(Exists(AccusedOrgan.objects.filter(branch, complaint=OuterRef("pk"))))


def branch_of(organs: Iterable[Organ]) -> set[int]:
    """Collect organs and those under them, whose staff reads no report of them."""
    some = list(organs)
    over = [each.pk for each in some if each.superior_id is not None]
    under = Organ.objects.filter(Q(superior__in=over) | Q(superior__superior__in=over))
    return {*(each.pk for each in some), *(under.values_list("pk", flat=True) if over else ())}


def kept_from(user: User) -> Exists:
    """Select complaints about the user, and those that joined one about the user and say the same."""
    same = Q(pk=OuterRef("pk")) | Q(pk=OuterRef("leader")) | Q(leader=OuterRef("pk")) | Q(leader=OuterRef("leader"))
    return Exists(complaints_about(user).filter(same))


def complaints_visible_to(user: Anyone, *, at: datetime) -> QuerySet[Complaint]:
    """List complaints of the user's desk, apart from those about the user (conflict of interest)."""
    rows = complaints_of_desk(user, at=at)
    return rows.exclude(kept_from(user)) if isinstance(user, User) else rows


def complaints_of_desk(user: Anyone, *, at: datetime) -> QuerySet[Complaint]:
    """List complaints of the organs the user deals for, and those of a desk's divisions that have no receiver yet."""
    rows = Complaint.objects.filter(within_reach(user, Permission.COMPLAINT_HANDLE, at=at))
    return rows.select_related("organ", "item", "case", "division", "leader")


def within_reach(user: Anyone, permission: Permission, *, at: datetime) -> Q:
    """Select complaints of organs where the user holds the permission, and those without a receiver in divisions it covers."""
    wide = (post.organ for post, reach in posts_giving(user, permission, at) if reach is not OrganReach.OWN)
    covered = (Q(division__code__startswith=each.division.prefix) for each in wide)
    return Q(organ__in=organs_where(user, permission, at)) | Q(organ=None) & reduce(or_, covered, Q(pk__in=[]))


def next_contact_or_mending(bad: BadRating) -> tuple[str, int]:
    """Tell what a bad rating waits for next and the rank of the day it was promised by."""
    if bad.state == "received" and bad.contact_rank is not None:
        return "联系", bad.contact_rank
    return "处理", bad.due_rank


def desks(permission: Permission, *, at: datetime) -> QuerySet[Organ]:
    """List organs with somebody today whose permission reaches a whole division, the widest division first."""
    day = day_of(at)
    reaching = [code for code in roles_with(permission) if roles()[code].reach(permission) is not OrganReach.OWN]
    current = Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))
    posts = Post.objects.filter(current, organ=OuterRef("pk"), role__in=reaching, user__is_active=True)
    return Organ.objects.filter(Exists(posts)).select_related("division").order_by("division__level", "pk")


def desks_over(divisions: Iterable[str], *, but: Collection[int] = (), at: datetime) -> dict[str, int]:
    """Find by code of a division the organ whose desk looks after complaints without a receiver: the nearest over it."""
    apart = (each for each in desks(Permission.COMPLAINT_HANDLE, at=at) if each.pk not in but)
    near = sorted(apart, key=lambda each: -each.division.level)
    found = {
        code: next((each.pk for each in near if code.startswith(each.division.prefix)), None) for code in divisions
    }
    return {code: organ for code, organ in found.items() if organ}


def division_of_desk(permission: Permission, *, at: datetime) -> Division:
    """Find whose desk gets what names no organ: the widest division that has one, else the widest of all."""
    # Divisions of other places are kept too, of catalogues that were taken over.
    desk = desks(permission, at=at).first()
    division = desk.division if desk else Division.objects.order_by("level", "code").first()
    if division is None:
        raise Conflict("还没有设行政区划", remedy="请系统管理员先设机构。")
    return division


def next_promise(complaint: Complaint) -> tuple[str, int]:
    """Tell what a complaint waits for next and the rank of the day it was promised by."""
    return ("受理", complaint.accept_rank) if complaint.state == "received" else ("答复", complaint.due_rank)


def waits_in_crowd(complaint: Complaint) -> bool:
    """Tell whether a complaint is one of many from one network that nobody has looked at: no attachment is taken for it."""
    unseen = complaint.organ_id is None or complaint.leader_id is not None
    return unseen and complaint.state == "received" and bool(complaint.proposal.get("crowded"))


def broken_promises(complaint: Complaint, *, rank: int) -> list[tuple[str, int]]:
    """List what of a complaint should have been done before a working day and is not, with the rank of its last day."""
    owed = [("受理", complaint.accept_rank)] if complaint.state == "received" else []
    owed += [("答复", complaint.due_rank)] if complaint.state in OPEN_COMPLAINTS else []
    return [(what, due) for what, due in owed if due < rank]


def alike(complaint: Complaint, *, seen_by: Any, limit: int = 5, at: datetime) -> list[tuple[Complaint, int]]:
    """List open complaints of the same receiver about much the same in whatever words, with how like they are in a hundred."""
    since = at - timedelta(days=policy().complaint.join_days)
    rows = complaints_visible_to(seen_by, at=at).filter(
        organ=complaint.organ, leader=None, state__in=OPEN_COMPLAINTS, received_at__gte=since
    )
    texts = {each: each.text for each in rows.exclude(pk=complaint.pk).order_by("-pk")[:ALIKE]}
    return [(each, round(score)) for each, score in most_similar(complaint.text, texts, limit=limit)]


def knowledge_for(text: str) -> list[KnowledgeEntry]:
    """List published answers to questions about what this text is about, the nearest first."""
    if len(text.strip()) < 2:
        return []
    texts = {
        each: each.question for each in KnowledgeEntry.objects.filter(ended_at=None).select_related("organ")[:2000]
    }
    limit = policy().complaint.knowledge_shown
    return [each for each, _ in most_similar(text, texts, limit=limit)]


def nearest(text: str, texts: Iterable[str]) -> str | None:
    """Find the text that shares most pairs of characters with this one (Dice), where it shares enough to be the same."""

    def pairs(words: str) -> Multiset[str]:
        return Multiset(words[i : i + 2] for i in range(len(words) - 1))

    asked, scores = pairs(text), Multiset[str]()
    for other in texts:
        theirs = pairs(other)
        scores[other] = 200 * (asked & theirs).total() // max(1, (asked + theirs).total())
    best = scores.most_common(1)
    return best[0][0] if best and best[0][1] >= SAME_FROM else None


# Wishes

SHOWN_WISHES = ("open", "owed", "adopted", "realised", "existing", "not_now", "not_ours")
"""States of data/workflows/wish.toml that everyone sees; a test compares the two."""


SUPPORTABLE = ("open", "owed", "adopted")
"""States in which one may go on supporting; the order to answer is made once."""


def wishes_shown() -> QuerySet[Wish]:
    """List public wishes with how many support the present text."""
    return Wish.objects.filter(state__in=SHOWN_WISHES).annotate(supporters=supporters()).select_related("organ", "item")


def public_texts(wish: Wish) -> list[WishText]:
    """List the texts that stood when somebody published the wish, without those nobody has looked at."""
    texts, published = list(wish.texts.all()), wish.moves.filter(name="publish").order_by("id")
    shown = [text for move in published for text in [each for each in texts if each.at <= move.at][-1:]]
    return list(dict.fromkeys(shown))


def text_shown_before(wish: Wish) -> WishText | None:
    """Find the text that was public last, of a wish that was public."""
    return next(reversed(public_texts(wish)), None)


def supporters() -> Count:
    """Count who supports the round of the text in force, without doubtful accounts."""
    return Count("supports", filter=Q(supports__text__round=F("round"), supports__doubtful=False))


def is_young(account: User, at: datetime) -> bool:
    """Tell whether an account is so new that its support is not counted (vote stuffing)."""
    return at - account.date_joined < timedelta(hours=policy().wish.young_account_hours)


def similar_wishes(text: str) -> list[Wish]:
    """List public wishes for much the same, the nearest first."""
    if len(text.strip()) < 2:
        return []
    texts = {each: each.title for each in wishes_shown().order_by("-pk")[:2000]}
    limit = policy().wish.similar_shown
    return [each for each, _ in most_similar(text, texts, limit=limit)]


@dataclass(slots=True)
class WantedGroup:
    """Searches that found nothing and say much the same, the most frequent first."""

    title: str
    times: int
    texts: list[str]
    wishes: list[Wish] = field(default_factory=list)


def wanted_in_searches(*, since: date, limit: int = 30) -> list[WantedGroup]:
    """Group what people searched and did not find, with wishes like it."""
    rows = Miss.objects.filter(day__gte=since).order_by().values_list("text").annotate(times=Sum("count"))
    groups: dict[str, WantedGroup] = {}
    for text, times in rows.order_by("-times", "text")[:SEARCHES]:
        group = groups.setdefault(nearest(text, groups) or text, WantedGroup(text, 0, []))
        group.times += times
        group.texts.append(text)
    found = sorted(groups.values(), key=lambda each: (-each.times, each.title))[:limit]
    wishes = {each: each.title for each in wishes_shown().order_by("-pk")[:2000]}
    for group in found:
        group.wishes = [each for each, _ in most_similar(group.title, wishes, limit=3)]
    return found
