"""Open findings of the rule book in texts that are to be reported."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from banshi.catalog.models import Item, Revision
from banshi.rulebook.batch_engine import QuickBook, read_quick
from banshi.rulebook.enums import Severity
from banshi.rulebook.models import Retention
from banshi.rulebook.queries import about, current_rulebook, place_of
from banshi.rulebook.rule import Finding


def must_change(texts: Sequence[tuple[Item, Revision]], day: date) -> Iterator[tuple[Item, Finding]]:
    """Yield 必改 findings that are neither mended nor kept with a reason.

    Items come with their organ.
    """
    book, kept = QuickBook(current_rulebook(day)), defaultdict[int, set[tuple[str, str]]](set)
    retentions = Retention.objects.filter(item__in=[item.pk for item, _ in texts], ended_at=None)
    for key, rule, place in retentions.values_list("item", "rule", "place"):
        kept[key].add((rule, place))
    for item, text in texts:
        for found in book.examine(read_quick(msgspec.json.encode(text.content)), about(item)):
            if found.rule.severity == Severity.MUST and (found.rule.code, place_of(found)) not in kept[item.pk]:
                yield item, found
