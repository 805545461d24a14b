"""Examining one guide by the whole book."""

from datetime import date
from functools import lru_cache

from banshi.catalog.guide.document import Guide
from banshi.exchange.held_data import HeldData
from banshi.law.register import LawRegister
from banshi.rulebook.enums import Severity
from banshi.rulebook.limits import NaturalDays, shipped_days
from banshi.rulebook.rule import About, Finding, Rule, RuleContext
from banshi.rulebook.rules import ALL_RULES
from banshi.rulebook.word_lists import shipped_words

WEIGHT = {severity: place for place, severity in enumerate(Severity)}


def rulebook(
    day: date,
    laws: LawRegister | None = None,
    natural: NaturalDays | None = None,
    held: tuple[HeldData, ...] = (),
    organs: frozenset[tuple[str, str]] = frozenset(),
) -> list[Rule]:
    """Prepare every rule there is on `day`."""
    return rules_of(RuleContext(shipped_words(), day, laws or LawRegister(), natural or shipped_days(), held, organs))


def rules_of(book: RuleContext) -> list[Rule]:
    rules = (rule(book) for rule in ALL_RULES)
    return [rule for rule in rules if rule.since <= book.day]


@lru_cache(maxsize=4)
def plain_rulebook(day: date) -> list[Rule]:
    """Build the rules without any law."""
    return rulebook(day)


def examine(guide: Guide, rules: list[Rule], about: About | None = None) -> list[Finding]:
    """List all findings on one guide, the heaviest first, then as the guide goes."""
    about = about or About()
    found = [each for rule in rules for each in rule.check(guide, about)]
    return sorted(found, key=lambda each: WEIGHT[each.rule.severity])
