"""The worker's turn for mail; on the schedule only where a mail server is set."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django_tasks import task

from banshi.jobs.schedule import schedule
from banshi.people.mail import forget, send_waiting


@task()
def send_mail(at: str) -> int:
    return send_waiting(at=datetime.fromisoformat(at))


@task()
def forget_mail(at: str) -> int:
    return forget(at=datetime.fromisoformat(at))


if settings.MAIL_ON:
    schedule("send_mail", "发送催办邮件", send_mail, every=timedelta(minutes=1))
    schedule("forget_mail", "清理三个月以前的邮件", forget_mail, at=time(3, 10))
