"""In a server the index follows a moment later, and whoever publishes does not wait for it."""

import threading
from typing import Any

import pytest

from banshi.catalog.signals import catalogue_changed
from banshi.search import receivers


def test_acts_that_come_while_the_index_is_written_share_the_next_commit(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SERVING = True
    writing, go_on, rounds = threading.Event(), threading.Event(), []

    def slow() -> None:
        rounds.append(1)
        writing.set()
        assert go_on.wait(10)

    monkeypatch.setattr(receivers, "take_in_changes", slow)
    monkeypatch.setattr(receivers, "_follower", receivers.Follower())
    catalogue_changed.send(sender=None)
    assert writing.wait(10), "the first act is taken in, and its publisher was not held up"
    for _ in range(5):
        catalogue_changed.send(sender=None)
    writing.clear()
    go_on.set()
    assert writing.wait(10), "the five are taken in too"
    assert len(rounds) == 2, "together"


def test_an_index_that_fails_does_not_end_the_following(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SERVING = True
    again = threading.Event()

    def fail() -> None:
        again.set()
        raise OSError("disk full")

    monkeypatch.setattr(receivers, "take_in_changes", fail)
    monkeypatch.setattr(receivers, "_follower", receivers.Follower())
    for _ in range(2):
        again.clear()
        catalogue_changed.send(sender=None)
        assert again.wait(10)
