"""How often one address may write without signing in. Addresses are kept an hour, in memory, and nowhere else."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from banshi.core.crypto import blind_index
from banshi.core.errors import BanshiError

AT_MOST = 5
WITHIN = timedelta(hours=1)


class TooOften(BanshiError):
    status = 429


def count_writing(request: HttpRequest, what: str, at_most: int = AT_MOST) -> None:
    """Raises TooOften for one more than `at_most` within the hour."""
    address = str(get_adapter(request).get_client_ip(request))
    key = f"writing:{what}:{blind_index(address, purpose='throttle')}"
    cache.add(key, 0, WITHIN.total_seconds())
    if cache.incr(key) > at_most:
        raise TooOften("这一小时里从这个网络来的请求太多了", remedy="请过一会儿再来，或者拨打 12345。")
