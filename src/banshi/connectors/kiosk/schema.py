"""Settings of kiosks, and the schema of their folder."""

from datetime import datetime

from pydantic import BaseModel, Field, HttpUrl


class KioskSettings(BaseModel):
    address: HttpUrl = Field(
        title="文件夹地址",
        description="自助终端取包的文件夹（网页服务器，允许我方用 PUT 写入），例如 https://…/kiosk。",
    )
    papers: bool = Field(True, title="附可打印的 PDF", description="终端要打印办事指南时勾选；包会大一些。")


class KioskSecrets(BaseModel):
    token: str = Field(title="写入口令", min_length=8, max_length=200, description="文件夹给我方的 Bearer 口令。")


class BundleLine(BaseModel):
    """One bundle of the index. A kiosk remembers the last `number` it took in and fetches those after it."""

    number: int
    file: str
    digest: str = Field(description="SHA-256 of the zip")
    size: int
    items: int
    made_at: datetime


class Index(BaseModel):
    """index.json. `keys`: the changes of the newest bundles, by which we know what has arrived."""

    format: int = 1
    bundles: list[BundleLine] = Field(default_factory=list)
    keys: list[str] = Field(default_factory=list)


class BundleEntry(BaseModel):
    """One item of a bundle, whose `page` (and `paper`) is to be shown, or shown no longer."""

    item: str
    change: str
    batch: str
    operation: str
    name: str
    page: str = ""
    paper: str = ""


class BundleManifest(BaseModel):
    """The manifest.json of a bundle, with `digests` (SHA-256) of every other file in it."""

    format: int = 1
    site: str
    made_at: datetime
    entries: list[BundleEntry]
    digests: dict[str, str]
