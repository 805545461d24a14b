"""Every error of the API as RFC 9457 problem details, with what to do now and each place that is wrong."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import BaseModel, Field

from banshi.core.errors import BadInput, BanshiError, Conflict, Missing, Problem, Refused, TooOften
from banshi.core.outages import outage_of
from banshi.exchange.gateway import NotSigned

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class ProblemOut(BaseModel):
    detail: str = Field(title="什么不对")
    where: str = Field("", title="在哪里")
    field: str = Field("", title="参数或要素")
    remedy: str = Field("", title="怎么改")


class ProblemDetails(BaseModel):
    """出错时的统一格式（RFC 9457）。"""

    type: str = Field(title="哪一类错，是接口说明里的地址")
    title: str = Field(title="这一类错的名称")
    status: int = Field(title="HTTP 状态码")
    detail: str = Field(title="发生了什么")
    instance: str = Field(title="请求的地址")
    where: str = Field("", title="在哪里")
    remedy: str = Field("", title="现在怎么办")
    errors: list[ProblemOut] = Field(default_factory=list, title="逐项问题")


class Gone(Missing):
    """It was public once and is no longer in force. Its history still answers."""

    status = 410


class TooMany(BanshiError):
    status = 429


class Unauthorized(BanshiError):
    """Nobody, or a token that no longer serves."""

    status = 401


TYPES: dict[type[BanshiError], tuple[str, str]] = {
    Unauthorized: ("unauthorized", "没有登录或令牌无效"),
    NotSigned: ("not-signed", "没有签名或签名不对"),
    Refused: ("refused", "没有这项权限"),
    Gone: ("gone", "曾经公布，现已不在用"),
    Missing: ("missing", "没有找到"),
    Conflict: ("conflict", "情况有变"),
    BadInput: ("bad-input", "内容有不对的地方"),
    TooMany: ("too-many", "请求太频繁"),
    TooOften: ("limit-reached", "次数到了上限"),
    BanshiError: ("failed", "没有办成"),
}
"""The types of problems, explained in the API's documentation. The first that fits an error is its type."""
COMMON = frozenset({404, 405, 422, 429, 500})
WORDS = {
    "missing": "缺少这个参数",
    "int_parsing": "要填整数",
    "int_type": "要填整数",
    "bool_parsing": "要填 true 或 false",
    "enum": "不是可选的值",
    "literal_error": "不是可选的值",
    "uuid_parsing": "不是有效的编号（UUID）",
    "date_from_datetime_parsing": "要填日期，如 2026-11-23",
    "date_parsing": "要填日期，如 2026-11-23",
    "datetime_from_date_parsing": "要填时间，如 2026-11-23T08:00:00+08:00",
    "datetime_parsing": "要填时间，如 2026-11-23T08:00:00+08:00",
    "string_type": "要填文字",
    "string_too_long": "太长",
    "string_too_short": "太短",
    "string_pattern_mismatch": "格式不对",
    "value_error": "要填时间，如 2026-11-23T08:00:00+08:00",
    "greater_than_equal": "数太小",
    "less_than_equal": "数太大",
    "json_invalid": "不是有效的 JSON",
    "extra_forbidden": "没有这一项",
}


def details_of(request: HttpRequest, error: BanshiError) -> ProblemDetails:
    code, title = next(TYPES[kind] for kind in type(error).__mro__ if kind in TYPES)
    problems = error.problems if isinstance(error, BadInput) else []
    return ProblemDetails(
        type=f"/api/v1/docs#{code}",
        title=title,
        status=error.status,
        detail=error.message,
        instance=request.path,
        where=error.where,
        remedy=error.remedy,
        errors=[ProblemOut(detail=p.message, where=p.where, field=p.field, remedy=p.remedy) for p in problems],
    )


def told(request: HttpRequest, error: BanshiError) -> HttpResponse:
    """Return the answer that tells an error."""
    text = details_of(request, error).model_dump_json()
    response = HttpResponse(text, status=error.status, content_type=MEDIA_TYPE)
    if isinstance(error, Unauthorized):
        shown = "Authorization" in request.headers
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"' if shown else "Bearer"
    return response


def from_validation(request: HttpRequest, error: ValidationError) -> BanshiError:
    problems = []
    for each in error.errors:
        if each["type"] == "none_required":
            continue
        place = each.get("loc", ())
        field = str(place[2] if len(place) > 2 else place[-1]) if place else ""
        message = WORDS.get(each["type"], "不合要求")
        if limits := each.get("ctx"):
            message += "（" + "、".join(str(limit) for limit in limits.values()) + "）"
        problems.append(Problem(message, where=f"参数 {field}", field=field))
    return BadInput("请求的参数不对", problems, where=request.path, remedy="请按接口说明修改后重试。")


def from_http(request: HttpRequest, error: HttpError) -> BanshiError:
    if isinstance(error, Throttled):
        return TooMany("请求太频繁", remedy="请一分钟后再试，或下载整份开放数据。")
    if isinstance(error, AuthenticationError):
        return Unauthorized("没有登录", remedy="请带上 Authorization: Bearer 令牌；怎么取得见 /api/v1/docs。")
    if error.status_code == 403:
        return Refused("缺少防伪标记（CSRF）", remedy="用网页登录的会话写入时，请带 X-CSRFToken；程序请用令牌。")
    told_as = BanshiError(error.message, where=request.path)
    if error.status_code == 400:  # which the framework says of a body alone
        remedy = "请发 JSON 并写明 Content-Type: application/json；上传文件的用 multipart/form-data。"
        told_as = BanshiError("请求的内容读不懂", where=request.path, remedy=remedy)
    told_as.status = error.status_code
    return told_as


def from_404(request: HttpRequest, error: Http404) -> BanshiError:
    return Missing("没有这个地址", where=request.path, remedy="所有地址见 /api/v1/docs。")


def from_accident(request: HttpRequest, error: Exception) -> BanshiError:
    """Hide the accident, which the log has whole."""
    log.exception("API accident at %s", request.path, exc_info=error)
    if outage := outage_of(error):
        return outage
    told_as = BanshiError("系统出错了", where=request.path, remedy="已记录，请稍后重试。")
    told_as.status = 500
    return told_as
