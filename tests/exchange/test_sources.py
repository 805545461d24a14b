"""The contract of a source: databases, an HTTP interface and files in a folder, and what the breaker keeps from others."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import Workbook
from pytest_django import Settings
from sqlalchemy import create_engine, text

from banshi.connectors.banshi_source.fake import FakeBanshi
from banshi.connectors.http_source.fake import FakeHttpSource
from banshi.connectors.sheet_source.connector import SheetSource
from banshi.connectors.sheet_source.fake import drop_csv
from banshi.connectors.sql_source.connector import SqlSource
from banshi.core.clock import now
from banshi.exchange.actions import check_systems, connect_system
from banshi.exchange.enums import InformationKind
from banshi.exchange.models import DataSystem
from banshi.exchange.policy import exchange_policy
from banshi.exchange.sources import (
    Look,
    NotAsDeclared,
    Source,
    SourceTrouble,
    StructureChanged,
    TooManyRows,
    as_declared,
    ask,
)
from banshi.exchange.sources.base import source_at
from tests import factories as make
from tests.exchange.office import PEOPLE, office, register

COLUMNS = ("xm", "gmsfhm", "csrq", "hjdz", "xzjd", "hjzt")
ROWS = [dict(zip(COLUMNS, each, strict=True)) for each in PEOPLE]
KEY = {"gmsfhm": PEOPLE[0][1]}


@dataclass
class There:
    """A source of a kind, and how its owner changes what it has."""

    kind: str
    address: str
    fill: Callable[[list[dict[str, Any]]], object]

    @property
    def source(self) -> Source:
        return source_at(self.kind, self.address)


@pytest.fixture
def http() -> Iterator[FakeHttpSource]:
    with FakeHttpSource(tables={"hjrk": ROWS}) as fake:
        yield fake


@pytest.fixture
def another_banshi() -> Iterator[FakeBanshi]:
    with FakeBanshi(tables={"hjrk": ROWS}) as fake:
        yield fake


@pytest.fixture(params=["sqlite", "postgresql", "http", "banshi", "csv", "gb18030", "xlsx"])
def there(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> There:
    settings.HOME, folder = tmp_path / "home", tmp_path / "dropped"
    match request.param:
        case "sqlite" | "postgresql":
            of = f"sqlite:///{tmp_path / 'police.sqlite3'}"
            address = of if request.param == "sqlite" else request.getfixturevalue("postgresql")
            made = There("sql", address, lambda rows: register(address, [tuple(each.values()) for each in rows]))
        case "http":
            fake: FakeHttpSource = request.getfixturevalue("http")
            made = There("http", fake.url, lambda rows: fake.tables.update(hjrk=rows))
        case "banshi":
            there = request.getfixturevalue("another_banshi")
            made = There("banshi", there.url, lambda rows: there.tables.update(hjrk=rows))
        case "xlsx":
            made = There("sheet", str(folder), lambda rows: _drop_xlsx(folder, rows))
        case encoding:
            known = "gb18030" if encoding == "gb18030" else "utf-8-sig"
            made = There("sheet", str(folder), lambda rows: drop_csv(folder, "hjrk", rows, encoding=known))
    made.fill(ROWS)
    return made


def _drop_xlsx(folder: Path, rows: list[dict[str, Any]]) -> None:
    book = Workbook()
    assert book.active is not None
    for row in [list(rows[0]), *(list(each.values()) for each in rows)]:
        book.active.append(row)
    folder.mkdir(exist_ok=True)
    book.save(folder / "hjrk.xlsx")


def _rename_column(address: str) -> None:
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE hjrk RENAME COLUMN hjdz TO dizhi"))
    engine.dispose()


def look(**more: object) -> Look:
    given = {"table": "hjrk", "columns": ("xm", "hjdz"), "keys": KEY, "conditions": {}, "seconds": 3.0, "rows": 10}
    return Look(**{**given, **more})  # type: ignore[arg-type]


def test_it_answers_the_asked_columns_of_the_asked_rows(there: There) -> None:
    assert there.source.look_up(look()) == [{"xm": PEOPLE[0][0], "hjdz": PEOPLE[0][3]}]
    assert there.source.look_up(look(conditions={"xzjd": ["例林镇"]})) == []
    assert there.source.look_up(look(keys={"gmsfhm": "nobody"})) == []
    assert there.source.check("hjrk", ["xm"]) == 2


def test_what_looks_like_sql_is_a_value(there: There) -> None:
    assert there.source.look_up(look(keys={"gmsfhm": "' OR '1'='1"})) == []
    assert there.source.look_up(look(conditions={"xzjd": ["x'); DROP TABLE hjrk; --"]})) == []
    assert there.source.check("hjrk", ["xm"]) == 2


def test_more_rows_than_meant_are_refused(there: There) -> None:
    with pytest.raises(TooManyRows):
        # A gateway is asked about one person, and about nobody else.
        there.source.look_up(look(rows=0) if there.kind == "banshi" else look(keys={}, rows=1))


def test_a_changed_schema_is_said(there: There) -> None:
    for asked in (
        lambda: there.source.look_up(look(columns=("address",))),
        lambda: there.source.check("hjrk", ["dz"]),
        lambda: there.source.look_up(look(table="nothing_of_the_kind")),
        lambda: there.source.check("nothing_of_the_kind", ["xm"]),
    ):
        with pytest.raises(StructureChanged, match="来源的结构和目录里写的不一样了"):
            asked()


@pytest.mark.django_db
def test_a_changed_structure_starts_the_clock_of_its_entry_whatever_the_kind(there: There, tmp_path: Path) -> None:
    of, at = office(tmp_path), now()
    connect_system(of.police, code="police", name="库", address=there.address, kind=there.kind, by=make.TESTS, at=at)
    assert check_systems(by=make.TESTS, at=at) == 0
    there.fill([{("dizhi" if name == "hjdz" else name): value for name, value in row.items()} for row in ROWS])
    if there.kind == "sql":
        _rename_column(there.address)
    assert check_systems(by=make.TESTS, at=at) == 1
    of.resource.refresh_from_db()
    assert of.resource.change.startswith("来源的结构和目录里写的不一样了") and of.resource.update_due_rank


@pytest.mark.django_db
def test_a_source_that_is_away_starts_no_clock(tmp_path: Path, postgresql: str) -> None:
    of, at = office(tmp_path), now()
    for kind, address in (
        ("sql", f"{postgresql.rpartition('/')[0]}/no_such_database{postgresql[postgresql.index('?') :]}"),
        ("sheet", str(tmp_path / "unmounted")),
        ("http", "http://127.0.0.1:1/data"),
    ):
        connect_system(of.police, code="police", name="库", address=address, kind=kind, by=make.TESTS, at=at)
        assert check_systems(by=make.TESTS, at=at) == 1
        of.resource.refresh_from_db()
        assert of.resource.update_due_rank is None


def test_a_database_is_never_written(there: There) -> None:
    if not isinstance(there.source, SqlSource):
        return
    with pytest.raises(SourceTrouble), there.source._connected(3.0) as connection:
        connection.execute(text("DELETE FROM hjrk"))
    assert there.source.check("hjrk", ["xm"]) == 2
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(SourceTrouble, match="太慢"), there.source._connected(0.2) as connection:
        connection.execute(text(endless))


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("sql", "postgresql+psycopg://a:b@127.0.0.1:1/x", "连不上"),
        ("http", "http://127.0.0.1:1/data", "连不上"),
        ("http", "ftp://example", "地址不对"),
        ("sheet", "/nowhere/at/all", "打不开"),
        ("sheet", "relative", "地址不对"),
        ("banshi", f"http://k:{'A' * 43}@127.0.0.1:1?item=X&hjrk=1:hjrk", "连不上"),
        ("banshi", "http://k:short@127.0.0.1:1?item=X&hjrk=1:hjrk", "地址不对"),
        ("banshi", f"http://k:{'A' * 43}@127.0.0.1:1?item=X", "地址不对"),
        ("nothing", "x", "停用"),
    ],
)
def test_a_source_that_is_away_is_said(kind: str, address: str, words: str) -> None:
    with pytest.raises(SourceTrouble, match=words):
        source_at(kind, address).check("hjrk", ["xm"])


def test_an_interface_that_answers_of_others_or_everything_is_not_believed(http: FakeHttpSource) -> None:
    http.ignores_keys = True
    with pytest.raises(SourceTrouble, match="别人的数据"):
        source_at("http", http.url).look_up(look())
    http.tables["hjrk"] = [{**ROWS[0], "hjdz": "长" * 1000} for _ in range(3000)]
    with pytest.raises(SourceTrouble, match="太长"):
        source_at("http", http.url).look_up(look())
    http.tables["hjrk"] = [ROWS[0] for _ in range(500)]
    with pytest.raises(TooManyRows):
        source_at("http", http.url).look_up(look())


def test_an_interface_is_asked_with_its_token_and_no_other(http: FakeHttpSource) -> None:
    with pytest.raises(SourceTrouble, match="不认可"):
        source_at("http", http.url.replace("a%20token", "another")).check("hjrk", ["xm"])
    http.troubles = [503]
    with pytest.raises(SourceTrouble, match="503"):
        source_at("http", http.url).check("hjrk", ["xm"])


def test_another_banshi_is_asked_for_the_case_and_clerk_and_no_more_than_the_columns(
    another_banshi: FakeBanshi,
) -> None:
    source = source_at("banshi", another_banshi.url)
    source.look_up(look(case="取水〔2026〕17号", clerk="孙办理", conditions={"xzjd": ["例桥街道"]}))
    asked = next(each for each in another_banshi.asked if each.method == "POST")
    bound = {name: unquote(asked.headers[f"exchange-{name}"]) for name in ("item", "case", "clerk", "purpose")}
    assert bound == {"item": "530100-X", "case": "取水〔2026〕17号", "clerk": "孙办理", "purpose": "1"}
    assert asked.json()["fields"] == ["xm", "hjdz", "xzjd"]


def test_another_banshi_is_not_believed_where_it_masks_or_does_not_sign(another_banshi: FakeBanshi) -> None:
    source = source_at("banshi", another_banshi.url)
    another_banshi.masked = ["xm"]
    for asked in (lambda: source.look_up(look()), lambda: source.check("hjrk", ["xm"])):
        with pytest.raises(NotAsDeclared, match="xm是打码的"):
            asked()
    assert source.look_up(look(columns=("hjdz",)))
    another_banshi.signs = False
    with pytest.raises(SourceTrouble, match="没有采用"):
        source.look_up(look(columns=("hjdz",)))


def test_what_another_banshi_refuses_fails_its_table_or_where_it_is_the_key_the_system(
    another_banshi: FakeBanshi,
) -> None:
    source = source_at("banshi", another_banshi.url)
    another_banshi.refuses = (403, "这项授权已经收回或到期")
    with pytest.raises(NotAsDeclared, match="已经收回"):
        source.look_up(look())
    another_banshi.refuses = (401, "这个签名密钥已经收回或到期")
    with pytest.raises(SourceTrouble, match="密钥已经收回") as trouble:
        source.look_up(look())
    assert not isinstance(trouble.value, NotAsDeclared)
    another_banshi.refuses, another_banshi.problem = (429, "对这个人今天已经有5次不一致"), "/api/v1/docs#limit-reached"
    with pytest.raises(NotAsDeclared, match="5次不一致"):
        source.look_up(look())
    another_banshi.refuses, another_banshi.troubles = None, [503]
    with pytest.raises(SourceTrouble):
        source.look_up(look())
    another_banshi.verify_only = True
    with pytest.raises(NotAsDeclared, match="只能核验"):
        source.check("hjrk", ["xm"])


def test_a_file_is_read_anew_when_it_changes_and_not_otherwise(tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path / "home"
    path = drop_csv(tmp_path / "in", "hjrk", ROWS)
    source = SheetSource(str(tmp_path / "in"))
    assert source.look_up(look())[0]["hjdz"] == PEOPLE[0][3]
    [loaded] = (tmp_path / "home" / "exchange-sheets").glob("*.sqlite3")
    drop_csv(tmp_path / "in", "hjrk", [{**ROWS[0], "hjdz": "新址"}])
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000))
    assert source.look_up(look())[0]["hjdz"] == "新址"
    assert not loaded.exists()
    path.write_bytes(b"\x00\xff\xff")
    with pytest.raises(SourceTrouble):
        source.look_up(look())
    assert not list(loaded.parent.glob("*.part"))


def test_a_number_a_spreadsheet_has_rounded_is_no_number(tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path / "home"
    _drop_xlsx(tmp_path, [{**ROWS[0], "gmsfhm": 530102199003071211}])
    with pytest.raises(SourceTrouble, match="末几位"):
        SheetSource(str(tmp_path)).check("hjrk", ["xm"])


@pytest.mark.parametrize(
    ("kind", "value", "holds"),
    [
        ("date", "1990-03-07", True),
        ("date", "19900307", True),
        ("date", "1990年3月7日", True),
        ("date", "林小例", False),
        ("number", "1,234.5", True),
        ("number", "很多", False),
        ("name", 17, False),
        ("name", ["林", "小例"], False),
        ("text", {"a": 1}, False),
        ("text", b"raw", False),
        ("text", "长" * 5000, False),
        ("id_number", "530102199003071211", True),
        ("id_number", "见附件", False),
        ("address", None, True),
        ("name", "12345", False),
        ("name", "阿依古丽·买买提", True),
    ],
)
def test_a_source_that_lies_about_types_is_said_and_not_blamed_on_a_person(kind: str, value: Any, holds: bool) -> None:
    kinds = {"x": ("户籍地址", InformationKind(kind))}
    if holds:
        assert as_declared([{"x": value}], kinds)
    else:
        with pytest.raises(SourceTrouble, match="“户籍地址”不是"):
            as_declared([{"x": value}], kinds)


# The breaker and the bulkhead


def connected(kind: str, address: str, code: str = "police") -> DataSystem:
    sealed = DataSystem.seal(address)
    return DataSystem.objects.create(organ=make.organ(), code=code, name=code, kind=kind, address_sealed=sealed)


@pytest.mark.django_db
def test_what_hangs_is_given_up_rested_and_tried_by_one(http: FakeHttpSource) -> None:
    http.hangs, at, limits = Event(), now(), exchange_policy().calls
    system = connected("http", http.url)
    DataSystem.objects.update(failures=limits.failures - 1)
    began = time.monotonic()
    with pytest.raises(SourceTrouble, match="规定"):
        ask(system, lambda source: source.look_up(look(seconds=60)), at=at, seconds=0.1)
    assert time.monotonic() - began < 10
    system.refresh_from_db()
    with pytest.raises(SourceTrouble, match="正在暂停"):
        ask(system, lambda source: source.look_up(look()), at=at)
    http.hangs.set()
    later = system.resting_until
    assert later is not None
    first, second = DataSystem.objects.get(), DataSystem.objects.get()
    assert ask(first, lambda source: source.look_up(look()), at=later)
    system.refresh_from_db()
    assert (system.failures, system.resting_until) == (0, None)
    with pytest.raises(SourceTrouble, match="正在暂停"):
        ask(second, lambda source: source.look_up(look()), at=later)


@pytest.mark.django_db
def test_too_much_is_an_answer_and_ends_the_rest(tmp_path: Path) -> None:
    system, at = connected("sheet", str(tmp_path)), now()
    system.failures, system.resting_until = 5, at
    system.save()

    def everything(source: Source) -> None:
        raise TooManyRows("一次查到的超过200条")

    with pytest.raises(TooManyRows):
        ask(system, everything, at=at)
    system.refresh_from_db()
    assert (system.failures, system.resting_until) == (0, None)


@pytest.mark.django_db
def test_what_one_table_lies_about_rests_no_other_of_the_system(there: There) -> None:
    """A row of a wrong type, a column that is gone, a table that is gone: as often as you like."""
    system, at = connected(there.kind, there.address), now()
    kinds = {"xm": ("姓名", InformationKind.DATE)}
    for asked in (
        lambda source: as_declared(source.look_up(look(columns=("xm",))), kinds),
        lambda source: source.look_up(look(columns=("address",))),
    ):
        for _ in range(exchange_policy().calls.failures):
            with pytest.raises(NotAsDeclared):
                ask(DataSystem.objects.get(pk=system.pk), asked, at=at)
    system.refresh_from_db()
    assert (system.failures, system.resting_until, system.last_error) == (0, None, "")
    assert ask(system, lambda source: source.look_up(look()), at=at)


@pytest.mark.django_db
def test_a_source_that_hangs_costs_others_nothing(http: FakeHttpSource, tmp_path: Path) -> None:
    http.hangs, at = Event(), now()
    hangs, other = (
        connected("http", http.url, "hangs"),
        connected("sql", register(f"sqlite:///{tmp_path / 'p'}"), "other"),
    )
    for words in ("规定", "规定", "还没有答完"):
        with pytest.raises(SourceTrouble, match=words):
            ask(hangs, lambda source: source.look_up(look(seconds=60)), at=at, seconds=0.05)
    assert ask(other, lambda source: source.look_up(look()), at=at)
    http.hangs.set()
