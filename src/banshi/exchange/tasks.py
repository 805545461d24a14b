"""Tasks of the exchange: silence told to the authority, batches made and removed."""

from datetime import datetime, time, timedelta

from django_tasks import task

from banshi.exchange.actions import (
    check_systems,
    escalate_corrections,
    escalate_silence,
    find_anomalies,
    make_due_batches,
    measure_resources,
    remove_old_batches,
    tell_overdue_updates,
)
from banshi.exchange.gateway import WINDOW
from banshi.exchange.models import UsedNonce
from banshi.jobs.schedule import schedule
from banshi.ledger import System

EXCHANGE = System("exchange")


@task()
def escalate_requests(at: str) -> int:
    moment = datetime.fromisoformat(at)
    return escalate_silence(by=EXCHANGE, at=moment) + escalate_corrections(by=EXCHANGE, at=moment)


@task()
def report_overdue_updates(at: str) -> int:
    return tell_overdue_updates(by=EXCHANGE, at=datetime.fromisoformat(at))


@task()
def measure_data_resources(at: str) -> int:
    return measure_resources(by=EXCHANGE, at=datetime.fromisoformat(at))


@task()
def check_data_systems(at: str) -> int:
    return check_systems(by=EXCHANGE, at=datetime.fromisoformat(at))


@task()
def forget_nonces(at: str) -> int:
    """Delete nonces whose signatures are too old to pass, whichever way a clock was off."""
    return UsedNonce.objects.filter(at__lt=datetime.fromisoformat(at) - 3 * WINDOW).delete()[0]


schedule("forget_nonces", "清理过期的一次性随机数", forget_nonces, every=timedelta(hours=1))


@task()
def find_call_anomalies(at: str) -> int:
    return find_anomalies(by=EXCHANGE, at=datetime.fromisoformat(at))


@task()
def make_data_batches(at: str) -> int:
    return make_due_batches(by=EXCHANGE, at=datetime.fromisoformat(at))


@task()
def remove_data_batches(at: str) -> int:
    return remove_old_batches(by=EXCHANGE, at=datetime.fromisoformat(at))


schedule("escalate_data_requests", "报告超期没有答复的共享申请和数据校核", escalate_requests, at=time(0, 20))
schedule("report_overdue_updates", "报告超期没有更新的数据资源目录", report_overdue_updates, at=time(0, 25))
schedule("measure_data_resources", "到来源里数一遍数据质量", measure_data_resources, at=time(2, 30))
schedule("check_data_systems", "检查各单位的数据来源", check_data_systems, every=timedelta(minutes=30))
schedule("find_call_anomalies", "在调用记录里找异常", find_call_anomalies, at=time(6, 40))
schedule("make_data_batches", "做订阅的数据批次", make_data_batches, every=timedelta(hours=1))
schedule("remove_data_batches", "删除保存期已满、授权已结束的数据批次", remove_data_batches, every=timedelta(hours=1))
