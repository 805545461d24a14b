"""Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2): kinds of complaints, taking them in, and where each stands.

No text, no person, no report of misconduct and no time of day is in what is read here; number and query code open the rest on the site.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt

from banshi.access import Visitor
from banshi.calendar.queries import calendar_in_force
from banshi.core.clock import CHINA, now
from banshi.core.crypto import blind_index
from banshi.core.errors import BadInput, BanshiError
from banshi.core.rate_limits import within
from banshi.feedback.actions import file_complaint
from banshi.feedback.daily_quota import refuse_beyond_daily_quota
from banshi.feedback.enums import ComplaintChannel, ComplaintKind
from banshi.feedback.models import Complaint, ComplaintMove
from banshi.feedback.policy import policy
from banshi.feedback.queries import OPEN_COMPLAINTS, code_of_complaint
from banshi.workflow.versions import state_of

AT_MOST, SPAN, A_DAY, AN_HOUR = 1000, timedelta(days=90), timedelta(days=1), "60/hour"
LONGEST = 4000
"""Of a description, by the specification."""
Answer = list[dict[str, Any]] | dict[str, Any]
KIND = {
    "variable": True,
    "code": "kind",
    "datatype": "singlevaluelist",
    "required": False,
    "datatype_description": "",
    "order": 1,
    "description": "类型",
    "values": [{"key": each.value, "name": str(each.label)} for each in ComplaintKind],
}


class GeoReportError(Exception):
    """A refusal as GeoReport tells it, by HTTP status and a description."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status, self.description = status, description


def answered(root: str, row: str) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponse]]:
    """Decorate a view that returns data, sent as XML or JSON by the suffix of its address."""

    def decorate(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, suffix: str, **given: str) -> HttpResponse:
            try:
                return _sent(suffix, root, row, view(request, **given), 201 if request.method == "POST" else 200)
            except GeoReportError as error:
                told = [{"code": error.status, "description": error.description}]
                return _sent(suffix, "errors", "error", told, error.status)

        return answer

    return decorate


def _sent(suffix: str, root: str, row: str, data: Answer, status: int) -> HttpResponse:
    if suffix == "json":
        text = json.dumps(data, ensure_ascii=False)
        return HttpResponse(text, "application/json; charset=utf-8", status)
    top = Element(root)
    for each in [data] if isinstance(data, dict) else data:
        _fill(top if isinstance(data, dict) else SubElement(top, row), each)
    return HttpResponse(tostring(top, "utf-8", xml_declaration=True), "text/xml; charset=utf-8", status)


