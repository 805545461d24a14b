"""The rule book over files of any size, in several processes, each with a memory of its own that does not grow.

A worker reads a chunk, examines it and writes its findings next to the others; nothing but counts travels between
processes. Started by `spawn`, so it runs the same on every system.
"""

import gc
import pickle
import resource
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import django
import pyarrow.parquet as pq

from banshi.law.register import LawRegister
from banshi.rulebook.rule import RuleContext
from banshi.rulebook.scale.examiner import UNREADABLE, Examiner
from banshi.rulebook.scale.files import Chunk, chunks, rows
from banshi.rulebook.word_lists import Words, shipped_words


@dataclass(slots=True)
class RunTally:
    """Guides examined, findings, processor seconds, and the largest worker in megabytes."""

    guides: int = 0
    unreadable: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    megabytes: float = 0.0

    def add(self, other: "RunTally") -> None:
        self.guides += other.guides
        self.unreadable += other.unreadable
        self.findings += other.findings
        self.seconds += other.seconds
        self.megabytes = max(self.megabytes, other.megabytes)


_examiner: Examiner


def _prepare(pickled: bytes) -> None:
    """Set Django up, which laws need to be unpickled, and stop the garbage collector."""
    # A worker's memory holds what rules told of a million texts, and no circles.
    global _examiner
    django.setup()
    gc.disable()
    _examiner = Examiner(pickle.loads(pickled))  # noqa: S301 - our own parent's


def _examine(chunk: Chunk, target: Path) -> RunTally:
    began = _processor_seconds()
    table = _examiner.findings(rows(chunk))
    pq.write_table(table, target, compression="zstd")
    found = Counter({each["values"]: each["counts"] for each in table["rule"].value_counts().to_pylist()})
    seconds = _processor_seconds() - began
    return RunTally(_examiner.examined, found[UNREADABLE], found, seconds, peak_megabytes())


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_megabytes() -> float:
    """Return the most memory this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2


def examine_files(
    source: Path,
    target: Path,
    *,
    day: date,
    laws: LawRegister | None = None,
    words: Words | None = None,
    workers: int = 2,
    report: Callable[[RunTally], object] = lambda tally: None,
) -> RunTally:
    """Examine every guide in `source` (.parquet, .jsonl, or a folder of them).

    Findings go to `target/*.parquet`.
    """
    target.mkdir(parents=True, exist_ok=True)
    book = RuleContext(words or shipped_words(), day, laws or LawRegister())
    total = RunTally()
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_prepare, initargs=(pickle.dumps(book),)
    ) as pool:
        parts = list(chunks(source))
        targets = [target / f"findings-{number:06}.parquet" for number in range(len(parts))]
        for tally in pool.map(_examine, parts, targets):
            total.add(tally)
            report(total)
    return total
