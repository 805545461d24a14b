"""Wrong codes and numbers typed at a kiosk, counted by the machine and by what they would open."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from banshi.core.crypto import blind_index
from banshi.core.errors import TooOften
from banshi.core.rate_limits import used_up, within

AT_ONE_KIOSK = "15/10minutes"


def require_tries_left(request: HttpRequest, what: str, *, of: str, at_most: str) -> None:
    """Raise TooOften where too many codes of this kind were wrong at this kiosk, or of this one thing."""
    if used_up(AT_ONE_KIOSK, *_kiosk(request, what)) or used_up(at_most, what, of):
        raise TooOften("输错的次数太多，先停一停", remedy="请过十分钟再试。着急的，导办台和窗口都可以帮您。")


def count_wrong(request: HttpRequest, what: str, *, of: str, at_most: str) -> None:
    within(AT_ONE_KIOSK, *_kiosk(request, what))
    within(at_most, what, of)


def _kiosk(request: HttpRequest, what: str) -> tuple[str, str, str]:
    address = str(get_adapter(request).get_client_ip(request))
    return what, "kiosk", blind_index(address, purpose="throttle")
