"""Reads of a campaign: dates, units, desks, opinions, progress."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localtime

from banshi.access import Permission, roles_with
from banshi.campaigns.enums import BodyRole, Conclusion, Disposition, Outcome, PhaseKind
from banshi.campaigns.models import (
    Bulletin,
    Campaign,
    Comment,
    Consultation,
    Dispute,
    Entry,
    EntryMove,
    Invitation,
    NotedRuling,
    Order,
    Participation,
    Recusal,
    Review,
    ReviewBody,
    ReviewGroup,
    Stage,
    Summing,
)
from banshi.campaigns.opinion_visibility import Moment, Viewer, Voice, may_see
from banshi.catalog.models import Item, Revision
from banshi.people.models import Organ, Post, User
from banshi.people.posts import current_posts, organs_where, posts_giving

OWED = ("preparing", "returned", "confirmed")
"""States in which the unit is to report an entry."""

# Dates


def stage_of_round(campaign: Campaign, kind: PhaseKind, number: int, batch: str) -> list[Stage]:
    """Return the stages of a batch's round, in order.

    Of the last planned round when there are no more.
    """
    wanted = min(number, campaign.plan.rounds)
    codes = [each.code for each in campaign.plan.phases if each.kind == kind and each.round == wanted]
    return list(campaign.stages.filter(phase__in=codes, batch=batch).order_by("begins"))


# Who sees a campaign


def campaigns_managed_by(user: User, *, at: datetime) -> QuerySet[Campaign]:
    return Campaign.objects.filter(organ__in=organs_where(user, Permission.CAMPAIGN_MANAGE, at))


def campaigns_visible_to(user: User, *, at: datetime) -> QuerySet[Campaign]:
    """List those one oversees or takes part in."""
    partaking = Participation.objects.filter(
        campaign=OuterRef("pk"), organ__in=organs_where(user, Permission.ITEM_VIEW, at)
    )
    found = Campaign.objects.filter(_overseen(user, at=at) | Q(Exists(partaking)))
    return found.select_related("organ", "division")


def campaigns_overseen_by(user: User, *, at: datetime) -> QuerySet[Campaign]:
    """List campaigns of which one sees every unit, as organizer, leader or supervisor of the division, or as a review
    body.
    """
    return Campaign.objects.filter(_overseen(user, at=at))


def _overseen(user: User, *, at: datetime) -> Q:
    """Build the condition for each campaign, since joined it would come once for each of its thousand units."""
    reviewing = ReviewBody.objects.filter(_spoken_for(user, at), campaign=OuterRef("pk"))
    return Q(organ__in=organs_where(user, Permission.CAMPAIGN_VIEW, at)) | Q(Exists(reviewing))


def participations_visible_to(
    user: User, permission: Permission = Permission.ITEM_VIEW, *, at: datetime
) -> QuerySet[Participation]:
    return Participation.objects.filter(organ__in=organs_where(user, permission, at)).select_related(
        "campaign", "organ__division"
    )


def entries_of_unit(unit: Participation) -> QuerySet[Entry]:
    return unit.entries.select_related("item__category", "text", "target")


# The desk

REVIEWING = tuple(roles_with(Permission.REVIEW_GIVE))
"""Roles whose holders speak for a review body."""
CLAIM_HOLDS = timedelta(hours=12)
COUNTED = (BodyRole.LEAD, BodyRole.JOINT)
"""Bodies whose opinion a round waits for; experts and lawyers are heard besides."""


def counted_codes(campaign: Campaign) -> list[str]:
    planned = [each for each in campaign.plan.bodies if each.role in COUNTED]
    if not any(each.each for each in planned):
        return [each.code for each in planned]
    codes = {each.code for each in planned}
    return [code for code in campaign.bodies.values_list("code", flat=True) if code.partition("@")[0] in codes]


def review_organs(user: User, at: datetime) -> list[int]:
    """List organs for which the user may give opinions: where a post with that permission is held, own or delegated."""
    return [post.organ_id for post, _ in posts_giving(user, Permission.REVIEW_GIVE, at)]


def _spoken_for(user: User, at: datetime) -> Q:
    """Build the condition for bodies of the user's organs and teams the user was seconded to, while a post allows
    review.
    """
    organs = review_organs(user, at)
    if not organs:
        return Q(pk__in=[])
    seconded = ReviewBody.objects.filter(members=user.pk).values("pk")
    return Q(organ__in=organs) | Q(pk__in=seconded)


def speaking_post(user: User, body: ReviewBody, at: datetime) -> Post | None:
    """Return the post by which the user speaks for a body: an own one before a delegated one."""
    giving = posts_giving(user, Permission.REVIEW_GIVE, at)
    posts = [post for post, _ in giving if post.organ_id == body.organ_id]
    if not posts and body.planned.team and body.members.filter(pk=user.pk).exists():
        posts = [post for post, _ in giving if post.user_id == user.pk]
    return min(posts, key=lambda post: post.user_id != user.pk, default=None)


def bodies_of(user: User, at: datetime, campaign: Campaign | None = None) -> QuerySet[ReviewBody]:
    bodies = ReviewBody.objects.filter(_spoken_for(user, at)).select_related("organ", "division", "campaign")
    return bodies.filter(campaign=campaign) if campaign else bodies


def leads(user: User, campaign: Campaign, at: datetime) -> bool:
    """Tell whether the user speaks for the body that leads the campaign's review."""
    codes = [each.code for each in campaign.plan.bodies if each.role == BodyRole.LEAD]
    return bodies_of(user, at, campaign).filter(code__in=codes).exists()


