"""Reads of a campaign: dates, units, desks, opinions, progress."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from banshi.catalog.models import Item, Revision
from banshi.people.models import Organ, User
from banshi.people.permissions import ROLES, Permission, current_posts, organs_where
from banshi.reviews.enums import BodyRole, Disposition, PhaseKind
from banshi.reviews.models import (
    Bulletin,
    Campaign,
    Comment,
    Consultation,
    Dispute,
    Entry,
    Invitation,
    Order,
    Participation,
    Recusal,
    Review,
    ReviewBody,
    Stage,
)
from banshi.reviews.sight import Moment, Viewer, Voice, may_see

# Dates


def stage_of_round(campaign: Campaign, kind: PhaseKind, number: int, batch: str) -> list[Stage]:
    """The stages of a batch's round, in order; of the last planned round when there are no more."""
    wanted = min(number, campaign.plan.rounds)
    codes = [each.code for each in campaign.plan.phases if each.kind == kind and each.round == wanted]
    return list(campaign.stages.filter(phase__in=codes, batch=batch).order_by("begins"))


def stages_on(campaign: Campaign, day: date) -> QuerySet[Stage]:
    return campaign.stages.filter(begins__lte=day, ends__gte=day)


# Who sees a campaign


def campaigns_managed_by(user: Any) -> QuerySet[Campaign]:
    return Campaign.objects.filter(organ__in=organs_where(user, Permission.CAMPAIGN_MANAGE))


def campaigns_visible_to(user: Any) -> QuerySet[Campaign]:
    """Those one manages, takes part in, or reviews in."""
    mine = Q(organ__in=organs_where(user, Permission.CAMPAIGN_MANAGE))
    partaking = Q(participations__organ__in=organs_where(user, Permission.ITEM_VIEW))
    reviewing = Q(bodies__organ__in=review_organs(user))
    return Campaign.objects.filter(mine | partaking | reviewing).select_related("organ", "division").distinct()


def participations_visible_to(user: Any, permission: Permission = Permission.ITEM_VIEW) -> QuerySet[Participation]:
    return Participation.objects.filter(organ__in=organs_where(user, permission)).select_related(
        "campaign", "organ__division"
    )


def entries_of_unit(unit: Participation) -> QuerySet[Entry]:
    return unit.entries.select_related("item__category", "text", "target")


# The desk


def review_organs(user: Any) -> list[int]:
    """Organs for which the user may give opinions: where a post with that permission is held, own or delegated."""
    return [post.organ_id for post in current_posts(user) if Permission.REVIEW_GIVE in ROLES[post.role].permissions]


def bodies_of(user: Any, campaign: Campaign | None = None) -> QuerySet[ReviewBody]:
    bodies = ReviewBody.objects.filter(organ__in=review_organs(user)).select_related("organ", "campaign")
    return bodies.filter(campaign=campaign) if campaign else bodies


def conflicted_organs(user: Any, campaign: Campaign) -> set[int]:
    """Organs whose items the user may not review: where the user holds a post, and where 回避 was declared."""
    declared = Recusal.objects.filter(campaign=campaign, user=user.pk).values_list("organ_id", flat=True)
    return {post.organ_id for post in current_posts(user)} | set(declared)


def desk_of(user: Any, campaign: Campaign) -> QuerySet[Review]:
    """Everything the user's bodies are to review, by groups where there are some; never what the user has a share in."""
    reviews = Review.objects.filter(body__in=bodies_of(user, campaign), invitation=None)
    for body in bodies_of(user, campaign).prefetch_related("groups__members"):
        if (groups := list(body.groups.all())) and not any(user in each.members.all() for each in groups):
            reviews = reviews.exclude(body=body)
        elif groups:
            reviews = reviews.exclude(Q(body=body) & ~_of_groups([g for g in groups if user in g.members.all()]))
    mine = conflicted_organs(user, campaign)
    return (
        reviews.exclude(entry__participation__organ__in=mine)
        .exclude(entry__state="left")
        .select_related("entry__item", "entry__participation__organ", "body__campaign", "body__organ", "claimed_by")
    )


def _of_groups(groups: Iterable[Any]) -> Q:
    found = Q(pk__in=[])
    for group in groups:
        one = Q(entry__participation__organ__division__code__startswith=group.division_prefix)
        found |= one & Q(entry__participation__organ__superior=group.superior_id) if group.superior_id else one
    return found


def waiting(reviews: QuerySet[Review]) -> QuerySet[Review]:
    return reviews.filter(verdict="", set_aside="")


