"""The OpenAPI document, and the page that explains the API to people, made from it."""

import json
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from pydantic_core import to_json

from banshi.core.json_types import JsonObject
from banshi.sites.api.api import api
from banshi.sites.api.responses import sealed

PREFIX = "/api/v1/"


@cache
def description() -> bytes:
    """Describe the API once: it depends on nothing but the code and the site's address."""
    described: JsonObject = dict(api.get_openapi_schema(path_prefix=PREFIX))
    used = {operation["get"]["tags"][0] for operation in described["paths"].values()}
    described |= {
        "servers": [{"url": settings.SITE_URL}],
        "tags": [{"name": name} for name in sorted(used)],
        "security": [],
    }
    described["info"] |= {
        "contact": {"name": f"{settings.CITY_NAME}政务服务", "url": f"{settings.SITE_URL}/open-data/"},
        "license": {"name": "开放数据：注明来源和取得日期即可使用", "url": f"{settings.SITE_URL}/open-data/"},
    }
    for operation in described["paths"].values():
        operation["get"].setdefault("description", operation["get"]["summary"])
    schemas = described["components"]["schemas"]
    while unused := [name for name in schemas if f'"#/components/schemas/{name}"'.encode() not in to_json(described)]:
        for name in unused:
            del schemas[name]
    return to_json(described)


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
        operation = methods["get"]
        parameters = [_parameter(each) for each in operation.get("parameters", [])]
        groups.setdefault(operation["tags"][0], []).append(
            {
                "address": address,
                "summary": operation["summary"],
                "description": operation.get("description", ""),
                "parameters": parameters,
                "link": address if "{" not in address else "",
            }
        )
    return {"info": described["info"], "groups": groups}


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