def conflicted_organs(user: User, campaign: Campaign, at: datetime) -> set[int]:
    """List organs whose items the user may not review: where the user holds a post, and where 回避 was declared."""
    declared = Recusal.objects.filter(campaign=campaign, user=user.pk).values_list("organ_id", flat=True)
    return {post.organ_id for post in current_posts(user, at)} | set(declared)


def desk_of(user: User, campaign: Campaign | None = None, *, at: datetime) -> QuerySet[Review]:
    """List everything the user's bodies are to review in a campaign (None: in all under way), by groups where there are
    some.

    Never what the user has a share in. Units are few: those of others are looked up, and reviews of theirs passed over.
    """
    mine = Q(pk__in=[])
    for body, of_campaign, groups in _seats(user, campaign, at=at):
        # Units of a campaign the user does not review: not of the own groups, or the user has a share in them.
        declared = Recusal.objects.filter(campaign=of_campaign, user=user.pk).values("organ")
        own = Q(organ__in=[post.organ_id for post in current_posts(user, at)]) | Q(organ__in=declared)
        apart = ~reduce(or_, groups) if groups else Q(pk__in=[])
        units_of_others = Participation.objects.filter(own | apart, campaign=of_campaign)
        others = list(units_of_others.values_list("pk", flat=True))
        mine |= Q(body=body, entry__campaign=of_campaign) & ~Q(entry__participation__in=others)
    return (
        Review.objects.filter(mine, invitation=None)
        .exclude(entry__state="left")
        .select_related("entry__item", "entry__participation__organ", "body__organ", "claimed_by")
    )


def _seats(user: User, campaign: Campaign | None, *, at: datetime) -> list[tuple[int, int, list[Q]]]:
    """Return the user's bodies, each with its campaign and the conditions of the user's groups."""
    # None where it has no groups. A body without groups is one. Where there are some, each member has the units
    # of the own ones.
    bodies = bodies_of(user, at, campaign) if campaign else bodies_of(user, at).filter(campaign__state="running")
    member = ReviewGroup.objects.filter(pk=OuterRef("groups"), members=user.pk)
    columns = ("pk", "campaign_id", "groups", "groups__division_prefix", "groups__superior")
    found = dict[int, tuple[int, int, list[Q]]]()
    for body, of_campaign, group, prefix, superior, own in bodies.values_list(*columns, Exists(member)):
        _, _, groups = found.setdefault(body, (body, of_campaign, []))
        if group is not None:
            line = Q(organ__superior=superior) if superior else Q()
            groups.append(Q(organ__division__code__startswith=prefix) & line if own else Q(pk__in=[]))
    return list(found.values())


