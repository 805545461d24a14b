"""Guards of the moves of campaigns and entries."""

from datetime import datetime

from banshi.campaigns.models import Campaign, Entry
from banshi.workflow.rules import rule


@rule("campaign.has-units", "还没有参加的单位", remedy="请先选定清理单位。")
def has_units(campaign: Campaign, at: datetime) -> bool:
    return campaign.participations.exists()


@rule("campaign.has-decided", "还没有审定通过的事项", remedy="请先登记审定结果。")
def has_decided(campaign: Campaign, at: datetime) -> bool:
    return campaign.entries.filter(state="decided").exists()


@rule("entry.campaign-open", "这次清理已经结束或正在公布", remedy="请在事项页面另行办理。", related=("campaign",))
def campaign_is_open(entry: Entry, at: datetime) -> bool:
    return entry.campaign.state in ("preparing", "running")


@rule("entry.unit-takes-part", "它的单位已经退出这次清理", remedy="请先让单位重新参加。", related=("participation",))
def unit_takes_part(entry: Entry, at: datetime) -> bool:
    return entry.participation.left_at is None


@rule("entry.item-in-use", "事项已经不在用", remedy="请先恢复或另编这个事项。", related=("item",))
def item_is_in_use(entry: Entry, at: datetime) -> bool:
    return entry.item.state == "active"
