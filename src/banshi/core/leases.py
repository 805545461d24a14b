"""Leases: locks kept in the database, which expire unless their holder renews them.

All times are the database's, so that machines with different clocks agree. Each taking raises the fencing token: a holder that
was stalled past its expiry finds another token under `confirm()` and its transaction is rolled back.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from banshi.core.models import Lease

log = logging.getLogger("banshi.leases")


class LeaseLost(Exception):
    """Another process has taken the lease since."""


@dataclass(frozen=True, slots=True)
class Held:
    name: str
    token: int
    ttl: timedelta
    lost: threading.Event = field(default_factory=threading.Event)

    def confirm(self) -> None:
        """Fence the current transaction: keep the lease ours until it ends, or raise LeaseLost."""
        if not _rows(self).select_for_update().exists():
            self.lost.set()
            raise LeaseLost(self.name)


@cache
def this_process() -> str:
    """Name this process, unlike any other, also after a restart."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


@contextmanager
def lease(name: str, *, ttl: timedelta | None = None) -> Iterator[Held | None]:
    """Hold the lease of this name, renewed by a heartbeat.

    None while another holds it. Never waits.
    """
    held = _take(name, ttl or settings.LEASE_TTL)
    if held is None:
        yield None
        return
    over = threading.Event()
    threading.Thread(target=_renew, args=(held, over), name=f"lease {name}", daemon=True).start()
    try:
        yield held
    finally:
        over.set()
        _release(held)


def do_alone(
    name: str, work: Callable[[], object], *, every: float, until: threading.Event, ttl: timedelta | None = None
) -> None:
    """Repeat `work` each `every` seconds as the leader of this name, standing by while another leads."""
    while not until.is_set():
        try:
            with lease(name, ttl=ttl) as ours:
                while ours and not ours.lost.is_set() and not until.is_set():
                    work()
                    close_old_connections()
                    until.wait(every)
        except Exception:
            log.exception("%s stumbled, goes on in %s s", name, every)
            connection.close()
        close_old_connections()
        until.wait(every)


def in_force() -> QuerySet[Lease]:
    return Lease.objects.filter(expires_at__gt=Now())


def release_all_of(process: str) -> None:
    """Free what a process holds that leaves in order."""
    _free(Lease.objects.filter(holder=process))


def _take(name: str, ttl: timedelta) -> Held | None:
    with transaction.atomic(durable=True):
        Lease.objects.bulk_create([Lease(name=name)], ignore_conflicts=True)
        free = Lease.objects.filter(name=name, expires_at__lte=Now())
        if not free.update(holder=this_process(), token=F("token") + 1, taken_at=Now(), expires_at=Now() + ttl):
            return None
        return Held(name, Lease.objects.values_list("token", flat=True).get(name=name), ttl)


def _renew(held: Held, over: threading.Event) -> None:
    """Move the expiry on until `over`, or until the lease is lost or too long unrenewed to be sure of."""
    pause, renewed = held.ttl.total_seconds() / 3, time.monotonic()
    while not over.wait(pause) and not held.lost.is_set():
        try:
            if _rows(held).update(expires_at=Now() + held.ttl):
                renewed = time.monotonic()
            else:
                held.lost.set()
        except DatabaseError:
            log.warning("lease %s could not be renewed", held.name, exc_info=True)
            if time.monotonic() - renewed > held.ttl.total_seconds():
                held.lost.set()
    connection.close()


def _release(held: Held) -> None:
    try:
        _free(_rows(held))
    except DatabaseError:
        log.warning("lease %s was not released, it will expire", held.name, exc_info=True)


def _free(rows: QuerySet[Lease]) -> None:
    """Give the free state a token of its own, which keeps a late renewal from taking hold."""
    rows.update(holder="", token=F("token") + 1, expires_at=Now())


def _rows(held: Held) -> QuerySet[Lease]:
    return Lease.objects.filter(name=held.name, token=held.token)