def waiting(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """List those of the newest report whose opinion is still wanted.

    Of experts and lawyers after the round too.
    """
    asked = {"entry__state__in": ("reviewing", "agreed"), "round": F("entry__round")}
    return reviews.filter(**asked, verdict="", set_aside="")


def claimed_now(at: datetime) -> Q:
    """Tell whether somebody has a review in hand: taken within the last hours, by one who still speaks for its body.

    So when a post ends, what its holder had taken is free again.
    """
    day = localtime(at).date()
    current = Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))
    deputy = Q(
        delegations__to=OuterRef("claimed_by"),
        delegations__since__lte=day,
        delegations__until__gte=day,
        delegations__ended_at=None,
    )
    posts = Post.objects.filter(current, organ=OuterRef("body__organ"), role__in=REVIEWING)
    fresh = posts.annotate(taken=ExpressionWrapper(OuterRef("claimed_at"), output_field=DateTimeField()))
    reviewers = Post.objects.filter(current, role__in=REVIEWING).values("user")
    teams = ReviewBody.objects.filter(pk=OuterRef("body"), members=OuterRef("claimed_by"), members__in=reviewers)
    seconded = teams.annotate(taken=ExpressionWrapper(OuterRef("claimed_at"), output_field=DateTimeField()))
    at_organ = Exists(fresh.filter(Q(user=OuterRef("claimed_by")) | deputy, taken__gt=at - CLAIM_HOLDS))
    return Q(at_organ) | Q(Exists(seconded.filter(taken__gt=at - CLAIM_HOLDS)))


def to_sum_up(user: User, campaign: Campaign, *, at: datetime) -> QuerySet[Entry]:
    """List entries all bodies have judged, led by one of the user's bodies, on the user's desk."""
    led = desk_of(user, campaign, at=at).filter(
        entry=OuterRef("pk"), body__code=OuterRef("lead"), round=OuterRef("round")
    )
    entries = campaign.entries.filter(Exists(led), state="reviewing", waiting=0)
    return entries.select_related("item", "participation__organ", "text")


# Opinions


def viewer_of(user: User, entry: Entry, *, at: datetime) -> tuple[Viewer, set[int]]:
    """Resolve as what the user looks at an entry, and the bodies the user speaks for.

    Who has a share in the unit is no reviewer.
    """
    unit = entry.participation.organ_id
    if unit in conflicted_organs(user, entry.campaign, at):
        return (Viewer.UNIT if _sees_unit(user, unit, at=at) else Viewer.STRANGER), set()
    bodies = dict(bodies_of(user, at, entry.campaign).filter(reviews__entry=entry).values_list("pk", "code").distinct())
    mine, roles = set(bodies), {entry.campaign.plan.body(code).role for code in bodies.values()}
    if entry.lead in bodies.values():
        return Viewer.LEAD, mine
    if roles:
        return (Viewer.JOINT if roles & set(COUNTED) else Viewer.EXPERT), mine
    if organs_where(user, Permission.CAMPAIGN_MANAGE, at).filter(pk=entry.campaign.organ_id).exists():
        return Viewer.ORGANIZER, mine
    return (Viewer.UNIT if _sees_unit(user, unit, at=at) else Viewer.STRANGER), mine


def _sees_unit(user: User, organ: int, *, at: datetime) -> bool:
    """Tell whether the user prepares or signs the unit's report."""
    # To read its items is not enough.
    rights = (Permission.REPORT_PREPARE, Permission.REPORT_SIGN)
    return any(organs_where(user, each, at).filter(pk=organ).exists() for each in rights)


def opinions_seen(user: User, entry: Entry, *, at: datetime) -> list[Review]:
    """Return the given opinions on an entry the user may see now, the newest round first."""
    viewer, mine = viewer_of(user, entry, at=at)
    return _seen(viewer, entry, lambda each: each.invitation_id is None and each.body_id in mine)


def opinions_seen_by_expert(invitation: Invitation, entry: Entry) -> list[Review]:
    """Return the same, for who was invited from outside."""
    return _seen(Viewer.EXPERT, entry, lambda each: each.invitation_id == invitation.pk)


def _seen(viewer: Viewer, entry: Entry, is_own: Callable[[Review], bool]) -> list[Review]:
    given = entry.reviews.exclude(verdict="").select_related("body__organ", "invitation")
    reviews = list(given.prefetch_related("opinions").order_by("-round", "id"))
    for each in reviews:
        each.body.campaign = entry.campaign  # one plan, read once
    concluded = set(entry.summings.values_list("round", flat=True))
    own = {each.round for each in reviews if is_own(each)}
    return [r for r in reviews if may_see(viewer, _voice(r, is_own(r)), Moment(r.round in own, r.round in concluded))]


def _voice(review: Review, is_own: bool) -> Voice:
    if is_own:
        return Voice.OWN
    return Voice.EXPERT if review.body.planned.role in (BodyRole.EXPERT, BodyRole.LEGAL) else Voice.BODY


