"""Code tables of hand-out."""

from django.db.models import TextChoices

from banshi.catalog.enums import DeliveryWay


class HandOutWay(TextChoices):
    """Ways a result leaves the shelf."""

    COUNTER = "counter", "窗口领取"
    EXPRESS = "express", "邮寄"
    LOCKER = "locker", "取件柜"


DELIVERED_BY = {
    HandOutWay.COUNTER: DeliveryWay.WINDOW,
    HandOutWay.EXPRESS: DeliveryWay.POST,
    HandOutWay.LOCKER: DeliveryWay.WINDOW,
}
"""The guide's way of delivery that each is."""


class HandOutState(TextChoices):
    SHELVED = "shelved", "已上架，待领"
    SENT = "sent", "已寄出"
    IN_LOCKER = "in_locker", "在取件柜"
    DONE = "done", "已领取"
