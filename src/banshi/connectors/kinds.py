"""The kinds of outlets there are. A new one is a folder and a line here."""

import json

from cryptography.exceptions import InvalidTag

from banshi.connectors.base import Connector, OutletKind
from banshi.connectors.kiosk.connector import KIND as KIOSK
from banshi.connectors.models import Outlet
from banshi.connectors.upper_platform.connector import KIND as UPPER_PLATFORM
from banshi.connectors.wechat.connector import KIND as WECHAT
from banshi.core.crypto import decrypt, encrypt
from banshi.core.errors import Missing
from banshi.core.json_types import JsonObject
from banshi.outbox.channels import Unavailable

KINDS: dict[str, OutletKind] = {kind.code: kind for kind in (UPPER_PLATFORM, WECHAT, KIOSK)}
SEAL = "connectors.secrets"


def kind_of(outlet: Outlet) -> OutletKind:
    return kind_named(outlet.kind)


def kind_named(code: str) -> OutletKind:
    if code not in KINDS:
        raise Missing("没有这种发布渠道")
    return KINDS[code]


def connector_of(outlet: Outlet) -> Connector:
    """Build an outlet's connector, the only place where secrets are opened.

    Raises Unavailable when they can't be.
    """
    kind = kind_of(outlet)
    try:
        opened = json.loads(decrypt(bytes(outlet.secrets_sealed), purpose=SEAL))
        made: Connector = kind.connector(kind.place.model_validate(outlet.place), kind.secrets.model_validate(opened))
    except (InvalidTag, ValueError) as trouble:
        raise Unavailable("密钥或设置读不出来，请重新填写") from trouble
    return made


def sealed(secrets: JsonObject) -> bytes:
    return encrypt(json.dumps(secrets, ensure_ascii=False), purpose=SEAL)
