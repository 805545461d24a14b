"""The secret address of a hall's kiosks: signed, with a round that ends the addresses given before."""

from django.core.signing import BadSignature, Signer

from banshi.core.errors import Missing
from banshi.window.models import Hall

SIGNER = Signer(salt="window.kiosk", sep="~")
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
