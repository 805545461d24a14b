"""An upper platform for tests: checks signatures, answers row by row, knows a row again by its GUID."""

from dataclasses import dataclass, field

from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply
from banshi.connectors.upper_platform.signing import signature
from banshi.core.json_types import JsonObject

NEEDED = ("row_guid", "cd_operation", "cd_time", "cd_batch", "cd_guid")


@dataclass
class FakeUpperPlatform(Loopback):
    """`refused`: item GUIDs it will not take.

    `later`: not now. `unreadable`, `crashing`: those whose batch it answers with 400 or 500. `log`: what took effect,
    in order, as (item, operation, change).
    """

    app: str = "banshi"
    secret: str = "a secret of tests"
    refused: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    crashing: set[str] = field(default_factory=set)
    had: set[str] = field(default_factory=set)
    rows: dict[str, JsonObject] = field(default_factory=dict)
    log: list[tuple[str, str, str]] = field(default_factory=list)

    def answer(self, asked: ReceivedRequest) -> Reply:
        head = asked.headers
        wanted = signature(
            asked.method,
            asked.path,
            head["x-time"],
            asked.body,
            secret=self.secret,
            algorithm=head["x-sign-algorithm"],
        )
        is_signed = head["x-app"] == self.app and head["x-sign"] == wanted
        if not is_signed:
            return 401, {"message": "bad signature"}
        if asked.path == "/exchange/check":
            return 200, {}
        if asked.path != "/exchange/batches":
            return 404, {}
        rows = asked.json()["rows"]
        there = {row["row_guid"] for row in rows}
        if there & self.crashing:
            return 500, {}
        if there & self.unreadable:
            return 400, {}
        return 200, {"rows": [self._take(row) for row in rows]}

    def _take(self, row: JsonObject) -> JsonObject:
        item, guid = row["row_guid"], row["cd_guid"]
        if item in self.refused or not all(row.get(name) for name in NEEDED):
            return {"guid": guid, "accepted": False, "reason": "事项编码不符合规范"}
        if item in self.later:
            return {"guid": guid, "accepted": False, "later": True, "reason": "正在对账，请稍后"}
        if guid not in self.had:
            self.had.add(guid)
            self.log.append((item, row["cd_operation"], row["cd_guid"]))
            if row["cd_operation"] == "D":
                self.rows.pop(item, None)
            else:
                self.rows[item] = row
        return {"guid": guid, "accepted": True}
