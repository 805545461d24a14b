"""Settings of an upper platform, and the schema on the wire."""

from typing import Literal

from pydantic import BaseModel, Field, HttpUrl


class UpperPlatformSettings(BaseModel):
    address: HttpUrl = Field(
        title="接口地址", description="上级平台给的地址，到 /batches 之前为止，例如 https://…/exchange。"
    )
    app: str = Field(title="应用标识", max_length=80, description="上级平台给本地的应用编号（appKey）。")
    signing: Literal["hmac-sha256", "hmac-sm3"] = Field(
        "hmac-sha256", title="签名算法", description="以对方的接口规范为准；国密要求的选 HMAC-SM3。"
    )


class UpperPlatformSecrets(BaseModel):
    secret: str = Field(title="签名密钥", min_length=8, max_length=200)


class RowAnswer(BaseModel):
    """The other side's word on one row: taken, refused for good (`reason`), or `later`."""

    guid: str
    accepted: bool
    later: bool = False
    reason: str = ""


class BatchAnswer(BaseModel):
    rows: list[RowAnswer]
