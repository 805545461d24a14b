"""Address and answers of another banshi's gateway."""

from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field

PRIVATE_BYTES = 32


class GrantThere(BaseModel):
    model_config = ConfigDict(frozen=True)

    number: int = Field(ge=1)
    resource: str = Field(min_length=1, max_length=60)


class BanshiAddress(BaseModel):
    """The site, the key that signs, the item there, and the grant and resource of each table."""

    model_config = ConfigDict(frozen=True)

    site: str = Field(pattern=r"^https?://[^/@]+(/.*)?$")
    keyid: str = Field(min_length=1)
    private: bytes = Field(min_length=PRIVATE_BYTES, max_length=PRIVATE_BYTES, repr=False)
    item: str = Field(min_length=1, max_length=120)
    grants: dict[str, GrantThere] = Field(min_length=1)

    @classmethod
    def of(cls, address: str) -> "BanshiAddress":
        parts = urlsplit(address)
        plain = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
        told = dict(parse_qsl(parts.query))
        item = told.pop("item", "")
        named = {table: each.partition(":") for table, each in told.items()}
        raw = unquote(parts.password or "")
        return cls.model_validate(
            {
                "site": plain.geturl().rstrip("/"),
                "keyid": unquote(parts.username or ""),
                "private": urlsafe_b64decode(raw + "=" * (-len(raw) % 4)),
                "item": item,
                "grants": {table: {"number": n, "resource": code} for table, (n, _, code) in named.items()},
            }
        )


class DescribedGrant(BaseModel):
    fields: list[str]
    masked: list[str]
    verify_only: bool
    rows: int | None


class Records(BaseModel):
    rows: list[dict[str, Any]]
    masked: list[str]
