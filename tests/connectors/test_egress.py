"""Outlets reach inner addresses only where the operator lists them."""

import socket
from ipaddress import ip_network
from typing import Any

import pytest

from banshi.connectors import http_client
from banshi.connectors.egress import is_allowed, refuse_inner
from banshi.connectors.http_client import call, new_session
from banshi.connectors.test_server import Loopback
from banshi.outbox.channels import Unavailable


@pytest.fixture
def nothing_listed(settings: Any) -> None:
    settings.OUTLET_NETWORKS = []


@pytest.mark.usefixtures("nothing_listed")
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "::ffff:0:10.1.2.3",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::1",
    ],
)
def test_inner_addresses_are_refused(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.usefixtures("nothing_listed")
@pytest.mark.parametrize("address", ["202.96.128.86", "2400:3200::1", "64:ff9b::202.96.128.86"])
def test_public_ones_are_not(address: str) -> None:
    assert is_allowed(address)


def test_listed_networks_are_open_and_others_are_not(settings: Any) -> None:
    settings.OUTLET_NETWORKS = [ip_network("10.20.0.0/16")]
    assert is_allowed("10.20.3.4")
    assert not is_allowed("10.21.3.4")


@pytest.mark.usefixtures("nothing_listed")
def test_a_name_is_judged_by_what_it_resolves_to() -> None:
    with pytest.raises(Unavailable, match="内部网络的地址"):
        refuse_inner("http://localhost:1/exchange")


@pytest.mark.usefixtures("nothing_listed")
def test_nothing_arrives_at_an_inner_address() -> None:
    with Loopback() as inner, pytest.raises(Unavailable, match="BANSHI_OUTLET_NETWORKS"):
        call(new_session(), "GET", inner.address)
    assert not inner.asked


@pytest.mark.usefixtures("nothing_listed")
def test_a_name_that_resolves_anew_is_met_at_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "refuse_inner", lambda url: None)
    with Loopback() as inner, pytest.raises(Unavailable, match="内部网络的地址"):
        call(new_session(), "GET", inner.address)
    assert not inner.asked


def test_a_name_nobody_knows_is_left_to_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    refuse_inner("https://unknown.example/")


def test_a_redirect_is_not_followed() -> None:
    with Loopback() as outer:
        outer.troubles = [302]
        with pytest.raises(Unavailable, match="地址已经变更"):
            call(new_session(), "GET", outer.address)
    assert len(outer.asked) == 1
