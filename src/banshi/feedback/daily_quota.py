"""The bound of what one flood of complaints may fill: far beyond what goes to an organ at once, and by day."""

from banshi.core.crypto import blind_index
from banshi.core.errors import TooOften
from banshi.core.rate_limits import within
from banshi.feedback.policy import policy


def refuse_beyond_daily_quota(address: str) -> None:
    """Count one more complaint beyond the limit of an hour.

    Raises TooOften beyond what is kept of a day.
    """
    rules, network = policy().complaint, blind_index(address, purpose="throttle")
    for most, of, whose in (
        (rules.crowd_of_address, network, "从这个网络"),
        (rules.crowd_of_all, "all", "全市"),
    ):
        if not most or not within(f"{most}/day", "crowd", of):
            raise TooOften(
                f"今天{whose}来的诉求太多，这一件没有收下",
                remedy="请打 12345，或者到政务服务大厅、村（社区）窗口说，由工作人员替您登记；也可以明天再提。",
            )
