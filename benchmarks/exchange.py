"""The gateway: signed verifications and records with the full log, what they cost beside a direct call, and a source that hangs.

The baseline of the same run: the same server asks the same register by the same adapter, unsigned and unrecorded. Beside it, what
an organ's own service would do: a bearer token, one row of rights, one plain row of log, committed. The register is the organ's own
PostgreSQL, a server of its own as in the demonstration; with the same rows in a file of SQLite, which answers at once, it is told too.
"""

import asyncio
import hashlib
import json
import secrets
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import Outcome
from benchmarks.machine import DATABASES, machine, served, told

VERIFICATIONS, RECORDS, OVERHEAD, HANGING = 300, 150, 2.0, 1.5
"""Calls a second; how much longer a signed and recorded call may take than a direct one; how much p99 may grow beside a
source that hangs."""
CONNECTIONS = 8
PEOPLE = 20_000
RESOURCES = {"postgresql": "GA-RK-001", "hanging": "MZ-HG-001", "sqlite": "GA-RK-002"}
"""Codes, by what holds the register."""
REGISTERS = ("postgresql", "sqlite")
TOKEN = "of an organ's own service"


def run(quick: bool) -> Outcome:
    seconds = 1.5 if quick else 8.0
    outcomes = [_on(database, seconds) for database in DATABASES]
    return Outcome(all(each.holds for each in outcomes), " · ".join(each.figures for each in outcomes))


def _on(database: str, seconds: float) -> Outcome:
    with machine(database) as env, hanging() as hangs, machine("postgresql") as organ:
        _declare(Path(env["BANSHI_HOME"]))
        env = {**env, "BANSHI_EXCHANGE_RESOURCES": f"{env['BANSHI_HOME']}/resources"}
        of = told(env, "exchange", "setup", hangs, organ["DATABASE_URL"])
        with served(env) as (port, _):
            asked = Asking(port, of)
            asked.load("verifications", seconds / 2)
            verified = asked.load("verifications", seconds)
            recorded = asked.load("records", seconds)
            one = {
                (kind, register): asked.load(kind, seconds, register, connections=1)
                for register in REGISTERS
                for kind in ("verifications", "direct", "service")
            }
            beside = asked.beside_hanging(seconds)
        log = told(env, "exchange", "check")
    overheads = {each: one["verifications", each].p50 / one["direct", each].p50 for each in REGISTERS}
    grown = beside.p99 / verified.p99
    wrong = sum(each.wrong for each in (verified, recorded, beside, *one.values()))
    of_registers = "; ".join(
        f"register on {each}: p50 {one['verifications', each].p50:.1f} ms against {one['direct', each].p50:.1f} ms direct "
        f"({overheads[each]:.1f}×) and {one['service', each].p50:.1f} ms of an organ's own service "
        f"({one['verifications', each].p50 / one['service', each].p50:.1f}×)"
        for each in REGISTERS
    )
    figures = (
        f"{database}: {verified.rate:.0f} verifications/s (p99 {verified.p99:.0f} ms), {recorded.rate:.0f} records/s; "
        f"{of_registers}; beside a hanging source p99 {grown:.1f}×, {log['count']} calls recorded, "
        f"{'unbroken' if log['whole'] else 'BROKEN'}, {wrong} wrong"
    )
    print(figures)
    holds = (
        verified.rate >= VERIFICATIONS
        and recorded.rate >= RECORDS
        and overheads["postgresql"] <= OVERHEAD
        and grown <= HANGING
        and log["whole"]
        and not wrong
    )
    return Outcome(holds, figures)


