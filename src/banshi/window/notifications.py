"""Notices of the hall. What is about a half-day to come is not told afterwards."""

from datetime import timedelta

from banshi.notifications import kinds
from banshi.notifications.kinds import NotificationKind

A_DAY = timedelta(days=1)
REMINDER = kinds.register(
    NotificationKind(
        "window.reminder",
        "我的预约快到了",
        "预约提醒：{day} {half}，{item}",
        "您约了{day}{half}到{hall}办“{item}”，地址{address}，预约码{code}。来不了请提前取消，让给别人。",
        page="appointments",
        digest="几个预约快到了",
        overview="appointments",
        by_sms=True,
        lasts=A_DAY,
    )
)
PROMOTED = kinds.register(
    NotificationKind(
        "window.promoted",
        "候补到了预约",
        "候补成功：{day} {half}，{item}",
        "您候补的{day}{half}到{hall}办“{item}”已经约上，预约码{code}。来不了请提前取消，让给别人。",
        page="appointments",
        digest="几个候补成功",
        overview="appointments",
        by_sms=True,
        lasts=A_DAY,
    )
)
OFFERED = kinds.register(
    NotificationKind(
        "window.offered",
        "候补轮到了，等我确认",
        "候补到了，请在{until}前确认：{day} {half}，{item}",
        "您候补的{day}{half}到{hall}办“{item}”空出了名额，为您保留到{until}。请在“我的预约”里确认，过时就给后面的人。",
        page="appointments",
        digest="几个候补等您确认",
        overview="appointments",
        by_sms=True,
        lasts=A_DAY,
    )
)
NOT_OPEN = kinds.register(
    NotificationKind(
        "window.not_open",
        "我约的半天大厅不开放了",
        "预约取消：{day} {half}，{item}",
        "您约的{day}{half}到{hall}办“{item}”，那半天大厅不开放了，预约已经取消，对不起。请打开事项另约时间。",
        page="appointments",
        digest="几个预约因大厅不开放取消",
        overview="appointments",
        by_sms=True,
        lasts=A_DAY,
    )
)
LEFT_UNSERVED = kinds.register(
    NotificationKind(
        "window.unserved",
        "我到了大厅，闭厅时没有办到",
        "没有办到：{item}",
        "您到{hall}办“{item}”，闭厅时没有办到，对不起。下次来在取号机上输入{code}，最先办理。",
        page="appointments",
        digest="几个号闭厅时没有办到",
        overview="appointments",
        by_sms=True,
    )
)
QUESTION_GIVEN = kinds.register(
    NotificationKind(
        "window.question",
        "首问转给我",
        "首问转给您：{text}",
        "{source}把群众的问题“{text}”转给您，请在{due}前答复。{words}",
        page="questions",
        digest="几个首问转给您",
        overview="questions",
    )
)
QUESTION_LATE = kinds.register(
    NotificationKind(
        "window.question_overdue",
        "首问逾期没有答复",
        "首问逾期：{text}",
        "“{text}”应在{due}前答复，现在由{holder}办，还没有答复。",
        page="questions",
        digest="几个首问逾期",
        overview="questions",
    )
)
