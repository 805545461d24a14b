"""Quality counted at the source, without reading what it says (rows, blanks, duplicates, newest)."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from banshi.connectors.sql_source.connector import SqlSource
from banshi.core.clock import CHINA
from banshi.exchange.actions import check_systems, measure_resource, measure_resources
from banshi.exchange.actions.cataloguing import check_source
from banshi.exchange.models import DataSystem, ResourceMeasure
from banshi.exchange.quality import freshness_words
from banshi.exchange.sources import StructureChanged
from tests import factories as make
from tests.cases.hall import moment
from tests.exchange.office import Office, office
from tests.sites.workbench.test_sharing import as_

pytestmark = pytest.mark.django_db
AT = moment("03-03")


@pytest.fixture
def of(tmp_path: Path) -> Office:
    return office(tmp_path)


def in_register(path: Path, statement: str) -> None:
    with sqlite3.connect(path / "police.sqlite3") as register:
        register.execute(statement)


def test_rows_and_blanks_are_those_of_the_register(of: Office, tmp_path: Path) -> None:
    in_register(tmp_path, "UPDATE hjrk SET hjdz = '' WHERE xm = '林小例'")
    in_register(tmp_path, "UPDATE hjrk SET xzjd = NULL")
    measure = measure_resource(of.resource, by=of.steward, at=AT)
    assert (measure.rows, measure.duplicates, measure.trouble) == (2, 0, "")
    assert measure.blanks == {"name": 0, "number": 0, "birth_date": 0, "address": 1, "town": 2, "status": 0}
    page = as_(of.steward).get(f"/work/data/{of.resource.pk}/").content.decode()
    assert "数据质量" in page and "3月3日" in page


def test_rows_beyond_the_first_of_a_person_and_the_newest_row_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "two.sqlite3"
    with sqlite3.connect(path) as register:
        register.execute("CREATE TABLE t (who text, gxsj text)")
        rows = [("1", "2026-03-01"), ("1", "2026-03-02 08:00:00"), (None, "2026-02-01")]
        register.executemany("INSERT INTO t VALUES (?, ?)", rows)
    found = SqlSource(f"sqlite:///{path}").measure("t", ["who"], person="who", updated="gxsj", seconds=5)
    assert (found.rows, found.blanks, found.duplicates, found.newest) == (3, {"who": 1}, 1, "2026-03-02 08:00:00")


def test_freshness_is_told_against_the_cycle_of_the_catalogue() -> None:
    measure = ResourceMeasure(at=AT, rows=1, newest=datetime(2026, 2, 20, 9, tzinfo=CHINA))
    assert "11天前；目录说每日更新，不够新" in freshness_words(measure, "每日", at=AT)
    assert freshness_words(measure, "每月", at=AT).endswith("是新的")
    assert "测不了" in freshness_words(ResourceMeasure(at=AT, rows=1), "每日", at=AT)


def test_a_register_that_changed_is_said_and_starts_the_clock_of_its_entry(of: Office, tmp_path: Path) -> None:
    assert check_systems(by=make.TESTS, at=AT) == 0 and DataSystem.objects.get().check_trouble == ""
    in_register(tmp_path, "ALTER TABLE hjrk RENAME COLUMN hjdz TO dizhi")
    assert check_systems(by=make.TESTS, at=AT) == 1 == check_systems(by=make.TESTS, at=AT)
    of.resource.refresh_from_db()
    assert "不一样了" in of.resource.change and of.resource.update_due_rank
    assert measure_resources(by=make.TESTS, at=AT) == 0
    assert "不一样了" in ResourceMeasure.objects.get().trouble


def test_the_column_that_tells_what_changed_has_to_be_there_too(of: Office, tmp_path: Path) -> None:
    assert of.declared.source
    source = of.declared.source.model_copy(update={"updated": "gxsj"})
    declared = of.declared.model_copy(update={"source": source})
    assert isinstance(check_source(declared, at=AT), StructureChanged)
    in_register(tmp_path, "ALTER TABLE hjrk ADD COLUMN gxsj text")
    assert check_source(declared, at=AT) is None