class Figures:
    def __init__(self, times: list[float], wrong: int, took: float) -> None:
        ordered = sorted(times)
        self.rate, self.wrong = len(ordered) / took, wrong
        self.p50, self.p99 = 1000 * ordered[len(ordered) // 2], 1000 * ordered[int(len(ordered) * 0.99)]


class Asking:
    """Callers with connections kept alive, whose calls are signed before the clock runs."""

    def __init__(self, port: int, of: dict[str, Any]) -> None:
        self.port, self.of = port, of

    def load(
        self, kind: str, seconds: float, register: str = "postgresql", *, connections: int = CONNECTIONS
    ) -> Figures:
        calls = iter(self.signed(kind, register, int(seconds * 1500)))
        return asyncio.run(self._all(calls, seconds, connections))

    def beside_hanging(self, seconds: float) -> Figures:
        """Load one resource while another caller asks for the one that hangs, over and over."""
        until = time.perf_counter() + seconds + 1
        hung = iter(self.signed("verifications", "hanging", 2000))
        others = threading.Thread(target=lambda: asyncio.run(self._all(hung, until - time.perf_counter(), 1)))
        others.start()
        figures = self.load("verifications", seconds)
        others.join()
        return figures

    def signed(self, kind: str, register: str, count: int) -> list[bytes]:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        from banshi.exchange.signatures import HttpMessage, PrivateKey, content_digest, sign

        key = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.of["private"])))
        code, grant = RESOURCES[register], self.of["grants"][register]
        bare = kind in ("direct", "service")
        path = f"/exchange/v1/{kind}/{register}" if bare else f"/exchange/v1/resources/{code}/{kind}"
        bound = {"item": self.of["item"], "case": "压测-1", "clerk": "压测员", "purpose": str(grant)}
        headers = {f"exchange-{name}": quote(text) for name, text in bound.items()}
        covered = ("@method", "@target-uri", "content-digest", *headers)
        made = []
        for turn in range(count):
            person = turn % PEOPLE
            data: dict[str, Any] = {"person": {"number": _number(person)}}
            if kind == "verifications":
                data["claims"] = {"name": f"压测{person}"}
            body = json.dumps(data).encode()
            sent = {**headers, "content-digest": content_digest(body)}
            message = HttpMessage(sent, "POST", f"http://127.0.0.1:{self.port}{path}")
            keyid, created = self.of["keyid"], int(time.time())
            if kind == "service":
                sent["authorization"] = f"Bearer {TOKEN}"
            sent |= sign(message, covered, key, keyid=keyid, created=created, nonce=secrets.token_hex(12))
            lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
            made.append(f"{head}Content-Length: {len(body)}\r\n{lines}\r\n".encode() + body)
        return made

    async def _all(self, calls: Iterator[bytes], seconds: float, connections: int) -> Figures:
        began = time.perf_counter()
        answers = await asyncio.gather(*(self._one(calls, began + seconds) for _ in range(connections)))
        times = [each for some, _ in answers for each in some]
        return Figures(times or [seconds], sum(wrong for _, wrong in answers), time.perf_counter() - began)

    async def _one(self, calls: Iterator[bytes], until: float) -> tuple[list[float], int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        times, wrong = [], 0
        while (began := time.perf_counter()) < until and (call := next(calls, None)):
            writer.write(call)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]))
            wrong += not head.startswith(b"http/1.1 200")
            times.append(time.perf_counter() - began)
        writer.close()
        return times, wrong


