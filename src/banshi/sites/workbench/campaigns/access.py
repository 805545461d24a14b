"""The one way staff pages reach a campaign."""

from uuid import UUID

from banshi.campaigns.models import Campaign
from banshi.campaigns.queries import campaigns_managed_by, campaigns_overseen_by, campaigns_visible_to
from banshi.core.clock import now
from banshi.core.errors import Missing, Refused
from banshi.people.models import User
from banshi.sites.kit.permissions import Permission, require


def campaign_for(user: User, guid: UUID) -> Campaign:
    """Find one the user manages, takes part in or reviews in.

    Raises Missing.
    """
    found = campaigns_visible_to(user, at=now()).filter(guid=guid).first()
    if found is None:
        raise Missing("没有找到这项工作", remedy="它可能不涉及您的单位，请回到“清理规范工作”列表查找。")
    return found


def managed_campaign(user: User, guid: UUID) -> Campaign:
    """Find one the user organizes.

    Raises Missing, Refused.
    """
    found = campaign_for(user, guid)
    require(user, Permission.CAMPAIGN_MANAGE, found.organ)
    return found


def overseen_campaign(user: User, guid: UUID) -> Campaign:
    """Find one of which the user sees every unit: organizes, reviews in, leads or supervises.

    Raises Missing, Refused.
    """
    found = campaign_for(user, guid)
    if not campaigns_overseen_by(user, at=now()).filter(pk=found.pk).exists():
        raise Refused(
            "参加单位的名单和进度由组织单位、审核单位和领导查看",
            remedy="本单位的情况在“上报”里看；需要别的单位的情况，请与组织单位联系。",
        )
    return found


def may_manage(user: User, campaign: Campaign) -> bool:
    return campaigns_managed_by(user, at=now()).filter(pk=campaign.pk).exists()
