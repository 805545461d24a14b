"""Registers as offices keep them: columns of real types, numbers written the old way, files cut short."""

import fcntl
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings
from sqlalchemy import create_engine, text

from banshi.connectors.sheet_source.connector import SheetSource
from banshi.connectors.sql_source.connector import SqlSource
from banshi.exchange.comparison import normal
from banshi.exchange.enums import InformationKind
from banshi.exchange.sources import Bulk, Look, NotAsDeclared, SourceTrouble
from tests.servers import free_port

TABLES = (
    "DROP TABLE IF EXISTS hjrk",
    "DROP TABLE IF EXISTS numbers",
    "CREATE TABLE hjrk (gmsfhm char(18) PRIMARY KEY, xm varchar(40), csrq date, hjzt integer, gxsj timestamp NULL)",
    "INSERT INTO hjrk VALUES ('530102199003071211', '林小例', '1990-03-07', 1, '2026-11-29 10:00:00')",
    "INSERT INTO hjrk VALUES ('53010219900307561x', '林小写', '1990-03-07', 1, '2026-11-30 10:00:00')",
    "INSERT INTO hjrk VALUES ('530102900307128', '林十五', '1990-03-07', 2, NULL)",
    "CREATE TABLE numbers (gmsfhm bigint PRIMARY KEY, xm varchar(40))",
    "INSERT INTO numbers VALUES (7, '别人'), (530102199003071211, '林小例'), (530102199003071212, '邻号')",
)
LOOK = Look("hjrk", ("xm",), {"gmsfhm": "530102199003071211"}, {}, 3.0, 10)


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (shutil.which("mariadbd") and shutil.which("mariadb-install-db")):
        pytest.skip("MariaDB is not installed")
    folder, port = tmp_path_factory.mktemp("mariadb"), free_port()
    data, me = f"--datadir={folder / 'data'}", "--user=root"
    install = ["mariadb-install-db", "--no-defaults", data, me, "--auth-root-authentication-method=normal"]
    subprocess.run([*install, "--skip-test-db"], check=True, capture_output=True)
    place = [
        f"--port={port}",
        "--bind-address=127.0.0.1",
        f"--socket={folder / 's'}",
        f"--pid-file={folder / 'pid'}",
    ]
    server = subprocess.Popen(["mariadbd", "--no-defaults", data, me, *place], stderr=subprocess.DEVNULL)
    address = f"mysql+pymysql://root@127.0.0.1:{port}/mysql"
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            SqlSource(address).check("user", ["User"])
            break
        except SourceTrouble:
            time.sleep(0.2)
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("CREATE DATABASE police CHARACTER SET utf8mb4"))
    engine.dispose()
    yield address.replace("/mysql", "/police")
    server.terminate()
    server.wait()


@pytest.fixture(params=["postgresql", "mariadb"])
def source(request: pytest.FixtureRequest) -> SqlSource:
    address: str = request.getfixturevalue(request.param)
    engine = create_engine(address)
    with engine.begin() as connection:
        for each in TABLES:
            connection.execute(text(each))
    engine.dispose()
    return SqlSource(address)


def test_a_number_is_found_as_the_register_wrote_it(source: SqlSource) -> None:
    for number, name in (
        ("530102199003071211", "林小例"),
        ("53010219900307561X", "林小写"),
        ("530102199003071230", ""),
    ):
        rows = source.look_up(replace(LOOK, keys={"gmsfhm": number}))
        assert [row["xm"] for row in rows] == [name] * bool(name)


def test_the_fifteen_digits_of_before_are_found_by_eighteen(source: SqlSource) -> None:
    number = normal("530102900307128", InformationKind.ID_NUMBER)
    assert source.look_up(replace(LOOK, keys={"gmsfhm": number})) == [{"xm": "林十五"}]