def _fill(element: Element, value: object) -> None:
    """Write a mapping as child elements, a list as elements of the singular, all else as text."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _fill(SubElement(element, name), inner)
    elif isinstance(value, list):
        for each in value:
            _fill(SubElement(element, element.tag.removesuffix("s")), each)
    else:
        element.text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@answered("discovery", "discovery")
def discovery(request: HttpRequest) -> Answer:
    """Say where and in which formats the endpoint stands, as Service Discovery asks of each."""
    changed = datetime.fromtimestamp(settings.FEEDBACK_POLICY.stat().st_mtime, CHINA).isoformat(timespec="seconds")
    return {
        "changeset": changed,
        "contact": f"{settings.CITY_NAME}政务服务网站：{settings.SITE_URL}/",
        "key_service": f"不需要 api_key；同一个网络每小时超过 {AN_HOUR.partition('/')[0]} 件的，先核对再转给单位",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": f"{settings.SITE_URL}/open311/v2",
                "changeset": changed,
                "type": "test" if settings.DEMO else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


@answered("services", "service")
def services(request: HttpRequest) -> Answer:
    return [
        {
            "service_code": each.code,
            "service_name": each.label,
            "description": each.label,
            "metadata": True,
            "type": "realtime",
            "keywords": ",".join(each.words),
            "group": "政务服务",
        }
        for each in policy().complaint.classes
    ]


@answered("service_definition", "service_definition")
def service(request: HttpRequest, code: str) -> Answer:
    _known(code)
    return {"service_code": code, "attributes": [KIND]}


def _known(code: str) -> None:
    if code not in {each.code for each in policy().complaint.classes}:
        raise GeoReportError(404, "没有这个 service_code，可用的见 services")


@answered("service_requests", "request")
def requests(request: HttpRequest) -> Answer:
    return _file(request) if request.method == "POST" else [_told(each) for each in _asked(request)]


def _file(request: HttpRequest) -> Answer:
    """Take in one request, whose query code is told in its notice."""
    given = {name: str(value).replace("\x00", "").strip() for name, value in request.POST.items()}
    if not given.get("service_code"):
        raise GeoReportError(400, "没有 service_code")
    _known(given["service_code"])
    address = str(get_adapter(request).get_client_ip(request))
    crowded = not within(AN_HOUR, "open311", blind_index(address, purpose="throttle"))
    kind = given.get("attribute[kind]") or ComplaintKind.COMPLAINT
    if kind not in ComplaintKind.values:
        raise GeoReportError(400, "attribute[kind] 不在 services 列出的值里")
    if len(given.get("description", "")) > LONGEST:
        raise GeoReportError(400, f"description 最多 {LONGEST} 字")
    place = "，".join(given[name] for name in ("address_string", "address_id", "lat", "long") if given.get(name))[:300]
    picture = given.get("media_url", "")[:500]
    picture = picture if picture.startswith(("http://", "https://")) else ""
    contact = "，".join(given[name] for name in ("phone", "email") if given.get(name))
    name = f"{given.get('last_name', '')}{given.get('first_name', '')}"
    try:
        if crowded:
            refuse_beyond_daily_quota(address)
        made = file_complaint(
            kind,
            text=given.get("description", "")
            + (f"\n地点：{place}" if place else "")
            + (f"\n图片的网址：{picture}" if picture else ""),
            channel=ComplaintChannel.OPEN311,
            service_class=given["service_code"],
            anonymous=not (name or contact),
            name=name[:40],
            contact=contact[:100],
            crowded=crowded,
            by=Visitor(),
            at=now(),
        )
    except BadInput as wrong:
        raise GeoReportError(400, "；".join([wrong.message, *(each.message for each in wrong.problems)])) from wrong
    except BanshiError as wrong:
        raise GeoReportError(wrong.status, wrong.message) from wrong
    notice = f"查询码 {code_of_complaint(made)}，请勿告诉别人；{made.promised['last']}前答复"
    if made.organ is None and made.proposal.keys() & {"held", "crowded"}:
        notice += f"；{made.proposal['why'][-1]}"
    return [{"service_request_id": made.number, "service_notice": notice, "account_id": None}]


def _asked(request: HttpRequest) -> Iterable[Complaint]:
    """List what the parameters ask for, at most 1,000 of 90 days as the specification says."""
    # Within a day by chance: no order tells who came after whom.
    rows = told_to_all().order_by(TruncDate("received_at", tzinfo=CHINA).desc(), "number")
    if numbers := _listed(request, "service_request_id"):
        asked = {each.upper() for each in numbers[:AT_MOST]}
        return rows.filter(number__in=asked)
    start, end = (_day(request.GET.get(name, "")) for name in ("start_date", "end_date"))
    until = end + A_DAY if end else start + SPAN if start else midnight(now()) + A_DAY
    rows = rows.filter(received_at__gte=max(start or until - SPAN, until - SPAN), received_at__lt=until)
    if codes := _listed(request, "service_code"):
        rows = rows.filter(service_class__in=codes)
    statuses = {"open", "closed"}.intersection(_listed(request, "status"))
    if statuses == {"open"}:
        rows = rows.filter(state__in=OPEN_COMPLAINTS)
    elif statuses == {"closed"}:
        rows = rows.exclude(state__in=OPEN_COMPLAINTS)
    return rows[:AT_MOST]


def _listed(request: HttpRequest, name: str) -> list[str]:
    """Return the values of a parameter, which may be given several times, with commas, or both."""
    return [each for text in request.GET.getlist(name) for part in text.split(",") if (each := part.strip())]


def told_to_all() -> QuerySet[Complaint]:
    """List what strangers may know to be there: never a report of misconduct."""
    last = ComplaintMove.objects.filter(subject=OuterRef("pk")).order_by("-pk").values("at")[:1]
    rows = Complaint.objects.exclude(Q(kind=ComplaintKind.REPORT) | Q(protected_as=ComplaintKind.REPORT)).annotate(
        moved_at=Subquery(last)
    )
    return rows.select_related("organ")


def midnight(moment: datetime) -> datetime:
    """Return the beginning of its day.

    An exact time would tell who was seen writing.
    """
    return datetime.combine(moment.astimezone(CHINA), time(), CHINA)


def _day(text: str) -> datetime | None:
    """Read a moment as its day, so that no narrow span tells an exact time."""
    if not text:
        return None
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or not 1970 <= found.year <= 2999:
        raise GeoReportError(400, "日期要写成 W3C 的样子，如 2026-01-01T00:00:00+08:00")
    return midnight(found if found.tzinfo else found.replace(tzinfo=CHINA))


def _told(complaint: Complaint) -> dict[str, Any]:
    """Return every field of the specification, null where it would tell of a person or a place."""
    due = datetime.combine(calendar_in_force().day_of(complaint.due_rank), time(23, 59, 59), CHINA)
    is_open = complaint.state in OPEN_COMPLAINTS
    changed = (complaint.moved_at if is_open else complaint.answered_at) or complaint.received_at  # type: ignore[attr-defined]
    return {
        "service_request_id": complaint.number,
        "status": "open" if is_open else "closed",
        "status_notes": state_of(complaint).label,
        "service_name": policy().complaint.class_named(complaint.service_class).label,
        "service_code": complaint.service_class,
        "description": None,
        "agency_responsible": complaint.organ.name if complaint.organ else None,
        "service_notice": None,
        "requested_datetime": midnight(complaint.received_at).isoformat(timespec="seconds"),
        "updated_datetime": midnight(changed).isoformat(timespec="seconds"),
        "expected_datetime": due.isoformat(timespec="seconds"),
        **dict.fromkeys(("address", "address_id", "zipcode", "lat", "long", "media_url")),
    }


@answered("service_requests", "request")
def request_of(request: HttpRequest, number: str) -> Answer:
    found = told_to_all().filter(number=number.upper()).first()
    if found is None:
        raise GeoReportError(404, "没有这个 service_request_id")
    return [_told(found)]


VIEWS = {
    "discovery": discovery,
    "services": services,
    "services/<slug:code>": service,
    "requests": requests,
    "requests/<slug:number>": request_of,
}
urlpatterns = [
    path(f"{address}.{suffix}", view, {"suffix": suffix})
    for address, view in VIEWS.items()
    for suffix in ("json", "xml")
]
