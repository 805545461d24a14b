"""`banshi exchange`."""

from typing import Any

import pytest
from tests.factories import a_uscc, organ
from typer.testing import CliRunner

from banshi.command import app
from banshi.exchange.models import DataSystem, Resource

pytestmark = pytest.mark.django_db


def run(*words: str, status: int = 0, **more: Any) -> str:
    result = CliRunner().invoke(app, ["exchange", *words], **more)
    assert result.exit_code == status, result.output
    return result.output


def test_the_catalogue_follows_its_files() -> None:
    assert "没有“示例市公安局”这个单位" in run("resources", status=1)
    organ("示例市公安局")
    run("resources")
    said = run("resources")
    assert Resource.objects.count() == said.count("编报中") == len(said.splitlines())


def test_a_system_is_connected_with_its_address_sealed_and_moved() -> None:
    police = organ("示例市公安局", uscc=a_uscc(7))
    assert "没有统一社会信用代码" in run("connect", "police", "人口库", "X", "--address", "sqlite:///a", status=1)
    for address in ("sqlite:///old", "sqlite:///new"):
        run("connect", "police", "人口库", police.uscc, input=f"{address}\n")
    system = DataSystem.objects.get()
    assert (system.organ, system.address) == (police, "sqlite:///new")
    assert b"sqlite" not in bytes(system.address_sealed)
