"""工作小结: first sentences from figures, for the unit to go on with. Counts and quotations only, never judgements."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from banshi.campaigns.models import Participation
from banshi.campaigns.queries import last_asks, returned_entries
from banshi.catalog.models import Item
from banshi.rulebook.enums import Severity
from banshi.rulebook.models import FlawFound
from banshi.rulebook.queries import current_rulebook


@dataclass(frozen=True, slots=True)
class Troubles:
    """Counts, never judgements, from which a unit's problems and suggestions are drafted."""

    rules: list[tuple[str, int]]
    must: int
    returned: int
    asks: list[str]
    gaps: int
    incomplete: int


RULES_NAMED = 3
ASKS_NAMED = 5


def troubles_of(unit: Participation, day: date) -> Troubles:
    """List findings of the rule book that are open in the texts one goes on with, what was returned, what lacks."""
    entries = unit.entries.exclude(state="left")
    items = entries.values("item")
    found = FlawFound.objects.filter(item__in=items, newest=True, retention=None, severity=Severity.MUST).order_by()
    by_rule = found.values_list("rule").annotate(count=Count("pk")).order_by("-count", "rule")
    returned = list(returned_entries(unit))
    asks = [ask for each in returned for ask in last_asks(each)]
    sentences = {rule.code: rule.sentence for rule in current_rulebook(day)}
    return Troubles(
        rules=[(re.split("[。；：，]", sentences.get(rule, rule))[0], count) for rule, count in by_rule[:RULES_NAMED]],
        must=found.count(),
        returned=len(returned),
        asks=list(dict.fromkeys(asks))[:ASKS_NAMED],
        gaps=unit.absences.count(),
        incomplete=Item.objects.filter(pk__in=items, percent__lt=100).count(),
    )


def proposed_problems(troubles: Troubles) -> str:
    """Write sentences for 存在问题, to be gone on with.

    Returns "" when the figures show none.
    """
    said = []
    if troubles.must:
        most = "、".join(f"“{words}”{count}处" for words, count in troubles.rules)
        said.append(f"规则检查还有{troubles.must}处必须改，较多的是{most}。")
    if troubles.returned:
        said.append(f"上一轮审核退回{troubles.returned}项，正在按意见修改。")
    if troubles.incomplete:
        said.append(f"有{troubles.incomplete}项办事指南内容还不完整。")
    if troubles.gaps:
        said.append(f"对照参考目录，有{troubles.gaps}项外地同类单位有而本单位没有，已逐项说明原因。")
    return "\n".join(said)


def proposed_suggestions(troubles: Troubles) -> str:
    """Propose suggestions from what reviewers asked of several items."""
    if not troubles.asks:
        return ""
    return f"审核意见集中在：{'；'.join(ask.rstrip('。；') for ask in troubles.asks)}。"