def previous_text(entry: Entry) -> Revision | None:
    """Find the text the bodies read the round before."""
    if entry.text is None or entry.round < 2:
        return None
    earlier = Revision.objects.filter(item=entry.item_id, number__lt=entry.text.number, state=Revision.State.RETURNED)
    read = entry.reviews.filter(round=entry.round - 1).exclude(digest="").values("digest")
    return earlier.filter(digest__in=read).order_by("-number").first()


def open_disputes(campaign: Campaign) -> QuerySet[Dispute]:
    return Dispute.objects.filter(entry__campaign=campaign, entry__state="disputed", settled_at=None).select_related(
        "entry__item", "entry__participation__organ"
    )


def invitation_by(token: str, day: date) -> Invitation | None:
    """Return the expert whose link carries this secret, while it holds."""
    found = Invitation.objects.filter(token_index=Invitation.index_of(token), until__gte=day, ended_at=None)
    return found.select_related("body__campaign").first()


# Progress


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """Entries of a batch, counted by state."""

    batch: str
    label: str
    units: int
    reported: int
    states: dict[str, int]

    @property
    def entries(self) -> int:
        return sum(self.states.values())


def board(campaign: Campaign) -> list[BatchCounts]:
    """Count in one row for each batch.

    Three queries, however large the campaign.
    """
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    grouped = campaign.entries.order_by().values_list("batch", "state").annotate(count=Count("*"))
    for batch, state, count in grouped:
        counts[batch][state] = count
    units: Any = campaign.participations.order_by().values_list("batch")
    told = {b: (n, r) for b, n, r in units.annotate(n=Count("*"), r=Count("pk", filter=Q(reported_round__gt=0)))}
    return [
        BatchCounts(each.code, each.label, *told.get(each.code, (0, 0)), counts[each.code])
        for each in campaign.plan.batches
    ]


def units_without_contacts(campaign: Campaign) -> QuerySet[Participation]:
    return campaign.participations.filter(named_at=None, left_at=None).select_related("organ")


def units_overdue(campaign: Campaign, day: date) -> QuerySet[Participation]:
    """List units that have not reported in a round whose last day is over."""
    return units_late([campaign], day).filter(campaign=campaign)


def units_late(campaigns: Iterable[Campaign], day: date) -> QuerySet[Participation]:
    """Return the same of several campaigns."""
    late = Q(pk__in=[])
    for (campaign, batch, number), last in report_days(campaigns).items():
        if last < day:
            late |= Q(campaign=campaign, batch=batch, reported_round__lt=number)
    return Participation.objects.filter(late, Exists(owed_in_time(OuterRef("pk")))).select_related("organ")


def owed_in_time(unit: Participation | OuterRef) -> QuerySet[Entry]:
    """List entries whose report was due in its round, unlike those that passed and were opened again since."""
    return _in_time(Entry.objects.filter(participation=unit))


def owed_in_time_of(units: Sequence[Participation]) -> Iterable[int]:
    """List keys of the units that owe such entries."""
    owed = _in_time(Entry.objects.filter(participation__in=[each.pk for each in units]))
    return owed.order_by().values_list("participation", flat=True).distinct()


