"""Databases of other organs by SQLAlchemy Core: read-only, parameterised, with limits of time and rows."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Connection,
    Engine,
    Text,
    bindparam,
    case,
    cast,
    column,
    create_engine,
    distinct,
    event,
    func,
    null,
    select,
    table,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DisconnectionError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.types import NULLTYPE

from banshi.exchange.comparison import written_forms
from banshi.exchange.sources import Bulk, Look, Measured, NotAsDeclared, SourceTrouble, StructureChanged, TooManyRows

ROWS_AT_ONCE = 5_000
CHECK_SECONDS = 10.0
STEPS = 10_000
"""Instructions of SQLite between two looks at the clock."""
POSTGRESQL_LIMITS = text(
    "SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', :milliseconds, true)"
)
NO_SUCH = ("no such column", "no such table", "does not exist", "doesn't exist", "Unknown column")
"""What databases say of a table or column that is not there."""
NOT_READABLE = ("permission denied", "command denied")
"""What they say of a table the account may not read."""
WORDS = {
    "对方的数据库太慢，没有在规定的时间里答复": ("interrupted", "statement timeout", "timed out", "QueuePool limit"),
    "对方的证书过期了": ("certificate has expired",),
    "对方的证书不可信": ("certificate verify failed",),
    "对方的数据库不认可登记的账号": ("authentication failed", "Access denied"),
}
"""What is told of the troubles databases have."""
KEPT_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
"""Of PostgreSQL: a connection that was cut somewhere on the way ends, and leaves its thread to others."""


class SqlSource:
    def __init__(self, address: str) -> None:
        self.address = address

    def check(self, table_name: str, columns: Sequence[str]) -> int:
        with self._connected(CHECK_SECONDS) as connection:
            of = table(table_name)
            connection.execute(select(*(column(each) for each in columns)).select_from(of).limit(1)).all()
            return int(connection.execute(select(func.count()).select_from(of)).scalar_one())

    def look_up(self, look: Look) -> list[dict[str, Any]]:
        keys = {name: written_forms(value) for name, value in look.keys.items()}
        shape = tuple((name, len(forms)) for name, forms in keys.items())
        query = _question(look.table, look.columns, shape, tuple(look.conditions), look.rows + 1)
        values: dict[str, Any] = {_place(name, n): each for name, some in keys.items() for n, each in enumerate(some)}
        values |= {f"of_{name}": list(some) for name, some in look.conditions.items()}
        with self._connected(look.seconds) as connection:
            rows = connection.execute(query, values).all()
        if len(rows) > look.rows:
            raise TooManyRows(f"一次查到的超过{look.rows}条")
        # MySQL takes "7a" for 7 where a column is of numbers, and would answer of somebody else.
        asked = [{each.upper() for each in forms} for forms in keys.values()]
        width = len(look.columns)
        own = [
            row
            for row in rows
            if all(str(each).strip().upper() in forms for each, forms in zip(row[width:], asked, strict=True))
        ]
        return [dict(zip(look.columns, row[:width], strict=True)) for row in own]

    def measure(
        self, table_name: str, columns: Sequence[str], *, person: str, updated: str, seconds: float
    ) -> Measured:
        """Count in one query, so that all figures are of one moment."""
        blank = [
            func.sum(case((column(each).is_(None), 1), (cast(column(each), Text) == "", 1), else_=0))
            for each in columns
        ]
        named: Any = column(person)
        twice = func.count(named) - func.count(distinct(named))
        newest: Any = func.max(column(updated)) if updated else null()
        query = select(func.count(), twice, newest, *blank).select_from(table(table_name))
        with self._connected(seconds) as connection:
            rows, duplicates, last, *blanks = connection.execute(query).one()
        counted = {each: int(count or 0) for each, count in zip(columns, blanks, strict=True)}
        return Measured(int(rows), counted, int(duplicates), last)

    def newest(self, bulk: Bulk) -> tuple[int, str]:
        last: Any = func.max(column(bulk.updated)) if bulk.updated else null()
        query = _within(select(func.count(), last).select_from(table(bulk.table)), bulk)
        with self._connected(bulk.seconds) as connection:
            count, newest = connection.execute(query).one()
        return int(count), "" if newest is None else str(newest)

    def stream(self, bulk: Bulk) -> Iterator[Sequence[Any]]:
        wanted: list[Any] = [column(each) for each in bulk.columns]
        query = _within(select(*wanted).select_from(table(bulk.table)), bulk)
        if bulk.since:
            query = query.where(column(bulk.updated) >= bindparam("since", bulk.since, NULLTYPE))
        if bulk.until:
            changed: Any = column(bulk.updated) <= bindparam("until", bulk.until, NULLTYPE)
            # A whole batch has the rows that never say when they were changed, too.
            query = query.where(changed if bulk.since else changed | column(bulk.updated).is_(None))
        with self._connected(bulk.seconds) as connection:
            result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
            for place, row in enumerate(result):
                if place >= bulk.rows:
                    raise TooManyRows(f"一批超过{bulk.rows}条")
                yield tuple(row)

    @contextmanager
    def _connected(self, seconds: float) -> Iterator[Connection]:
        reached = False
        # Only the driver of these can tell that a server has fallen silent.
        waited = int(seconds) + 1 if self.address.startswith(("mysql", "mariadb")) else 0
        try:
            with _engine(self.address, waited).connect() as connection:
                reached = True
                _limit(connection, seconds)
                yield connection
        except SQLAlchemyError as trouble:
            said = str(getattr(trouble, "orig", None) or trouble)
            # Of a database or an account that is not there, the connection says the same.
            if reached and any(each in said for each in NO_SUCH):
                raise StructureChanged from trouble
            if reached and any(each in said for each in NOT_READABLE):
                raise NotAsDeclared("登记的账号没有读这张表的权限") from trouble
            if isinstance(trouble, DataError):
                raise NotAsDeclared("要查的号码，或者授权限定的数据范围，和来源里那一列的类型对不上") from trouble
            raise SourceTrouble(_words(said, reached)) from trouble


@lru_cache(maxsize=256)
def _question(
    of: str, columns: tuple[str, ...], keys: tuple[tuple[str, int], ...], conditions: tuple[str, ...], limit: int
) -> Any:
    """Build a look's query once, with places for its values."""
    wanted = [*columns, *(name for name, _ in keys)]
    query: Any = select(*(column(each).label(f"c{n}") for n, each in enumerate(wanted)))
    query = query.select_from(table(of)).limit(limit)
    for name, forms in keys:
        query = query.where(column(name).in_([bindparam(_place(name, n), type_=NULLTYPE) for n in range(forms)]))
    for name in conditions:
        query = query.where(column(name).in_(bindparam(f"of_{name}", type_=NULLTYPE, expanding=True)))
    return query


