"""Who waits for whom on PostgreSQL: a clerk's acts while a whole catalogue is published in one act, against the same acts on
a quiet database, where waiting for a lock for 50 ms ends the run; and single publications and decisions beside 1, 2, 4 and 8 writers.

Ratios of one run. Writers are processes of their own, all ready before any begins.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

import psutil

from benchmarks import Outcome
from benchmarks.machine import ROOT, machine, told

LONGER = 2.0
"""How many times its quiet time a clerk's act may take beside the publication."""
TOGETHER, STEADY, FULL_CPU = 1.2, 0.8, 95.0
"""Two writers reach so much more than one where the processor is not full; eight at least so much of the best."""
WRITERS = (1, 2, 4, 8)
PIECE, PAUSE, ENDLESS = 100, 0.02, 600.0


@dataclass(frozen=True, slots=True)
class Size:
    published: int
    seconds: float
    singles: int
    units: int
    items: int


FULL, QUICK = Size(100_000, 60.0, 3_000, 45, 300), Size(1_500, 6.0, 100, 15, 60)


def run(quick: bool) -> Outcome:
    size = QUICK if quick else FULL
    with machine("postgresql") as env:
        told(env, "ledger", "make", size.published, size.singles, size.units, size.items)
        quiet = _say("clerk, quiet", told(env, "ledger", "clerk", size.seconds))
        with started(env, "publish_all") as publisher:
            busy = _say("clerk, beside the publication", told(env, "ledger", "clerk", size.seconds))
            overlapped = publisher.poll() is None
            published = _say("published in one act", _answer(publisher))
        rates = {what: _beside_each_other(env, what, size) for what in ("publications", "decisions")}
        checked = _say("checked", told(env, "ledger", "check"))
    ratio = busy["median"] / quiet["median"]
    words = (
        f"a clerk's act {ratio:.2f} × its quiet time ({busy['median']:.1f} against {quiet['median']:.1f} ms, p95 {busy['p95']:.1f} "
        f"against {quiet['p95']:.1f}, longest {busy['longest']:.0f} against {quiet['longest']:.0f}) while {published['done']:,} were "
        f"published in one act in {published['seconds']:.0f} s{'' if overlapped else ' (WHICH WAS OVER BEFORE)'}"
    )
    words += "".join(f"; {what}/s {_words(found)}" for what, found in rates.items())
    holds = overlapped and ratio <= LONGER and checked["holds"] and all(map(_scale, rates.values()))
    return Outcome(holds, f"{words}; {'ledger, events and feed whole' if checked['holds'] else 'NOT ALL WHOLE'}")


def _words(found: dict[int, tuple[float, float]]) -> str:
    return ", ".join(f"{writers}: {rate:.0f} ({cpu:.0f} % CPU)" for writers, (rate, cpu) in found.items())


def _scale(found: dict[int, tuple[float, float]]) -> bool:
    """More writers do more until the processor is full, and no fewer after that."""
    (one, cpu), (two, _) = found[1], found[2]
    return (two >= TOGETHER * one or cpu >= FULL_CPU) and found[8][0] >= STEADY * max(
        rate for rate, _ in found.values()
    )


def _beside_each_other(env: dict[str, str], what: str, size: Size) -> dict[int, tuple[float, float]]:
    """Acts a second together, and how busy the whole machine was, by the number of writers."""
    found, share, shares = {}, 0, sum(WRITERS)
    for writers in WRITERS:
        running = [_ready(env, what, size.seconds / 2, share + n, shares) for n in range(writers)]
        share += writers
        psutil.cpu_percent()
        for each in running:
            _go(each)
        answers = [_answer(each) for each in running]
        cpu = psutil.cpu_percent()
        rate = sum(each["done"] / each["seconds"] for each in answers)
        found[writers] = (rate, cpu)
        print(f"{what} beside {writers}: {rate:.1f}/s, {cpu:.0f} % of the processor", flush=True)
    return found


def _ready(env: dict[str, str], *step: object) -> subprocess.Popen[str]:
    """A step in a process of its own, set up and waiting for a line."""
    command = [sys.executable, "-m", "benchmarks.ledger", *map(str, step)]
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def _go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


@contextmanager
def started(env: dict[str, str], *step: object) -> Iterator[subprocess.Popen[str]]:
    process = _ready(env, *step)
    try:
        _go(process)
        yield process
    finally:
        process.kill()


def _answer(process: subprocess.Popen[str]) -> Any:
    said, _ = process.communicate()
    assert process.returncode == 0
    return json.loads(said.splitlines()[-1])


def _say(step: str, found: Any) -> Any:
    words = [f"{name} {value:,.1f}" if isinstance(value, float) else f"{name} {value}" for name, value in found.items()]
    print(f"{step}: {' '.join(words)}", flush=True)
    return found