def to_sum_up(user: Any, campaign: Campaign) -> QuerySet[Entry]:
    """Entries all bodies have judged, whose lead is one of the user's bodies."""
    leads = [each.code for each in bodies_of(user, campaign)]
    entries = campaign.entries.filter(state="reviewing", lead__in=leads, waiting=0)
    mine = conflicted_organs(user, campaign)
    return entries.exclude(participation__organ__in=mine).select_related("item", "participation__organ", "text")


# Opinions


def viewer_of(user: Any, entry: Entry) -> tuple[Viewer, set[int]]:
    """As what the user looks at an entry, and the bodies the user speaks for."""
    bodies = list(bodies_of(user, entry.campaign))
    mine, codes = {each.pk for each in bodies}, {each.code for each in bodies}
    roles = {each.planned.role for each in bodies}
    if organs_where(user, Permission.CAMPAIGN_MANAGE).filter(pk=entry.campaign.organ_id).exists() and not mine:
        return Viewer.ORGANIZER, mine
    if entry.lead in codes:
        return Viewer.LEAD, mine
    if BodyRole.JOINT in roles or BodyRole.LEAD in roles:
        return Viewer.JOINT, mine
    if roles:
        return Viewer.EXPERT, mine
    unit = organs_where(user, Permission.ITEM_VIEW).filter(pk=entry.participation.organ_id).exists()
    return (Viewer.UNIT if unit else Viewer.STRANGER), mine


def opinions_seen(user: Any, entry: Entry) -> list[Review]:
    """The given opinions on an entry the user may see now, the newest round first."""
    viewer, mine = viewer_of(user, entry)
    given = entry.reviews.exclude(verdict="").select_related("body__organ", "body__campaign", "invitation")
    reviews = list(given.prefetch_related("opinions").order_by("-round", "id"))
    concluded = set(entry.summings.values_list("round", flat=True))
    own = {each.round for each in reviews if each.body_id in mine}
    return [r for r in reviews if may_see(viewer, _voice(r, mine), Moment(r.round in own, r.round in concluded))]


def _voice(review: Review, mine: set[int]) -> Voice:
    if review.body_id in mine and review.invitation_id is None:
        return Voice.OWN
    return Voice.EXPERT if review.body.planned.role in (BodyRole.EXPERT, BodyRole.LEGAL) else Voice.BODY


def previous_text(entry: Entry) -> Revision | None:
    """What was reported the round before."""
    if entry.text is None:
        return None
    earlier = Revision.objects.filter(item=entry.item_id, number__lt=entry.text.number, state=Revision.State.RETURNED)
    return earlier.order_by("-number").first()


def open_disputes(campaign: Campaign) -> QuerySet[Dispute]:
    return Dispute.objects.filter(entry__campaign=campaign, settled_at=None).select_related(
        "entry__item", "entry__participation__organ"
    )


def invitation_by(token: str, day: date) -> Invitation | None:
    """The expert whose link carries this secret, while it holds."""
    found = Invitation.objects.filter(token_index=Invitation.index_of(token), until__gte=day, ended_at=None)
    return found.select_related("body__campaign").first()


# Progress


@dataclass(frozen=True, slots=True)
class Row:
    """How many entries of a batch stand in each state."""

    batch: str
    label: str
    units: int
    reported: int
    states: dict[str, int]

    @property
    def entries(self) -> int:
        return sum(self.states.values())


def board(campaign: Campaign) -> list[Row]:
    """One row for each batch. Three questions, however large the campaign."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    grouped = campaign.entries.order_by().values_list("batch", "state").annotate(count=Count("pk"))
    for batch, state, count in grouped:
        counts[batch][state] = count
    units: Any = campaign.participations.order_by().values_list("batch")
    told = {b: (n, r) for b, n, r in units.annotate(n=Count("pk"), r=Count("pk", filter=Q(reported_round__gt=0)))}
    return [
        Row(each.code, each.label, *told.get(each.code, (0, 0)), counts[each.code]) for each in campaign.plan.batches
    ]


def units_without_contacts(campaign: Campaign) -> QuerySet[Participation]:
    return campaign.participations.filter(named_at=None).select_related("organ")


def units_overdue(campaign: Campaign, day: date) -> QuerySet[Participation]:
    """Units that have not reported in a round whose last day is over."""
    late = Q(pk__in=[])
    rounds = {phase.code: phase.round for phase in campaign.plan.phases if phase.kind == PhaseKind.REPORT}
    for stage in campaign.stages.filter(phase__in=rounds, ends__lt=day):
        late |= Q(batch=stage.batch, reported_round__lt=rounds[stage.phase])
    has_open = Q(entries__state__in=("preparing", "returned"))
    return campaign.participations.filter(late & has_open).select_related("organ").distinct()


@dataclass(frozen=True, slots=True)
class Figures:
    """What a unit's summary can be filled from."""

    items: int
    by_disposition: dict[str, int]
    new: int
    changed: int


