"""Background tasks of a campaign, publishing on the day arranged and notifying units of returns."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.timezone import localtime
from django_tasks import task
from django_tasks.base import TaskContext

from banshi.campaigns.actions import arrange_publication, draw_up_bulletin, publish_decided, tell_of_returns
from banshi.campaigns.models import Campaign
from banshi.core.clock import day_of
from banshi.jobs.progress import report_of
from banshi.jobs.schedule import schedule
from banshi.ledger import Actor, System


@task(takes_context=True)
def publish_campaign(context: TaskContext, campaign: int, at: str) -> int:
    """Publish in one transaction, so that after a lost worker nobody has seen anything of the first try."""
    found = Campaign.objects.get(pk=campaign)
    if found.state != "publishing":
        return 0
    return publish_decided(found, report=report_of(context), by=System("publish"), at=datetime.fromisoformat(at))


@transaction.atomic
def start_publication(campaign: Campaign, *, on: date, by: Actor, at: datetime) -> Campaign:
    """Arrange a publication.

    That of today begins in the background as soon as it is arranged.
    """
    arranged = arrange_publication(campaign, on=on, by=by, at=at)
    if on <= day_of(at):
        publish_campaign.enqueue(campaign.pk, at.isoformat())
    return arranged


@task()
def publish_due(at: str) -> None:
    """Publish everything arranged for today or before."""
    due = Campaign.objects.filter(state="publishing", publish_on__lte=localtime(datetime.fromisoformat(at)).date())
    for campaign in due:
        publish_campaign.enqueue(campaign.pk, at)


@task()
def tell_returns(at: str) -> int:
    """Tell units of all that was returned since they were last told.

    Returns how many units.
    """
    return tell_of_returns(by=System("remind"), at=datetime.fromisoformat(at))


@task()
def draw_up_bulletins(at: str) -> int:
    """Draw up drafts of the month for plans that want one on this day.

    Whoever organizes reads them, adds to them, issues them.
    """
    moment = datetime.fromisoformat(at)
    drawn = 0
    for campaign in Campaign.objects.filter(state="running"):
        wanted = campaign.plan.bulletin and campaign.plan.bulletin <= day_of(moment).day
        month = day_of(moment).replace(day=1)
        if wanted and not campaign.bulletins.filter(created_at__date__gte=month).exists():
            draw_up_bulletin(campaign, by=System("bulletin"), at=moment)
            drawn += 1
    return drawn


schedule("draw_up_bulletins", "起草方案规定的每月通报", draw_up_bulletins, at=time(7, 0))
schedule("publish_campaigns", "公布到期的审定事项", publish_due, at=time(0, 5))
schedule("tell_returns", "把退回修改的事项告诉单位", tell_returns, at=time(17, 0))
