"""Who runs, by heartbeats in the database; and nobody beside a restore."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from banshi.backups import nobody_else_running
from banshi.core.errors import Conflict
from banshi.core.models import Lease, Node
from banshi.core.nodes import RESTORE, forget_dead, living, members, signed_on

pytestmark = pytest.mark.django_db


def test_a_member_is_alive_until_it_leaves() -> None:
    with signed_on(Node.NodeKind.SITE) as heartbeat:
        assert [node.name for node in living()] == [heartbeat.name]
    assert not Node.objects.exists()


def test_a_silent_one_is_no_longer_alive_and_is_again_with_its_next_beat(settings) -> None:  # type: ignore[no-untyped-def]
    with signed_on(Node.NodeKind.WORKER) as heartbeat:
        Node.objects.update(seen_at=Now() - settings.LEASE_TTL - timedelta(seconds=1))
        assert not living().exists()
        heartbeat.beat()
        assert living().exists()


def test_a_member_whose_row_is_gone_comes_back() -> None:
    with signed_on(Node.NodeKind.WORKER) as heartbeat:
        Node.objects.all().delete()
        heartbeat.beat()
        assert living().exists()


def test_it_is_steady_only_after_beating_for_a_whole_lease(settings) -> None:  # type: ignore[no-untyped-def]
    with signed_on(Node.NodeKind.WORKER) as heartbeat:
        assert not heartbeat.steady
        heartbeat._unbroken_since -= settings.LEASE_TTL.total_seconds()
        assert heartbeat.steady
        heartbeat._last -= 2 * settings.LEASE_TTL.total_seconds()
        assert not heartbeat.steady, "its beats no longer come through"
        heartbeat.beat()
        assert not heartbeat.steady, "the first one that comes through again proves nothing yet"


def test_nobody_restores_beside_a_running_site() -> None:
    with signed_on(Node.NodeKind.SITE), pytest.raises(Conflict, match="网站") as refusal, nobody_else_running():
        pass
    assert "先停止" in refusal.value.remedy


def test_nobody_signs_on_beside_a_restore() -> None:
    with nobody_else_running():
        with pytest.raises(Conflict, match="正在恢复"), signed_on(Node.NodeKind.SITE):
            pass
        assert not Node.objects.exists()
    assert not Lease.objects.filter(name=RESTORE, expires_at__gt=Now()).exists()


def test_members_of_the_last_day_are_shown_and_older_ones_forgotten() -> None:
    with signed_on(Node.NodeKind.SITE) as heartbeat:
        for hours in (1, 25):
            Node.objects.create(
                name=f"dead{hours}",
                kind="worker",
                host="h",
                pid=1,
                started_at=Now(),
                seen_at=Now() - timedelta(hours=hours),
            )
        assert {node.name: node.alive for node in members()} == {heartbeat.name: True, "dead1": False}  # type: ignore[attr-defined]
        assert forget_dead() == 1
        assert set(Node.objects.values_list("name", flat=True)) == {heartbeat.name, "dead1"}