def figures_of(unit: Participation) -> Figures:
    entries = unit.entries.exclude(state="left")
    counted = entries.order_by().values_list("disposition").annotate(count=Count("pk"))
    labels = dict(Entry._meta.get_field("disposition").flatchoices)
    items = Item.objects.filter(entries__in=entries)
    changed = items.filter(listing__isnull=False, revisions__state=Revision.State.DRAFT).count()
    new = items.filter(listing__isnull=True).count()
    return Figures(entries.count(), {labels[d]: n for d, n in counted}, new, changed)


def proposed_progress(figures: Figures) -> str:
    """A first sentence for 工作进展."""
    if not figures.items:
        return "本单位没有公共服务事项。"
    parts = "、".join(f"拟{name}{count}项" for name, count in figures.by_disposition.items())
    return f"本单位共清理公共服务事项{figures.items}项，其中{parts}；新列入{figures.new}项，修改办事指南{figures.changed}项。"


def organs_in_scope(campaign: Campaign) -> QuerySet[Organ]:
    """Units that may be invited: of the plan's kinds and levels, in the division and below."""
    scope = campaign.plan.scope
    prefix = campaign.division_id.rstrip("0") if campaign.division.level <= 4 else campaign.division_id
    return Organ.objects.filter(
        active=True, kind__in=scope.kinds, division__level__in=scope.levels, division__code__startswith=prefix
    ).select_related("division")


def reviewers_at(organ: Organ) -> QuerySet[User]:
    roles = [code for code, role in ROLES.items() if Permission.REVIEW_GIVE in role.permissions]
    return User.objects.filter(posts__organ=organ, posts__role__in=roles, is_active=True).distinct()


def states_of(unit: Participation) -> dict[str, int]:
    """How many of a unit's entries stand in each state."""
    return dict(unit.entries.order_by().values_list("state").annotate(count=Count("pk")))


def returned_entries(unit: Participation) -> QuerySet[Entry]:
    """Entries given back to the unit, each with `summings` at hand."""
    found = unit.entries.filter(state="returned").select_related("item")
    return found.prefetch_related("summings").order_by("id")


# What the public sees


def consultations_public(day: date) -> QuerySet[Consultation]:
    """Those that have begun, the newest first; open and closed ones."""
    return (
        Consultation.objects.filter(opens__lte=day)
        .select_related("campaign__organ", "campaign__division")
        .order_by("-opens", "-id")
    )


def entries_consulted(consultation: Consultation) -> QuerySet[Entry]:
    """What the public is asked about: all that passed review, and what became of it."""
    states = ("agreed", "decided", "refused", "published", "ended")
    found = consultation.campaign.entries.filter(state__in=states).exclude(text=None)
    return found.select_related("item__listing", "item__category", "participation__organ", "text")


def comments_shown(consultation: Consultation, entry: Entry | None = None) -> QuerySet[Comment]:
    """What anyone may read: seen by somebody first."""
    shown = consultation.comments.filter(state=Comment.State.SHOWN).select_related("entry__item")
    return shown.filter(entry=entry) if entry else shown


def comment_by_receipt(receipt: str) -> Comment | None:
    found = Comment.objects.filter(receipt=receipt.strip().upper())
    return found.select_related("consultation__campaign", "entry__item").first()


# Deciding


def entries_to_decide(campaign: Campaign) -> QuerySet[Entry]:
    found = campaign.entries.filter(state="agreed")
    return found.select_related("item__category", "participation__organ").order_by("id")


def orders_of(user: Any) -> QuerySet[Order]:
    """限期整改 of the units the user reports for, the open ones first."""
    units = participations_visible_to(user, Permission.REPORT_PREPARE).values("pk")
    found = Order.objects.filter(participation__in=units).select_related(
        "participation__organ", "participation__campaign"
    )
    return found.order_by("closed_at", "due")


def bulletins_visible_to(user: Any, campaign: Campaign) -> QuerySet[Bulletin]:
    """All for the organizer; issued ones for everybody else in the campaign."""
    managed = campaigns_managed_by(user).filter(pk=campaign.pk).exists()
    return campaign.bulletins.all() if managed else campaign.bulletins.exclude(issued_at=None)


def settled_disputes(campaign: Campaign) -> QuerySet[Dispute]:
    found = Dispute.objects.filter(entry__campaign=campaign).exclude(settled_at=None)
    return found.select_related("entry__item", "entry__participation__organ").order_by("-settled_at")


def decided_by_result(campaign: Campaign) -> list[tuple[str, int]]:
    """How many decided entries wait to be published, by what was decided."""
    labels = dict(Disposition.choices)
    counted = campaign.entries.filter(state="decided").order_by().values_list("final").annotate(count=Count("pk"))
    return [(labels[final], count) for final, count in counted]
