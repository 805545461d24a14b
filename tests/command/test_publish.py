"""`banshi publish`."""

from pathlib import Path
from typing import Any

import pytest
from tests.adjustments.town import direct, policy_with
from tests.factories import guide, item, organ
from typer.testing import CliRunner

from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Listing
from banshi.command import app

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moving_in")]


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["publish", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_drafts_of_one_organ_are_published() -> None:
    bureau = organ("教育局")
    item(bureau)
    item()
    assert "已公布 1 份" in run("--organ", "教育局", "--yes")
    assert Listing.objects.get().organ == bureau


def test_incomplete_guides_can_be_left_out() -> None:
    item(text=guide("齐全"))
    item(text=Guide(name="不齐"))
    run("--complete-only", "--yes")
    assert Listing.objects.get().name == "齐全"


def test_nothing_to_publish_is_said() -> None:
    assert "没有可公布的草稿" in run("--yes")


def test_without_consent_nothing_happens() -> None:
    item()
    result = CliRunner().invoke(app, ["publish"], input="n\n")
    assert result.exit_code == 1
    assert not Listing.objects.exists()


def test_what_must_be_examined_first_is_left_and_told(tmp_path: Path, settings: Any) -> None:
    policy_with(tmp_path, settings, direct=direct("none"))
    item()
    assert "有 1 份要先申请调整" in run("--yes")
    assert not Listing.objects.exists()
