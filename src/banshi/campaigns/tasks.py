"""What a campaign does by itself: publishes on the day arranged, and tells units what was returned."""

from datetime import datetime, time

from django.utils.timezone import localtime
from django_tasks import task
from django_tasks.base import TaskContext

from banshi.campaigns.actions import publish_decided, tell_of_returns
from banshi.campaigns.models import Campaign
from banshi.jobs.progress import report_of
from banshi.jobs.schedule import schedule
from banshi.ledger import System


@task(takes_context=True)
def publish_campaign(context: TaskContext, campaign: int, at: str) -> int:
    """One transaction: after a lost worker it is begun again, and nobody has seen anything of the first try."""
    found = Campaign.objects.get(pk=campaign)
    if found.state != "publishing":
        return 0
    return publish_decided(found, report=report_of(context), by=System("publish"), at=datetime.fromisoformat(at))


@task()
def publish_due(at: str) -> None:
    """Everything arranged for today or before."""
    due = Campaign.objects.filter(state="publishing", publish_on__lte=localtime(datetime.fromisoformat(at)).date())
    for campaign in due:
        publish_campaign.enqueue(campaign.pk, at)


@task()
def tell_returns(at: str) -> int:
    """All that was returned to a unit since it was last told, all together; how many units."""
    return tell_of_returns(by=System("remind"), at=datetime.fromisoformat(at))


schedule("publish_campaigns", "公布到期的审定事项", publish_due, at=time(0, 5))
schedule("tell_returns", "把退回修改的事项告诉单位", tell_returns, at=time(17, 0))
