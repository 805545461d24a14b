"""Rate limit of writing without signing in. Addresses are kept an hour, blinded, in the cache and nowhere else."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

from banshi.core.crypto import blind_index
from banshi.core.errors import TooOften
from banshi.core.rate_limits import used_up, within
from banshi.feedback.daily_quota import refuse_beyond_daily_quota
from banshi.feedback.policy import policy

AT_MOST = 5
NEIGHBOURS = 20
"""Times the limit for those signed in on one network, which thousands may share."""
WRONG_CODES, WRONG_OF_ONE = 30, 10
"""Wrong query codes within the hour, of all numbers and of one."""


def count_writing(request: HttpRequest, what: str, at_most: int = AT_MOST) -> None:
    """Count one more of this kind.

    Raises TooOften for one more than `at_most` within the hour.
    """
    if not within(f"{at_most}/hour", "writing", what, _caller(request)):
        raise TooOften("这一小时里从这个网络来的请求太多了", remedy="请过一会儿再来，或者拨打 12345。")


def had_too_many(request: HttpRequest, what: str, at_most: int) -> bool:
    """Tell whether this caller has none left of this kind, without counting."""
    return used_up(f"{at_most}/hour", "writing", what, _caller(request))


def count_look_up(request: HttpRequest, what: str, number: str) -> None:
    """Count a look-up by number and code.

    Raises TooOften where too many codes of this caller were wrong before.
    """
    count_writing(request, f"{what}:all", settings.PROGRESS_REQUESTS_PER_HOUR)
    if any(had_too_many(request, counted, at_most) for counted, at_most in _guesses(what, number)):
        raise TooOften(
            "这一小时里从这个网络输错查询码的次数太多了",
            remedy="请过一小时再查。着急的，请登录后在“我的办件”或“我的诉求”里看，或者拨打 12345。",
        )


def count_wrong_code(request: HttpRequest, what: str, number: str) -> None:
    for counted, at_most in _guesses(what, number):
        count_writing(request, counted, at_most)


def _guesses(what: str, number: str) -> tuple[tuple[str, int], ...]:
    # Of this caller and number together, so that no stranger can shut out whose matter it is.
    return (what, WRONG_CODES), (f"{what}:{number[:40]}", WRONG_OF_ONE)


def _caller(request: HttpRequest) -> str:
    """Return the network address of who asks, as a keyed digest."""
    return blind_index(str(get_adapter(request).get_client_ip(request)), purpose="throttle")


def count_voice(request: HttpRequest, what: str, at_most: int) -> None:
    """Count one more of what nobody may be kept from saying because of others on the same network.

    By account of whoever is signed in. Raises TooOften.
    """
    if not request.user.is_authenticated:
        return count_writing(request, what, at_most)
    if not within(f"{at_most}/hour", "writing", what, f"account {request.user.pk}"):
        raise TooOften("这一小时里您提交的太多了", remedy="请过一会儿再来，或者拨打 12345。")
    return count_writing(request, f"{what} signed in", at_most * NEIGHBOURS)


def is_crowded(request: HttpRequest, what: str) -> bool:
    """Count one more complaint, and tell whether it is beyond what goes to an organ at once.

    Raises TooOften only far beyond, where one flood would fill the disk.
    """
    try:
        count_voice(request, what, policy().complaint.an_hour)
    except TooOften:
        refuse_beyond_daily_quota(str(get_adapter(request).get_client_ip(request)))
        return True
    return False
