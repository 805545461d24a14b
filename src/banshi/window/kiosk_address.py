"""The secret addresses of a hall's kiosks and tablets: signed, with a round that ends the addresses given before."""

from django.core.signing import BadSignature, Signer

from banshi.core.errors import Missing
from banshi.window.models import Counter, Hall

SIGNER = Signer(salt="window.kiosk", sep="~")
TABLETS = Signer(salt="window.tablet", sep="~")
REMEDY = "请由大厅管理员重新打开取号机页面。"


def kiosk_key(hall: Hall) -> str:
    return SIGNER.sign(f"{hall.code}.{hall.kiosk_round}")


def hall_of_kiosk(key: str) -> Hall:
    """Return the hall of a kiosk's address.

    Raises Missing.
    """
    try:
        code, _, given = SIGNER.unsign(key).rpartition(".")
    except BadSignature:
        raise Missing("取号机的地址不对", remedy=REMEDY) from None
    hall = Hall.objects.filter(code=code, active=True).select_related("organ").first()
    if hall is None or str(hall.kiosk_round) != given:
        raise Missing("取号机的地址已经换了", remedy=REMEDY)
    return hall


def tablet_key(counter: Counter) -> str:
    return TABLETS.sign(f"{counter.pk}.{counter.hall.kiosk_round}")


def counter_of_tablet(key: str) -> Counter:
    """Return the window of a tablet's address.

    Raises Missing.
    """
    try:
        pk, _, given = TABLETS.unsign(key).rpartition(".")
    except BadSignature:
        raise Missing("评价平板的地址不对", remedy="请由大厅管理员重新打开评价平板的页面。") from None
    counter = Counter.objects.filter(pk=pk, active=True, hall__active=True).select_related("hall").first()
    if counter is None or str(counter.hall.kiosk_round) != given:
        raise Missing("评价平板的地址已经换了", remedy="请由大厅管理员重新打开评价平板的页面。")
    return counter
