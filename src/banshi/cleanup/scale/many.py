"""The rule book over files of any size, in several processes, each with a memory of its own that does not grow.

A worker reads a chunk, examines it and writes its findings next to the others; nothing but counts travels between
processes. Started by `spawn`, so it runs the same on every system.
"""

import gc
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from banshi.cleanup.enums import Severity
from banshi.cleanup.examine import rules_of
from banshi.cleanup.quick import Remembering, read_quick
from banshi.cleanup.rule import Book, Finding, LawState
from banshi.cleanup.scale.files import Chunk, Row, chunks, rows
from banshi.cleanup.words import Words, shipped_words

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


@dataclass(slots=True)
class Tally:
    """How many guides were examined, what was found, the processor seconds, and the largest worker in megabytes."""

    guides: int = 0
    unreadable: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    megabytes: float = 0.0

    def add(self, other: "Tally") -> None:
        self.guides += other.guides
        self.unreadable += other.unreadable
        self.findings += other.findings
        self.seconds += other.seconds
        self.megabytes = max(self.megabytes, other.megabytes)


class Examiner:
    """The rule book telling findings by number; `wordings` holds what each number says."""

    def __init__(self, book: Book) -> None:
        self.rules = rules_of(book)
        self._begin()

    def _begin(self) -> None:
        self.wordings: list[tuple[str, str, str, str]] = []
        self.remembering = Remembering(self.rules, self._numbers)

    def _numbers(self, findings: Iterable[Finding]) -> tuple[int, ...]:
        begin = len(self.wordings)
        for each in findings:
            self.wordings.append((each.rule.code, each.rule.severity.value, each.path, each.quote[:QUOTED]))
        return tuple(range(begin, len(self.wordings)))

    def findings(self, guides: Iterable[Row], tally: Tally) -> pa.Table:
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
                tally.unreadable += 1
            items.append(item)
            counts.append(len(numbers) - before)
        tally.guides += len(items)
        return self._table(np.repeat(np.asarray(items, np.int64), counts), np.asarray(numbers, np.int64))

    def _table(self, items: np.ndarray, numbers: np.ndarray) -> pa.Table:
        said, places = np.unique(numbers, return_inverse=True)
        worded = list(zip(*(self.wordings[each] for each in said.tolist()), strict=True)) or [(), (), (), ()]
        columns = [pa.array(each, pa.string()).take(pa.array(places)) for each in worded]
        return pa.Table.from_arrays([pa.array(items), *columns], schema=FINDINGS)


_examiner: Examiner


def _prepare(book: Book) -> None:
    """A worker's memory holds what rules told of a million texts, and no circles: looking through it for some again and
    again took a tenth of the time."""
    global _examiner
    gc.disable()
    _examiner = Examiner(book)


def _examine(chunk: Chunk, target: Path) -> Tally:
    tally = Tally()
    began = _processor_seconds()
    table = _examiner.findings(rows(chunk), tally)
    pq.write_table(table, target, compression="zstd")
    tally.findings.update({each["values"]: each["counts"] for each in table["rule"].value_counts().to_pylist()})
    tally.seconds, tally.megabytes = _processor_seconds() - began, peak_megabytes()
    return tally


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_megabytes() -> float:
    """The most memory this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2


def examine_files(
    source: Path,
    target: Path,
    *,
    day: date,
    laws: dict[str, LawState] | None = None,
    words: Words | None = None,
    workers: int = 2,
    report: Callable[[Tally], Any] = lambda tally: None,
) -> Tally:
    """Examine every guide in `source` (.parquet, .jsonl, or a folder of them); findings go to `target/*.parquet`."""
    target.mkdir(parents=True, exist_ok=True)
    book = Book(words or shipped_words(), day, laws or {})
    total = Tally()
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_prepare, initargs=(book,)) as pool:
        parts = list(chunks(source))
        targets = [target / f"findings-{number:06}.parquet" for number in range(len(parts))]
        for tally in pool.map(_examine, parts, targets):
            total.add(tally)
            report(total)
    return total
