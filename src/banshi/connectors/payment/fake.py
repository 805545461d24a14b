"""A payment gateway for tests: orders known by number, paid when `pay` says so, refunded once."""

from dataclasses import dataclass, field
from urllib.parse import quote

from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply
from banshi.connectors.upper_platform.signing import signature


@dataclass
class FakePaymentGateway(Loopback):
    app: str = "banshi"
    secret: str = "a secret of tests"
    orders: dict[str, str] = field(default_factory=dict)
    paid: dict[str, str] = field(default_factory=dict)
    refunded: dict[str, str] = field(default_factory=dict)
    refuses: bool = False

    @property
    def url(self) -> str:
        """Return the value of BANSHI_PAYMENT_URL."""
        return self.address.replace("://", f"://{self.app}:{quote(self.secret)}@") + "/pay"

    def pay(self, order: str) -> None:
        self.paid[order] = f"42{len(self.paid):08d}"

    def answer(self, asked: ReceivedRequest) -> Reply:
        head = asked.headers
        how = {"secret": self.secret, "algorithm": head["x-sign-algorithm"]}
        if head["x-sign"] != signature(asked.method, asked.path, head["x-time"], asked.body, **how):
            return 401, {"message": "bad signature"}
        if asked.path == "/pay/check":
            return 200, {}
        body = asked.json()
        order = body["order"]
        match asked.path:
            case "/pay/orders":
                self.orders[order] = body["amount"]
                return 200, {"pay_url": f"{self.address}/cashier/{order}"}
            case "/pay/standings":
                number = self.paid.get(order, "")
                return 200, {"number": number, "paid_at": "2026-03-04T10:00:00+08:00" if number else None}
            case "/pay/refunds":
                if self.refuses or order not in self.paid:
                    return 200, {"accepted": False, "reason": "账户已注销"}
                self.refunded.setdefault(order, body["amount"])
                return 200, {"accepted": True}
        return 404, {}
