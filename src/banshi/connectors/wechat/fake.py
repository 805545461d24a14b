"""An official account for tests: tokens that end, drafts, publishing, lists.

Like the real one it knows no keys: what is sent twice is there twice.
"""

from dataclasses import dataclass, field
from itertools import count

from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply
from banshi.core.json_types import JsonObject


@dataclass
class FakeOfficialAccount(Loopback):
    """An official account.

    `slow` counts the answers that publishing is still in progress, `bad_words` are refused in titles.
    """

    app: str = "wx0"
    secret: str = "a secret of tests"
    slow: int = 0
    bad_words: set[str] = field(default_factory=set)
    drafts: dict[str, JsonObject] = field(default_factory=dict)
    published: dict[str, JsonObject] = field(default_factory=dict)
    publishing: dict[str, str] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    token: str = ""

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def end_token(self) -> None:
        self.token = "ended"

    def answer(self, asked: ReceivedRequest) -> Reply:
        action = asked.path.removeprefix("/cgi-bin/")
        body = asked.json()
        if action == "stable_token":
            if (body["appid"], body["secret"]) != (self.app, self.secret):
                return 200, {"errcode": 40125, "errmsg": "invalid appsecret"}
            if not self.token or self.token == "ended":
                self.token = f"token{next(self._numbers)}"
            return 200, {"access_token": self.token, "expires_in": 7200}
        if asked.query.get("access_token") != self.token or self.token == "ended":
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}
        act = getattr(self, "_" + action.replace("/", "_"), None)
        return (200, act(body)) if act else (404, {})

    def _draft_add(self, body: JsonObject) -> dict[str, object]:
        written = body["articles"][0]
        if any(word in written["title"] for word in self.bad_words):
            return {"errcode": 45166, "errmsg": "invalid content"}
        media = f"media{next(self._numbers)}"
        self.drafts[media] = written
        return {"media_id": media}

    def _draft_batchget(self, body: JsonObject) -> dict[str, object]:
        return self._listed(self.drafts, "media_id", body)

    def _freepublish_submit(self, body: JsonObject) -> dict[str, object]:
        if body["media_id"] not in self.drafts:
            return {"errcode": 40007, "errmsg": "invalid media_id"}
        article_id = f"article{next(self._numbers)}"
        self.published[article_id] = self.drafts.pop(body["media_id"])
        self.log.append(("publish", self.published[article_id]["content_source_url"]))
        self.publishing[f"publish{article_id}"] = article_id
        return {"publish_id": f"publish{article_id}"}

    def _freepublish_get(self, body: JsonObject) -> dict[str, object]:
        if self.slow:
            self.slow -= 1
            return {"publish_id": body["publish_id"], "publish_status": 1}
        return {"publish_status": 0, "article_id": self.publishing[body["publish_id"]]}

    def _freepublish_batchget(self, body: JsonObject) -> dict[str, object]:
        return self._listed(self.published, "article_id", body)

    def _freepublish_delete(self, body: JsonObject) -> dict[str, object]:
        gone = self.published.pop(body["article_id"], None)
        if gone is None:
            return {"errcode": 53600, "errmsg": "invalid article_id"}
        self.log.append(("delete", gone["content_source_url"]))
        return {"errcode": 0}

    def _listed(self, rows: dict[str, JsonObject], key: str, body: JsonObject) -> dict[str, object]:
        newest = list(reversed(rows.items()))[body["offset"] : body["offset"] + body["count"]]
        listed = [{key: name, "content": {"news_item": [article]}} for name, article in newest]
        return {"total_count": len(rows), "item_count": len(listed), "item": listed}
