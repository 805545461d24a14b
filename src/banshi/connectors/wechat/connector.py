"""To an official account like WeChat's: one article an item. A new version is published, then the old one deleted.

The interface knows no idempotency key. So each article carries its change's GUID in 阅读原文, and a delivery that may have
arrived before is first looked for among what is published and what is drafted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from banshi.catalog.models import Publication
from banshi.connectors.base import Delivery, OutletKind
from banshi.connectors.http_client import call, new_session, read_json
from banshi.connectors.wechat.article import article, source_url
from banshi.connectors.wechat.schema import StoredArticle, WechatReply, WechatSecrets, WechatSettings
from banshi.core.json_types import JsonObject
from banshi.outbox.channels import Answer, DeliveryOutcome, Unavailable

TOKEN_STALE = {40001, 40014, 42001}
AWAY = {
    -1: "公众平台繁忙",
    45009: "今天的调用次数用完了",
    40164: "本机地址不在公众号的 IP 白名单里",
    48001: "公众号没有发布的权限",
}
AWAY |= {40013: "AppID 不对", 40125: "AppSecret 不对", 41004: "AppSecret 不对"}
GONE = {53600}
IN_PROGRESS = 1
FAILED = {2: "原创声明未通过", 3: "发布失败", 4: "平台审核未通过", 5: "发布后被删除", 6: "发布后被平台封禁"}
PAGE, PAGES = 20, 50


class WechatRefusal(Exception):
    """An errcode about this article. `code` and the platform's words."""

    def __init__(self, said: WechatReply) -> None:
        super().__init__(f"公众平台不接收：{said.errcode} {said.errmsg}")
        self.code = said.errcode


class OfficialAccount:
    def __init__(self, place: WechatSettings, secrets: WechatSecrets) -> None:
        self.place, self.secrets, self.session = place, secrets, new_session()
        self._token, self._until = "", datetime.min

    def check(self, *, at: datetime) -> None:
        self._say("draft/batchget", at, offset=0, count=1, no_content=1)

    def deliver(self, deliveries: Sequence[Delivery], *, at: datetime) -> Sequence[Answer]:
        return [self._deliver(delivery, at) for delivery in deliveries]

    def _deliver(self, delivery: Delivery, at: datetime) -> Answer:
        try:
            shown = delivery.publication
            answer = self._show(delivery, shown, at) if shown else Answer(DeliveryOutcome.TAKEN)
            if answer.outcome is DeliveryOutcome.TAKEN and delivery.before and delivery.before != answer.receipt:
                try:
                    self._say("freepublish/delete", at, article_id=delivery.before, index=0)
                except WechatRefusal as refusal:
                    if refusal.code not in GONE:
                        raise
        except WechatRefusal as refusal:
            return Answer(DeliveryOutcome.REFUSED, str(refusal))
        return answer

    def _show(self, delivery: Delivery, shown: Publication, at: datetime) -> Answer:
        if delivery.again and (there := self._found("freepublish/batchget", delivery, at)):
            return Answer(DeliveryOutcome.TAKEN, receipt=there.article_id)
        publish_id = delivery.begun or self._submit(delivery, shown, at)
        said = self._say("freepublish/get", at, publish_id=publish_id)
        if said.publish_status == IN_PROGRESS:
            return Answer(DeliveryOutcome.LATER, "公众平台正在发布", receipt=publish_id)
        if said.publish_status in FAILED:
            return Answer(DeliveryOutcome.REFUSED, FAILED[said.publish_status])
        return Answer(DeliveryOutcome.TAKEN, receipt=said.article_id)

    def _submit(self, delivery: Delivery, shown: Publication, at: datetime) -> str:
        drafted = self._found("draft/batchget", delivery, at) if delivery.again else None
        if drafted:
            media = drafted.media_id
        else:
            written = article(delivery, shown, cover=self.place.cover, author=self.place.author)
            media = self._say("draft/add", at, articles=[written]).media_id
        return self._say("freepublish/submit", at, media_id=media).publish_id

    def _found(self, where: str, delivery: Delivery, at: datetime) -> StoredArticle | None:
        """Find our own article of an earlier try."""
        wanted = source_url(delivery)
        for page in range(PAGES):
            said = self._say(where, at, offset=page * PAGE, count=PAGE, no_content=1)
            for kept in said.item:
                if any(each.content_source_url == wanted for each in kept.content.news_item):
                    return kept
            if (page + 1) * PAGE >= said.total_count:
                break
        return None

    # Speaking

    def _say(self, action: str, at: datetime, **body: Any) -> WechatReply:
        said = self._post(f"{action}?access_token={self._access(at)}", body)
        if said.errcode in TOKEN_STALE:
            self._token = ""
            said = self._post(f"{action}?access_token={self._access(at)}", body)
        if said.errcode in TOKEN_STALE:
            raise Unavailable(f"公众平台不认可访问令牌（{said.errcode}）")
        if said.errcode:
            raise WechatRefusal(said)
        return said

    def _access(self, at: datetime) -> str:
        """Return the access token, renewed five minutes before it ends."""
        if not self._token or at >= self._until:
            who = {"grant_type": "client_credential", "appid": self.place.app, "secret": self.secrets.secret}
            said = self._post("stable_token", who)
            if not said.access_token:
                raise Unavailable(f"公众平台没有给访问令牌：{said.errcode} {said.errmsg}")
            self._token, self._until = said.access_token, at + timedelta(seconds=max(0, said.expires_in - 300))
        return self._token

    def _post(self, action: str, body: JsonObject) -> WechatReply:
        url = f"{str(self.place.address).rstrip('/')}/cgi-bin/{action}"
        try:
            said = WechatReply.model_validate(read_json(call(self.session, "POST", url, json=body)))
        except ValidationError as trouble:
            raise Unavailable("公众平台的答复读不懂") from trouble
        if said.errcode in AWAY:
            raise Unavailable(f"{AWAY[said.errcode]}（{said.errcode}）")
        return said


KIND = OutletKind(
    code="wechat",
    label="微信公众号",
    icon="chat-dots",
    what="每个事项发布一篇文章，变更时换新、撤下时删除。",
    place=WechatSettings,
    secrets=WechatSecrets,
    connector=OfficialAccount,
    at_once=1,
)
