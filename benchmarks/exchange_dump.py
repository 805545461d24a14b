"""A whole batch of a gigabyte, made and sent: the memory of the process beside that for a tenth of it.

Each batch has a process and a home of its own, since a process never tells of memory it has given back.
"""

import json
import resource
import sys
import time
from typing import Any

from benchmarks import Outcome
from benchmarks.machine import DATABASES, machine, told

FULL_MB, QUICK_MB = 1024, 100
GROWN_MB = 32
"""How much more memory ten times the rows may take."""
FORMS = ("csv", "parquet")
LONG = 300
"""Letters of an address, of three bytes each, so that a row has about a kilobyte."""
TABLE = "CREATE TABLE hjrk (xm text, gmsfhm text, csrq text, hjdz text, xzjd text, hjzt text)"
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :count)",
    "postgresql": "WITH n AS (SELECT generate_series(1, :count) AS n)",
}
ROWS = (
    "INSERT INTO hjrk SELECT '压测' || n, '99' || n + 1000000000000000, '1990-01-01', "
    f"n || '{'例' * LONG}', '例桥', '正常' FROM n"
)


def run(quick: bool) -> Outcome:
    megabytes = QUICK_MB if quick else FULL_MB
    outcomes = [_on(database, form, megabytes) for database in DATABASES for form in FORMS]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, form: str, megabytes: int) -> Outcome:
    small, large = (_made(database, form, size) for size in (megabytes // 10, megabytes))
    grown = large["peak"] - small["peak"]
    figures = (
        f"{database}, {form}: {large['content']:.0f} MB in {large['rows']:,} rows (file {large['file']:.0f} MB) made in "
        f"{large['made']:.0f} s and sent in {large['sent']:.0f} s, peak {large['peak']:.0f} MB, {grown:+.0f} MB beside that "
        f"for {small['content']:.0f} MB"
    )
    print(figures, flush=True)
    return Outcome(grown <= GROWN_MB and large["whole"] and small["whole"], figures)


def _made(database: str, form: str, megabytes: int) -> Any:
    from pathlib import Path

    from benchmarks.exchange import _declare

    with machine(database) as env:
        _declare(Path(env["BANSHI_HOME"]))
        env = {**env, "BANSHI_EXCHANGE_RESOURCES": f"{env['BANSHI_HOME']}/resources"}
        return told(env, "exchange_dump", form, megabytes)


def dump(form: str, megabytes: int) -> dict[str, Any]:
    """Make one whole batch of a register of that size, and send it."""
    import django

    django.setup()
    from datetime import timedelta
    from hashlib import sha256

    from banshi.core.clock import day_of, now
    from banshi.exchange import actions
    from banshi.exchange.actions.requesting import Granting
    from banshi.exchange.batch_files import parts_in_force
    from banshi.exchange.declarations import declared_resources
    from banshi.ledger import System
    from banshi.people.models import Organ
    from benchmarks.city import prepare
    from benchmarks.exchange import RESOURCES

    prepare(100)
    by, at, asker = System("benchmark"), now(), Organ.objects.first()
    assert asker is not None
    owner = Organ.objects.create(name="压测局", short_name="压测局", division=asker.division, uscc="")
    count = megabytes * 1024**2 // (3 * LONG + 120)
    actions.connect_system(owner, code="police", name="登记", address=_register(count), by=by, at=at)
    until = day_of(at) + timedelta(days=30)
    declared = [each for each in declared_resources().values() if each.code == RESOURCES[0]]
    [entry] = actions.load_resources(declared, by=by, at=at)
    actions.submit_resource(entry, by=by, at=at)
    published = actions.publish_resource(entry, by=by, at=at)
    wanted = actions.Asked(("name", "address"), "压测", "压测", "压测", until)
    asked = actions.request_data(published, organ=asker, asked=wanted, by=by, at=at)
    granting = Granting(wanted.fields, until, verify_only=False, in_batches=True, unmasked=wanted.fields)
    grant = actions.agree(asked, granting=granting, by=by, at=at)
    subscription = actions.subscribe(grant, form=form, by=by, at=at)
    begun = time.perf_counter()
    batch = actions.make_batch(subscription, by=by, at=at)
    made = time.perf_counter()
    assert batch is not None and batch.file is not None
    found, size = sha256(), 0
    for part in parts_in_force(batch, clock=now):
        found.update(part)
        size += len(part)
    sent = time.perf_counter()
    whole = (found.hexdigest(), size, batch.rows) == (batch.sha256, batch.file.size, count)
    return {
        "rows": batch.rows,
        "content": count * (3 * LONG + 120) / 1024**2,
        "file": size / 1024**2,
        "made": made - begun,
        "sent": sent - made,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "whole": whole,
    }


def _register(count: int) -> str:
    """Fill a register that is none of banshi's tables, where banshi's database is, and return its address."""
    from django.conf import settings
    from django.db import connection
    from sqlalchemy import create_engine, text

    if connection.vendor == "sqlite":
        address = f"sqlite:///{settings.HOME}/register.sqlite3"
    else:
        address = settings.ENV.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(address)
    numbers = NUMBERS[engine.dialect.name]
    insert = (
        f"{numbers} {ROWS}"
        if engine.dialect.name == "postgresql"
        else ROWS.replace("INSERT INTO hjrk", f"INSERT INTO hjrk {numbers}")
    )
    with engine.begin() as connected:
        connected.execute(text(TABLE))
        connected.execute(text(insert), {"count": count})
    engine.dispose()
    return address


if __name__ == "__main__":
    print(json.dumps(dump(sys.argv[1], int(sys.argv[2]))))
