from datetime import timedelta

import pytest
from tests.ledger.acts import write

from banshi.ledger.anchors import anchor
from banshi.ledger.clock_watch import CLOCK_JUMPED, ClockWatch, newest_jump
from banshi.ledger.models import LedgerEntry
from banshi.ledger.sealing import seal
from banshi.ledger.verification import verify
from banshi.sites.console.running.system_health import condition

pytestmark = pytest.mark.django_db


def jumps() -> list[int]:
    return [each.facts["seconds"] for each in LedgerEntry.objects.filter(action=CLOCK_JUMPED).order_by("number")]


def test_a_clock_that_goes_evenly_is_no_jump(monday):
    watch = ClockWatch()
    for second in range(0, 7200, 600):
        watch.look(at=monday + timedelta(seconds=second), ticks=100.0 + second)
    watch.look(at=monday + timedelta(hours=2, seconds=59), ticks=100.0 + 7200)
    assert jumps() == []


def test_put_forward_and_back_each_jump_is_an_entry(monday):
    watch, years = ClockWatch(), timedelta(days=5 * 365)
    watch.look(at=monday, ticks=1.0)
    watch.look(at=monday + years, ticks=2.0)
    watch.look(at=monday + years + timedelta(seconds=1), ticks=3.0)
    watch.look(at=monday + timedelta(seconds=3), ticks=4.0)
    assert jumps() == [5 * 365 * 86400 - 1, -5 * 365 * 86400 + 1]


def test_a_worker_started_with_a_clock_behind_the_newest_block_says_so_once(monday):
    write(1, monday)
    seal(at=monday)
    watch, early = ClockWatch(), monday - timedelta(hours=3)
    watch.look(at=early, ticks=1.0)
    watch.look(at=early + timedelta(seconds=1), ticks=2.0)
    assert jumps() == [-3 * 3600]


def test_one_started_after_a_night_off_says_nothing(monday):
    write(1, monday)
    seal(at=monday)
    ClockWatch().look(at=monday + timedelta(hours=12), ticks=1.0)
    assert jumps() == []


def test_it_is_told_in_the_console_and_by_verification_which_holds(monday):
    watch = ClockWatch()
    watch.look(at=monday, ticks=1.0)
    assert not any("时钟" in each for each in condition(at=monday)["warnings"])
    watch.look(at=monday + timedelta(days=1900), ticks=2.0)
    watch.look(at=monday + timedelta(seconds=2), ticks=3.0)
    entry = newest_jump()
    assert entry is not None
    words = f"机器的时钟跳过：应当是2032-02-05 09:00:01，走到了2026-11-23 09:00:02（第{entry.number}条记录）"
    assert any(words in each for each in condition(at=monday)["warnings"])
    assert not any("时钟" in each for each in condition(at=monday + timedelta(days=8))["warnings"])
    verdict = verify()
    assert verdict.holds
    assert len([each for each in verdict.notes if each.startswith("机器的时钟跳过")]) == 2
    assert words in verdict.notes


def test_an_anchor_of_the_future_is_noted_by_the_next(monday):
    write(1, monday)
    seal(at=monday)
    anchor(at=monday + timedelta(days=1900))
    write(1, monday)
    seal(at=monday)
    anchor(at=monday)
    assert any("第2个留底的时间早于前一个" in each for each in verify().notes)
