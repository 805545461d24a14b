"""The caller behind a token or session, and its scopes."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from banshi.access import is_beyond, scope_permissions
from banshi.clients.models import Client
from banshi.sites.api.authentication import AUTHENTICATED, caller
from banshi.sites.api.errors import COMMON, ProblemDetails
from banshi.sites.api.schemas import OrganBrief

router = Router(tags=["登录与授权"], auth=AUTHENTICATED)


class CallerOut(BaseModel):
    """令牌（或登录）代表谁，能做什么。"""

    kind: Literal["system", "person"] = Field(title="system 单位的系统，person 个人（本人登录或本人同意的应用）")
    name: str = Field(title="名称")
    organ: OrganBrief | None = Field(title="代表哪个单位；个人为 null")
    scopes: list[str] = Field(title="能做什么（权限代码）；本人登录的为全部")


@router.get("/me", response={200: CallerOut, COMMON | {401}: ProblemDetails}, summary="我是谁")
def show_caller(request: HttpRequest) -> Any:
    """看令牌是不是有效、代表谁、能做什么。"""
    who = caller(request)
    organ = {"id": who.organ_id, "name": who.organ.name} if isinstance(who, Client) else None
    return {
        "kind": "system" if organ else "person",
        "name": str(who),
        "organ": organ,
        "scopes": [str(each) for each in scope_permissions() if not is_beyond(who, each)],
    }
