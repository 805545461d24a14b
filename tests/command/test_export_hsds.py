"""`banshi export-hsds`."""

import json
from pathlib import Path

import pytest
from tests import factories as make
from tests.catalog.hsds_shapes import wrong_in_service
from typer.testing import CliRunner

from banshi.command import app

pytestmark = pytest.mark.django_db


def exported(file: Path, *more: str) -> list[dict[str, str]]:
    ran = CliRunner().invoke(app, ["export-hsds", str(file), *more])
    assert ran.exit_code == 0, ran.output
    told: list[dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return told


def test_each_guide_in_force_is_a_service(tmp_path: Path) -> None:
    make.published_item("入学报名")
    make.published_item("转学")
    services = exported(tmp_path / "hsds.json")
    assert [each["name"] for each in services] == ["入学报名", "转学"]
    assert [wrong_in_service(each) for each in services] == [[], []]


def test_of_another_place_there_is_none(tmp_path: Path) -> None:
    make.published_item("入学报名")
    assert exported(tmp_path / "hsds.json", "--division", "98") == []
