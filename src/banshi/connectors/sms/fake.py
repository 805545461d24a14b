"""An SMS gateway for tests: checks signatures, answers message by message, knows one again by its key."""

from dataclasses import dataclass, field
from urllib.parse import quote

from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply
from banshi.connectors.upper_platform.signing import signature
from banshi.core.json_types import JsonObject


@dataclass
class FakeSmsGateway(Loopback):
    """`refused` and `later` are numbers. `sent`: what went out, as (phone, text)."""

    app: str = "banshi"
    secret: str = "a secret of tests"
    refused: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    had: set[str] = field(default_factory=set)
    sent: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return the value of BANSHI_SMS_URL."""
        return self.address.replace("://", f"://{self.app}:{quote(self.secret)}@") + "/sms"

    def answer(self, asked: ReceivedRequest) -> Reply:
        head = asked.headers
        how = {"secret": self.secret, "algorithm": head["x-sign-algorithm"]}
        if head["x-sign"] != signature(asked.method, asked.path, head["x-time"], asked.body, **how):
            return 401, {"message": "bad signature"}
        if asked.path == "/sms/check":
            return 200, {}
        return 200, {"messages": [self._take(each) for each in asked.json()["messages"]]}

    def _take(self, message: JsonObject) -> JsonObject:
        key, phone = message["key"], message["phone"]
        if phone in self.refused:
            return {"key": key, "accepted": False, "reason": "号码是空号"}
        if phone in self.later:
            return {"key": key, "accepted": False, "later": True, "reason": "通道繁忙"}
        if key not in self.had:
            self.had.add(key)
            self.sent.append((phone, message["text"]))
        return {"key": key, "accepted": True, "number": f"sms{len(self.had)}"}
