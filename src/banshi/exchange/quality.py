"""Quality of shared data in words, from what was counted at the source."""

from datetime import datetime

from banshi.core.clock import CHINA
from banshi.exchange.models import ResourceMeasure
from banshi.exchange.policy import exchange_policy


def freshness_words(measure: ResourceMeasure, cycle: str, *, at: datetime) -> str:
    """Say whether the newest row is as new as the catalogue promises."""
    if measure.newest is None:
        return "来源没有写明每条什么时候更新，测不了"
    days, allowed = (at - measure.newest).days, exchange_policy().cycles.get(cycle, 0)
    newest = f"最近一条{measure.newest.astimezone(CHINA):%Y-%m-%d}更新"
    if not allowed:
        return newest
    return f"{newest}，{days}天前；目录说{cycle}更新，{'不够新' if days > allowed else '是新的'}"
