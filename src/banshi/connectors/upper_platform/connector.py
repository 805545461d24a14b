"""To an upper platform like the 政务服务网: batches of exchange rows (C0111), signed, each row answered by itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import ValidationError

from banshi.catalog.c0111 import exchange_row
from banshi.connectors.base import Delivery, OutletKind
from banshi.connectors.http_client import call, new_session, read_json
from banshi.connectors.upper_platform.schema import BatchAnswer, RowAnswer, UpperPlatformSecrets, UpperPlatformSettings
from banshi.connectors.upper_platform.signing import signed
from banshi.core.json_types import JsonObject
from banshi.outbox.channels import Answer, DeliveryOutcome, Unavailable

if TYPE_CHECKING:
    from requests import Response

UNREADABLE = {400, 413, 422}
"""The platform can't read the batch as it is: a smaller one may do, or tell which row is wrong."""


class UpperPlatform:
    def __init__(self, place: UpperPlatformSettings, secrets: UpperPlatformSecrets) -> None:
        self.place, self.secrets, self.session = place, secrets, new_session()

    def check(self, *, at: datetime) -> None:
        response = self._call("GET", "/check", b"", at)
        if response.status_code != 200:
            raise Unavailable(f"地址不对，或对方没有这个接口（HTTP {response.status_code}）")

    def deliver(self, deliveries: Sequence[Delivery], *, at: datetime) -> Sequence[Answer]:
        body = json.dumps({"rows": [row(delivery) for delivery in deliveries]}, ensure_ascii=False).encode()
        response = self._call("POST", "/batches", body, at)
        if response.status_code in UNREADABLE:
            if len(deliveries) == 1:
                return [Answer(DeliveryOutcome.REFUSED, f"对方读不懂这一条（HTTP {response.status_code}）")]
            middle = len(deliveries) // 2
            return [*self.deliver(deliveries[:middle], at=at), *self.deliver(deliveries[middle:], at=at)]
        if response.status_code != 200:
            raise Unavailable(f"地址不对，或对方没有这个接口（HTTP {response.status_code}）")
        try:
            answer = BatchAnswer.model_validate(read_json(response))
        except ValidationError as trouble:
            raise Unavailable("对方的答复读不懂") from trouble
        answered = {each.guid: each for each in answer.rows}
        return [_answer(answered.get(str(delivery.key))) for delivery in deliveries]

    def _call(self, method: str, action: str, body: bytes, at: datetime) -> Response:
        url = str(self.place.address).rstrip("/") + action
        sign = signed(
            method,
            urlsplit(url).path,
            body,
            app=self.place.app,
            secret=self.secrets.secret,
            algorithm=self.place.signing,
            at=at,
        )
        return call(self.session, method, url, data=body, headers={"Content-Type": "application/json", **sign})


def row(delivery: Delivery) -> JsonObject:
    """Return the exchange row, with the operation as the platform has to see it, and the GUID by which it knows a
    repetition.
    """
    return {**exchange_row(delivery.change), "cd_operation": delivery.operation, "cd_guid": str(delivery.key)}


def _answer(answered: RowAnswer | None) -> Answer:
    if answered is None:
        return Answer(DeliveryOutcome.LATER, "对方没有答复这一条")
    if answered.accepted:
        return Answer(DeliveryOutcome.TAKEN)
    return Answer(
        DeliveryOutcome.LATER if answered.later else DeliveryOutcome.REFUSED, answered.reason or "对方没有说明原因"
    )


KIND = OutletKind(
    code="upper_platform",
    label="上级政务服务平台",
    icon="cloud-upload",
    what="按国家平台交换库的字段（C0111），成批报送新增、变更、撤下。",
    place=UpperPlatformSettings,
    secrets=UpperPlatformSecrets,
    connector=UpperPlatform,
    at_once=100,
)