def _in_time(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    newest = EntryMove.objects.filter(subject=OuterRef("pk")).order_by("-id").values("source")[:1]
    owed = entries.filter(state__in=OWED).annotate(came_from=Subquery(newest))
    return owed.exclude(state="returned", came_from="agreed")


def report_days(campaigns: Iterable[Campaign]) -> dict[tuple[int, str, int], date]:
    """Return the last day of reporting, by campaign, batch and round."""
    return last_days(campaigns, PhaseKind.REPORT)


def last_days(campaigns: Iterable[Campaign], kind: PhaseKind) -> dict[tuple[int, str, int], date]:
    known = {each.pk: each for each in campaigns}
    found: dict[tuple[int, str, int], date] = {}
    for stage in Stage.objects.filter(campaign__in=known) if known else ():
        planned = known[stage.campaign_id].plan.phase(stage.phase)
        if planned.kind == kind:
            key = (stage.campaign_id, stage.batch, planned.round)
            found[key] = max(stage.ends, found.get(key, stage.ends))
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures from which a unit's summary is filled."""

    items: int
    by_disposition: dict[str, int]
    new: int
    changed: int

    @property
    def disposition_words(self) -> str:
        return "、".join(f"{name}{count}项" for name, count in self.by_disposition.items())


def figures_of(unit: Participation) -> Figures:
    entries = unit.entries.exclude(state="left")
    counted = entries.order_by().values_list("disposition").annotate(count=Count("*"))
    labels = dict(Entry._meta.get_field("disposition").flatchoices)
    items = Item.objects.filter(entries__in=entries)
    changed = items.filter(listing__isnull=False, revisions__state=Revision.State.DRAFT).count()
    new = items.filter(listing__isnull=True).count()
    return Figures(entries.count(), {labels[d]: n for d, n in counted}, new, changed)


def proposed_progress(figures: Figures) -> str:
    """Return a first sentence for 工作进展."""
    if not figures.items:
        return "本单位没有公共服务事项。"
    parts = "、".join(f"拟{name}{count}项" for name, count in figures.by_disposition.items())
    return f"本单位共清理公共服务事项{figures.items}项，其中{parts}；新列入{figures.new}项，修改办事指南{figures.changed}项。"


def counted(entries: QuerySet[Entry], column: str) -> dict[Any, int]:
    """Count entries for each value of a column."""
    return dict(entries.order_by().values_list(column).annotate(count=Count("*")))


def organs_in_scope(campaign: Campaign) -> QuerySet[Organ]:
    """List units that may be invited: of the plan's kinds and levels, in the division and below."""
    scope = campaign.plan.scope
    return Organ.objects.filter(
        active=True,
        kind__in=scope.kinds,
        division__level__in=scope.levels,
        division__code__startswith=campaign.division.prefix,
    ).select_related("division")


def reviewers_of_body(body: ReviewBody) -> QuerySet[User]:
    seconded = body.members.values("pk")
    at_organ = User.objects.filter(posts__organ=body.organ_id, posts__role__in=REVIEWING).values("pk")
    return User.objects.filter(Q(pk__in=at_organ) | Q(pk__in=seconded), is_active=True)


def reviewers_to_second(campaign: Campaign) -> QuerySet[User]:
    """List people with a reviewer's post anywhere in the campaign's division, for a team made up of several organs."""
    return User.objects.filter(
        posts__in=Post.objects.filter(
            role__in=REVIEWING, until=None, organ__division__code__startswith=campaign.division.prefix
        ),
        is_active=True,
    ).distinct()


def states_of(unit: Participation) -> dict[str, int]:
    """Count a unit's entries in each state."""
    return dict(unit.entries.order_by().values_list("state").annotate(count=Count("*")))


def left_with(unit: Participation) -> list[Entry]:
    """List entries of a unit that left in the same act as the unit, their items still in use."""
    if unit.left_at is None:
        return []
    together = unit.entries.filter(state="left", moves__name="leave", moves__at=unit.left_at)
    return list(together.filter(item__state="active").select_related("item").order_by("id"))


def returned_entries(unit: Participation) -> QuerySet[Entry]:
    """List entries given back to the unit, each with `summings` at hand."""
    found = unit.entries.filter(state="returned").select_related("item")
    return found.prefetch_related("summings").order_by("id")


def last_asks(entry: Entry) -> list[str]:
    """List the changes asked for when the entry was last given back.

    `summings` are at hand.
    """
    return [ask for summing in list(entry.summings.all())[-1:] for ask in summing.asks]


def units_with_returns() -> QuerySet[Participation]:
    """List units of campaigns under way to which something was returned that they were not told of by mail yet."""
    since = Q(told=None) | Q(at__gt=F("told"))
    told = ExpressionWrapper(OuterRef("returns_told_at"), output_field=DateTimeField())
    of_unit: dict[str, object] = {"entry__participation": OuterRef("pk"), "entry__state": "returned"}
    summed = Summing.objects.filter(**of_unit, conclusion=Conclusion.RETURN).annotate(told=told).filter(since)
    settled = Dispute.objects.filter(**of_unit, outcome=Outcome.AS_BODY).annotate(told=told, at=F("settled_at"))
    found = Participation.objects.filter(Exists(summed) | Exists(settled.filter(since)), left_at=None)
    return found.filter(campaign__state="running").select_related("campaign", "organ").order_by("pk")


# What the public sees


def consultations_public(day: date) -> QuerySet[Consultation]:
    """List consultations that have begun, open and closed ones, the newest first."""
    return (
        Consultation.objects.filter(opens__lte=day)
        .select_related("campaign__organ", "campaign__division")
        .order_by("-opens", "-id")
    )


def consultations_open(day: date) -> QuerySet[Consultation]:
    """List those one may comment on, the one that closes first in front."""
    return consultations_public(day).filter(closes__gte=day, closed_at=None).order_by("closes", "id")


def entries_consulted(consultation: Consultation) -> QuerySet[Entry]:
    """List all that passed review, and what became of it, for the public to comment on.

    What was opened again since stays with the text that was shown, until it passes anew.
    """
    passed = Summing.objects.filter(entry=OuterRef("pk"), conclusion=Conclusion.PASS)
    shown = Q(state__in=("agreed", "decided", "refused", "published", "ended"))
    shown |= Q(Exists(passed), state__in=("reviewing", "returned", "confirmed", "disputed"))
    if asked := consultation.campaign.plan.consulted_round:
        shown |= Q(state__in=("reviewing", "returned", "disputed"), round__gte=asked)
    found = consultation.campaign.entries.filter(shown).exclude(text=None)
    return found.select_related("item__listing", "item__category", "participation__organ", "text")


def consultations_of_organ(organ: Organ, day: date) -> QuerySet[Consultation]:
    """List open consultations in which something of the organ is shown."""
    units = Participation.objects.filter(organ=organ, left_at=None).values("campaign")
    return consultations_open(day).filter(campaign__in=units)


def comments_shown(consultation: Consultation, entry: Entry | None = None) -> QuerySet[Comment]:
    """List the comments somebody approved for anyone to read."""
    shown = consultation.comments.filter(state=Comment.State.SHOWN).select_related("entry__item")
    return shown.filter(entry=entry) if entry else shown


def comment_by_receipt(receipt: str) -> Comment | None:
    found = Comment.objects.filter(receipt=receipt.strip().upper())
    return found.select_related("consultation__campaign", "entry__item").first()


# Deciding


def entries_to_decide(campaign: Campaign) -> QuerySet[Entry]:
    found = campaign.entries.filter(state="agreed")
    return found.select_related("item__category", "participation__organ").order_by("id")


def noted_rulings(campaign: Campaign) -> QuerySet[NotedRuling]:
    """List rulings that differ for what waits for decision.

    Notes of an earlier round hold no longer.
    """
    return NotedRuling.objects.filter(entry__campaign=campaign, entry__state="agreed", round=F("entry__round"))


def orders_of(user: User, *, at: datetime) -> QuerySet[Order]:
    """List orders (限期整改) of the units the user reports for, the open ones first."""
    units = participations_visible_to(user, Permission.REPORT_PREPARE, at=at).values("pk")
    found = Order.objects.filter(participation__in=units).select_related(
        "participation__organ", "participation__campaign"
    )
    return found.order_by("closed_at", "due")


def orders_in(bulletin: Bulletin) -> QuerySet[Order]:
    """List the orders (限期整改) a bulletin tells of, its own, and earlier ones still open when it was drawn up."""
    at = bulletin.created_at
    earlier = Q(at__lt=at) & (Q(closed_at=None) | Q(closed_at__gt=at))
    found = Order.objects.filter(Q(bulletin=bulletin) | earlier, participation__campaign=bulletin.campaign_id)
    return found.select_related("participation__organ").order_by("due", "id")


def bulletins_visible_to(user: User, campaign: Campaign, *, at: datetime) -> QuerySet[Bulletin]:
    """List all bulletins for the organizer, and issued ones for everybody else in the campaign."""
    managed = campaigns_managed_by(user, at=at).filter(pk=campaign.pk).exists()
    return campaign.bulletins.all() if managed else campaign.bulletins.exclude(issued_at=None)


def settled_disputes(campaign: Campaign) -> QuerySet[Dispute]:
    found = Dispute.objects.filter(entry__campaign=campaign).exclude(settled_at=None)
    return found.select_related("entry__item", "entry__participation__organ").order_by("-settled_at")


def decided_by_result(campaign: Campaign) -> list[tuple[str, int]]:
    """Count decided entries that wait to be published, by result."""
    return _by_result(campaign, ("decided",))


def published_by_result(campaign: Campaign) -> list[tuple[str, int]]:
    """Count entries that were published, or ended with the publication, by result."""
    return _by_result(campaign, ("published", "ended"))


def _by_result(campaign: Campaign, states: Sequence[str]) -> list[tuple[str, int]]:
    labels = dict(Disposition.choices)
    counted = campaign.entries.filter(state__in=states).order_by().values_list("final").annotate(count=Count("*"))
    return [(labels[final], count) for final, count in counted]
