"""A time-stamping authority by HTTP. The protocol is pyHanko's, the call our own, with its limits and its egress filter."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from banshi.connectors.http_client import call, new_session
from banshi.connectors.timestamp.schema import LARGEST, QUERY, REPLY
from banshi.ledger.stamps import UNREADABLE, judged
from banshi.outbox.channels import Unavailable

if TYPE_CHECKING:
    from asn1crypto.tsp import TimeStampReq, TimeStampResp


class TimestampAuthority:
    def __init__(self, url: str) -> None:
        self.url, self.session = url, new_session()

    def stamp(self, digest: bytes) -> bytes:
        """Have a SHA-256 digest stamped, and return the token in DER.

        Raises Unavailable, also for a token of something else or of nobody we trust.
        """
        from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

        authority = self

        class OverOurLine(TimeStamper):
            async def async_request_tsa_response(self, req: "TimeStampReq") -> "TimeStampResp":
                return authority._answer(req)

        try:
            with ThreadPoolExecutor(max_workers=1) as pool:
                asked = OverOurLine().async_timestamp(digest, "sha256")  # type: ignore[no-untyped-call]
                token: bytes = pool.submit(asyncio.run, asked).result().dump()
        except (*UNREADABLE, TimestampRequestError) as trouble:
            raise Unavailable("时间戳机构没有给，或答复读不懂") from trouble
        found = judged([(digest, token)])[0]
        if found is None or not found.intact:
            raise Unavailable("时间戳机构给的时间戳不是这个摘要的")
        if found.trusted is False:
            raise Unavailable(f"不认可签发时间戳的机构（{found.authority}）")
        return token

    def _answer(self, asked: "TimeStampReq") -> "TimeStampResp":
        from asn1crypto.tsp import TimeStampResp

        head = {"Content-Type": QUERY, "Accept": REPLY}
        said = call(self.session, "POST", self.url, data=asked.dump(), headers=head, at_most=LARGEST)
        if said.status_code != 200:
            raise Unavailable(f"地址不对，或对方没有这个接口（HTTP {said.status_code}）")
        return TimeStampResp.load(said.content, strict=True)

    def check(self, *, at: datetime) -> None:
        """Have the moment's digest stamped, which is kept nowhere.

        Raises Unavailable.
        """
        self.stamp(hashlib.sha256(f"banshi check {at.isoformat()}".encode()).digest())


def authority_in_settings() -> TimestampAuthority | None:
    return TimestampAuthority(settings.TIMESTAMP_URL) if settings.TIMESTAMP_URL else None
