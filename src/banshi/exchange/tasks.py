"""Tasks of the exchange: silence told to the authority, the call log anchored in the ledger."""

from datetime import datetime, time, timedelta

from django_tasks import task

from banshi.exchange.actions import anchor_calls, escalate_silence
from banshi.exchange.gateway import WINDOW
from banshi.exchange.models import UsedNonce
from banshi.jobs.schedule import schedule
from banshi.ledger import System

EXCHANGE = System("exchange")


@task()
def escalate_requests(at: str) -> int:
    return escalate_silence(by=EXCHANGE, at=datetime.fromisoformat(at))


@task()
def anchor_call_log(at: str) -> int:
    return anchor_calls(by=EXCHANGE, at=datetime.fromisoformat(at))


@task()
def forget_nonces(at: str) -> int:
    """Delete nonces whose signatures are too old to pass, whichever way a clock was off."""
    return UsedNonce.objects.filter(at__lt=datetime.fromisoformat(at) - 3 * WINDOW).delete()[0]


schedule("forget_nonces", "清理过期的一次性随机数", forget_nonces, every=timedelta(hours=1))
schedule("escalate_data_requests", "报告超期没有答复的共享申请", escalate_requests, at=time(0, 20))
schedule("anchor_call_log", "把调用记录的末尾留底到操作记录", anchor_call_log, every=timedelta(minutes=10))
