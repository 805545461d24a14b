"""Access policies of campaigns: who organizes, reports, speaks for a reviewing body, was invited as an expert."""

from collections.abc import Sequence
from datetime import datetime

from banshi.access import Permission, allows, policies
from banshi.access.policies import SELF
from banshi.campaigns.models import (
    Bulletin,
    Campaign,
    Comment,
    Consultation,
    Dispute,
    Entry,
    Invitation,
    Order,
    Participation,
    Report,
    Review,
    ReviewBody,
    Stage,
)
from banshi.campaigns.queries import conflicted_organs, leads, speaking_post
from banshi.catalog.models import Item, Revision
from banshi.core.errors import Refused
from banshi.people.models import User

MANAGE, GIVE, ARRANGE = Permission.CAMPAIGN_MANAGE, Permission.REVIEW_GIVE, Permission.REVIEW_ARRANGE

policies.register(Campaign, organs="organ", by_permission={ARRANGE: ()})
policies.register(Stage, organs="campaign__organ")
policies.register(Bulletin, organs="campaign__organ")
policies.register(Consultation, organs="campaign__organ")
policies.register(Comment, organs="consultation__campaign__organ")
policies.register(Participation, organs="organ", by_permission={MANAGE: "campaign__organ"})
policies.register(Order, organs="participation__organ", by_permission={MANAGE: "participation__campaign__organ"})
policies.register(Report, organs="participation__organ", by_permission={MANAGE: "participation__campaign__organ"})
policies.register(Entry, organs="participation__organ", by_permission={MANAGE: "campaign__organ"})
policies.register(Dispute, organs="entry__campaign__organ")
policies.register(ReviewBody, by_permission={MANAGE: "campaign__organ", ARRANGE: ()})
policies.register(Review, assignee="invitation", by_permission={GIVE: ()})
policies.register(Invitation, assignee=SELF, by_permission={ARRANGE: ()})

policies.includes((None, Campaign, SELF), (None, Entry, "campaign"))  # 公布
policies.includes((MANAGE, Comment, "entry"), (MANAGE, Entry, SELF))  # 采纳: its entry is opened
policies.includes((MANAGE, Comment, "entry__item"), (GIVE, Revision, "item"))
policies.includes((None, Review, "entry"), (None, Entry, SELF))  # 汇总
policies.includes((None, Review, "entry__item"), (GIVE, Revision, "item"))
policies.includes(
    (None, Entry, "item"),
    (Permission.ITEM_EDIT, Item, SELF),  # 上报: drafts are begun, frozen
    (Permission.ITEM_EDIT, Revision, "item"),
    (GIVE, Revision, "item"),  # 退回, 撤回: and given back
    (Permission.ITEM_LIFECYCLE, Item, SELF),  # 公布: what was decided
    (Permission.ITEM_PUBLISH, Revision, "item"),
)
policies.includes((None, Entry, "participation"), (Permission.REPORT_PREPARE, Participation, SELF))


@policies.rule(GIVE, Review)
def reviewers_speak_for_their_body(user: User, reviews: Sequence[Review], at: datetime) -> None:
    """Keep people from reviewing their own organ's items, or a unit for which they declared 回避."""
    for body in {each.body for each in reviews}:
        if speaking_post(user, body, at) is None:
            raise Refused(f"您现在不代表{body}审核", remedy="岗位已经变动的，请由本单位的其他审核人办理。")
    for campaign in {each.body.campaign for each in reviews}:
        units = {each.entry.participation.organ_id for each in reviews if each.body.campaign == campaign}
        if units & conflicted_organs(user, campaign, at):
            raise Refused("您在这个单位任职，或已申报回避，不能审核它的事项", remedy="请交给本单位的其他同事。")


@policies.rule(ARRANGE, Campaign)
def the_organizer_or_the_lead_arranges(user: User, campaigns: Sequence[Campaign], at: datetime) -> None:
    for each in campaigns:
        if not allows(user, MANAGE, each, at=at) and not leads(user, each, at):
            raise Refused("审核分组和专家论证由组织单位或牵头审核单位安排", remedy="需要调整的，请找他们。")


@policies.rule(ARRANGE, ReviewBody)
def as_for_its_campaign(user: User, bodies: Sequence[ReviewBody], at: datetime) -> None:
    the_organizer_or_the_lead_arranges(user, list({each.campaign for each in bodies}), at)


@policies.rule(ARRANGE, Invitation)
def as_for_its_body(user: User, invitations: Sequence[Invitation], at: datetime) -> None:
    as_for_its_campaign(user, [each.body for each in invitations], at)