def test_conditions_and_cursors_hold_on_columns_that_are_no_text(source: SqlSource) -> None:
    assert source.look_up(replace(LOOK, conditions={"hjzt": ["1"], "csrq": ["1990-03-07"]}))
    assert source.look_up(replace(LOOK, conditions={"hjzt": ["2"]})) == []
    bulk = Bulk("hjrk", ("gmsfhm", "xm"), {"hjzt": ["1", "2"]}, "gxsj", "", "", 10, 100)
    count, newest = source.newest(bulk)
    assert (count, newest) == (3, "2026-11-30 10:00:00")
    assert len(list(source.stream(replace(bulk, until=newest)))) == 3
    assert [name for _, name in source.stream(replace(bulk, since=newest, until=newest))] == ["林小写"]
    assert source.measure("hjrk", ["xm", "csrq", "hjzt"], person="gmsfhm", updated="gxsj", seconds=10).rows == 3


def test_where_a_column_is_of_numbers_nobody_else_is_answered(source: SqlSource) -> None:
    look = replace(LOOK, table="numbers")
    assert source.look_up(look) == [{"xm": "林小例"}]
    try:
        assert source.look_up(replace(look, keys={"gmsfhm": "7a7"})) == []
    except NotAsDeclared as said:  # and no trouble of the whole system
        assert "类型对不上" in str(said)


def test_a_database_ends_what_takes_too_long_and_is_never_written(source: SqlSource) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    endless = endless if source.address.startswith("postgresql") else "SELECT sleep(5) FROM hjrk"
    with pytest.raises(SourceTrouble, match="太慢"), source._connected(0.2) as connection:
        connection.execute(text(endless)).all()
    with pytest.raises(SourceTrouble, match="出错"), source._connected(3.0) as connection:
        connection.execute(text("DELETE FROM hjrk"))
    assert source.check("hjrk", ["xm"]) == 3


def test_an_account_that_may_not_read_a_table_is_said(postgresql: str) -> None:
    engine = create_engine(postgresql)
    with engine.begin() as connection:
        for each in (*TABLES, "DROP ROLE IF EXISTS reader", "CREATE ROLE reader LOGIN"):
            connection.execute(text(each))
    engine.dispose()
    with pytest.raises(NotAsDeclared, match="没有读这张表的权限"):
        SqlSource(postgresql.replace("postgres:@", "reader:@")).look_up(LOOK)


HEAD, ROW = "gmsfhm,xm,hjdz\r\n", "530102199003071211,林小例,例桥大道88号\r\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEAD + ROW[:-6], "没有写完"),
        (HEAD + ROW[:22] + "\r\n", "第2行有2格"),
        (HEAD + '53010219900307561X,"林小写,例桥大道\r\n' + ROW, "引号"),
        (HEAD + ROW.replace("例桥", "例桥,"), "第2行有4格"),
        ((HEAD + ROW)[:-6].encode("gb18030"), "没有写完"),
    ],
)
def test_half_a_file_is_nobodys_data(content: str | bytes, words: str, tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path / "home"
    (tmp_path / "hjrk.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(NotAsDeclared, match=words):
        SheetSource(str(tmp_path)).look_up(LOOK)
    (tmp_path / "hjrk.csv").write_text(HEAD + ROW, encoding="utf-8")
    assert SheetSource(str(tmp_path)).look_up(LOOK) == [{"xm": "林小例"}]


def test_a_file_that_is_being_read_in_is_read_by_one(tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path / "home"
    (tmp_path / "hjrk.csv").write_text(HEAD + ROW, encoding="utf-8")
    source = SheetSource(str(tmp_path))
    assert source.look_up(LOOK)
    (tmp_path / "hjrk.csv").write_text(HEAD + ROW * 2, encoding="utf-8")
    [lock] = (tmp_path / "home" / "exchange-sheets").glob("*.lock")
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(NotAsDeclared, match="正在读入"):
            source.look_up(LOOK)
    assert len(source.look_up(LOOK)) == 2
