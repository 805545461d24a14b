"""Membership: every serving or working process keeps a row in the database alive by its heartbeat.

A process whose beats stopped for `LEASE_TTL` of database time is taken for dead. Who was cut off from the database itself, by
a broken network or another's long transaction on SQLite, judges nobody until its own beats came through for that long again.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Now

from banshi.core.errors import Conflict
from banshi.core.leases import in_force, release_all_of, this_process
from banshi.core.models import Node

log = logging.getLogger("banshi.nodes")
FORGOTTEN = timedelta(days=1)
RESTORE = "restore"
"""Lease of `banshi restore`: while it is held, nobody signs on."""


class Heartbeat:
    """The beats of this process. `steady` tells whether they came through without a break for a whole `LEASE_TTL`."""

    def __init__(self, kind: str) -> None:
        self.kind, self.name, self.over = kind, this_process(), threading.Event()
        self._last = self._unbroken_since = time.monotonic()

    @property
    def steady(self) -> bool:
        moment, ttl = time.monotonic(), settings.LEASE_TTL.total_seconds()
        return moment - self._unbroken_since >= ttl and moment - self._last < ttl / 2

    def beat(self) -> None:
        if not Node.objects.filter(name=self.name).update(seen_at=Now()):
            Node.objects.create(
                name=self.name,
                kind=self.kind,
                host=socket.gethostname()[:80],
                pid=os.getpid(),
                home=str(settings.HOME),
                version=settings.VERSION,
                started_at=Now(),
                seen_at=Now(),
            )
        moment = time.monotonic()
        if moment - self._last > settings.LEASE_TTL.total_seconds():
            self._unbroken_since = moment
        self._last = moment

    def keep_beating(self) -> None:
        while not self.over.wait(settings.LEASE_TTL.total_seconds() / 4):
            try:
                self.beat()
            except DatabaseError:
                log.warning("a heartbeat did not reach the database", exc_info=True)
                connection.close()
        connection.close()


@contextmanager
def signed_on(kind: str) -> Iterator[Heartbeat]:
    """Register as a member while this process serves or works.

    Raises Conflict while a backup is being restored.

    Signs on before it looks for a restore, which looks for members after it has its lease: one of the two sees the other.
    """
    heartbeat = Heartbeat(kind)
    heartbeat.beat()
    if in_force().filter(name=RESTORE).exists():
        _sign_off(heartbeat.name)
        raise Conflict("正在恢复备份", remedy="请等 banshi restore 结束后再启动。")
    beats = threading.Thread(target=heartbeat.keep_beating, name="heartbeat", daemon=True)
    beats.start()
    try:
        yield heartbeat
    finally:
        heartbeat.over.set()
        beats.join(timeout=5)
        _sign_off(heartbeat.name)


def _sign_off(name: str) -> None:
    try:
        release_all_of(name)
        Node.objects.filter(name=name).delete()
    except DatabaseError:
        log.warning("could not sign off, others will notice", exc_info=True)


def living() -> QuerySet[Node]:
    return Node.objects.filter(seen_at__gt=Now() - settings.LEASE_TTL)


def members() -> QuerySet[Node]:
    """List every process seen within a day, each with whether it is `alive`."""
    return Node.objects.filter(seen_at__gt=Now() - FORGOTTEN).annotate(
        alive=ExpressionWrapper(Q(seen_at__gt=Now() - settings.LEASE_TTL), BooleanField())
    )


def forget_dead() -> int:
    return Node.objects.filter(seen_at__lte=Now() - FORGOTTEN).delete()[0]
