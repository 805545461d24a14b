"""`banshi export-bpmn`."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests import factories as make
from typer.testing import CliRunner

from banshi.command import app

pytestmark = pytest.mark.django_db


def test_each_guide_in_force_is_a_file(tmp_path: Path) -> None:
    item = make.published_item("入学报名")
    ran = CliRunner().invoke(app, ["export-bpmn", str(tmp_path / "流程")])
    assert ran.exit_code == 0, ran.output
    (file,) = (tmp_path / "流程").iterdir()
    assert file.name == f"{item.guid}.bpmn"
    assert ET.fromstring(file.read_text(encoding="utf-8")).tag.endswith("}definitions")


def test_of_another_place_there_is_none(tmp_path: Path) -> None:
    make.published_item("入学报名")
    ran = CliRunner().invoke(app, ["export-bpmn", str(tmp_path), "--division", "98"])
    assert ran.exit_code == 0, ran.output
    assert list(tmp_path.iterdir()) == []
