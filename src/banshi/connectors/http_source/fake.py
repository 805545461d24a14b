"""An organ's interface for tests: rows by table, which may hang, answer of others, or everything."""

from dataclasses import dataclass, field
from threading import Event
from typing import Any

from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply


@dataclass
class FakeHttpSource(Loopback):
    token: str = "a token of tests"
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ignores_keys: bool = False
    hangs: Event | None = None
    """Answers are held back until it is set."""

    @property
    def url(self) -> str:
        return self.address.replace("://", f"://:{self.token.replace(' ', '%20')}@") + "/data"

    def answer(self, asked: ReceivedRequest) -> Reply:
        if self.hangs is not None:
            self.hangs.wait(60)
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return 401, {}
        question = asked.json()
        rows = self.tables.get(question["table"])
        if rows is None:
            return 404, {}
        if asked.path == "/data/check":
            return 200, {"rows": len(rows), "columns": sorted({name for row in rows for name in row})}
        limits = {name: [value] for name, value in question["keys"].items()} | question["conditions"]
        found = [
            {name: row[name] for name in question["columns"] if name in row}
            for row in rows
            if self.ignores_keys or all(row.get(name) in values for name, values in limits.items())
        ]
        return 200, {"rows": found if self.ignores_keys else found[: question["limit"]]}
