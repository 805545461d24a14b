"""Speaking HTTP with others: time limits, size limits, no redirects, and every trouble told in words.

The HTTP library is loaded by the first call: a server process that only answers people does without its megabytes.
"""

from __future__ import annotations

import json
import time
from threading import local
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from banshi.connectors.egress import refuse_inner
from banshi.outbox.channels import Unavailable

if TYPE_CHECKING:
    from requests import PreparedRequest, RequestException, Response, Session
    from urllib3.exceptions import HTTPError

CONNECT_SECONDS, READ_SECONDS = 5, 20
ANSWER_AT_MOST = 20 * 1024 * 1024
MOST_ANSWERS = 6
"""Times the limit of one read that a whole answer may take: one that drips byte by byte is cut off."""
AWAY = {408, 425, 429, 500, 502, 503, 504}
UNKNOWN_TO_THEM = {401, 403}
_kept = local()


def new_session() -> Session:
    """Create a session with credentials from the outlet only, never from a file of the machine's (.netrc)."""
    from requests import Session

    from banshi.connectors.transport import CheckedAdapter

    session = Session()
    session.mount("http://", CheckedAdapter())
    session.mount("https://", CheckedAdapter())
    session.auth = _no_other_credentials
    session.headers["User-Agent"] = "banshi"
    return session


def kept_session() -> Session:
    """Return the session of this thread, which keeps its connections."""
    if not hasattr(_kept, "session"):
        _kept.session = new_session()
    session: Session = _kept.session
    return session


def _no_other_credentials(prepared: PreparedRequest) -> PreparedRequest:
    return prepared


def call(
    session: Session,
    method: str,
    url: str,
    *,
    seconds: float = READ_SECONDS,
    at_most: int = ANSWER_AT_MOST,
    every_status: bool = False,
    **more: Any,
) -> Response:
    """Return the answer, read whole.

    Raises Unavailable when there is none, or, but for `every_status`, when it says that the other side can't now.
    """
    from requests import RequestException
    from urllib3.exceptions import HTTPError

    refuse_inner(url)
    limits, began = (min(CONNECT_SECONDS, seconds), seconds), time.monotonic()
    try:
        with session.request(method, url, timeout=limits, allow_redirects=False, stream=True, **more) as response:
            body = bytearray()
            # As it comes: who waits for a whole block waits as long as somebody drips.
            while part := response.raw.read1(65_536, decode_content=True):
                body += part
                if len(body) > at_most:
                    raise Unavailable("对方的答复太长")
                if time.monotonic() - began > MOST_ANSWERS * seconds:
                    raise Unavailable("对方答得太慢")
            response._content = bytes(body)
    except (RequestException, HTTPError) as trouble:
        raise Unavailable(f"{_words(trouble)}（{urlsplit(url).netloc}）") from trouble
    if every_status:
        return response
    if response.status_code in AWAY or response.status_code >= 500:
        raise Unavailable(f"对方暂时不能接收（HTTP {response.status_code}）")
    if response.status_code in UNKNOWN_TO_THEM:
        raise Unavailable(f"对方不认可我方的密钥（HTTP {response.status_code}）")
    if 300 <= response.status_code < 400:
        raise Unavailable(f"地址已经变更（HTTP {response.status_code}），请修改渠道地址")
    return response


def read_json(response: Response) -> dict[str, object]:
    try:
        answer = json.loads(response.content)
    except ValueError as trouble:
        raise Unavailable(f"对方的答复读不懂（HTTP {response.status_code}）") from trouble
    if not isinstance(answer, dict):
        raise Unavailable(f"对方的答复读不懂（HTTP {response.status_code}）")
    return answer


def _words(trouble: RequestException | HTTPError) -> str:
    from requests import exceptions
    from urllib3.exceptions import ReadTimeoutError

    match trouble:
        case ReadTimeoutError():
            return "对方没有在规定时间内答复"
        case exceptions.SSLError() if "certificate has expired" in str(trouble):
            return "对方的证书过期了"
        case exceptions.SSLError():
            return "对方的证书不可信"
        case exceptions.Timeout():
            return "对方没有在规定时间内答复"
        case exceptions.ConnectionError():
            return "连不上对方"
        case exceptions.InvalidURL() | exceptions.InvalidSchema() | exceptions.MissingSchema():
            return "渠道地址不对"
    return "与对方通信出错"
