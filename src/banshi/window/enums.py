"""Codes of the hall, each with its word."""

from django.db import models


class Priority(models.TextChoices):
    """Grounds for being served earlier, by data/window/policy.toml."""

    NONE = "", "普通"
    ELDERLY = "elderly", "老年人"
    DISABLED = "disabled", "残疾人"
    SOLDIER = "soldier", "军人、退役军人"
    PREGNANT = "pregnant", "孕妇、携婴幼儿"


class TicketState(models.TextChoices):
    WAITING = "waiting", "等候"
    CALLED = "called", "正在叫号"
    SERVING = "serving", "正在办理"
    SERVED = "served", "已办完"
    SKIPPED = "skipped", "过号"
    LEFT = "left", "已离开"
    UNSERVED = "unserved", "闭厅时没有办到"


OPEN_STATES = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING)
AT_A_COUNTER = (TicketState.CALLED, TicketState.SERVING)


class TicketSource(models.TextChoices):
    KIOSK = "kiosk", "取号机"
    OFFLINE = "offline", "取号机（断网时）"
    DESK = "desk", "导办台"
    APPOINTMENT = "appointment", "预约"


class HalfDay(models.TextChoices):
    MORNING = "am", "上午"
    AFTERNOON = "pm", "下午"


class AppointmentState(models.TextChoices):
    BOOKED = "booked", "已约"
    QUEUED = "queued", "候补"
    OFFERED = "offered", "候补到了，等您确认"
    ARRIVED = "arrived", "已到"
    CANCELLED = "cancelled", "已取消"
    MISSED = "missed", "没有来"


class QuestionState(models.TextChoices):
    OPEN = "open", "由首问人办"
    REFERRED = "referred", "已转交，等接收"
    TAKEN = "taken", "接收人在办"
    ANSWERED = "answered", "已答复"
