"""An express company for tests: parcels known by key, signed for when `deliver` says so."""

from dataclasses import dataclass, field
from urllib.parse import quote

from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply
from banshi.connectors.upper_platform.signing import signature
from banshi.core.json_types import JsonObject


@dataclass
class FakeExpressCompany(Loopback):
    """`parcels` by key. `delivered`: tracking numbers, with who signed."""

    app: str = "banshi"
    secret: str = "a secret of tests"
    parcels: dict[str, JsonObject] = field(default_factory=dict)
    delivered: dict[str, str] = field(default_factory=dict)
    refuses: str = ""

    @property
    def url(self) -> str:
        """Return the value of BANSHI_EXPRESS_URL."""
        return self.address.replace("://", f"://{self.app}:{quote(self.secret)}@") + "/express"

    def deliver(self, tracking: str, receiver: str) -> None:
        self.delivered[tracking] = receiver

    def answer(self, asked: ReceivedRequest) -> Reply:
        head = asked.headers
        how = {"secret": self.secret, "algorithm": head["x-sign-algorithm"]}
        if head["x-sign"] != signature(asked.method, asked.path, head["x-time"], asked.body, **how):
            return 401, {"message": "bad signature"}
        if asked.path == "/express/check":
            return 200, {}
        body = asked.json()
        if asked.path == "/express/parcels":
            if self.refuses:
                return 200, {"accepted": False, "reason": self.refuses}
            self.parcels.setdefault(body["key"], body)
            place = list(self.parcels).index(body["key"]) + 1
            return 200, {"accepted": True, "carrier": "示例快递", "tracking": f"EX{place:010d}"}
        signed_by = self.delivered.get(body["tracking"], "")
        at = "2026-03-12T10:00:00+08:00" if signed_by else None
        return 200, {"words": "已签收" if signed_by else "运输中", "delivered_at": at, "receiver": signed_by}
