"""The OpenAPI document, and the page that explains the API to people, made from it."""

import json
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from pydantic_core import to_json

from banshi.access import permission_label
from banshi.clients.scopes import scopes_of_apps, scopes_of_systems
from banshi.core.json_types import JsonObject
from banshi.sites.api.api import api
from banshi.sites.api.errors import MEDIA_TYPE, TYPES
from banshi.sites.api.responses import sealed

PREFIX = "/api/v1/"
PROBLEM = {"$ref": "#/components/schemas/ProblemDetails"}


TAGS = {
    "一件事": "一件事的说明，以及一次填报、一套材料的申请。",
    "分类、机构与区划": "目录用到的分类、机构和行政区划。",
    "办件": "机构的业务系统查看、办理本机构的办件。",
    "变动与批次": "事项和指南改了什么，按次或者成批取。",
    "大厅": "大厅、取号、叫号和首问。",
    "搜索": "按群众的说法找事项。",
    "申请": "本人填写、提交和查看申请。",
    "登录与授权": "当前是谁，可以做什么。",
    "目录与指南": "已公布的事项和办事指南，免登录。",
    "窗口收件和出件": "窗口替当面的人收件，结果上架、送达、交付。",
    "预约": "空余时段、预约、改期和取消。",
}


@cache
def description() -> bytes:
    """Describe the API once: it depends on nothing but the code and the site's address."""
    described: JsonObject = dict(api.get_openapi_schema(path_prefix=PREFIX))
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    described |= {
        "servers": [{"url": settings.SITE_URL}],
        "tags": [{"name": name, "description": TAGS[name]} for name in sorted({one["tags"][0] for one in operations})],
        "security": [],
    }
    described["info"] |= {
        "contact": {"name": f"{settings.CITY_NAME}政务服务", "url": f"{settings.SITE_URL}/open-data/"},
        "license": {"name": "开放数据：注明来源和取得日期即可使用", "url": f"{settings.SITE_URL}/open-data/"},
    }
    for one in operations:
        one.setdefault("description", one["summary"])
        for answer in one["responses"].values():
            # What tells an error is of its own media type.
            if (told := answer.get("content", {}).get("application/json")) and told["schema"] == PROBLEM:
                answer["content"] = {MEDIA_TYPE: told}
    described["components"]["securitySchemes"] = _security()
    schemas = described["components"]["schemas"]
    while True:
        written = to_json(described)
        unused = [name for name in schemas if f'"#/components/schemas/{name}"'.encode() not in written]
        if not unused:
            return written
        for name in unused:
            del schemas[name]


def _security() -> JsonObject:
    """Describe how one proves who one is: OAuth 2.0 with the scopes there are, or the session of the pages."""
    scopes = {str(each): permission_label(each) for each in (*scopes_of_systems(), *scopes_of_apps())}
    token = reverse("oauth2_provider:token")
    authorization = {"authorizationUrl": reverse("oauth2_provider:authorize"), "tokenUrl": token, "refreshUrl": token}
    flows = {
        "clientCredentials": {"tokenUrl": token, "scopes": scopes},
        "authorizationCode": {**authorization, "scopes": scopes},
    }
    return {
        "BearerToken": {"type": "oauth2", "flows": flows},
        "Session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    }


def send_description(request: HttpRequest) -> HttpResponse:
    return sealed(request, HttpResponse(description(), content_type="application/json; charset=utf-8"))


@require_safe
def show_docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html", _page())


@cache
def _page() -> dict[str, object]:
    described = json.loads(description())
    groups: dict[str, list[JsonObject]] = {}
    for address, methods in described["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(
                {
                    "method": method.upper(),
                    "address": address,
                    "summary": operation["summary"],
                    "description": operation["description"],
                    "parameters": [_parameter(each) for each in operation.get("parameters", [])],
                    "link": address if "{" not in address and method == "get" and not operation.get("security") else "",
                    "closed": bool(operation.get("security")),
                }
            )
    scopes = [
        (str(each), permission_label(each), for_whom)
        for some, for_whom in ((scopes_of_systems(), "单位的系统"), (scopes_of_apps(), "群众用的应用"))
        for each in some
    ]
    return {"info": described["info"], "groups": groups, "scopes": scopes, "types": TYPES.values()}


def _parameter(described: JsonObject) -> dict[str, object]:
    schema = described["schema"]
    schema = {**schema, **schema.get("allOf", [{}])[0]}
    return {
        "name": described["name"],
        "in_path": described["in"] == "path",
        "meaning": described.get("description", ""),
        "values": "、".join(map(str, schema.get("enum", []))),
        "kind": KINDS.get(schema.get("format") or schema.get("type", ""), ""),
        "default": schema.get("default"),
    }


KINDS = {
    "integer": "整数",
    "boolean": "true/false",
    "string": "文字",
    "date": "日期",
    "date-time": "时间",
    "uuid": "编号",
}
