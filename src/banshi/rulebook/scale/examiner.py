"""The rule book over a stretch of guides, told as a table: what every worker does, in a process here or on Spark."""

from collections.abc import Iterable

import msgspec
import numpy as np
import pyarrow as pa

from banshi.rulebook.batch_engine import Remembering, read_quick
from banshi.rulebook.engine import rules_of
from banshi.rulebook.enums import Severity
from banshi.rulebook.rule import Finding, RuleContext
from banshi.rulebook.scale.files import Row

FINDINGS = pa.schema(
    [
        ("item_id", pa.int64()),
        ("rule", pa.string()),
        ("severity", pa.string()),
        ("path", pa.string()),
        ("quote", pa.string()),
    ]
)
UNREADABLE = "BL01"
"""Told of what is no guide at all; the rest of the file is examined all the same."""
QUOTED = 200
"""Signs of a quote that are kept."""
WORDINGS = 400_000
"""Different findings a worker keeps in words; beyond that it forgets, with all it remembers of texts."""


class Examiner:
    """The rule book telling findings by number. `wordings` holds what each number says.

    `examined`: how many guides the last table was made of.
    """

    def __init__(self, book: RuleContext) -> None:
        self.rules = rules_of(book)
        self.examined = 0
        self._begin()

    def _begin(self) -> None:
        self.wordings: list[tuple[str, str, str, str]] = []
        self.remembering = Remembering(self.rules, self._numbers)

    def _numbers(self, findings: Iterable[Finding]) -> tuple[int, ...]:
        begin = len(self.wordings)
        for each in findings:
            self.wordings.append((each.rule.code, each.rule.severity.value, each.path, each.quote[:QUOTED]))
        return tuple(range(begin, len(self.wordings)))

    def findings(self, guides: Iterable[Row]) -> pa.Table:
        if len(self.wordings) > WORDINGS:
            self._begin()
        numbers: list[int] = []
        items: list[int] = []
        counts: list[int] = []
        for item, content, about in guides:
            before = len(numbers)
            try:
                for told in self.remembering.tell(read_quick(content), about):
                    numbers.extend(told)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                del numbers[before:]
                numbers.append(len(self.wordings))
                self.wordings.append((UNREADABLE, Severity.MUST.value, "", str(error)[:QUOTED]))
            items.append(item)
            counts.append(len(numbers) - before)
        self.examined = len(items)
        said, places = np.unique(np.asarray(numbers, np.int64), return_inverse=True)
        worded = list(zip(*(self.wordings[each] for each in said.tolist()), strict=True)) or [(), (), (), ()]
        columns = [pa.array(each, pa.string()).take(pa.array(places)) for each in worded]
        return pa.Table.from_arrays(
            [pa.array(np.repeat(np.asarray(items, np.int64), counts)), *columns], schema=FINDINGS
        )
