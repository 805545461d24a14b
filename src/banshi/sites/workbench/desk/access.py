"""The one way pages of the desk reach an entry: through what lies on the user's desk."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from banshi.access import allows
from banshi.campaigns.models import Campaign, Entry, Review, ReviewBody
from banshi.campaigns.queries import COUNTED, bodies_of, campaigns_managed_by, claimed_now, desk_of
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.people.models import User
from banshi.sites.kit.address import as_guid
from banshi.sites.kit.permissions import Permission, require


@dataclass(frozen=True, slots=True)
class DeskContext:
    """The user's place before an entry, with the review to give, the lead, and what else of the campaign lies on the
    desk.
    """

    entry: Entry
    review: Review
    leads: bool
    desk: QuerySet[Review]

    @property
    def open(self) -> bool:
        """Tell whether the opinion is still wanted.

        That of experts and lawyers is after the round too.
        """
        states = ("reviewing",) if self.review.body.planned.role in COUNTED else ("reviewing", "agreed")
        wanted = not self.review.verdict and not self.review.set_aside and self.review.round == self.entry.round
        return wanted and self.entry.state in states

    @property
    def concludes(self) -> bool:
        """Tell whether the lead body may sum up, having given its own opinion, or reopen what has passed."""
        said = bool(self.review.verdict) and self.review.round == self.entry.round
        return self.leads and (self.entry.state == "agreed" or (self.entry.state == "reviewing" and said))


def seat_at(user: User, guid: UUID) -> DeskContext:
    """Return the newest round's review of an entry on the user's desk, one still to be given before one given.

    Raises Missing.
    """
    desk = desk_of(user, at=now())
    mine = desk.filter(entry__guid=guid).annotate(held=claimed_now(now()))
    mine = mine.select_related(
        "entry__item__category", "entry__item__organ", "entry__text", "entry__target", "entry__campaign"
    )
    review = mine.order_by("-round", F("given_at").asc(nulls_first=True), "id").first()
    if review is None:
        raise Missing("审核台上没有这一项", remedy="它可能已被撤回，或者不由您审核。请回到审核台从列表里选。")
    review.body.campaign = review.entry.campaign
    led = mine.filter(body__code=review.entry.lead).exists()
    return DeskContext(review.entry, review, led, desk.filter(entry__campaign=review.entry.campaign))


def campaigns_on_desk(user: User) -> list[Campaign]:
    """List campaigns under way in which the user reviews, or which the user organizes."""
    reviewed = bodies_of(user, now()).values("campaign")
    found = Campaign.objects.filter(pk__in=reviewed) | campaigns_managed_by(user, at=now())
    return list(found.filter(state="running").select_related("organ").distinct().order_by("id"))


def campaign_asked(user: User, text: str) -> tuple[Campaign | None, list[Campaign]]:
    """Return the campaign an address names, or the first, and all there are.

    Raises Missing.
    """
    found = campaigns_on_desk(user)
    guid = as_guid(text) if text else None
    if not text:
        return (found[0] if found else None), found
    chosen = next((each for each in found if each.guid == guid), None)
    if chosen is None:
        raise Missing("没有这次清理规范工作", remedy="它可能已经结束，或者您没有参加审核。")
    return chosen, found


def bodies_arranged_by(user: User, campaign: Campaign) -> list[ReviewBody]:
    """List bodies whose groups and experts the user may arrange: all or none."""
    if not allows(user, Permission.REVIEW_ARRANGE, campaign, at=now()):
        return []
    return list(
        campaign.bodies.select_related("organ", "campaign").prefetch_related("groups__members", "groups__superior")
    )


def body_arranged(user: User, pk: int) -> ReviewBody:
    """Find one of them.

    Raises Missing for what is not theirs.
    """
    require(user, Permission.REVIEW_GIVE)
    body = ReviewBody.objects.select_related("campaign").filter(pk=pk, campaign__state="running").first()
    if body is None or body not in bodies_arranged_by(user, body.campaign):
        raise Missing("没有这个审核单位", remedy="请回到审核台重新选择。")
    return body
