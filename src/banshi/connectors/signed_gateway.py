"""Signed calls to a gateway that settings name (SMS, payment), answered in JSON."""

import json
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from banshi.connectors.http_client import call, new_session, read_json
from banshi.connectors.upper_platform.signing import signed
from banshi.core.gateways import GatewayAddress
from banshi.core.json_types import JsonObject
from banshi.outbox.channels import Unavailable

M = TypeVar("M", bound=BaseModel)


class SignedGateway:
    def __init__(self, place: GatewayAddress) -> None:
        self.place, self.session = place, new_session()

    def check(self, *, at: datetime) -> None:
        """Ask whether the gateway answers and knows us.

        Raises Unavailable.
        """
        self._call("GET", "/check", b"", at)

    def ask(self, action: str, body: JsonObject, answer: type[M], *, at: datetime) -> M:
        """Send JSON and read the answer.

        Raises Unavailable.
        """
        said = self._call("POST", action, json.dumps(body, ensure_ascii=False).encode(), at)
        try:
            return answer.model_validate(said)
        except ValidationError as trouble:
            raise Unavailable("对方的答复读不懂") from trouble

    def _call(self, method: str, action: str, body: bytes, at: datetime) -> JsonObject:
        url = f"{self.place.address}{action}"
        how = {"app": self.place.app, "secret": self.place.secret, "algorithm": self.place.signing}
        sign = signed(method, urlsplit(url).path, body, **how, at=at)
        response = call(self.session, method, url, data=body, headers={"Content-Type": "application/json", **sign})
        if response.status_code != 200:
            raise Unavailable(f"地址不对，或对方没有这个接口（HTTP {response.status_code}）")
        return read_json(response)