@contextmanager
def hanging() -> Iterator[str]:
    """A server that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/data"


def _number(person: int) -> str:
    return f"99{person:016d}"


def _declare(home: Path) -> None:
    folder = home / "resources"
    folder.mkdir()
    text = (Path(__file__).parent.parent / "data/resources/household-registration.toml").read_text(encoding="utf-8")
    text = text.replace('provider = "示例市公安局"', 'provider = "压测局"')
    for register, code in RESOURCES.items():
        other = text.replace(RESOURCES["postgresql"], code).replace("户籍人口登记信息", f"户籍人口登记信息 {register}")
        (folder / f"{register}.toml").write_text(other.replace('"police"', f'"{register}"'), encoding="utf-8")


def setup(hangs: str, police: str) -> dict[str, Any]:
    """An organ with a register of 20,000 people, another that asks, and the key of its system."""
    import django

    django.setup()
    from base64 import b64encode
    from datetime import timedelta

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from django.conf import settings
    from django.db import connection

    from banshi.catalog.actions import create_item
    from banshi.catalog.guide.document import Guide
    from banshi.clients.actions import register_system
    from banshi.connectors.sql_source.fake import fill_register
    from banshi.core.clock import day_of, now
    from banshi.exchange import actions
    from banshi.exchange.actions.requesting import Granting
    from banshi.exchange.declarations import declared_resources
    from banshi.ledger import System
    from banshi.people.models import Organ
    from benchmarks.city import prepare

    prepare(100)
    by, at, asker = System("benchmark"), now(), Organ.objects.first()
    assert asker is not None
    owner = Organ.objects.create(name="压测局", short_name="压测局", division=asker.division, uscc="")
    people = [
        {
            "gmsfhm": _number(n),
            "xm": f"压测{n}",
            "csrq": "1990-01-01",
            "hjdz": f"例桥大道{n}号",
            "xzjd": "例桥",
            "hjzt": "正常",
        }
        for n in range(PEOPLE)
    ]
    addresses = {
        "postgresql": police.replace("postgresql://", "postgresql+psycopg://", 1),
        "sqlite": f"sqlite:///{settings.HOME}/register.sqlite3",
    }
    for register, address in addresses.items():
        fill_register(address, "hjrk", people, unique="gmsfhm")
        actions.connect_system(owner, code=register, name="登记", address=address, by=by, at=at)
    (settings.HOME / "registers.json").write_text(json.dumps(addresses))
    actions.connect_system(owner, code="hanging", name="不答", address=hangs, kind="http", by=by, at=at)
    item = create_item(in_spite=True, organ=asker, guide=Guide.model_validate({"name": "压测事项"}), by=by, at=at)
    until, grants = day_of(at) + timedelta(days=30), {}
    for each in actions.load_resources(declared_resources().values(), by=by, at=at):
        actions.submit_resource(each, by=by, at=at)
        published = actions.publish_resource(each, by=by, at=at)
        wanted = actions.Asked(("name", "number", "address"), "压测", "压测", "压测", until, item=item)
        asked = actions.request_data(published, organ=asker, asked=wanted, by=by, at=at)
        granting = Granting(wanted.fields, until, verify_only=False, daily_quota=9_000_000)
        grants[each.code] = actions.agree(asked, granting=granting, by=by, at=at).pk
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_rights (token varchar(64) PRIMARY KEY, resource varchar(40), caller varchar(40))"
        )
        cursor.execute("CREATE TABLE bench_log (at varchar(40), caller varchar(40), number varchar(40))")
        token = hashlib.sha256(TOKEN.encode()).hexdigest()
        cursor.execute("INSERT INTO bench_rights VALUES (%s, %s, %s)", [token, "hjrk", "organ:1"])
    private = Ed25519PrivateKey.generate()
    public = b64encode(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    client, _ = register_system(asker, name="压测系统", permissions=["exchange.use"], by=by, at=at)
    key = actions.register_key(
        client, algorithm="ed25519", public=public, until=at + timedelta(days=30), by=by, at=at
    ).key
    return {
        "private": private.private_bytes_raw().hex(),
        "keyid": key.keyid,
        "item": str(item.guid),
        "grants": {register: grants[code] for register, code in RESOURCES.items()},
    }


def check() -> dict[str, Any]:
    """Whether the chain of the log is whole."""
    import django

    django.setup()
    from banshi.exchange.call_log import verify_call_log

    verdict = verify_call_log()
    return {"count": verdict.count, "whole": not verdict.problem, "problem": verdict.problem}


if __name__ == "__main__":
    print(json.dumps({"setup": setup, "check": check}[sys.argv[1]](*sys.argv[2:])))