# Steps, each in a process of its own


def make(published: int, singles: int, units: int, items: int) -> dict[str, Any]:
    """A campaign with reports on the desks; drafts for the one act, for single acts, and for a clerk."""
    from benchmarks import province

    told = province.make(units, items)
    with_items = {"one act": published, "single acts": singles * sum(WRITERS), "clerk": 50}
    for name, count in with_items.items():
        province._make_items([_bureau(name)], count)
    list(province._Share(0, 1).reports(1))
    _count_rows()
    return told


def _bureau(name: str) -> Any:
    from banshi.people.enums import OrganKind
    from banshi.people.models import Division, Organ

    return Organ.objects.create(name=name, kind=OrganKind.DEPARTMENT, division=Division.objects.get(code="990000"))


def _count_rows() -> None:
    """As autovacuum does within a minute or so."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _drafts(name: str) -> Any:
    from banshi.catalog.models import Revision

    return Revision.objects.filter(item__organ__name=name, state="draft").order_by("pk")


def clerk(seconds: float) -> dict[str, float]:
    """Drafts saved one after the other with a little rest; milliseconds each took. Waiting for a lock is an error."""
    from django.db import connection

    from banshi.catalog.actions import save_draft
    from banshi.core.clock import now

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    own, took, by = list(_drafts("clerk")), list[float](), _by("clerk")
    until, turn = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        draft = own[turn % len(own)]
        draft.refresh_from_db()
        text = draft.guide
        text.summary = f"第{turn}次修改"
        began = time.perf_counter()
        save_draft(draft, guide=text, stamp=draft.stamp, by=by, at=now())
        took.append(1000 * (time.perf_counter() - began))
        turn += 1
        time.sleep(PAUSE)
    return {"median": median(took), "p95": quantiles(took, n=20)[-1], "longest": max(took), "acts": len(took)}


def publish_all() -> dict[str, Any]:
    """Piece by piece, in one transaction."""
    from django.db import transaction

    from banshi.catalog.actions import publish_many
    from banshi.catalog.models import Revision
    from banshi.core.clock import now

    keys, at = list(_drafts("one act").values_list("pk", flat=True)), now()
    began = _begun()
    with transaction.atomic():
        for start in range(0, len(keys), PIECE):
            publish_many(list(Revision.objects.filter(pk__in=keys[start : start + PIECE])), by=_by("act"), at=at)
    return {"done": len(keys), "seconds": time.perf_counter() - began}


def publications(seconds: float, share: int, of: int) -> dict[str, Any]:
    from banshi.catalog.actions import publish
    from banshi.core.clock import now

    drafts = iter(list(_drafts("single acts")[share::of]))
    return _rate(seconds, lambda: publish(next(drafts), by=_by("single"), at=now()))


def decisions(seconds: float, share: int, of: int) -> dict[str, Any]:
    """Items through two opinions and a sum."""
    from benchmarks import province

    done = province._Share(share, of).decisions(ENDLESS)
    return _rate(seconds, lambda: next(done))


def _rate(seconds: float, act: Callable[[], object]) -> dict[str, Any]:
    act()  # imports and first connections are no part of it
    done, began = 0, _begun()
    try:
        while time.perf_counter() - began < seconds:
            act()
            done += 1
    except StopIteration:
        pass
    return {"done": done, "seconds": time.perf_counter() - began}


def _begun() -> float:
    """Wait for the others."""
    print("ready", flush=True)
    sys.stdin.readline()
    return time.perf_counter()


def check() -> dict[str, Any]:
    from banshi.catalog.events import CHANGING
    from banshi.catalog.models import Change
    from banshi.core.clock import now
    from banshi.events.consuming import events_after, follow
    from banshi.events.models import Event
    from banshi.ledger.sealing import seal
    from banshi.ledger.verification import verify

    follow()
    seal(at=now())
    numbered = list(events_after(0).values_list("number", flat=True))
    feed = list(Change.objects.order_by("number").values_list("guid", flat=True))
    told = verify()
    holds = told.holds and told.unsealed == 0 and numbered == list(range(1, Event.objects.count() + 1))
    return {
        "holds": holds and feed == list(events_after(0, CHANGING).values_list("guid", flat=True)),
        "entries": told.count,
    }


def _by(name: str) -> Any:
    from banshi.ledger import System

    return System(name)


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    each.__name__: each for each in (make, clerk, publish_all, publications, decisions, check)
}


def main(step: str, given: list[str]) -> dict[str, Any]:
    import django

    django.setup()
    return STEPS[step](*(float(each) if "." in each else int(each) for each in given))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2:])))
