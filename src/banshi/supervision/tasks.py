"""Scheduled work of supervision: the morning's warnings, and rules that failed tried again."""

from datetime import datetime, time, timedelta

from django_tasks import task

from banshi.jobs.schedule import schedule
from banshi.ledger import System
from banshi.supervision.actions.drawing import tell_to_open
from banshi.supervision.actions.orders import climb_orders
from banshi.supervision.bulletin_printing import print_bulletins
from banshi.supervision.examining import look_back
from banshi.supervision.models import InspectionDraw
from banshi.supervision.queries import standing_of
from banshi.supervision.warning import warn


@task()
def warn_each_morning(at: str) -> dict[str, int]:
    """Find what is due soon or over."""
    return {"found": warn(at=datetime.fromisoformat(at))}


@task()
def climb_each_morning(at: str) -> dict[str, int]:
    """Order anew, a level up, what nobody has answered."""
    return {"climbed": climb_orders(by=System("supervision"), at=datetime.fromisoformat(at))}


@task()
def try_rules_again(at: str) -> None:
    """Let rules that failed examine what they owe."""
    look_back(retry=True)


@task()
def tell_of_openings(at: str) -> None:
    """Tell the parties of draws whose time to seal is over to open their numbers."""
    moment = datetime.fromisoformat(at)
    for each in InspectionDraw.objects.filter(closed_at__isnull=False, drawn_at=None).order_by("id"):
        opens_at = standing_of(each).opens_at
        if opens_at and moment >= opens_at:
            tell_to_open(each, at=moment)


schedule("supervision_openings", "双随机：封数的时间过了，请各方打开", tell_of_openings, every=timedelta(minutes=10))
schedule("supervision_bulletins", "监察：排版、签名新发的通报", print_bulletins, every=timedelta(minutes=10))
schedule(
    "supervision_warnings", "监察：按期限找快到期和过期的办件、环节、核查、特别程序", warn_each_morning, at=time(7, 0)
)
schedule("supervision_climbing", "监察：没有按期答复的督办，升一级再督办", climb_each_morning, at=time(7, 10))
schedule("supervision_retry", "监察：出过错的规则补看漏下的", try_rules_again, every=timedelta(hours=1))
