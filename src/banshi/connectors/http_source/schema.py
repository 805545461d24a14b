"""Address and answers of an HTTP source."""

from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field


class HttpAddress(BaseModel):
    """The base of an interface, and the token kept as the password of the sealed address."""

    model_config = ConfigDict(frozen=True)

    base: str = Field(pattern=r"^https?://[^/@]+(/.*)?$")
    token: str = ""

    @classmethod
    def of(cls, address: str) -> "HttpAddress":
        parts = urlsplit(address)
        plain = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
        return cls(base=plain.geturl().rstrip("/"), token=unquote(parts.password or ""))


class CheckReply(BaseModel):
    rows: int = Field(ge=0)
    columns: list[str]


class LookUpReply(BaseModel):
    rows: list[dict[str, Any]]