def _place(name: str, form: int) -> str:
    return f"key_{name}_{form}"


def _within(query: Any, bulk: Bulk) -> Any:
    for name, values in bulk.conditions.items():
        query = query.where(column(name).in_(bindparam(f"of_{name}", list(values), NULLTYPE, expanding=True)))
    return query


def _limit(connection: Connection, seconds: float) -> None:
    """Let the source itself end what takes too long, and refuse to write."""
    match connection.dialect.name:
        case "postgresql":
            connection.execute(POSTGRESQL_LIMITS, {"milliseconds": str(int(seconds * 1000))})
        case "mysql" | "mariadb":
            mariadb = getattr(connection.dialect, "is_mariadb", False)
            limit = f"max_statement_time = {seconds}" if mariadb else f"max_execution_time = {int(seconds * 1000)}"
            connection.execute(text(f"SET SESSION {limit}"))
            connection.execute(text("SET SESSION TRANSACTION READ ONLY"))
        case "sqlite":
            ends = time.monotonic() + seconds
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.set_progress_handler(lambda: int(time.monotonic() > ends), STEPS)


@lru_cache(maxsize=64)
def _engine(address: str, waited: int) -> Engine:
    """Keep a small pool for each address, so that one that hangs takes no connection from another."""
    try:
        url = make_url(address)
        path = (url.database or "") if url.get_backend_name() == "sqlite" else ""
        if path.startswith(("file:", ":")):
            path = ""
        if path:
            # Read-only as it is opened, since SQLite makes a file that is not there.
            url = url.set(database=f"file:{quote(path)}").update_query_dict({"mode": "ro", "uri": "true"})
        options: dict[str, Any] = {}
        if url.get_backend_name() in ("postgresql", "mysql", "mariadb"):
            options = {"connect_timeout": 3, **(KEPT_ALIVE if "psycopg" in url.get_driver_name() else {})}
        if url.get_driver_name() in ("pymysql", "mysqldb"):
            options["read_timeout"] = waited
        engine = create_engine(
            url,
            pool_size=2,
            max_overflow=2,
            pool_timeout=1,
            pool_pre_ping=url.get_backend_name() != "sqlite",
            connect_args=options,
            hide_parameters=True,
        )
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as trouble:
        raise SourceTrouble("来源的地址不对，或没有装它的驱动") from trouble
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def read_only(connection: Any, record: object) -> None:
            connection.execute("PRAGMA query_only = ON")

    if path:

        @event.listens_for(engine, "connect")
        def remember(connection: Any, record: Any) -> None:
            record.info["file"] = _file_at(path)

        @event.listens_for(engine, "checkout")
        def reopen_replaced(connection: Any, record: Any, proxy: object) -> None:
            # A connection kept would go on reading what the owner has replaced.
            if record.info["file"] != _file_at(path):
                raise DisconnectionError

    return engine


def _file_at(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _words(said: str, reached: bool) -> str:
    found = next((words for words, signs in WORDS.items() if any(each in said for each in signs)), "")
    return found or ("对方的数据库出错了，没有答完" if reached else "对方的数据库现在连不上")
