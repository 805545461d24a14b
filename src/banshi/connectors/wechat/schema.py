"""Settings of an official account, and the schema of its answers."""

from pydantic import BaseModel, Field, HttpUrl


class WechatSettings(BaseModel):
    address: HttpUrl = Field(
        HttpUrl("https://api.weixin.qq.com"), title="接口地址", description="公众平台的接口，或本单位的转发地址。"
    )
    app: str = Field(title="公众号 AppID", max_length=80)
    cover: str = Field(
        title="封面素材编号", max_length=200, description="在公众号素材库上传一张封面后得到的 media_id。"
    )
    author: str = Field("", title="作者", max_length=8, description="文章署名，可以不填。")


class WechatSecrets(BaseModel):
    secret: str = Field(title="公众号 AppSecret", min_length=8, max_length=200)


class WechatReply(BaseModel):
    """Every answer of the interface, as far as we read it. Troubles come with HTTP 200 and an `errcode`."""

    errcode: int = 0
    errmsg: str = ""
    access_token: str = ""
    expires_in: int = 0
    media_id: str = ""
    publish_id: str = ""
    publish_status: int = 0
    article_id: str = ""
    total_count: int = 0
    item: list["StoredArticle"] = Field(default_factory=list)


class WechatArticle(BaseModel):
    content_source_url: str = ""


class Content(BaseModel):
    news_item: list[WechatArticle] = Field(default_factory=list)


class StoredArticle(BaseModel):
    """A draft (media_id) or a published article (article_id) of a list."""

    media_id: str = ""
    article_id: str = ""
    content: Content = Field(default_factory=Content)
